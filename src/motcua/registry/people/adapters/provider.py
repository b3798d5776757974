"""The identity provider of this installation: the operator's, or what an administrator has entered."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.models import SocialApp
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.errors import TrialFailed
from motcua.foundation.installation.selectors import get
from motcua.foundation.kernel.fetching import FetchFailed, Limits, exchange

PROVIDER = "eid"
_DISCOVERY = "/.well-known/openid-configuration"
_LIMITS = Limits(seconds=8, max_bytes=256 * 1024)
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def eid_app() -> SocialApp | None:
    """The provider as django-allauth wants it; None when there is none."""
    issuer = get("eid.issuer")
    if not issuer:
        return None
    return SocialApp(
        provider="openid_connect",
        provider_id=PROVIDER,
        name="eID",
        client_id=get("eid.client_id"),
        secret=get("eid.client_secret"),
        settings={
            "server_url": f"{issuer}{_DISCOVERY}",
            "token_auth_method": "client_secret_basic",
            "oauth_pkce_enabled": True,
        },
    )


def form_targets() -> list[str]:
    """Where the sign-in form may end by redirection."""
    return [issuer] if (issuer := get("eid.issuer")) else []


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
