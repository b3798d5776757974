"""What this room lets an administrator set, what can be tried, what must be there before going live."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.contributions import (
    Declaration,
    Group,
    Requirement,
    Standing,
    State,
    Trial,
    register_group,
    register_requirement,
    register_setting,
    register_trial,
)
from motcua.foundation.installation.errors import TrialFailed
from motcua.foundation.installation.selectors import get, has_worked, is_chosen
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.signatures.keeping import list_authorities, list_keys, prove_key
from motcua.foundation.signatures.timestamps import time_stamper
from motcua.foundation.signatures.trust import BadTrustList

_ENDS_SOON = timedelta(days=60)
CERTIFICATES = "console:certificates"


def register() -> None:
    register_group(Group("stamps", _("Time stamps"), _("Who proves when something was signed."), order=50))
    register_setting(*_stamps())
    register_trial(Trial("stamps", "stamps", _("Stamp now"), _try_stamp))
    register_trial(Trial("signature", "stamps", _("Sign a test"), _try_key, _("Reference of the key")))
    register_requirement(
        Requirement("stamps", _("Time stamps"), _stamps_stand, order=50),
        Requirement("trust", _("Authorities whose signatures are believed"), _trust_stands, order=51),
        Requirement("keys", _("Certificates of signing keys"), _keys_stand, order=52),
    )


def _stamps() -> list[Declaration]:
    levels = tuple((level, level) for level in ("B-B", "B-T", "B-LT", "B-LTA"))
    return [
        Declaration(
            "stamps.url", "url", _("Address of the time-stamp authority"),
            _("Only https. An authority that speaks http alone is set by the operator, in MOTCUA_TSA_URL."),
            lambda: settings.TSA_URL, env="MOTCUA_TSA_URL",
        ),
        Declaration("stamps.user", "text", _("User name"), "", lambda: settings.TSA_USER, env="MOTCUA_TSA_USER"),
        Declaration(
            "stamps.password", "secret", _("Password"), "", lambda: settings.TSA_PASSWORD, env="MOTCUA_TSA_PASSWORD"
        ),
        Declaration(
            "stamps.level", "choice", _("Level of signatures"),
            _("How much proof is added to a signed result (ETSI EN 319 142). B-LTA needs time stamps."),
            lambda: "B-LTA" if is_chosen("stamps.url") else settings.SIGNATURE_LEVEL,
            env="MOTCUA_SIGNATURE_LEVEL", choices=levels,
        ),
    ]  # fmt: skip


def _try_stamp(asked: str) -> str:
    stamper, digest = time_stamper(), hashlib.sha256(b"motcua: a test").digest()
    if not stamper:
        raise TrialFailed(_("No time-stamp authority is set up."))
    try:
        facts = stamper.check(stamper.stamp(digest), digest)
    except DomainError as error:
        raise TrialFailed(
            _("The authority gave no time stamp. Compare address, user name and password.")
        ) from error
    if not facts.trusted:
        raise TrialFailed(
            _("%(name)s gave a time stamp, and is not believed here yet: enter its certificate first.")
            % {"name": facts.authority}
        )
    return _now("%(name)s gave a time stamp that can be verified.") % {"name": facts.authority}


def _try_key(key_ref: str) -> str:
    try:
        prove_key(key_ref)
    except DomainError as error:
        raise TrialFailed(str(error)) from error
    return _now("The key %(name)s signs, and its certificate proves it.") % {"name": key_ref}


def _stamps_stand(at: datetime) -> Standing:
    if not get("stamps.url"):
        why = _("Not set up: signatures end with their certificates, seals of the journal prove no time.")
        return Standing(State.WARNING, why, "stamps")
    if run := has_worked("stamps"):
        return Standing(State.DONE, format_lazy(_("Tried on {day}."), day=f"{run.at:%d/%m/%Y}"), "stamps")
    return Standing(State.MISSING, _("Set up, and not yet tried successfully as it stands."), "stamps")


def _trust_stands(at: datetime) -> Standing:
    try:
        authorities = list_authorities()
    except BadTrustList:
        return Standing(State.MISSING, _("The list cannot be read."), url_name=CERTIFICATES)
    if not any(it.is_believed("signer", at) for it in authorities):
        return Standing(
            State.MISSING, _("None is entered: no signature can be verified."), url_name=CERTIFICATES
        )
    return Standing(
        State.DONE,
        format_lazy(_("{count} authorities are believed."), count=len(authorities)),
        url_name=CERTIFICATES,
    )


def _keys_stand(at: datetime) -> Standing:
    keys = list_keys()
    bad = [it for it in keys if it.problem or (it.valid_to and it.valid_to <= at)]
    soon = [it for it in keys if it.valid_to and at < it.valid_to <= at + _ENDS_SOON]
    if not keys or bad:
        why = (
            format_lazy(_("{name} cannot sign."), name=bad[0].key_ref)
            if bad
            else _("There is no signing key.")
        )
        return Standing(State.MISSING, why, url_name=CERTIFICATES)
    if soon:
        why = format_lazy(_("{name} ends within 60 days."), name=soon[0].key_ref)
        return Standing(State.WARNING, why, url_name=CERTIFICATES)
    return Standing(State.DONE, _("All are valid for 60 days and more."), url_name=CERTIFICATES)
