"""The virus scanner: before a file is taken, and later for what was taken while the scanner was down."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from motcua.foundation.files.adapters.clamd import REFUSED_BY_SCANNER, ScannerUnavailable, scan
from motcua.foundation.files.errors import CannotScan, InfectedFile, UnscannableFile
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.stores import store
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.ids import new_id

logger = logging.getLogger(__name__)

SCAN_AT_ONCE = 2_000
_PAGE = 500


def refuse_infected(path: Path, *, sha256: str, actor: Actor, at: datetime) -> bool:
    """Whether the file was scanned and is clean.

    False: no scanner is set up, or it is down and MOTCUA_CLAMD_DOWN=accept says to scan later. Raises InfectedFile,
    after an entry `file.infected` was committed (which is why this is called outside a transaction), UnscannableFile
    and CannotScan.
    """
    if not settings.CLAMD:
        return False
    try:
        with path.open("rb") as file:
            signature = scan(file, address=settings.CLAMD)
    except ScannerUnavailable as error:
        logger.error("virus_scanner_unavailable reason=%s", error.reason)
        if error.reason in REFUSED_BY_SCANNER:
            raise UnscannableFile from error  # nor would it be scanned later
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


def scan_waiting(*, at: datetime) -> int:
    """Scan the uploads that no scanner has called clean yet, oldest first. Returns how many contents were scanned.

    At most SCAN_AT_ONCE in one go. Ends when the scanner is down; passes over what it does not take to the end, and
    says so in the log. Safe to run twice at once.
    """
    scanned, last = 0, UUID(int=0)
    waiting = StoredFile.objects.filter(
        is_upload=True, scanned_at=None, quarantined_at=None, disposed_at=None
    ).order_by("id")
    while settings.CLAMD and scanned < SCAN_AT_ONCE:
        page = dict(waiting.filter(id__gt=last).values_list("id", "sha256")[:_PAGE])
        if not page:
            break
        for digest in dict.fromkeys(page.values()):
            try:
                quarantine_infected(digest, at=at)
            except ScannerUnavailable as error:
                logger.error("file_not_scanned sha256=%s reason=%s", digest, error.reason)
                if error.reason not in REFUSED_BY_SCANNER:
                    return scanned
            else:
                scanned += 1
        last = max(page)
    return scanned


def quarantine_infected(sha256: str, *, at: datetime) -> int:
    """Scan stored content; lock every file that has it when something is found. Returns how many were locked.

    What is clean is marked as scanned. Content that is gone is fine. Raises ScannerUnavailable: try again later.
    """
    files = StoredFile.objects.filter(sha256=sha256, quarantined_at=None)
    if not settings.CLAMD or not files.exists():
        return 0
    try:
        with store().open(sha256) as stream:
            signature = scan(stream, address=settings.CLAMD)
    except FileNotFoundError:
        return 0
    if signature:
        return _quarantine(sha256, signature, at=at)
    files.filter(scanned_at=None).update(scanned_at=at)
    return 0


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
