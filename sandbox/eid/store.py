"""The one client, and what was issued to it, in memory."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field

from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin
from authlib.oidc.core import AuthorizationCodeMixin

from sandbox.eid.people import Person

CODE_SECONDS = 60
TOKEN_SECONDS = 300


@dataclass(frozen=True)
class Client(ClientMixin):
    """The relying party: motcua."""

    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    client_metadata: dict[str, str] = field(default_factory=dict)

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """OpenID Connect always; scopes beyond `openid` are ignored, as Core 3.1.2.1 asks."""
        return "openid" if "openid" in (scope or "").split() else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(self.client_secret.encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in {"client_secret_basic", "client_secret_post"}

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass(frozen=True)
class Code(AuthorizationCodeMixin):
    """An authorization code: for one client and address, good once and for a minute."""

    code: str
    client_id: str
    redirect_uri: str
    scope: str
    person: Person
    nonce: str | None
    code_challenge: str
    code_challenge_method: str
    issued_at: float = field(default_factory=time.time)

    def is_expired(self) -> bool:
        return time.time() >= self.issued_at + CODE_SECONDS

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(self.issued_at)


@dataclass(frozen=True)
class Token(TokenMixin):
    """An access token for the userinfo endpoint. `code`: what it was exchanged for."""

    access_token: str
    code: str
    scope: str
    client: Client
    person: Person
    expires_in: int
    issued_at: float = field(default_factory=time.time)

    def check_client(self, client: Client) -> bool:
        return self.client == client

    def get_scope(self) -> str:
        return self.scope

    def get_expires_in(self) -> int:
        return self.expires_in

    def is_expired(self) -> bool:
        return time.time() >= self.issued_at + self.expires_in

    def is_revoked(self) -> bool:
        return False  # revoked tokens leave the store

    def get_user(self) -> Person:
        return self.person

    def get_client(self) -> Client:
        return self.client


class Store:
    """Codes and tokens, for several threads of one process."""

    def __init__(self) -> None:
        self._codes: dict[str, Code] = {}
        self._tokens: dict[str, Token] = {}
        self._lock = threading.Lock()

    def add_code(self, code: Code) -> None:
        with self._lock:
            self._forget_expired()
            self._codes[code.code] = code

    def take_code(self, code: str, client: Client) -> Code | None:
        """The code: once, within its minute, for its client only. Who comes again ends the first one's token.

        Source: RFC 6749 4.1.2.
        """
        with self._lock:
            found = self._codes.pop(code, None)
            if found is None:
                self._tokens = {key: token for key, token in self._tokens.items() if token.code != code}
                return None
        return found if found.client_id == client.client_id and not found.is_expired() else None

    def add_token(self, token: Token) -> None:
        with self._lock:
            self._tokens[token.access_token] = token

    def find_token(self, access_token: str) -> Token | None:
        return self._tokens.get(access_token)

    def _forget_expired(self) -> None:
        self._codes = {key: code for key, code in self._codes.items() if not code.is_expired()}
        self._tokens = {key: token for key, token in self._tokens.items() if not token.is_expired()}
