"""The virus scanner: before a file is taken, and later for what was taken while the scanner was down."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from motcua.foundation.files.adapters.clamd import ScannerUnavailable, scan
from motcua.foundation.files.errors import CannotScan, InfectedFile
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.stores import store
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.ids import new_id

logger = logging.getLogger(__name__)


def refuse_infected(path: Path, *, sha256: str, actor: Actor, at: datetime) -> bool:
    """Whether the file was scanned and is clean; also True where no scanner is set up.

    False: the scanner is down and MOTCUA_CLAMD_DOWN=accept says to scan later. Raises InfectedFile, after an entry
    `file.infected` was committed (which is why this is called outside a transaction), and CannotScan.
    """
    if not settings.CLAMD:
        return True
    try:
        with path.open("rb") as file:
            signature = scan(file, address=settings.CLAMD)
    except ScannerUnavailable as error:
        logger.error("virus_scanner_unavailable reason=%s", error.reason)
        if settings.CLAMD_DOWN == "accept":
            return False
        raise CannotScan from error
    if signature is None:
        return True
    facts = {"sha256": sha256, "signature": signature}
    with transaction.atomic():
        record(
            actor=actor,
            happening=Happening("file.infected", object_kind="file", object_id=new_id(), facts=facts),
            at=at,
        )
    raise InfectedFile(signature=signature)


def scan_later(file: StoredFile) -> None:
    """Have a stored file scanned by a job, deferred in the caller's transaction."""
    app.configure_task("files.scan_later").defer(sha256=file.sha256)


def quarantine_infected(sha256: str, *, at: datetime) -> int:
    """Scan stored content; lock every file that has it when something is found. Returns how many were locked.

    Content that is gone is fine. Raises ScannerUnavailable, for the job to try again.
    """
    if not StoredFile.objects.filter(sha256=sha256, quarantined_at=None).exists() or not settings.CLAMD:
        return 0
    try:
        with store().open(sha256) as stream:
            signature = scan(stream, address=settings.CLAMD)
    except FileNotFoundError:
        return 0
    return _quarantine(sha256, signature, at=at) if signature else 0


@transaction.atomic
def _quarantine(sha256: str, signature: str, *, at: datetime) -> int:
    files = list(
        StoredFile.objects.select_for_update().filter(sha256=sha256, quarantined_at=None).order_by("id")
    )
    for file in files:
        file.quarantined_at, file.infection = at, signature
        file.save(update_fields=["quarantined_at", "infection"])
        facts = {"sha256": sha256, "signature": signature}
        record(
            actor=SYSTEM,
            happening=Happening("file.infected", object_kind="file", object_id=file.id, facts=facts),
            at=at,
        )
    return len(files)
