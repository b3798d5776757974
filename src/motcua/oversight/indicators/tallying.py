"""Reading the tallies: sums of counts, stock, arrivals, durations of a scope. Who may see which scope: `policies`.

A scope is an agency's path, with all below it, or "/" for all. Every function asks one query, unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncMonth

from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.models import (
    Arrivals,
    DayTally,
    Duration,
    MonthTally,
    StockFlow,
    StockNow,
)
from motcua.oversight.indicators.rules.counts import Count, Stock
from motcua.oversight.indicators.rules.measures import Term
from motcua.registry.organisations.models import Agency, Succession

CHANNELS = (1, 2, 3)
SLOTS = 96


@dataclass(frozen=True, slots=True)
class Days:
    """From a day until another, which is not in it."""

    first: date
    until: date


@dataclass(frozen=True, slots=True)
class Sums:
    """Counts by channel: {(count, channel): sum}; what is not in it is 0."""

    by_channel: Mapping[tuple[Count, int], int] = field(default_factory=dict)

    def of(self, count: Count, channel: int | None = None) -> int:
        """Of one way of submission, or of all."""
        channels = CHANNELS if channel is None else (channel,)
        return sum(self.by_channel.get((count, it), 0) for it in channels)


@dataclass(frozen=True, slots=True)
class Open:
    """What stands open at a moment. `late`: running, and the original due date was over; `due_today`: running, due on
    the day and not late yet."""

    waiting: int = 0
    running: int = 0
    late: int = 0
    due_today: int = 0
    standing: int = 0
    ready: int = 0


def sums(
    scope: str, days: Days, *, known_on: date | None = None, is_own: bool = False, by: str = ""
) -> dict[Any, Sums]:
    """{key: Sums}. `by`: "" (the one key is ""), "day" (date) or "month" (its first day).

    `known_on`: as the journal told it at the end of that day; `is_own`: without the agencies below.
    """
    rows = _of(DayTally.objects.all(), [scope], is_own).filter(day__gte=days.first, day__lt=days.until)
    if known_on is not None:
        rows = rows.filter(known_on__lte=known_on)
    keys = {"": Value(""), "day": F("day"), "month": TruncMonth("day")}
    return _summed(rows, keys[by])


def sums_of_scopes(
    scopes: Collection[str],
    days: Days,
    *,
    known_on: date | None = None,
    is_own: bool = False,
    counts: Collection[Count] = tuple(Count),
) -> dict[str, Sums]:
    """By scope: of agencies beside each other. `counts`: only these, which is asked in a fraction of the time."""
    rows = _of(DayTally.objects.all(), scopes, is_own).filter(day__gte=days.first, day__lt=days.until)
    if known_on is not None:
        rows = rows.filter(known_on__lte=known_on)
    return _summed(rows, F("scope"), counts)


def sums_of_procedures(
    scope: str, days: Days, *, is_own: bool = False, procedures: Collection[str] | None = None
) -> dict[str, Sums]:
    """By procedure; the days are whole months. As it is known now."""
    rows = _of(MonthTally.objects.all(), [scope], is_own).filter(month__gte=days.first, month__lt=days.until)
    if procedures is not None:
        rows = rows.filter(procedure__in=procedures)
    return _summed(rows, F("procedure"))


def stock_now(scopes: Collection[str], *, at: datetime, is_own: bool = False) -> dict[str, Open]:
    """What stands open now, by scope: 0 for those without any.

    What is due today is not late here: who needs the hour asks the dossiers.
    """
    return _stock({"count": StockNow.objects.all()}, (scopes, is_own), local(at).date(), is_over=False)


def stock_at_start_of(scopes: Collection[str], day: date) -> dict[str, Open]:
    """What stood open when a day began, by all that is known now; what is due that day is not late yet."""
    return _stock(_stood(StockFlow.objects.filter(day__gte=day)), (scopes, False), day, is_over=False)


def stock_at_end_of(scopes: Collection[str], day: date, *, is_own: bool = False) -> dict[str, Open]:
    """What stood open at the end of a day, by all that is known now; what was due that day was late by then."""
    return _stock(_stood(StockFlow.objects.filter(day__gt=day)), (scopes, is_own), day, is_over=True)


def count_procedures(
    scopes: Collection[str], days: Days, term: Term, *, is_own: bool = False
) -> dict[str, int]:
    """By scope, how many procedures have at least so many (`least`) of what the term counts; the days are whole months.
    As it is known now."""
    rows = _of(MonthTally.objects.all(), scopes, is_own)
    rows = rows.filter(month__gte=days.first, month__lt=days.until)
    if term.channel is not None:
        rows = rows.filter(channel=term.channel)
    summed = rows.values_list("scope", "procedure").annotate(total=Sum(str(term.count))).order_by()
    found = dict.fromkeys(scopes, 0)
    for scope, *_ in summed.filter(total__gte=term.least):
        found[scope] += 1
    return found


def arrivals(scope: str, days: Sequence[date]) -> dict[date, list[int]]:
    """How many came in by quarter of an hour, 96 numbers a day; zeros for a day without any."""
    found = {day: [0] * SLOTS for day in days}
    rows = _of(Arrivals.objects.filter(day__in=days), [scope], is_own=False)
    for day, slot, count in rows.values_list("day", "slot").annotate(total=Sum("count")).order_by():
        found[day][slot] = count
    return found


def durations(scope: str, procedure: str, days: Days) -> list[tuple[int, int]]:
    """(working hours, how many took so long), shortest first; the days are whole months."""
    rows = _of(Duration.objects.filter(procedure=procedure), [scope], is_own=False)
    rows = rows.filter(month__gte=days.first, month__lt=days.until)
    grouped = rows.values_list("hours").annotate(total=Sum("count")).order_by("hours")
    return [(hours, count) for hours, count in grouped if count]


def _of(rows: QuerySet[Any], scopes: Collection[str], is_own: bool) -> QuerySet[Any]:
    rows = rows.filter(scope__in=scopes)
    return rows.filter(is_below=False) if is_own else rows


def _summed(rows: QuerySet[Any], key: Any, counts: Collection[Count] = tuple(Count)) -> dict[Any, Sums]:
    grouped = rows.values_list(key, "channel").annotate(**{f"sum_{it}": Sum(it) for it in counts}).order_by()
    found: dict[Any, dict[tuple[Count, int], int]] = {}
    for name, channel, *values in grouped:
        kept = found.setdefault(name, {})
        kept.update({(it, channel): value for it, value in zip(counts, values, strict=True) if value})
    return {name: Sums(kept) for name, kept in found.items()}


def _stood(since: QuerySet[StockFlow]) -> dict[str, QuerySet[Any]]:
    """What stands open now, without what changed since: of most days asked for that is little, however long the
    history is."""
    return {"count": StockNow.objects.all(), "change": since}


def _stock(
    tables: Mapping[str, QuerySet[Any]], whose: tuple[Collection[str], bool], day: date, *, is_over: bool
) -> dict[str, Open]:
    """By the sums of the column "count" of one table, without those of "change" of the other; whose: scopes, is_own."""
    late = Q(state=Stock.RUNNING, **{"due_on__lte" if is_over else "due_on__lt": day})
    today = Q(state=Stock.RUNNING, due_on=day)
    kind = Case(When(late, then=Value("late")), When(today, then=Value("due_today")), default=F("state"))
    sums = {"count": Sum("count"), "change": -Sum("change")}
    asked = [
        _of(rows, *whose).values_list("scope", kind).annotate(total=sums[column]).order_by()
        for column, rows in tables.items()
    ]
    kept: dict[str, dict[str, int]] = {scope: {} for scope in whose[0]}
    for scope, name, count in asked[0].union(*asked[1:], all=True):
        kept[scope][name] = kept[scope].get(name, 0) + count
    return {scope: _open(it) for scope, it in kept.items()}


def _open(found: Mapping[str, int]) -> Open:
    late, today = found.get("late", 0), found.get("due_today", 0)
    return Open(
        waiting=found.get(Stock.WAITING, 0),
        running=found.get(Stock.RUNNING, 0) + late + today,
        late=late,
        due_today=today,
        standing=found.get(Stock.STANDING, 0),
        ready=found.get(Stock.READY, 0),
    )


def lineage(path: str) -> list[str]:
    """The scope of an agency and those of its predecessors that count nowhere in it, each once, for `sums_of_scopes`.

    Dossiers count where they were decided: of an agency that went up in another they stay its own, wherever the path of
    the other leads. Two queries for each step back.
    """
    found, seen = [path], set[UUID]()
    while of := set(Agency.objects.filter(path__in=found).values_list("pk", flat=True)) - seen:
        seen |= of
        rows = Succession.objects.filter(successor__in=of).exclude(kind=Succession.Kind.SPLIT)
        found += rows.order_by("predecessor__path").values_list("predecessor__path", flat=True)
    paths = list(dict.fromkeys(found))
    return [it for it in paths if not any(it != other and it.startswith(other) for other in paths)]
