"""Keys of a remote signing service. Source: CSC API 2.0.0.2 (Cloud Signature Consortium), sections 8, 9, 11."""

from __future__ import annotations

import hashlib
import logging
import re
import time
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any
from urllib.parse import urlsplit

import requests
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.foundation.signatures.adapters.http import NoAnswer, post
from motcua.foundation.signatures.key_files import CscKey
from motcua.foundation.signatures.signers import (
    KeyUnavailable,
    Mechanism,
    is_signature,
    mechanism_of,
    raw_to_der,
)

_SHA256 = "2.16.840.1.101.3.4.2.1"
# The signature algorithm; the kind of key alone is as good where the hash algorithm is told beside it (11.10).
_ALGORITHMS = {
    Mechanism.RSA: ("1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1"),
    Mechanism.ECDSA: ("1.2.840.10045.4.3.2", "1.2.840.10045.2.1"),
}
# However many a service allows: so many prepared files are held in memory.
_LARGEST_BATCH = 50
# A token about to end is not used any more.
_TOKEN_MARGIN_SECONDS = 30
_ERROR_CODE = re.compile(r"[A-Za-z_]{1,40}")
_logger = logging.getLogger(__name__)


class _TokenRefused(Exception):
    """The access token is not (any more) good."""


@dataclass(frozen=True, slots=True)
class _Credential:
    """What the service says of a credential. secrets: the ids of what it wants to be told each time."""

    algorithm: str
    multisign: int
    secrets: tuple[str, ...]


