"""Reading the store as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Exists, OuterRef

from .models import DiscardedContent, StoredFile
from .stores import store

_CHUNK = 1024 * 1024


@dataclass(slots=True)
class StoreReport:
    """contents: checked. missing, damaged: ids of files by SHA-256. orphaned: contents that no row has.

    discarded: contents that wait to be deleted; not counted as orphaned.
    """

    contents: int = 0
    missing: dict[str, list[str]] = field(default_factory=dict)
    damaged: dict[str, list[str]] = field(default_factory=dict)
    orphaned: list[str] = field(default_factory=list)
    discarded: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.missing and not self.damaged


def check_store(progress: Callable[[int], None] = lambda checked: None) -> StoreReport:
    """Read every stored content and compare it with its digest. `progress` is told how many were read.

    Reads the whole store, a megabyte at a time.
    """
    without_row = ~Exists(StoredFile.objects.filter(sha256=OuterRef("pk"), disposed_at=None))
    report = StoreReport(discarded=DiscardedContent.objects.filter(without_row).count())
    for digest, ids in _contents():
        state = _state(digest)
        if state:
            getattr(report, state)[digest] = ids
        report.contents += 1
        progress(report.contents)
    # After the rows: what is stored meanwhile has a row by now, or will be asked for one below.
    report.orphaned = sorted(digest for digest in store().digests() if _is_orphan(digest))
    return report


def _contents() -> Iterator[tuple[str, list[str]]]:
    files = StoredFile.objects.filter(disposed_at=None).order_by("sha256", "id")
    rows = files.values_list("sha256", "id").iterator(chunk_size=2000)
    for digest, group in groupby(rows, key=lambda row: row[0]):
        yield digest, [str(pk) for _, pk in group]


def _state(digest: str) -> str:
    """ "missing", "damaged" or "" for content that is what its name says."""
    found = hashlib.sha256()
    try:
        with store().open(digest) as stream:
            while chunk := stream.read(_CHUNK):
                found.update(chunk)
    except FileNotFoundError:
        return "missing"
    return "" if found.hexdigest() == digest else "damaged"


def _is_orphan(digest: str) -> bool:
    known = StoredFile.objects.filter(sha256=digest).exists()
    return not known and not DiscardedContent.objects.filter(sha256=digest).exists()
