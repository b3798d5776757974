"""Keys in a PKCS#11 device: a USB token, a smart card, a hardware security module.

Source: PKCS #11 Cryptographic Token Interface 2.40 (OASIS).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import pkcs11
from cryptography import x509
from django.utils.translation import gettext_lazy as _
from pkcs11 import exceptions

from motcua.foundation.signatures.key_files import Pkcs11Key, Secret
from motcua.foundation.signatures.signers import (
    KeyUnavailable,
    Mechanism,
    is_signature,
    mechanism_of,
    raw_to_der,
)

_WRONG_PIN = (
    exceptions.PinIncorrect,
    exceptions.PinInvalid,
    exceptions.PinLenRange,
    exceptions.PinLocked,
    exceptions.PinExpired,
)
_NO_SUCH_KEY = (exceptions.NoSuchKey, exceptions.MultipleObjectsReturned)


class Pkcs11Signer:
    """A `Signer` whose private key never leaves its device."""

    def __init__(self, key: Pkcs11Key) -> None:
        self.certificate, *chain = key.certificates
        self.chain: tuple[x509.Certificate, ...] = tuple(chain)
        self.mechanism = mechanism_of(self.certificate)
        self._key = key

    def sign(self, data: bytes) -> bytes:
        """Raises KeyUnavailable when the device, the key or the right PIN is not there."""
        signature = _token(self._key.module, self._key.token).use(
            self._key.pin, lambda it: self._ask(it, data)
        )
        if not is_signature(signature, data, self.certificate):
            raise KeyUnavailable(reason=_("The key in the device is not the one of the certificate."))
        return signature

    def _ask(self, session: pkcs11.Session, data: bytes) -> bytes:
        key: Any = session.get_key(
            pkcs11.ObjectClass.PRIVATE_KEY, label=self._key.label or None, id=self._key.id or None
        )
        if self.mechanism is Mechanism.RSA:
            return bytes(key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
        # Hashed here: few devices know ECDSA together with SHA-256.
        raw = bytes(key.sign(hashlib.sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA))
        return raw_to_der(raw)


class _Token:
    """One session with one token, kept open. A module is told nothing of threads, so it serves one at a time."""

    def __init__(self, module: Path, label: str) -> None:
        self._module = module
        self._label = label
        self._lock = _module_lock(module)
        self._session: pkcs11.Session | None = None
        self._refused_pin = ""

    def use(self, pin: Secret, ask: Callable[[pkcs11.Session], bytes]) -> bytes:
        """What `ask` gets from the session; asked again once with a new session, as after the device was pulled."""
        with self._lock:
            for last in (False, True):
                try:
                    self._session = self._session or self._open(pin)
                    return ask(self._session)
                except _NO_SUCH_KEY:
                    raise KeyUnavailable(
                        reason=_("The device holds no such key, or several: check its label and id.")
                    ) from None
                except exceptions.PKCS11Error as error:
                    self._close()
                    if last:
                        raise _device_silent() from error
            raise _device_silent()

    def _close(self) -> None:
        """Give the session back, if it is still one: a device has few."""
        if self._session:
            with suppress(exceptions.PKCS11Error):
                self._session.close()
        self._session = None

    def _open(self, pin: Secret) -> pkcs11.Session:
        value = pin.read()
        if value == self._refused_pin:
            # A device locks itself after a few wrong PINs; the same one is not tried twice.
            raise _wrong_pin()
        token = pkcs11.lib(str(self._module)).get_token(token_label=self._label)
        try:
            return token.open(user_pin=value)
        except exceptions.UserAlreadyLoggedIn:
            return token.open()
        except _WRONG_PIN:
            self._refused_pin = value
            raise _wrong_pin() from None


@lru_cache(maxsize=64)
def _token(module: Path, label: str) -> _Token:
    return _Token(module, label)


@lru_cache(maxsize=64)
def _module_lock(module: Path) -> Lock:
    return Lock()


def _device_silent() -> KeyUnavailable:
    return KeyUnavailable(
        reason=_(
            "The device with the key does not answer: check that it is connected and its driver installed."
        )
    )


def _wrong_pin() -> KeyUnavailable:
    return KeyUnavailable(
        reason=_(
            "The device refused its PIN. Set the right PIN before it locks itself; this one is not tried again."
        )
    )