class CscSigner:
    """A `Signer` and `BatchSigner` whose private key is kept by a remote signing service."""

    def __init__(self, key: CscKey) -> None:
        self.certificate, *chain = key.certificates
        self.chain: tuple[x509.Certificate, ...] = tuple(chain)
        self.mechanism = mechanism_of(self.certificate)
        self._key = key
        self._session = requests.Session()
        # What the environment says of proxies and passwords is not meant for a signing service.
        self._session.trust_env = False
        if key.server_ca:
            self._session.verify = str(key.server_ca)
        self._lock = RLock()
        self._token, self._token_until = "", 0.0
        self._credential: _Credential | None = None

    def sign(self, data: bytes) -> bytes:
        return self.sign_many([data])[0]

    def batch_size(self) -> int:
        with self._lock:
            return min(self._known_credential().multisign, _LARGEST_BATCH)

    def sign_many(self, data: Sequence[bytes]) -> list[bytes]:
        """One authorisation for exactly these hashes, then their signatures, each checked."""
        with self._lock:
            credential = self._known_credential()
            hashes = [b64encode(hashlib.sha256(one).digest()).decode() for one in data]
            told = self._call(
                "signatures/signHash",
                {
                    "credentialID": self._key.credential,
                    "SAD": self._authorise(credential, hashes),
                    "hashes": hashes,
                    "hashAlgorithmOID": _SHA256,
                    "signAlgo": credential.algorithm,
                },
            )
        found = told.get("signatures")
        if not isinstance(found, list) or len(found) != len(data):
            raise _odd_answer()
        return [self._checked(signature, one) for signature, one in zip(found, data, strict=True)]

    def _authorise(self, credential: _Credential, hashes: list[str]) -> str:
        asked: dict[str, Any] = {
            "credentialID": self._key.credential,
            "numSignatures": len(hashes),
            "hashes": hashes,
            "hashAlgorithmOID": _SHA256,
        }
        if credential.secrets and self._key.pin:
            pin = self._key.pin.read()
            asked["authData"] = [{"id": name, "value": pin} for name in credential.secrets]
        sad = self._call("credentials/authorize", asked).get("SAD")
        if not isinstance(sad, str) or not sad:
            raise _odd_answer()
        return sad

    def _checked(self, signature: object, data: bytes) -> bytes:
        try:
            value = b64decode(signature, validate=True) if isinstance(signature, str) else b""
        except ValueError:
            value = b""
        if is_signature(value, data, self.certificate):
            return value
        # The standard leaves open in which form an ECDSA signature is given.
        if self.mechanism is Mechanism.ECDSA and is_signature(raw_to_der(value), data, self.certificate):
            return raw_to_der(value)
        raise _odd_answer()

    def _known_credential(self) -> _Credential:
        if not self._credential:
            asked = {"credentialID": self._key.credential, "certificates": "single", "authInfo": True}
            told = self._call("credentials/info", asked)
            try:
                self._credential = self._understood(told)
            except (KeyError, TypeError, ValueError, IndexError):
                raise _odd_answer() from None
        return self._credential

    def _understood(self, told: dict[str, Any]) -> _Credential:
        """Whether the credential can be used here, and how. Raises KeyUnavailable."""
        if told["key"]["status"] != "enabled":
            raise KeyUnavailable(reason=_("The signing service has disabled this credential."))
        own = self.certificate.public_bytes(Encoding.DER)
        if b64decode(told["cert"]["certificates"][0]) != own:
            raise KeyUnavailable(
                reason=_("The signing service has another certificate for this credential: fetch it anew.")
            )
        algorithm = next((one for one in _ALGORITHMS[self.mechanism] if one in told["key"]["algo"]), None)
        if not algorithm:
            raise KeyUnavailable(reason=_("The signing service cannot sign by a method that is known here."))
        multisign = int(told.get("multisign", 1))
        return _Credential(algorithm, max(multisign, 1), self._secrets(told["auth"]))

    def _secrets(self, auth: dict[str, Any]) -> tuple[str, ...]:
        if auth["mode"] == "implicit":
            return ()
        wanted = auth.get("objects") or []
        if auth["mode"] != "explicit" or any(one["type"] != "Password" for one in wanted):
            raise KeyUnavailable(
                reason=_(
                    "The signing service wants a person to confirm each signature, which cannot be done here."
                )
            )
        if not self._key.pin:
            raise KeyUnavailable(
                reason=_("The signing service asks for a PIN: name it in the key's description.")
            )
        return tuple(str(one["id"]) for one in wanted)

    def _call(self, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        try:
            try:
                return self._ask(path, asked)
            except _TokenRefused:
                self._token = ""
                return self._ask(path, asked)
        except NoAnswer:
            raise _silent() from None
        except _TokenRefused:
            raise _refused("invalid_token") from None

    def _ask(self, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._access_token()}"}
        status, told = post(self._session, f"{self._key.url}/csc/v2/{path}", json=asked, headers=headers)
        if status == 401:
            raise _TokenRefused
        if status != 200:
            self._credential = None
            raise _refused(told.get("error"))
        return told

    def _access_token(self) -> str:
        if not self._token or time.monotonic() > self._token_until:
            status, told = post(
                self._session,
                f"{self._authorisation_server()}/oauth2/token",
                data={"grant_type": "client_credentials", "scope": "service"},
                auth=(self._key.client_id, self._key.client_secret.read()),
            )
            if status != 200 or not isinstance(told.get("access_token"), str):
                raise _refused(told.get("error"))
            lifetime = told.get("expires_in", 3600)
            if not isinstance(lifetime, int):
                raise _odd_answer()
            self._token = told["access_token"]
            self._token_until = time.monotonic() + max(lifetime - _TOKEN_MARGIN_SECONDS, 0)
        return self._token

    def _authorisation_server(self) -> str:
        """Where tokens are given: what the service says, if a secret may be sent there."""
        status, told = post(self._session, f"{self._key.url}/csc/v2/info", json={})
        told_url = str(told.get("oauth2") or self._key.url).rstrip("/")
        same_place = urlsplit(told_url)[:2] == urlsplit(self._key.url)[:2]
        safe = told_url.startswith("https://") or same_place
        if status != 200 or not safe:
            raise _odd_answer()
        return told_url


def _silent() -> KeyUnavailable:
    return KeyUnavailable(reason=_("The signing service does not answer. Try again later."))


def _odd_answer() -> KeyUnavailable:
    return KeyUnavailable(
        reason=_("The signing service gave an answer that is not as agreed; nothing was signed.")
    )


def _refused(code: object) -> KeyUnavailable:
    """What the service says in words is not repeated: only its code, if it is one."""
    known = code if isinstance(code, str) and _ERROR_CODE.fullmatch(code) else "unknown"
    _logger.warning("remote_signing_refused code=%s", known)
    reason: str | Promise = _("The signing service refused: %(code)s. Its operator can say why.") % {
        "code": known
    }
    return KeyUnavailable(reason=reason)
