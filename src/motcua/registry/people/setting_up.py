"""What this room lets an administrator set, what can be tried, what must be there before going live."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.text import format_lazy
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
from motcua.foundation.installation.selectors import get, has_worked
from motcua.registry.people.adapters.provider import try_provider


def register() -> None:
    register_group(Group("eid", _("Identity provider"), _("Where citizens sign in."), order=30))
    register_setting(
        Declaration(
            "eid.issuer", "url", _("Issuer"), _("Exactly as the provider names itself (OpenID Connect)."),
            lambda: settings.EID_ISSUER, lambda value: value.rstrip("/"), env="MOTCUA_EID_ISSUER",
        ),
        Declaration(
            "eid.client_id", "text", _("Client id"), "", lambda: settings.EID_CLIENT_ID, env="MOTCUA_EID_CLIENT_ID"
        ),
        Declaration(
            "eid.client_secret", "secret", _("Client secret"), "",
            lambda: settings.EID_CLIENT_SECRET, env="MOTCUA_EID_CLIENT_SECRET",
        ),
    )  # fmt: skip
    register_trial(Trial("eid", "eid", _("Try the identity provider"), try_provider))
    register_requirement(Requirement("eid", _("Identity provider"), _stands, order=30))


def _stands(at: datetime) -> Standing:
    if not get("eid.issuer"):
        return Standing(State.MISSING, _("Not set up: citizens cannot sign in."), "eid")
    if run := has_worked("eid"):
        return Standing(State.DONE, format_lazy(_("Tried on {day}."), day=f"{run.at:%d/%m/%Y}"), "eid")
    return Standing(State.MISSING, _("Set up, and not yet tried successfully as it stands."), "eid")
