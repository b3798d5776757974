"""Holding the tallies against the journal: everything counted once more, and each row that differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from motcua.foundation.journal.models import ConsumerPosition, Entry
from motcua.oversight.indicators.booking import COUNTS, TABLES
from motcua.oversight.indicators.consumers import NAME
from motcua.oversight.indicators.models import Arrivals, DayTally, Duration, MonthTally, StockFlow, StockNow
from motcua.oversight.indicators.reading import basis_of, letters_of, notes, sealed_of
from motcua.oversight.indicators.rules.counts import ALL, Count
from motcua.oversight.indicators.rules.following import KINDS, Noted
from motcua.oversight.indicators.rules.recount import Recount, Rows, recount

_CHUNK = 500
_PLACES = {
    DayTally: "days", MonthTally: "months", StockNow: "stock", StockFlow: "flows", Arrivals: "arrivals",
    Duration: "durations",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """A row: its table and key; what the table says and what the journal says."""

    table: str
    key: tuple[Any, ...]
    kept: int
    recounted: int


@dataclass(frozen=True, slots=True)
class Checked:
    """`position`: how far the journal had been followed; `dossiers` that were read; `rows` that were compared (numbers
    that are not 0); `figures`: the counts of the whole installation, as the journal tells them."""

    position: int
    dossiers: int
    rows: int
    figures: Mapping[str, int]
    differences: list[Difference]


@transaction.atomic
def check(*, on: date | None = None, progress: Callable[[int], None] | None = None) -> Checked:
    """Count again from the journal, as far as it is followed, and compare every row of every tally.

    `on`: what the journal told by the end of that day, and compare what the tallies know by then. Following waits
    meanwhile. `progress` is told by how many dossiers.
    """
    place = ConsumerPosition.objects.select_for_update().filter(name=NAME).first()
    position = place.position if place else 0
    dossiers: list[UUID] = []

    def lives() -> Iterator[list[Noted]]:
        for dossier, told in _lives(position):
            if said := _by(told, on):
                dossiers.append(dossier)
                yield said
            if progress:
                progress(1)

    found = recount(lives(), lambda number: basis_of(dossiers[number]))
    compared = [("days", _without_known(found.days), _known_by(on))] if on else _all(found)
    differences: list[Difference] = []
    for table, right, kept in compared:
        keys = sorted((it for it in right.keys() | kept.keys() if right.get(it) != kept.get(it)), key=str)
        differences += [Difference(table, it, kept.get(it, 0), right.get(it, 0)) for it in keys]
    rows = sum(len(right) for _table, right, _kept in compared)
    return Checked(position, len(dossiers), rows, _figures(found), differences)


def _lives(position: int) -> Iterator[tuple[UUID, list[Noted]]]:
    """Each dossier's entries that were followed, in order; tests apart."""
    skipped = letters_of(NAME)
    ids = Entry.objects.filter(object_kind="dossier", kind__in=KINDS).order_by("object_id")
    last = UUID(int=0)
    while chunk := list(
        ids.filter(object_id__gt=last).values_list("object_id", flat=True).distinct()[:_CHUNK]
    ):
        last = chunk[-1]
        sealed = [it for it in sealed_of(chunk, until=position) if it.position not in skipped]
        told: dict[UUID, list[Noted]] = defaultdict(list)
        for dossier, noted in notes([it for it in sealed if not it.entry.facts.get("test")]):
            told[dossier].append(noted)
        yield from told.items()


def _by(told: list[Noted], on: date | None) -> list[Noted]:
    """What was known by the end of a day; after the first entry of a later day nothing was."""
    until = next((number for number, it in enumerate(told) if on and it.known_on > on), len(told))
    return told[:until]


def _all(found: Recount) -> list[tuple[str, Rows, Rows]]:
    return [(name, _not_zero(getattr(found, name)), _kept(model)) for model, name in _PLACES.items()]


def _kept(model: type[Any]) -> Rows:
    keys, sums = TABLES[model]
    rows: Rows = {}
    for row in model.objects.values_list(*keys, *sums).iterator():
        key, numbers = row[: len(keys)], row[len(keys) :]
        if sums == COUNTS:
            rows |= {(*key, count): number for count, number in zip(sums, numbers, strict=True) if number}
        elif numbers[0]:
            rows[key] = numbers[0]
    return rows


def _known_by(on: date) -> Rows:
    """What the tallies of days say by then, whenever it was known."""
    rows: Rows = defaultdict(int)
    known = DayTally.objects.filter(known_on__lte=on).values_list(
        "scope", "is_below", "day", "channel", *COUNTS
    )
    for scope, is_below, day, channel, *numbers in known.iterator():
        for count, number in zip(COUNTS, numbers, strict=True):
            rows[scope, is_below, day, channel, count] += number
    return _not_zero(rows)


def _without_known(days: Rows) -> Rows:
    rows: Rows = defaultdict(int)
    for (scope, is_below, day, _known_on, channel, count), number in days.items():
        rows[scope, is_below, day, channel, count] += number
    return _not_zero(rows)


def _not_zero(rows: Rows) -> Rows:
    return {key: number for key, number in rows.items() if number}


def _figures(found: Recount) -> dict[str, int]:
    sums = dict.fromkeys(map(str, Count), 0)
    for (scope, *_rest, count), number in found.months.items():
        if scope == ALL:
            sums[str(count)] += number
    return sums
