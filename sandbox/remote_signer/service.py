"""The service itself: access tokens, authorisations of hashes (SAD), signatures. Everything in memory."""

from __future__ import annotations

import secrets
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding

from sandbox.remote_signer.keys import Credential

TOKEN_SECONDS = 600
SAD_SECONDS = 60
SHA256 = "2.16.840.1.101.3.4.2.1"
ALGORITHMS = {
    "rsa": ["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11"],
    "ecdsa": ["1.2.840.10045.4.3.2"],
}


class Refusal(Exception):
    """What is answered instead: HTTP status, the standard's code, a sentence (CSC API 2.0, 10.1)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error, description)
        self.error, self.description, self.status = error, description, status


@dataclass(frozen=True)
class _Authorisation:
    credential: str
    hashes: frozenset[str]
    until: float


@dataclass
class Service:
    """One client and the credentials it may use."""

    client: str
    client_secret: str
    credentials: dict[str, Credential]
    clock: Callable[[], float] = time.monotonic
    tokens: dict[str, float] = field(default_factory=dict)
    authorisations: dict[str, _Authorisation] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def give_token(self, client: str, secret: str, grant: str, scope: str) -> dict[str, Any]:
        known = secrets.compare_digest(
            f"{client}\0{secret}".encode(), f"{self.client}\0{self.client_secret}".encode()
        )
        if not known:
            raise Refusal("invalid_client", "Name or secret of the client is wrong.", 401)
        if grant != "client_credentials":
            raise Refusal("unsupported_grant_type", "Only client_credentials is supported.")
        if scope not in {"", "service"}:
            raise Refusal("invalid_scope", "Only the scope service is supported.")
        token = secrets.token_urlsafe(32)
        with self.lock:
            self.tokens[token] = self.clock() + TOKEN_SECONDS
        return {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}

    def check_token(self, header: str) -> None:
        kind, _, token = header.partition(" ")
        with self.lock:
            until = self.tokens.get(token, 0.0) if kind == "Bearer" else 0.0
        if self.clock() >= until:
            raise Refusal("invalid_token", "The access token is unknown or has expired.", 401)

    def list_credentials(self) -> dict[str, Any]:
        return {"credentialIDs": list(self.credentials), "onlyValid": False}

    def describe(self, asked: dict[str, Any]) -> dict[str, Any]:
        found = self._credential(asked)
        amount = asked.get("certificates", "single")
        if amount not in {"none", "single", "chain"}:
            raise Refusal("invalid_request", "Invalid parameter certificates.")
        shown = {"none": (), "single": found.certificates[:1], "chain": found.certificates}[amount]
        encoded = [b64encode(one.public_bytes(Encoding.DER)).decode() for one in shown]
        told = {
            "key": {
                "status": "enabled",
                "algo": ALGORITHMS[found.kind.algorithm],
                "len": found.key.key_size,
            },
            "cert": {"status": "valid", "certificates": encoded},
            "SCAL": "2",
            "multisign": found.kind.multisign,
        }
        return told | ({"auth": _auth(found)} if asked.get("authInfo") else {})

    def authorise(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A SAD for exactly the given hashes, good once and for a minute."""
        found = self._credential(asked)
        wanted = _hashes(asked)
        count = asked.get("numSignatures")
        if count != len(wanted) or isinstance(count, bool):
            raise Refusal("invalid_request", "numSignatures is not the number of hashes.")
        if len(wanted) > found.kind.multisign:
            raise Refusal("invalid_request", "Too many signatures for one authorisation.")
        if found.kind.pin and asked.get("authData") != [{"id": "PIN", "value": found.kind.pin}]:
            raise Refusal("invalid_request", "The PIN is missing or wrong.")
        sad = secrets.token_urlsafe(32)
        until = self.clock() + SAD_SECONDS
        with self.lock:
            self.authorisations[sad] = _Authorisation(asked["credentialID"], frozenset(wanted), until)
        return {"SAD": sad, "expiresIn": SAD_SECONDS}

    def sign(self, asked: dict[str, Any]) -> dict[str, Any]:
        found = self._credential(asked)
        wanted = _hashes(asked)
        if asked.get("signAlgo") not in ALGORITHMS[found.kind.algorithm]:
            raise Refusal("invalid_request", "Invalid parameter signAlgo.")
        # Whatever comes of it: an authorisation that was shown once is used up.
        with self.lock:
            granted = self.authorisations.pop(str(asked.get("SAD")), None)
        if not granted or granted.credential != asked["credentialID"]:
            raise Refusal("invalid_request", "Invalid parameter SAD.")
        if self.clock() >= granted.until:
            raise Refusal("invalid_request", "The SAD has expired.")
        if len(set(wanted)) != len(wanted) or not granted.hashes.issuperset(wanted):
            raise Refusal("invalid_request", "A hash was not authorised.")
        return {"signatures": [b64encode(_sign(found, b64decode(one))).decode() for one in wanted]}

    def _credential(self, asked: dict[str, Any]) -> Credential:
        found = self.credentials.get(str(asked.get("credentialID")))
        if not found:
            raise Refusal("invalid_request", "Invalid parameter credentialID.")
        return found


def _auth(found: Credential) -> dict[str, Any]:
    if not found.kind.pin:
        return {"mode": "implicit"}
    pin = {"type": "Password", "id": "PIN", "format": "N", "label": "PIN"}
    return {"mode": "explicit", "expression": "PIN", "objects": [pin]}


def _hashes(asked: dict[str, Any]) -> list[str]:
    wanted = asked.get("hashes")
    if not isinstance(wanted, list) or not wanted:
        raise Refusal("invalid_request", "Missing (or invalid type) array parameter hashes.")
    if asked.get("hashAlgorithmOID") != SHA256:
        raise Refusal("invalid_request", "Invalid parameter hashAlgorithmOID.")
    for one in wanted:
        try:
            length = len(b64decode(one, validate=True))
        except (ValueError, TypeError):
            length = 0
        if length != 32:
            raise Refusal("invalid_request", "A hash is not the Base64 of a SHA-256 value.")
    return wanted


def _sign(found: Credential, digest: bytes) -> bytes:
    prehashed = Prehashed(hashes.SHA256())
    if isinstance(found.key, rsa.RSAPrivateKey):
        return found.key.sign(digest, padding.PKCS1v15(), prehashed)
    return found.key.sign(digest, ec.ECDSA(prehashed))
