"""Signing in with the national eID: what django-allauth does with the provider's answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.models import Account
from motcua.registry.access.services.accounts import count_failed
from motcua.registry.access.services.devices import COOKIE, sign_in_tries
from motcua.registry.access.services.throttle import Slow, count, forget
from motcua.registry.people.adapters.claims import BadClaims, EidClaims, parse_claims
from motcua.registry.people.models import Person
from motcua.registry.people.selectors import list_choices
from motcua.registry.people.services import record_claims

# Since mid-2025 only the level-2 account may be used for procedures (vietnam.md 1.7).
REQUIRED_ASSURANCE = 2


class NoSignUpAdapter(DefaultAccountAdapter):
    """Nobody makes an account with a password: citizens come by eID, officers are entered by an administrator."""

    # In our own words: django-allauth has none in Vietnamese.
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("User name and password do not belong together."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the try before the password is looked at: for a name that exists and one that does not."""
        self.tries = sign_in_tries(
            username=str(credentials.get("username", "")),
            address=self.get_client_ip(request),
            cookie=request.COOKIES.get(COOKIE, ""),
        )
        try:
            count(*self.tries, at=timezone.now())
        except Slow as slow:
            raise ValidationError(str(slow)) from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user:
            forget(*self.tries)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        count_failed(str(credentials.get("username", "")), timezone.now())

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Our own pages ask for the password again (registry.access.web.guards)."""
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """The person is told by our own messages, on every channel."""

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No "signed in as 01a2…": accounts have no name, and the page's head shows the person's."""


def _claims(sociallogin: SocialLogin) -> EidClaims:
    data = sociallogin.account.extra_data
    return parse_claims(data.get("userinfo", data) | data.get("id_token", {}) if "id_token" in data else data)


def _forget_copy(sociallogin: SocialLogin) -> None:
    """The claims live with the citizen; a second copy in the social account would escape erasure."""
    sociallogin.account.extra_data = {}


def _offer_choice(sociallogin: SocialLogin, person: Person) -> None:
    """Who may act for others is asked in whose name, before they go on to where they were going."""
    actor = Actor(kind="citizen", person_id=person.id)
    if list_choices(actor, at=timezone.now()):
        state = sociallogin.state or {}
        query = urlencode({"next": state["next"]}) if state.get("next") else ""
        sociallogin.state = state | {"next": f"{resolve_url(settings.ACTING_URL)}?{query}"}


def _refuse(request: HttpRequest, reason: str) -> ImmediateHttpResponse:
    return ImmediateHttpResponse(redirect(f"/sign-in/?problem={reason}"))


class EidAdapter(DefaultSocialAccountAdapter):
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
            person = record_claims(account=sociallogin.user, claims=claims, at=timezone.now())
            _offer_choice(sociallogin, person)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Account:
        account = sociallogin.user
        account.kind = Account.Kind.CITIZEN
        account.username = None
        account.email = ""
        account.set_unusable_password()
        claims = _claims(sociallogin)
        _forget_copy(sociallogin)
        sociallogin.save(request)
        _offer_choice(sociallogin, record_claims(account=account, claims=claims, at=timezone.now()))
        return account

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        error = kwargs.get("error")
        raise _refuse(request, "cancelled" if str(error) in {"cancelled", "denied"} else "provider")
