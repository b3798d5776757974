"""Signing in with the national eID: what django-allauth does with the provider's answer."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.registry.access.models import Account
from motcua.registry.people.adapters.claims import BadClaims, EidClaims, parse_claims
from motcua.registry.people.adapters.provider import eid_app
from motcua.registry.people.services import record_claims

# Since mid-2025 only the level-2 account may be used for procedures (vietnam.md 1.7).
REQUIRED_ASSURANCE = 2


class NoSignUpAdapter(DefaultAccountAdapter):
    """Nobody makes an account with a password: citizens come by eID, officers are entered by an administrator."""

    # In our own words: django-allauth has none in Vietnamese.
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("User name and password do not belong together."),
        "too_many_login_attempts": _("Signing in failed too often. Try again in five minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No "signed in as 01a2…": accounts have no name, and the page's head shows the person's."""


def _claims(sociallogin: SocialLogin) -> EidClaims:
    data = sociallogin.account.extra_data
    return parse_claims(data.get("userinfo", data) | data.get("id_token", {}) if "id_token" in data else data)


def _forget_copy(sociallogin: SocialLogin) -> None:
    """The claims live with the citizen; a second copy in the social account would escape erasure."""
    sociallogin.account.extra_data = {}


def _refuse(request: HttpRequest, reason: str) -> ImmediateHttpResponse:
    return ImmediateHttpResponse(redirect(f"/sign-in/?problem={reason}"))


class EidAdapter(DefaultSocialAccountAdapter):
    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The one provider that is set up, at this moment."""
        app = eid_app()
        fits = (
            app and provider in {None, app.provider, app.provider_id} and client_id in {None, app.client_id}
        )
        return [app] if app and fits else []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        # Never "connect": an eID signs in as its own person, it is not hung onto whoever happens to be signed in.
        if (sociallogin.state or {}).get("process", "login") != "login":
            raise _refuse(request, "provider")
        if sociallogin.is_existing and sociallogin.user.kind != Account.Kind.CITIZEN:
            raise _refuse(request, "provider")
        try:
            claims = _claims(sociallogin)
        except BadClaims:
            raise _refuse(request, "claims") from None
        if claims.assurance_level < REQUIRED_ASSURANCE:
            raise _refuse(request, "assurance")
        if sociallogin.is_existing:
            _forget_copy(sociallogin)
            sociallogin.account.save(update_fields=["extra_data"])
            record_claims(account=sociallogin.user, claims=claims, at=timezone.now())

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Account:
        account = sociallogin.user
        account.kind = Account.Kind.CITIZEN
        account.username = None
        account.email = ""
        account.set_unusable_password()
        claims = _claims(sociallogin)
        _forget_copy(sociallogin)
        sociallogin.save(request)
        record_claims(account=account, claims=claims, at=timezone.now())
        return account

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        error = kwargs.get("error")
        raise _refuse(request, "cancelled" if str(error) in {"cancelled", "denied"} else "provider")
