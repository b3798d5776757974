"""The identity provider of this installation: the operator's, or what an administrator has entered."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.errors import TrialFailed
from motcua.foundation.installation.selectors import get
from motcua.foundation.kernel.fetching import FetchFailed, Limits, exchange

_DISCOVERY = "/.well-known/openid-configuration"
_LIMITS = Limits(seconds=8, max_bytes=256 * 1024)
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def provider_apps() -> list[SocialApp]:
    """The providers that are set up, as django-allauth wants them: the eID, then one that may be linked beside it."""
    eid = ("eid", "VNeID", get("eid.issuer"), get("eid.client_id"), get("eid.client_secret"))
    other = (
        "sso",
        settings.SSO_NAME,
        settings.SSO_ISSUER,
        settings.SSO_CLIENT_ID,
        settings.SSO_CLIENT_SECRET,
    )
    return [_app(*one) for one in (eid, other) if one[2]]


def _app(code: str, name: str, issuer: str, client_id: str, secret: str) -> SocialApp:
    return SocialApp(
        provider="openid_connect",
        provider_id=code,
        name=name,
        client_id=client_id,
        secret=secret,
        settings={
            "server_url": f"{issuer}{_DISCOVERY}",
            "token_auth_method": "client_secret_basic",
            "oauth_pkce_enabled": True,
        },
    )


def providers() -> list[tuple[str, str]]:
    """(code, name) of every way to sign in that is set up."""
    return [(app.provider_id, app.name) for app in provider_apps()]


def provider_name(provider: str) -> str:
    """How people call a way to sign in; its code when it is not set up any more."""
    return dict(providers()).get(provider, provider)


def leads_to_providers(response: HttpResponse) -> HttpResponse:
    """A page with a form to sign in: it ends, by redirection, at a provider."""
    issuers = [it for it in (get("eid.issuer"), settings.SSO_ISSUER) if it]
    response._csp_update = {"form-action": issuers}  # type: ignore[attr-defined]
    return response


def try_provider(asked: str = "") -> str:
    """Read the provider's own description, and compare. Raises TrialFailed.

    Source: OpenID Connect Discovery 1.0, sections 3 and 4.
    """
    issuer = get("eid.issuer")
    if not issuer:
        raise TrialFailed(_("No identity provider is set up."))
    told = _description(issuer)
    if str(told.get("issuer", "")).rstrip("/") != issuer:
        raise TrialFailed(
            _("The provider names another issuer than the one entered: enter it exactly as it does.")
        )
    lacking = [name for name in _NEEDED if not isinstance(told.get(name), str)]
    if lacking or "code" not in (told.get("response_types_supported") or []):
        raise TrialFailed(_("The provider does not offer sign-in by authorisation code."))
    if any(not _same_safety(issuer, told[name]) for name in _NEEDED):
        raise TrialFailed(_("The provider names addresses that are not encrypted."))
    return _now("The provider answers, and offers what is needed. Sign in as a citizen to try the rest.")


def _description(issuer: str) -> dict[str, Any]:
    try:
        answer = exchange("GET", f"{issuer}{_DISCOVERY}", limits=_LIMITS)
        told = json.loads(answer.content) if answer.status == 200 else None
    except FetchFailed as error:
        raise TrialFailed(_("The provider does not answer.")) from error
    except (ValueError, RecursionError) as error:
        raise TrialFailed(_("There is no identity provider at this address.")) from error
    if not isinstance(told, dict):
        raise TrialFailed(_("There is no identity provider at this address."))
    return told


def _same_safety(issuer: str, url: str) -> bool:
    return urlsplit(url).scheme == "https" or urlsplit(issuer).scheme == "http"
