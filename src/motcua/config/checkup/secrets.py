"""Secrets and keys: there, readable by their owner only, and valid for a while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.utils.translation import gettext as _

from motcua.config.checkup.findings import Finding, fail, fine, warn
from motcua.foundation.signatures.trust import BadTrustList, read_trust_list

_ENDS_SOON = timedelta(days=60)
_OTHERS = 0o077


def secret_files(at: datetime) -> Finding:
    """Without `secret_key` no command starts at all; here it is who can read what."""
    folders = [settings.VAR / "secrets", Path(settings.SIGNATURES_DIR)]
    open_ones = [path for folder in folders for path in _private(folder) if path.stat().st_mode & _OTHERS]
    if open_ones:
        return fail(
            _("Secrets can be read by other users of this machine: %(count)s, such as %(first)s.")
            % {"count": len(open_ones), "first": open_ones[0]},
            _("Let only their owner read them, and think about who did."),
            f"chmod -R go-rwx {' '.join(str(folder) for folder in folders if folder.exists())}",
        )
    return fine(_("Only their owner can read the secrets."))


def _private(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        # Certificates of the trust list are public.
        if path.is_file() and "trust" not in path.relative_to(folder).parts:
            yield path


_WELL_KNOWN = (
    "not used by this command",
    "tests only, never a secret",
    "x",
    "secret",
    "changeme",
    "django-insecure",
)
_LEAST_LENGTH = 32


def own_secrets(at: datetime) -> Finding:
    """Sessions, hidden settings and links are only as good as this."""
    for name, value in (
        ("MOTCUA_SECRET_KEY", settings.SECRET_KEY),
        ("MOTCUA_JOURNAL_KEY", settings.JOURNAL_KEY),
    ):
        if len(value) < _LEAST_LENGTH or value.startswith(_WELL_KNOWN):
            return fail(
                _("%(name)s is short or well known.") % {"name": name},
                _("Set it to %(count)s characters or more by chance, or let `motcua setup` make it.")
                % {"count": _LEAST_LENGTH},
            )
    return fine(_("The installation has secrets of its own."))


def certificates(at: datetime) -> Finding:
    """Of all signing keys kept here: the one that ends first."""
    paths = sorted((Path(settings.SIGNATURES_DIR) / "keys").glob("*.pem"))
    unreadable = [path.name for path in paths if not _certificates_in(path)]
    if unreadable:
        return fail(f"The signing key {unreadable[0]} has no readable certificate.", "Take it from a backup.")
    ends = {path.stem: _certificates_in(path)[0].not_valid_after_utc for path in paths}
    over = sorted(name for name, end in ends.items() if end <= at)
    soon = sorted(name for name, end in ends.items() if at < end <= at + _ENDS_SOON)
    if over:
        return fail(
            f"{len(over)} certificates of signing keys have ended, such as {over[0]}.",
            "Have new ones issued; their owners cannot sign meanwhile.",
        )
    if soon:
        first = min(soon, key=lambda name: ends[name])
        return warn(
            f"{len(soon)} certificates of signing keys end within 60 days, first {first} on {ends[first]:%Y-%m-%d}.",
            "Have new ones issued.",
        )
    return fine(f"{len(paths)} certificates of signing keys are valid for 60 days and more.")


def _certificates_in(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        return []


def trust_list(at: datetime) -> Finding:
    try:
        roots = [one.certificate for one in read_trust_list(Path(settings.SIGNATURES_DIR)).authorities]
    except (BadTrustList, OSError) as error:
        why = error.fields["reason"] if isinstance(error, BadTrustList) else error
        return fail(
            f"The trust list cannot be used: {why}",
            f"Mend the files below {settings.SIGNATURES_DIR}/trust; until then nothing can be verified.",
        )
    if not roots:
        return fail(
            "The trust list is empty: no signature can be called trusted.",
            f"Put the certificates of the accredited authorities into {settings.SIGNATURES_DIR}/trust as *.pem.",
        )
    if over := sum(root.not_valid_after_utc <= at for root in roots):
        return warn(f"{over} of {len(roots)} certificates on the trust list have ended.", "Replace them.")
    return fine(f"The trust list holds {len(roots)} authorities.")
