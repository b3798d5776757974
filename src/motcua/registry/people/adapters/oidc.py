"""OpenID Connect as django-allauth does it, with the checks it leaves out for answers that come over TLS.

It trusts an ID token it fetched itself, sends no nonce and compares no subject. We check every answer wholly: a
connection may end at a proxy, and a provider of one installation is another's stranger. Source: OpenID Connect Core 1.0
sections 3.1.3.7 and 5.3.2; RFC 9207 (issuer in the answer); RFC 8725 (named algorithms only).
"""

from __future__ import annotations

import logging
import secrets
import time
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

logger = logging.getLogger(__name__)

ALGORITHMS = ["RS256", "PS256", "ES256"]
_LEEWAY_SECONDS = 60
# How long ago the provider may have asked, when we said that it must ask now.
_ASKED_NOW_SECONDS = 300


class BadAnswer(OAuth2Error):
    """The provider's answer is not one to our question. The text is a code for the log, nothing of the answer."""


class CheckedAdapter(OpenIDConnectOAuth2Adapter):
    """`asked`: the nonce, and whether the provider was told to ask anew, as they were sent."""

    asked: dict[str, Any]

    @property
    def issuer(self) -> str:
        """The issuer as configured, which the provider's own description must repeat."""
        address: str = self.get_provider().server_url
        return address.removesuffix("/.well-known/openid-configuration")

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        if config.get("issuer") != self.issuer:
            raise BadAnswer("issuer_of_description")
        return config

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        answer = kwargs["response"]
        claims = self._checked(app, answer.get("id_token"))
        userinfo = self._fetch_user_info(token.token)
        if userinfo.get("sub") != claims["sub"]:
            raise BadAnswer("subject_of_userinfo")
        login = self.get_provider().sociallogin_from_response(
            request, {"userinfo": userinfo, "id_token": claims}
        )
        self.asked["auth_time"] = claims.get("auth_time") if self.asked.get("fresh") else None
        return login

    def _checked(self, app: SocialApp, id_token: Any) -> dict[str, Any]:
        if not isinstance(id_token, str):
            raise BadAnswer("no_id_token")
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key(id_token),
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.issuer,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except jwt.PyJWTError as error:
            raise BadAnswer(type(error).__name__) from error
        self._compare(claims, app.client_id)
        return claims

    def _compare(self, claims: dict[str, Any], client_id: str) -> None:
        nonce = claims.get("nonce")
        if not isinstance(nonce, str) or not constant_time_compare(nonce, self.asked["nonce"]):
            raise BadAnswer("nonce")
        # A token for several clients names in `azp` the one that asked for it.
        for_several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (for_several or "azp" in claims) and claims.get("azp") != client_id:
            raise BadAnswer("authorised_party")
        if self.asked.get("fresh"):
            asked_at = claims.get("auth_time")
            if not isinstance(asked_at, int) or abs(time.time() - asked_at) > _ASKED_NOW_SECONDS:
                raise BadAnswer("auth_time")

    def _key(self, id_token: str) -> Any:
        name = jwt.get_unverified_header(id_token).get("kid")
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
        keys = [it for it in jwt.PyJWKSet.from_dict(response.json()).keys if it.key_id == name]
        if len(keys) != 1:
            raise BadAnswer("key")
        return keys[0].key


class _Callback(OAuth2CallbackView):
    adapter: CheckedAdapter

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        self.adapter.asked = dict((state or {}).get("data") or {})
        named = request.GET.get("iss")
        if state is not None and (
            not self.adapter.asked.get("nonce") or named not in {None, self.adapter.issuer}
        ):
            return None, _failed("mixed_up")
        if state is not None:
            # What the answer adds goes back with the state, to `EidAdapter`.
            state["data"] = self.adapter.asked
        return state, response


def _failed(reason: str) -> HttpResponseBase:
    logger.warning("sign_in_refused reason=%s", reason)
    return redirect("/sign-in/?problem=provider")


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Sign-in begins with a POST from our page; who comes by GET is shown that page.

    `process`: `login`, or `connect` to add a way in to one's own account. `fresh`: the provider must ask anew.
    """
    if request.method != "POST":
        return redirect("people:sign-in")
    adapter = CheckedAdapter(request, provider_id)
    try:
        provider = adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    process = "connect" if request.POST.get("process") == "connect" else "login"
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = ""
    asked: dict[str, Any] = {"nonce": secrets.token_urlsafe(32), "fresh": request.POST.get("fresh") == "1"}
    parameters = {"nonce": asked["nonce"]} | ({"prompt": "login", "max_age": "0"} if asked["fresh"] else {})
    try:
        # allauth asks for the description by an adapter of its own, which compares no issuer.
        adapter.openid_config  # noqa: B018
        return provider.redirect(
            request, process, next_url=target or None, data=asked, auth_params=parameters, scope=["openid"]
        )
    except (OAuth2Error, OSError, KeyError, ValueError) as error:
        return _failed(type(error).__name__)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """The provider's answer. Whatever is wrong with it ends on the sign-in page, which says what can be done."""
    adapter = CheckedAdapter(request, provider_id)
    try:
        adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        response: HttpResponseBase = _Callback.adapter_view(adapter)(request)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        # An answer of another form than any provider's: as bad as a forged one.
        return _failed(type(error).__name__)
    return response
