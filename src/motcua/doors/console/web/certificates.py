"""Signing keys and believed authorities. For administrators of the whole installation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.doors.console.web.settings import installation_administrator
from motcua.doors.console.web.settings_forms import AuthorityForm, KeyForm
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.signatures.keeping import (
    KeptKey,
    KeyFile,
    Trusting,
    UnfitCertificate,
    import_key,
    list_authorities,
    list_keys,
    trust_authority,
)
from motcua.foundation.signatures.trust import BadTrustList, TrustedAuthority
from motcua.registry.access.policies import ActingRequest, proved

_SOON = timedelta(days=60)


@installation_administrator
@proved
@require_safe
def certificates(request: ActingRequest) -> HttpResponse:
    return _page(request, KeyForm(), AuthorityForm())


def _page(request: ActingRequest, key_form: KeyForm, authority_form: AuthorityForm) -> HttpResponse:
    now = timezone.now()
    try:
        authorities, problem = list_authorities(), ""
    except BadTrustList as error:
        authorities, problem = [], str(error.fields["reason"])
    context = {
        "keys": [_key_row(it, now) for it in list_keys()],
        "authorities": [_authority_row(it, now) for it in authorities],
        "problem": problem,
        "key_form": key_form,
        "authority_form": authority_form,
    }
    status = 422 if key_form.errors or authority_form.errors else 200
    return render(request, "console/certificates.html", context, status=status)


def _key_row(key: KeptKey, now: datetime) -> dict[str, Any]:
    state = ("overdue", str(key.problem)) if key.problem else _ends(key.valid_to, now)
    return {"key": key, "state": state}


def _authority_row(authority: TrustedAuthority, now: datetime) -> dict[str, Any]:
    names = authority.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    ends = min(filter(None, (authority.valid_to, authority.certificate.not_valid_after_utc)))
    return {
        "name": names[0].value if names else authority.certificate.subject.rfc4514_string(),
        "purposes": ", ".join(_PURPOSES[it]() for it in sorted(authority.purposes)),
        "source": authority.source,
        "ends": ends,
        "state": _ends(ends, now),
        "mark": _mark(authority.certificate),
    }


_PURPOSES = {"signer": lambda: _("Signatures"), "tsa": lambda: _("Time stamps")}


def _mark(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(SHA256()).hex()


def _ends(moment: datetime | None, now: datetime) -> tuple[str, str]:
    if moment is None or moment <= now:
        return "overdue", _("Has ended")
    if moment <= now + _SOON:
        return "soon", _("Ends soon")
    return "done", _("Valid")


@require_POST
@installation_administrator
@proved
def import_certificate(request: ActingRequest) -> HttpResponse:
    form = KeyForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        try:
            file = KeyFile(given["key_ref"], given["file"].read(), given["password"], given["replaces"])
            key = import_key(actor=request.actor, file=file, at=timezone.now())
        except UnfitCertificate as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The key of %(name)s is kept.") % {"name": key.name or key.key_ref})
            return redirect("console:certificates")
    return _page(request, form, AuthorityForm())


@require_POST
@installation_administrator
@proved
def trust_certificate(request: ActingRequest) -> HttpResponse:
    form = AuthorityForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        trusting = Trusting(given["purpose"], given["valid_from"], given["valid_to"], given["source"])
        try:
            trust_authority(
                actor=request.actor, content=given["file"].read(), trusting=trusting, at=timezone.now()
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The authority is believed from now on."))
            return redirect("console:certificates")
    return _page(request, KeyForm(), form)
