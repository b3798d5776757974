"""The trust list: whose certificates are believed, for what and when. Data that an administrator keeps as files.

Below SIGNATURES_DIR: `trust/*.pem` (authorities for signers), `trust/tsa/*.pem` (authorities for time stamps), and
`trust/*.yaml` (`trust.yaml` by hand, others by `keeping`), which may say more about a certificate, found by its
fingerprint:

    certificates:
      - sha256: "9f86d0…"         # of the certificate, DER, 64 hexadecimal digits
        purpose: both             # signer, tsa or both; else by the folder
        valid_from: 2025-01-01    # signatures and time stamps of this time on are believed
        valid_to: 2030-01-01      # … and before this
        status: withdrawn         # granted or withdrawn
        withdrawn_at: 2027-03-01
        source: "Decision 1/QĐ-ABC"
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal

import yaml
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError

Purpose = Literal["signer", "tsa"]
_PURPOSES: dict[str, frozenset[Purpose]] = {
    "signer": frozenset({"signer"}),
    "tsa": frozenset({"tsa"}),
    "both": frozenset({"signer", "tsa"}),
}
_log = logging.getLogger(__name__)
_KEYS = {"sha256", "purpose", "valid_from", "valid_to", "status", "withdrawn_at", "source"}


class BadTrustList(DomainError):
    """The trust list cannot be used as it stands, so nothing is believed."""

    code = "bad_trust_list"
    message = _("The list of trusted authorities cannot be used. Nothing can be checked until it is mended.")
    status = 500

    def __init__(self, *, reason: str) -> None:
        """reason: for administrators, in the log and on the command line, not for everybody's page."""
        super().__init__(reason=reason)
        _log.error("trust_list_unusable %s", reason)


@dataclass(frozen=True, slots=True)
class TrustedAuthority:
    """One certificate that is believed for `purposes` in `valid_from <= t < valid_to`; None is open."""

    certificate: x509.Certificate
    purposes: frozenset[Purpose] = _PURPOSES["both"]
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    source: str = ""

    def is_believed(self, purpose: Purpose, at: datetime) -> bool:
        """Whether what was done for `purpose` at this moment (aware) may lead here."""
        began = self.valid_from is None or self.valid_from <= at
        return purpose in self.purposes and began and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True, slots=True)
class TrustList:
    """All trusted authorities; the empty list trusts nobody."""

    authorities: tuple[TrustedAuthority, ...] = ()

    def anchors(self, purpose: Purpose, at: datetime) -> list[x509.Certificate]:
        """The certificates that count for `purpose` at `at` (aware)."""
        return [one.certificate for one in self.authorities if one.is_believed(purpose, at)]

    def bars(self, path: Iterable[x509.Certificate], purpose: Purpose, at: datetime) -> bool:
        """Whether a path leads through a listed certificate that does not count for `purpose` at `at` (aware).

        So a withdrawn authority certifies nobody, even while the authority above it is believed.
        """
        barred = {one.certificate for one in self.authorities if not one.is_believed(purpose, at)}
        return not barred.isdisjoint(path)


def trust_list(trust: TrustList | Sequence[x509.Certificate]) -> TrustList:
    """Plain certificates as a list that believes them for everything and always."""
    return trust if isinstance(trust, TrustList) else TrustList(tuple(map(TrustedAuthority, trust)))


def read_trust_list(directory: Path) -> TrustList:
    """The trust list of an installation; `directory` is SIGNATURES_DIR. Empty when there is none.

    A certificate in both folders is believed for both. Raises BadTrustList: a file holds no certificate, an entry
    is wrong or names an unknown certificate. So a typing error cannot make a withdrawn authority trusted.
    """
    found: dict[str, TrustedAuthority] = {}
    for folder, purpose in (("trust", "signer"), ("trust/tsa", "tsa")):
        for path in sorted((directory / folder).glob("*.pem")):
            for certificate in _certificates(path):
                mark = certificate.fingerprint(SHA256()).hex()
                earlier = found[mark].purposes if mark in found else frozenset()
                found[mark] = TrustedAuthority(certificate, earlier | _PURPOSES[purpose])
    described = sorted((directory / "trust").glob("*.yaml"))
    for entry in (entry for path in described for entry in _entries(path)):
        mark = str(entry["sha256"]).lower().replace(":", "")
        if mark not in found:
            raise BadTrustList(reason=f"trust.yaml: no certificate has the fingerprint {mark}.")
        found[mark] = _described(found[mark], entry)
    return TrustList(tuple(found.values()))


def trust_to_json(trust: TrustList) -> list[dict[str, Any]]:
    """Plain values for JSON; the reverse is `trust_from_json`."""
    return [
        {
            "certificate": one.certificate.public_bytes(Encoding.PEM).decode(),
            "purposes": sorted(one.purposes),
            "valid_from": one.valid_from and one.valid_from.isoformat(),
            "valid_to": one.valid_to and one.valid_to.isoformat(),
        }
        for one in trust.authorities
    ]


def trust_from_json(plain: Iterable[dict[str, Any]]) -> TrustList:
    """From what `trust_to_json` made."""
    return TrustList(
        tuple(
            TrustedAuthority(
                x509.load_pem_x509_certificate(one["certificate"].encode()),
                frozenset(one["purposes"]),
                one["valid_from"] and datetime.fromisoformat(one["valid_from"]),
                one["valid_to"] and datetime.fromisoformat(one["valid_to"]),
            )
            for one in plain
        )
    )


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError as error:
        raise BadTrustList(reason=f"{path.name}: {error}") from error


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        plain = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadTrustList(reason=f"trust.yaml: {error}") from error
    entries = plain.get("certificates") if isinstance(plain, dict) and len(plain) == 1 else None
    if not isinstance(entries, list):
        raise BadTrustList(reason="trust.yaml: one key, `certificates`, with a list is expected.")
    for entry in entries:
        if not isinstance(entry, dict) or "sha256" not in entry or set(entry) - _KEYS:
            raise BadTrustList(
                reason=f"trust.yaml: an entry has `sha256`, and of {sorted(_KEYS)} what it needs."
            )
    return entries


def _described(authority: TrustedAuthority, entry: dict[str, Any]) -> TrustedAuthority:
    status, purpose = entry.get("status", "granted"), entry.get("purpose")
    withdrawn_at = _moment(entry, "withdrawn_at")
    if status not in {"granted", "withdrawn"} or (status == "withdrawn") != (withdrawn_at is not None):
        raise BadTrustList(reason="trust.yaml: `status` is granted, or withdrawn with `withdrawn_at`.")
    if purpose is not None and purpose not in _PURPOSES:
        raise BadTrustList(reason="trust.yaml: `purpose` is signer, tsa or both.")
    ends = [moment for moment in (_moment(entry, "valid_to"), withdrawn_at) if moment]
    return replace(
        authority,
        purposes=_PURPOSES[purpose] if purpose else authority.purposes,
        valid_from=_moment(entry, "valid_from"),
        valid_to=min(ends, default=None),
        source=str(entry.get("source", "")),
    )


def _moment(entry: dict[str, Any], key: str) -> datetime | None:
    """A date begins at midnight UTC; a time without zone is UTC."""
    value = entry.get(key)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    if value is None:
        return None
    raise BadTrustList(reason=f"trust.yaml: `{key}` is a date or a time in ISO 8601.")
