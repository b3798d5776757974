"""Enrolling a second factor: an app that shows codes, or a passkey; then recovery codes."""

from __future__ import annotations

from typing import Any, cast

import segno
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.registry.access.policies import proved
from motcua.registry.access.services.accounts import own_actor
from motcua.registry.access.services.factors import list_factors, record_added, unused_codes
from motcua.registry.access.services.telling import write
from motcua.registry.access.web.forms import AddCodeAppForm, AddPasskeyForm
from motcua.registry.access.web.guards import account_of, enrolled, enrolling, own_account


@enrolling
@never_cache
@require_safe
def enrol(request: HttpRequest) -> HttpResponse:
    """Which kind of second factor."""
    factors = list_factors(account_of(request))
    may_leave = bool(factors) or settings.SECOND_FACTOR != "required"
    return render(request, "access/enrol.html", {"factors": factors, "may_leave": may_leave})


class _Enrolling:
    """What both kinds share: done in one transaction with its entry; then recovery codes are shown."""

    kind: str
    request: HttpRequest

    def get_success_url(self) -> str:
        return reverse("access:recovery-codes")

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response = cast(HttpResponse, super().form_valid(form))  # type: ignore[misc]
            record_added(account_of(self.request), self.kind, at=timezone.now())
        enrolled(self.request)
        return response


@method_decorator([enrolling, never_cache, proved], name="dispatch")
class AddCodeApp(_Enrolling, ActivateTOTPView):
    kind = "totp"
    form_class = AddCodeAppForm
    template_name = "access/add_code_app.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if any(factor.type == "totp" for factor in list_factors(account_of(request))):
            return redirect("access:account")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {
            "qr": segno.make(context["totp_url"], error="m").svg_data_uri(scale=5, border=4, light="#fff"),
            "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        }


@method_decorator([enrolling, never_cache, proved], name="dispatch")
class AddPasskey(_Enrolling, AddWebAuthnView):
    kind = "webauthn"
    form_class = AddPasskeyForm
    template_name = "access/add_passkey.html"

    def get_initial(self) -> dict[str, Any]:
        return {"name": ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The parent forgets the form that was refused.
        return super().get_context_data() | kwargs | {"form": kwargs.get("form") or self.get_form()}


add_code_app = AddCodeApp.as_view()
add_passkey = AddPasskey.as_view()


@own_account
@proved
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes that are left; by POST new ones, and the old ones are void."""
    account = account_of(request)
    if request.method == "POST" and list_factors(account):
        with transaction.atomic():
            generate_recovery_codes(request)
            write("account.codes_made", own_actor(account), account, timezone.now())
        return redirect("access:recovery-codes")
    context = {"codes": unused_codes(account), "username": account.username}
    return render(request, "access/recovery_codes.html", context)
