"""The stock at the end of each day, frozen the night after, for good.

A frozen day stays as it was known then; what is entered later shows beside it. The journal holds each day's digest, so
that a row that somebody altered is found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import Min, Sum
from django.utils import timezone

from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.selectors import followed_until
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.worktime.calendars import VIETNAM
from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.consumers import NAME
from motcua.oversight.indicators.models import StockDay, StockFlow
from motcua.oversight.indicators.rules.frozen_days import Row, digest, id_of
from motcua.oversight.indicators.tallying import Open, stock_at_end_of, stock_now

KIND = "figures.frozen"
_ONE = timedelta(days=1)
_PARTS = ("waiting", "running", "late", "standing", "ready")
_COLUMNS = ("scope", "is_below", *_PARTS, "position")
# What stands open now, without what happened since: of a night that is little, however long the history is.
_FREEZE = """
INSERT INTO oversight_indicators_stockday
       (scope, is_below, day, waiting, running, late, standing, ready, position, frozen_at)
SELECT scope, is_below, %(day)s,
       coalesce(sum(n) FILTER (WHERE state = 'waiting'), 0),
       coalesce(sum(n) FILTER (WHERE state = 'running'), 0),
       coalesce(sum(n) FILTER (WHERE state = 'running' AND due_on <= %(day)s), 0),
       coalesce(sum(n) FILTER (WHERE state = 'standing'), 0),
       coalesce(sum(n) FILTER (WHERE state = 'ready'), 0),
       %(position)s, %(at)s
  FROM (SELECT scope, is_below, state, due_on, count AS n FROM oversight_indicators_stocknow
         UNION ALL
        SELECT scope, is_below, state, due_on, -change FROM oversight_indicators_stockflow WHERE day > %(day)s) AS stood
 GROUP BY scope, is_below HAVING sum(n) <> 0
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """A day that is not as it was frozen. `what`: "altered", "missing" (its rows) or "unknown" (to the journal)."""

    day: date
    what: str


@dataclass(frozen=True, slots=True)
class FrozenDay:
    """`position`: how far the journal had been followed."""

    day: date
    position: int


def last_frozen() -> FrozenDay | None:
    """By the journal, as a day on which nothing stood open has no rows. One query."""
    latest = Entry.objects.filter(kind=KIND).order_by("-sequence").values_list("facts", flat=True).first()
    return FrozenDay(date.fromisoformat(latest["day"]), latest["position"]) if latest else None


def freeze_days(
    *, actor: Actor, until: date, at: datetime, progress: Callable[[date], object] | None = None
) -> list[date]:
    """Freeze each day after the last frozen one up to `until`, the last that is over at most; the days frozen.

    Ends before a day of which not everything recorded is followed yet. A transaction a day: one is whole or not there.
    """
    done = []
    for day in _open_days(min(until, local(at).date() - _ONE)):
        if not _freeze(day, actor=actor, at=at):
            break
        done.append(day)
        if progress:
            progress(day)
    return done


def days_behind(*, at: datetime, until: date | None = None) -> int:
    """How many days that are over, up to a day, are not frozen; 0 while nothing ever stood open. Two queries."""
    yesterday = local(at).date() - _ONE
    return len(list(_open_days(min(until or yesterday, yesterday))))


def stock_on(
    scopes: Collection[str], day: date, *, known_on: date | None = None, is_own: bool = False
) -> dict[str, Open] | None:
    """What stands open at the end of a day, of today or later: now. As it was known on a past day (`known_on`): what
    was frozen, by that day at most; None: that day was not frozen the night after. A query, or two."""
    today = timezone.localdate()
    if known_on and known_on < today:
        return stock_frozen(scopes, min(day, known_on), is_own=is_own, in_time=True)
    if day >= today:
        return stock_now(scopes, at=timezone.now(), is_own=is_own)
    return stock_at_end_of(scopes, day, is_own=is_own)


def stock_frozen(
    scopes: Collection[str], day: date, *, is_own: bool = False, in_time: bool = False
) -> dict[str, Open] | None:
    """What stood open at the end of a day as it was known when it was frozen; None: it is not.

    `in_time`: by the end of the day after, as what is frozen later holds what was entered meanwhile.
    """
    frozen = Entry.objects.filter(kind=KIND, object_id=id_of(day))
    if in_time:
        frozen = frozen.filter(at__lt=datetime.combine(day + 2 * _ONE, time(), tzinfo=VIETNAM))
    if not frozen.exists():
        return None
    rows = StockDay.objects.filter(scope__in=scopes, day=day)
    rows = rows.filter(is_below=False) if is_own else rows
    summed = rows.values_list("scope").annotate(*map(Sum, _PARTS)).order_by()
    kept = {scope: Open(**dict(zip(_PARTS, numbers, strict=True))) for scope, *numbers in summed}
    return {scope: kept.get(scope, Open()) for scope in scopes}


def verify_days() -> tuple[int, list[Fault]]:
    """How many days the journal knows as frozen, and which are not as it says. A query a day and two."""
    entries = Entry.objects.filter(kind=KIND).order_by("sequence").values_list("facts", flat=True)
    faults, known = [], set()
    for facts in entries.iterator():
        day = date.fromisoformat(facts["day"])
        known.add(day)
        rows = _rows(day)
        if not rows and facts["count"]:
            faults.append(Fault(day, "missing"))
        elif len(rows) != facts["count"] or digest(rows) != facts["digest"]:
            faults.append(Fault(day, "altered"))
    days = StockDay.objects.order_by("day").values_list("day", flat=True).distinct()
    return len(known), [*faults, *(Fault(it, "unknown") for it in days if it not in known)]


def _open_days(until: date) -> Iterator[date]:
    last = last_frozen()
    first = last.day + _ONE if last else StockFlow.objects.aggregate(first=Min("day"))["first"]
    while first and first <= until:
        yield first
        first += _ONE


@transaction.atomic
def _freeze(day: date, *, actor: Actor, at: datetime) -> bool:
    """False: not followed until its end."""
    with connection.cursor() as cursor:
        # One freezes at a time; who reads is not held up.
        cursor.execute("LOCK TABLE oversight_indicators_stockday IN SHARE ROW EXCLUSIVE MODE")
        if Entry.objects.filter(kind=KIND, object_id=id_of(day)).exists():
            return True
        ends = datetime.combine(day + _ONE, time(), tzinfo=VIETNAM)
        position = followed_until(NAME, ends)
        if position is None:
            return False
        cursor.execute(_FREEZE, {"day": day, "position": position, "at": at})
    rows = _rows(day)
    facts = {"day": day.isoformat(), "count": len(rows), "digest": digest(rows), "position": position}
    record(actor=actor, happening=Happening(KIND, "figures", id_of(day), facts=facts), at=at)
    return True


def _rows(day: date) -> list[Row]:
    return list(StockDay.objects.filter(day=day).values_list(*_COLUMNS))
