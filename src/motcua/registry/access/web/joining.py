"""Coming in by an invitation: the code, then the password; and giving the second factor at sign-in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from motcua.registry.access.errors import BadInvitation, BadPassword, Slow
from motcua.registry.access.models import Invitation
from motcua.registry.access.services.accounts import (
    find_invitation,
    has_factor,
    reopen_invitation,
    use_invitation,
)
from motcua.registry.access.services.factors import report_lost
from motcua.registry.access.services.throttle import INVITATION, PROOF, Try, count, forget
from motcua.registry.access.signals import SECOND_FACTOR
from motcua.registry.access.web.forms import (
    CodeForm,
    InvitationForm,
    NewPasswordForm,
    PasskeyForm,
    PasswordForm,
)
from motcua.registry.access.web.guards import INVITED

_INVITATION = "access_invitation"
_at_second_factor = login_stage_required(stage=AuthenticateStage.key, redirect_urlname="console:sign-in")


@method_decorator(_at_second_factor, name="dispatch")
class SecondFactorView(AuthenticateView):
    """The second step of signing in, after the password."""

    form_class = CodeForm
    webauthn_form_class = PasskeyForm
    template_name = "access/second_factor.html"

    def form_valid(self, form: Any) -> HttpResponse:
        self.request.session[SECOND_FACTOR] = str(self.stage.login.user.pk)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        factors = {factor.type for factor in self.stage.login.user.authenticator_set.all()}
        return context | {"has_app": "totp" in factors, "has_passkey": "webauthn" in factors}


second_factor = SecondFactorView.as_view()


@require_POST
@_at_second_factor
def lost(request: HttpRequest) -> HttpResponse:
    """The officer, known by the password, says that the second factor is gone."""
    user = request._login_stage.login.user  # type: ignore[attr-defined]
    report_lost(user, at=timezone.now())
    return render(request, "access/lost.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """The code of an invitation. It is typed, never part of an address, which would stay in logs."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tries = Try(INVITATION, get_adapter().get_client_ip(request))
        try:
            count(tries, at=timezone.now())
            invitation = find_invitation(form.cleaned_data["code"], at=timezone.now())
        except (Slow, BadInvitation) as problem:
            form.add_error("code", str(problem))
        else:
            forget(tries)
            if request.user.is_authenticated:
                logout(request)
            request.session.cycle_key()
            request.session[_INVITATION] = str(invitation.id)
            return redirect("access:join-password")
    return render(request, "access/join.html", {"form": form})


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def join_password(request: HttpRequest) -> HttpResponse:
    """A new password, or the known one where only the second factor is new."""
    invitation = _invitation(request)
    if not invitation:
        return redirect("access:join")
    is_new = invitation.purpose == Invitation.Purpose.JOIN
    data = request.POST or None
    form = NewPasswordForm(data, account=invitation.account) if is_new else PasswordForm(data)
    if request.method == "POST" and form.is_valid():
        tries = Try(PROOF, str(invitation.id))
        try:
            count(tries, at=timezone.now())
            return _come_in(request, invitation, form.cleaned_data["password"])
        except (Slow, BadPassword) as problem:
            form.add_error("password", str(problem))
        except BadInvitation as problem:
            messages.error(request, str(problem))
            return redirect("access:join")
    context = {"form": form, "is_new": is_new, "username": invitation.account.username}
    return render(request, "access/join_password.html", context)


def _invitation(request: HttpRequest) -> Invitation | None:
    chosen = request.session.get(_INVITATION)
    if not chosen:
        return None
    try:
        return reopen_invitation(UUID(chosen), at=timezone.now())
    except BadInvitation:
        return None


def _come_in(request: HttpRequest, invitation: Invitation, password: str) -> HttpResponse:
    account = use_invitation(invitation_id=invitation.id, password=password, at=timezone.now())
    del request.session[_INVITATION]
    if has_factor(account):
        messages.success(request, _("Your password is set. Sign in with it and your second factor."))
        return redirect("console:sign-in")
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[INVITED] = True
    return redirect("access:enrol")
