"""The demo authority's revocation: what it took back, and its lists. Not for production, like the authority itself.

Files below SIGNATURES_DIR: `authority/revoked.json`, and the lists among the other revocation data,
`revocation/authority-root.crl` and `revocation/authority-issuing.crl`.
"""

from __future__ import annotations

import fcntl
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from motcua.foundation.signatures.certificates import Revoked, revocation_list
from motcua.foundation.signatures.evidence import next_update
from motcua.foundation.signatures.writing import write_file

LIST_DAYS = 7
_log = logging.getLogger(__name__)
_RENEW_BEFORE = timedelta(days=LIST_DAYS - 1)


def revoke_certificate(directory: Path, *, serial: int, at: datetime, reason: str = "unspecified") -> None:
    """Take back a certificate of the demo's authority from `at` (aware) on, and publish that at once.

    directory: SIGNATURES_DIR. serial: of a certificate it issued, the issuing authority's own included. reason: as
    RFC 5280 5.3.1 names it (`keyCompromise`, `cessationOfOperation`); ValueError for another word. An earlier
    revocation of the same certificate stays as it is. Raises FileNotFoundError without an authority.
    """
    flag = x509.ReasonFlags(reason)
    with _locked(directory):
        entries = _entries(directory)
        entries.setdefault(str(serial), {"at": at.isoformat(), "reason": flag.value})
        write_file(directory / "authority" / "revoked.json", json.dumps(entries).encode())
        _write_lists(directory, at)


def issue_revocation_lists(directory: Path, *, at: datetime) -> None:
    """Renew the authority's two lists when they are a day old. Does nothing where there is no authority."""
    if not (directory / "authority" / "issuing.pem").exists():
        return
    with _locked(directory):
        due = [_due(_list_path(directory, name)) for name in ("root", "issuing")]
        if any(one is None or one - at < _RENEW_BEFORE for one in due):
            _write_lists(directory, at)


def _write_lists(directory: Path, at: datetime) -> None:
    entries = [
        Revoked(int(serial), datetime.fromisoformat(one["at"]), x509.ReasonFlags(one["reason"]))
        for serial, one in _entries(directory).items()
    ]
    issuing = _read(directory, "issuing")[0].serial_number
    for name in ("root", "issuing"):
        certificate, key = _read(directory, name)
        own = [one for one in entries if (one.serial == issuing) == (name == "root")]
        made = revocation_list(certificate, key, own, number=int(at.timestamp()), at=at, days=LIST_DAYS)
        write_file(_list_path(directory, name), made)


def _list_path(directory: Path, name: str) -> Path:
    return directory / "revocation" / f"authority-{name}.crl"


def _due(path: Path) -> datetime | None:
    try:
        return next_update(path.read_bytes()) if path.exists() else None
    except ValueError as error:
        _log.warning("own_revocation_list_damaged %s %s", path.name, error)
        return None


def _entries(directory: Path) -> dict[str, dict[str, str]]:
    path = directory / "authority" / "revoked.json"
    entries: dict[str, dict[str, str]] = json.loads(path.read_bytes()) if path.exists() else {}
    return entries


def _read(directory: Path, name: str) -> tuple[x509.Certificate, EllipticCurvePrivateKey]:
    pem = (directory / "authority" / f"{name}.pem").read_bytes()
    configured = settings.SIGNATURES_PASSPHRASE
    passphrase = configured.encode() if configured else (directory / "passphrase").read_bytes()
    key = load_pem_private_key(pem, passphrase)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError("The demo's authority has a P-256 key.")
    return x509.load_pem_x509_certificate(pem), key


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    with (directory / "authority" / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
