"""What django-allauth asks us about clients, people and keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, cast

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.internal.oauthlib.utils import get_validator_context
from allauth.idp.oidc.internal.private_keys import filter_keys
from allauth.idp.oidc.models import Client, PrivateKey
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.selectors import get
from motcua.registry.access.clients.keys import published_keys
from motcua.registry.access.clients.models import ClientSecret, Subject, SystemClient
from motcua.registry.access.clients.scopes import list_scopes
from motcua.registry.access.clients.selectors import find_client, find_secret
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account

OPENID = _("Recognise you: a number that is yours at this service only")
PROFILE = _("Your name")
OFFICER = _("Your unit, agency and roles as an officer")
DESK_WORDS = _("Read and handle dossiers as you, with all that you may do at the desk")
CITIZEN_WORDS = _("File applications as you, follow them and fetch your documents")


class AdmittedClient(Client):
    """A client that may act now, for one request; its secrets are ours."""

    class Meta:
        proxy = True

    def check_secret(self, secret: str) -> bool:
        now = timezone.now()
        found = find_secret(self.registration, secret, at=now)
        if found:
            ClientSecret.objects.filter(pk=found.pk).update(last_used_at=now)
        return found is not None


def admit(client_id: str) -> SystemClient | None:
    """Let allauth see this client in the running request, if it may act now; else allauth sees none.

    allauth looks clients up once a request and keeps them there: putting it there first is how suspension, end and
    our two secrets take effect in every step of the protocol.
    """
    client = find_client(client_id, at=timezone.now())
    seen: AdmittedClient | None = None
    if client:
        seen = AdmittedClient.objects.get(pk=client.oauth_id)
        seen.registration = client
    get_validator_context().clients[client_id] = seen
    return client


class ProviderAdapter(DefaultOIDCAdapter):
    @property
    def scope_display(self) -> dict[str, Any]:
        return {scope.name: scope.description for scope in list_scopes(sign_in=True)}

    def get_issuer(self) -> str:
        return str(get("site.base_url"))

    def get_user_sub(self, client: Client, user: Any) -> str:
        """Pairwise (OpenID Connect Core 1.0, 8.1): the same person is another number to every client."""
        registered = SystemClient.objects.get(oauth=client.id)
        return Subject.objects.get_or_create(client=registered, account=user)[0].value

    def get_user_by_sub(self, client: Client, sub: str) -> Any:
        found = Subject.objects.filter(client__oauth=client.id, value=sub).select_related("account").first()
        return found.account if found and found.account.is_active else None

    def get_claims(
        self,
        purpose: Literal["id_token", "userinfo"],
        user: Any,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """As little as the scopes ask for: never a personal number, an address or a day of birth."""
        claims: dict[str, Any] = {"sub": self.get_user_sub(client, user)}
        asked = set(scopes)
        identity = identify(cast(Account, user)) if asked & {"profile", "officer"} else None
        if identity and "profile" in asked:
            claims["name"] = identity.display_name
        if identity and "officer" in asked and identity.actor.is_officer:
            rights = sorted(f"{right} {path}" for right, path in identity.actor.grants)
            claims |= {"unit": identity.unit_name, "agency": identity.actor.agency_path, "rights": rights}
        return claims

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        """Only what is really offered, at the address of this installation."""
        for name, value in list(data.items()):
            if name.endswith(("_endpoint", "_uri")) and isinstance(value, str):
                path = value.split("/", 3)[3]
                data[name] = f"{get('site.base_url')}/{path}"
        data.pop("device_authorization_endpoint", None)
        api = [scope.name for scope in list_scopes(sign_in=False)]
        data |= {
            "subject_types_supported": ["pairwise"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "response_types_supported": ["code"],
            "scopes_supported": [*(scope.name for scope in list_scopes(sign_in=True)), *api],
            "claims_supported": ["sub", "name", "unit", "agency", "rights"],
        }

    def list_private_keys(
        self, *, did_activate: Literal[True] | None = None, is_active: Literal[True] | None = None
    ) -> list[PrivateKey]:
        keys = published_keys(at=timezone.now())
        return filter_keys(keys, did_activate=did_activate, is_active=is_active)
