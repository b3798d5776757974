"""Descriptions of keys that are kept elsewhere: `keys/<key_ref>.yaml`, checked when read."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from cryptography import x509
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.foundation.signatures.signers import KeyUnavailable, mechanism_of

_LARGEST = 16 * 1024
_HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2}){1,64}")
_CSC_NAMES = (
    "url",
    "credential",
    "client_id",
    "client_secret_file",
    "client_secret_env",
    "pin_file",
    "pin_env",
    "server_ca",
)
_FILES = {"certificates", "module", "server_ca", "pin_file", "client_secret_file"}
_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret is: an environment variable's name, or a file. Read when needed, never kept here."""

    variable: str = ""
    file: Path | None = None

    def read(self) -> str:
        """The secret. Raises KeyUnavailable when there is none."""
        try:
            value = self.file.read_text(encoding="utf-8") if self.file else os.environ.get(self.variable, "")
        except (OSError, UnicodeDecodeError):
            value = ""
        if not value.strip():
            raise KeyUnavailable(
                reason=_("Its secret is not there: set %(place)s.") % {"place": self.file or self.variable}
            )
        return value.strip()


@dataclass(frozen=True, slots=True)
class Pkcs11Key:
    """A key in a PKCS#11 device. One of `label` and `id` may be empty; with both, both must fit."""

    certificates: tuple[x509.Certificate, ...]
    module: Path
    token: str
    pin: Secret
    label: str = ""
    id: bytes = b""


@dataclass(frozen=True, slots=True)
class CscKey:
    """A key of a remote signing service (CSC API 2.0).

    pin: where the credential asks for one, else None. server_ca: PEM file of the authorities that certify the
    service's web server, where they are not publicly known.
    """

    certificates: tuple[x509.Certificate, ...]
    url: str
    credential: str
    client_id: str
    client_secret: Secret
    pin: Secret | None = None
    server_ca: Path | None = None


def read_key_file(path: Path) -> Pkcs11Key | CscKey:
    """The description in a YAML file; names of files in it are relative to its folder.

    Raises FileNotFoundError, and KeyUnavailable that names the first thing that is wrong.
    """
    told = _told(path)
    if told is None:
        raise _wrong(path, _("it is not a YAML file with one value by name"))
    reading = _KINDS.get(str(told.get("kind")))
    if not reading:
        raise _wrong(path, _("“kind” must be pkcs11 or csc"))
    return reading(_Description(path, told))


def named_files(path: Path) -> tuple[Path, ...]:
    """The files that a description names, which may be missing; () when it is not usable.

    Raises FileNotFoundError.
    """
    names = (value for key, value in (_told(path) or {}).items() if key in _FILES and isinstance(value, str))
    return tuple(path.parent / name for name in names)


def _told(path: Path) -> dict[Any, Any] | None:
    content = path.read_bytes()[: _LARGEST + 1]
    try:
        told = yaml.safe_load(content) if len(content) <= _LARGEST else None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


@dataclass(frozen=True, slots=True)
class _Description:
    path: Path
    told: Mapping[Any, Any]

    def text(self, name: str, default: str | None = None) -> str:
        value = self.told.get(name, default)
        if not isinstance(value, str) or not (value or default == ""):
            raise _wrong(self.path, _("“%(name)s” must be a text") % {"name": name})
        return value

    def file(self, name: str) -> Path:
        return self.path.parent / self.text(name)

    def secret(self, name: str) -> Secret:
        if f"{name}_file" in self.told:
            return Secret(file=self.file(f"{name}_file"))
        if f"{name}_env" in self.told:
            return Secret(variable=self.text(f"{name}_env"))
        raise _wrong(self.path, _("“%(name)s_file” or “%(name)s_env” must say where it is") % {"name": name})

    def certificates(self) -> tuple[x509.Certificate, ...]:
        try:
            found = x509.load_pem_x509_certificates(self.file("certificates").read_bytes())
        except (OSError, ValueError):
            raise _wrong(self.path, _("“certificates” must name a file of PEM certificates")) from None
        mechanism_of(found[0])
        return tuple(found)

    def known(self, *names: str) -> None:
        unknown = sorted(str(name) for name in self.told if name not in {"kind", "certificates", *names})
        if unknown:
            raise _wrong(self.path, _("“%(name)s” is not known") % {"name": unknown[0][:40]})


def _pkcs11(description: _Description) -> Pkcs11Key:
    description.known("module", "token", "label", "id", "pin_file", "pin_env")
    label, identifier = description.text("label", ""), description.text("id", "")
    if not label and not identifier:
        raise _wrong(description.path, _("“label” or “id” must say which key it is"))
    if identifier and not _HEXADECIMAL.fullmatch(identifier):
        raise _wrong(description.path, _("“id” must be hexadecimal digits in quotation marks"))
    return Pkcs11Key(
        certificates=description.certificates(),
        module=description.file("module"),
        token=description.text("token"),
        pin=description.secret("pin"),
        label=label,
        id=bytes.fromhex(identifier),
    )


def _csc(description: _Description) -> CscKey:
    description.known(*_CSC_NAMES)
    url = urlsplit(description.text("url"))
    # Whoever reads or changes what goes over the line could have anything signed.
    if not url.hostname or not (url.scheme == "https" or url.hostname in _THIS_MACHINE):
        raise _wrong(description.path, _("“url” must begin with https://"))
    has_pin = {"pin_file", "pin_env"} & description.told.keys()
    return CscKey(
        certificates=description.certificates(),
        url=url.geturl().rstrip("/"),
        credential=description.text("credential"),
        client_id=description.text("client_id"),
        client_secret=description.secret("client_secret"),
        pin=description.secret("pin") if has_pin else None,
        server_ca=description.file("server_ca") if "server_ca" in description.told else None,
    )


_KINDS: dict[str, Callable[[_Description], Pkcs11Key | CscKey]] = {"pkcs11": _pkcs11, "csc": _csc}


def _wrong(path: Path, what: str | Promise) -> KeyUnavailable:
    return KeyUnavailable(
        reason=_("Its description %(file)s is not usable: %(what)s.") % {"file": path.name, "what": what}
    )
