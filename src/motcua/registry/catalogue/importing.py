"""Importing the national portal's files: all of them in one transaction, only what changed is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.catalogue.doubts import count_by_kind
from motcua.registry.catalogue.models import Captured, Doubt, Procedure
from motcua.registry.catalogue.reading import BadFile, Fault, FileReader, Row
from motcua.registry.catalogue.rules.doubtful import Doubtful, Reconciled, reconcile
from motcua.registry.catalogue.services import CATALOGUE
from motcua.registry.catalogue.showing import Sectors, captured_of, columns_of, known_sectors

# What is done, how many of how many: the reading in bytes, the writing in procedures.
Tell = Callable[[str, int, int], None]
_AT_ONCE = 500
# A complete file that lacks more than one in ten, and more than 20, is more likely cut.
_MOST_REMOVED, _SHARE = 20, 10
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('registry_catalogue import'))"


class NotComplete(DomainError):
    code = "not_complete"
    message = _(
        "Nothing was imported: a complete import needs the index (FILE.csv), which lists every procedure of the portal."
    )
    status = 422


class TooManyRemoved(DomainError):
    code = "too_many_removed"
    message = _(
        "Nothing was imported: %(count)s of %(all)s procedures are not in the files. The files may have been cut; "
        "if the portal really removed so many, import again with --remove-many."
    )
    status = 422


@dataclass(frozen=True, slots=True)
class Order:
    """What to import. `complete`: the files hold all there is, and what they lack was removed."""

    paths: Sequence[Path]
    complete: bool = False
    remove_many: bool = False


@dataclass(slots=True)
class Report:
    """`read`: lines; `created`, `changed`, `unchanged`: procedures; `doubts`: values in doubt by kind, of all."""

    read: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    returned: int = 0
    doubts: dict[str, int] = field(default_factory=dict)
    new_doubts: int = 0
    closed_doubts: int = 0
    # Codes of all but the unchanged.
    touched: list[str] = field(default_factory=list)

    @property
    def doubtful(self) -> int:
        return sum(self.doubts.values())

    def counts(self) -> dict[str, Any]:
        names = ("read", "created", "changed", "unchanged", "removed", "returned", "doubtful")
        return {name: getattr(self, name) for name in names} | {
            "new_doubts": self.new_doubts,
            "closed_doubts": self.closed_doubts,
            "doubts": self.doubts,
        }


@transaction.atomic
def import_files(*, actor: Actor, order: Order, at: datetime, tell: Tell | None = None) -> Report:
    """Read every file, then work out what changed; nothing is kept when a line of a file is wrong.

    What a pack says stays; beside it stands what was captured. Raises BadFile with every fault found, NotComplete,
    TooManyRemoved.
    """
    tell = tell or _silent
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    seen: dict[tuple[str, str], str] = {}
    readers = [FileReader(path, seen) for path in order.paths]
    if order.complete and not any(reader.source == "index" for reader in readers):
        raise NotComplete
    report = Report()
    touched: dict[str, None] = {}
    _read_all(readers, touched, report, at, tell)
    codes = {code for _source, code in seen}
    _settle_all(list(touched), report, at, tell)
    report.unchanged = len(codes) - report.created - report.changed
    returned = Procedure.objects.filter(pk__in=codes, removed_on__isnull=False)
    report.touched += list(returned.values_list("pk", flat=True))
    report.returned = returned.update(removed_on=None)
    if order.complete:
        removed = _remove(codes, order, at)
        report.removed = len(removed)
        report.touched += removed
    report.doubts = count_by_kind()
    _journal(actor, readers, report, at)
    return report


def _silent(what: str, done: int, total: int) -> None:
    """Nobody watches."""


def _read_all(
    readers: Sequence[FileReader], touched: dict[str, None], report: Report, at: datetime, tell: Tell
) -> None:
    """Write what was captured; into `touched` go the codes whose content is new."""
    faults: list[Fault] = []
    for reader in readers:
        total = reader.size()
        for rows in _batches(reader.rows()):
            report.read += len(rows)
            if not faults and not reader.faults:
                touched.update(dict.fromkeys(_capture(rows, at)))
            tell(reader.path.name, reader.bytes_read, total)
        faults += reader.faults
    if faults:
        raise BadFile(faults)


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(rows, _AT_ONCE)):
        yield batch


def _capture(rows: list[Row], at: datetime) -> list[str]:
    source = rows[0].source
    held = dict(
        Captured.objects.filter(source=source, procedure__in=[row.code.base for row in rows]).values_list(
            "procedure_id", "digest"
        )
    )
    new = [row for row in rows if held.get(row.code.base) != row.digest]
    Captured.objects.bulk_create(
        [
            Captured(
                procedure_id=row.code.base, source=source, content=row.content, digest=row.digest, read_at=at
            )
            for row in new
        ],
        update_conflicts=True,
        unique_fields=["procedure", "source"],
        update_fields=["content", "digest", "read_at"],
    )
    return [row.code.base for row in new]


def _settle_all(codes: list[str], report: Report, at: datetime, tell: Tell) -> None:
    sectors = known_sectors()
    for start in range(0, len(codes), _AT_ONCE):
        _settle(codes[start : start + _AT_ONCE], sectors, report, at)
        tell("procedures", min(start + _AT_ONCE, len(codes)), len(codes))


def _settle(codes: list[str], sectors: Sectors, report: Report, at: datetime) -> None:
    """Doubts and columns of procedures whose captured content is new."""
    captured = captured_of(codes)
    known: dict[str, list[Doubt]] = {code: [] for code in codes}
    for doubt in Doubt.objects.select_for_update().filter(procedure__in=codes).order_by("pk"):
        known[doubt.procedure_id].append(doubt)
    held = Procedure.objects.in_bulk(codes)
    changes = _Changes()
    for code in codes:
        live = changes.reconcile(code, known[code], captured[code].doubts(), at)
        changes.enter(code, columns_of(captured[code], live, held.get(code), sectors))
    changes.write(held)
    report.created += len(codes) - len(held)
    report.changed += len(held)
    report.touched += codes
    report.new_doubts += len(changes.new)
    report.closed_doubts += changes.closed


class _Changes:
    """What a batch writes, in few statements."""

    _DECIDED = ("state", "value", "reason", "act", "decided_by", "decided_at")
    _OWN = ("ministry", "publisher", "audience", "channels")

    def __init__(self) -> None:
        self.procedures: dict[str, Procedure] = {}
        self.new: list[Doubt] = []
        self.updated: list[Doubt] = []
        self.closed = 0
        self.columns: set[str] = set()

    def enter(self, code: str, columns: dict[str, Any]) -> None:
        self.columns |= set(columns)
        self.procedures[code] = Procedure(code=code, **columns)

    def reconcile(
        self, code: str, known: list[Doubt], found: Iterable[Doubtful], at: datetime
    ) -> list[Doubt]:
        """Note what changes; gives the doubts that are there then."""
        result: Reconciled[Doubt] = reconcile(known, found)
        new = [
            Doubt(
                procedure_id=code,
                kind=it.kind,
                place=it.place,
                said=it.said,
                guess=it.guess,
                why=it.why,
                found_at=at,
            )
            for it in result.new
        ]
        for doubt, it in (*result.moved, *result.guessed):
            doubt.place, doubt.guess, doubt.why = it.place, it.guess, it.why
        for doubt, it in result.reopened:
            _open_again(doubt)
            doubt.said, doubt.guess, doubt.why, doubt.found_at = it.said, it.guess, it.why, at
        for doubt in result.gone:
            doubt.state = Doubt.State.GONE
        touched = [doubt for doubt, _it in (*result.moved, *result.guessed, *result.reopened)] + result.gone
        for doubt in touched:
            doubt.revision += 1
        self.new += new
        self.updated += touched
        self.closed += len(result.gone)
        return [it for it in (*known, *new) if it.state != Doubt.State.GONE]

    def write(self, held: dict[str, Procedure]) -> None:
        """What a pack says stays: of its procedures only what no pack tells is written."""
        packs = [it for it in self.procedures.values() if it.code in held and held[it.code].origin == "pack"]
        Procedure.objects.bulk_update(packs, self._OWN)
        taken = {it.code for it in packs}
        Procedure.objects.bulk_create(
            [it for it in self.procedures.values() if it.code not in taken],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=sorted(self.columns - {"is_online"}),
        )
        Doubt.objects.bulk_create(self.new)
        changed = ("place", "said", "guess", "why", "found_at", "revision", *self._DECIDED)
        Doubt.objects.bulk_update(self.updated, changed, batch_size=_AT_ONCE)


def _open_again(doubt: Doubt) -> None:
    doubt.state, doubt.value, doubt.reason = Doubt.State.OPEN, None, ""
    doubt.act = doubt.decided_by = doubt.decided_at = None


def _remove(codes: set[str], order: Order, at: datetime) -> list[str]:
    """Say of procedures that were captured before and are in no file any more that they were removed; gives them."""
    captured = set(Captured.objects.values_list("procedure_id", flat=True).distinct())
    missing = captured - codes
    many = len(missing) > max(_MOST_REMOVED, len(captured) // _SHARE)
    if many and not order.remove_many:
        raise TooManyRemoved(count=len(missing), all=len(captured))
    rows = Procedure.objects.filter(pk__in=missing, removed_on=None)
    gone = list(rows.values_list("pk", flat=True))
    rows.update(removed_on=timezone.localdate(at))
    return gone


def _journal(actor: Actor, readers: Sequence[FileReader], report: Report, at: datetime) -> None:
    files = [{"source": reader.source, "sha256": reader.hash.hexdigest()} for reader in readers]
    counts = {name: count for name, count in report.counts().items() if name != "doubts"}
    record(
        actor=actor,
        happening=Happening(
            kind="catalogue.imported",
            object_kind="catalogue",
            object_id=CATALOGUE,
            facts={"files": files, **counts},
        ),
        at=at,
    )
