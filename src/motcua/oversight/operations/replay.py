"""A past day as it went: what stood open at each quarter of an hour, read from the journal as it is known now."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from uuid import UUID

from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.selectors import position_of
from motcua.oversight.indicators.reading import basis_of, letters_of, notes, sealed_of
from motcua.oversight.indicators.rules.booking import Standing, standing_of
from motcua.oversight.indicators.rules.counts import Stock
from motcua.oversight.indicators.rules.following import KINDS, Facts, take
from motcua.oversight.indicators.selectors import FOLLOWER
from motcua.oversight.indicators.tallying import Open, stock_at_end_of, stock_at_start_of
from motcua.oversight.operations.frames import Frame, came_until
from motcua.oversight.operations.rules.replaying import (
    DUE_TODAY,
    LATE,
    SLOTS,
    Change,
    Past,
    changes_of,
    summed,
)
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import list_below

# Days read from the journal are kept by process for so many seconds, the latest so many of them.
FRESH, MOST_DAYS = 600.0, 8
_CHUNK = 500
_kept: dict[date, tuple[float, tuple[Change, ...]]] = {}
_lock = threading.Lock()


def replayed_frame(agency: Agency, past: Past) -> Frame:
    """What was known of arrivals and stock; the rest of a frame is not known of past days.

    A constant number of queries, but for the first who asks for a day: two or so for each 500 dossiers that moved then.
    """
    path, paths = agency.path, [it.path for it in list_below(agency.path)]
    stock = stock_then([path, *paths], past)
    return Frame(
        at=past.at,
        position=position_of(FOLLOWER),
        came=came_until(agency, past.day, past.slot * 15),
        total=stock[path],
        tiles={it: stock[it] for it in paths},
    )


def stock_then(scopes: Collection[str], past: Past) -> dict[str, Open]:
    """By scope. At the day's end it is what the tallies say of it, with what was entered later and has no hour."""
    if past.slot >= SLOTS:
        return stock_at_end_of(scopes, past.day)
    changes = changes_on(past.day)
    begun = stock_at_start_of(scopes, past.day)
    return {scope: _moved(it, summed(changes, scope, past.slot)) for scope, it in begun.items()}


def _moved(stock: Open, by: Counter[str]) -> Open:
    return Open(
        waiting=stock.waiting + by[Stock.WAITING],
        running=stock.running + by[Stock.RUNNING] + by[LATE] + by[DUE_TODAY],
        late=stock.late + by[LATE],
        due_today=stock.due_today + by[DUE_TODAY],
        standing=stock.standing + by[Stock.STANDING],
        ready=stock.ready + by[Stock.READY],
    )


def changes_on(day: date) -> tuple[Change, ...]:
    """Of all agencies, kept for ten minutes."""
    with _lock:
        read_at, changes = _kept.get(day, (0.0, ()))
        if not read_at or time.monotonic() - read_at > FRESH:
            changes = tuple(_read(day))
            _kept.pop(day, None)
            _kept[day] = time.monotonic(), changes
            for old in list(_kept)[:-MOST_DAYS]:
                del _kept[old]
        return changes


def forget() -> None:
    """For tests: nothing is kept."""
    _kept.clear()


def _read(day: date) -> Iterator[Change]:
    begins = Past(day, 0).at
    acts = Entry.objects.filter(
        at__gte=begins, at__lt=begins + timedelta(days=1), object_kind="dossier", kind__in=KINDS
    )
    moved = sorted(set(acts.exclude(facts__has_key="test").values_list("object_id", flat=True)))
    skipped, until = letters_of(FOLLOWER), position_of(FOLLOWER)
    for start in range(0, len(moved), _CHUNK):
        yield from _changes(moved[start : start + _CHUNK], day, skipped, until)


def _changes(dossiers: Collection[UUID], day: date, skipped: Collection[int], until: int) -> Iterator[Change]:
    """As the tallies follow them, entry by entry."""
    known: dict[UUID, tuple[Facts, Standing]] = {}
    sealed = [it for it in sealed_of(dossiers, until=until) if it.position not in skipped]
    for dossier, noted in notes(sealed):
        facts, before = known.get(dossier) or (Facts(), Standing())
        was_finished = facts.finished_at
        take(facts, noted)
        if facts.is_basis_elsewhere and facts.finished_at and not was_finished:
            facts.basis_at = basis_of(dossier)
        after = standing_of(facts)
        known[dossier] = facts, after
        yield from changes_of(before, after, day, noted.came_at or noted.at)
