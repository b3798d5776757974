"""The protocol: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636, S256 only), by Authlib."""

from __future__ import annotations

from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from flask import Flask
from joserfc.jwk import RSAKey

from sandbox.eid.people import Person
from sandbox.eid.store import TOKEN_SECONDS, Client, Code, Store, Token


class Provider:
    """What one stand-in is made of; hands out the Authlib parts that are bound to it."""

    def __init__(self, issuer: str, client: Client, key: RSAKey) -> None:
        self.issuer, self.client, self.key = issuer, client, key
        self.store = Store()
        self.protector = ResourceProtector()
        self.protector.register_token_validator(_Validator(self.store))

    def server(self, app: Flask) -> AuthorizationServer:
        """The authorization server, for `app`."""
        app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"authorization_code": TOKEN_SECONDS}
        server = AuthorizationServer(app, self._find_client, self._save_token)
        grant = type("Grant", (_CodeGrant,), {"store": self.store})
        server.register_grant(grant, [_IdToken(self.issuer, self.key), _RequiredS256()])
        return server

    def metadata(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0, section 3."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks.json",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid"],
            "ui_locales_supported": ["vi", "en", "de"],
        }

    def _find_client(self, client_id: str) -> Client | None:
        return self.client if client_id == self.client.client_id else None

    def _save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        code: Code = request.authorization_code
        self.store.add_token(
            Token(token["access_token"], code.code, code.scope, self.client, code.person, token["expires_in"])
        )


class _CodeGrant(AuthorizationCodeGrant):
    store: Store

    @staticmethod
    def validate_authorization_redirect_uri(request: OAuth2Request, client: Client) -> str:
        """Registered addresses only, letter by letter, and never left out (Core 3.1.2.1)."""
        if not client.check_redirect_uri(request.payload.redirect_uri):
            raise InvalidRequestError("The redirect_uri is not registered.")
        return request.payload.redirect_uri

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        data = request.payload.data
        self.store.add_code(
            Code(
                code=code,
                client_id=request.client.client_id,
                redirect_uri=request.payload.redirect_uri,
                scope=request.scope,
                person=request.user,
                nonce=data.get("nonce"),
                code_challenge=data["code_challenge"],
                code_challenge_method=data["code_challenge_method"],
            )
        )

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return self.store.take_code(code, client)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """Gone since it was taken: a code is good for one attempt, not for one success."""

    def authenticate_user(self, authorization_code: Code) -> Person:
        return authorization_code.person


class _RequiredS256(CodeChallenge):
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: _CodeGrant, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if not data.get("code_challenge") or not data.get("code_challenge_method"):
            raise InvalidRequestError("PKCE is required: code_challenge with code_challenge_method S256.")
        super().validate_code_challenge(grant, redirect_uri)


class _IdToken(OpenIDCode):
    def __init__(self, issuer: str, key: RSAKey) -> None:
        super().__init__()
        self.issuer, self.key = issuer, key

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        return False  # whoever sent it compares it; a page that is reloaded sends it again

    def resolve_client_private_key(self, client: Client) -> RSAKey:
        return self.key

    def get_encode_header(self, client: Client) -> dict[str, str | None]:
        return {"alg": "RS256", "kid": self.key.kid}

    def get_client_claims(self, client: Client) -> dict[str, str]:
        return {"iss": self.issuer, "aud": client.client_id}

    def generate_user_info(self, user: Person, scope: str) -> dict[str, str]:
        return user.claims


class _Validator(BearerTokenValidator):
    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store

    def authenticate_token(self, token_string: str) -> Token | None:
        return self.store.find_token(token_string)
