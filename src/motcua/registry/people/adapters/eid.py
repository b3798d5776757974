"""Signing in with the national eID: what django-allauth does with the provider's answer."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account
from motcua.registry.access.services.accounts import count_failed
from motcua.registry.access.services.devices import COOKIE, sign_in_tries
from motcua.registry.access.services.throttle import Slow, count, forget
from motcua.registry.people import linking
from motcua.registry.people.adapters.claims import BadClaims, EidClaims, parse_claims
from motcua.registry.people.adapters.oidc import BadAnswer
from motcua.registry.people.adapters.provider import provider_apps
from motcua.registry.people.errors import AccountConflict
from motcua.registry.people.models import Person
from motcua.registry.people.selectors import list_choices
from motcua.registry.people.services import record_claims

# Since mid-2025 only the level-2 account may be used for procedures (vietnam.md 1.7).
REQUIRED_ASSURANCE = 2
FRESH_KEY = "eid_asked_at"

logger = logging.getLogger(__name__)


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
    if request.user.is_authenticated:
        return ImmediateHttpResponse(redirect(f"/account/sign-in-methods/?problem={reason}"))
    return ImmediateHttpResponse(redirect(f"/sign-in/?problem={reason}"))


class EidAdapter(DefaultSocialAccountAdapter):
    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The providers that are set up, at this moment."""
        return [
            app
            for app in provider_apps()
            if provider in {None, app.provider, app.provider_id} and client_id in {None, app.client_id}
        ]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.is_existing and sociallogin.user.kind != Account.Kind.CITIZEN:
            raise _refuse(request, "provider")
        try:
            claims = _claims(sociallogin)
        except BadClaims:
            raise _refuse(request, "claims") from None
        if claims.assurance_level < REQUIRED_ASSURANCE:
            raise _refuse(request, "assurance")
        if (sociallogin.state or {}).get("process", "login") != "login":
            return self._check_connection(request, sociallogin, claims)
        if not sociallogin.is_existing:
            self._find_account(request, sociallogin, claims)
        if sociallogin.is_existing:
            _forget_copy(sociallogin)
            sociallogin.account.save(update_fields=["extra_data"])
            _offer_choice(sociallogin, self._record(request, sociallogin.user, claims))

    def _check_connection(self, request: HttpRequest, sociallogin: SocialLogin, claims: EidClaims) -> None:
        """A way in is added to the account of who is signed in, and only to the same person's."""
        user = request.user
        if not isinstance(user, Account) or user.kind != Account.Kind.CITIZEN:
            raise _refuse(request, "provider")
        if not linking.is_number_of(user, claims.personal_number):
            raise _refuse(request, "other-person")
        if sociallogin.is_existing and sociallogin.user != user:
            raise _refuse(request, "linked-elsewhere")
        _forget_copy(sociallogin)
        if sociallogin.is_existing:
            sociallogin.account.save(update_fields=["extra_data"])
            return
        actor = identify(user)
        if actor is None:
            raise _refuse(request, "provider")
        linking.link(actor=actor.actor, way=sociallogin.account, at=timezone.now())
        sociallogin.user = user

    def _find_account(self, request: HttpRequest, sociallogin: SocialLogin, claims: EidClaims) -> None:
        """An unknown subject with a number we know: its account, if its provider may speak for it."""
        provider = sociallogin.account.provider
        account = linking.find_account_of(claims.personal_number, provider=provider)
        if account is None and linking.has_other_account(claims.personal_number):
            raise _refuse(request, "not-linked")
        if account is not None:
            _forget_copy(sociallogin)
            linking.hang_on(account=account, way=sociallogin.account, at=timezone.now())
            sociallogin.user = account

    def _record(self, request: HttpRequest, account: Account, claims: EidClaims) -> Person:
        try:
            return record_claims(account=account, claims=claims, at=timezone.now())
        except AccountConflict:
            raise _refuse(request, "conflict") from None

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Account:
        account = sociallogin.user
        account.kind = Account.Kind.CITIZEN
        account.username = None
        account.email = ""
        account.set_unusable_password()
        claims = _claims(sociallogin)
        _forget_copy(sociallogin)
        sociallogin.save(request)
        _offer_choice(sociallogin, self._record(request, account, claims))
        return account

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("people:ways")

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        # The reason is a code of ours or the name of an exception; nothing of the answer.
        cause = kwargs.get("exception")
        if cause is not None:
            known = isinstance(cause, BadAnswer)
            logger.warning("sign_in_refused reason=%s", cause if known else type(cause).__name__)
        error = kwargs.get("error")
        raise _refuse(request, "cancelled" if str(error) in {"cancelled", "denied"} else "provider")


def remember_freshness(request: HttpRequest, **kwargs: Any) -> None:
    """After signing in: when the provider asked the person, if it was told to ask anew."""
    sociallogin = kwargs.get("sociallogin")
    asked = (sociallogin.state.get("data") if sociallogin else None) or {}
    if asked.get("auth_time"):
        request.session[FRESH_KEY] = asked["auth_time"]


def signed_in_at(request: HttpRequest) -> datetime | None:
    """When the eID asked this person anew, in this session; None: not yet."""
    moment = request.session.get(FRESH_KEY)
    return datetime.fromtimestamp(moment, UTC) if isinstance(moment, int) else None
