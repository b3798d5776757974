"""What rules watch, read for all agencies at once: one or two queries a measure, however many agencies there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum

from motcua.casework.appointments.selectors import list_lines
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.process.models import Task
from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.moments import local, working_time_between
from motcua.oversight.indicators.models import Arrivals, DayTally, StockNow
from motcua.oversight.indicators.rules.counts import Stock
from motcua.oversight.operations import health
from motcua.oversight.operations.alerts.policies import MACHINE
from motcua.oversight.operations.models import LikelyLate
from motcua.oversight.operations.rules.alerts import Band, Bounds, departure, usual_band
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import calendar_of, get_calendar

# Working days that make the usual, and within how many days they are looked for.
LIKE_DAYS, LOOKED_BACK = 10, 25
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Observation:
    """`value` is held against the rule's bounds; `figures`: numbers for its words, `value` among them."""

    scope: str
    value: int
    figures: Mapping[str, int] = field(default_factory=dict)


def observed(scope: str, value: int, **figures: int) -> Observation:
    return Observation(scope, value, {"value": value, **figures})


class Round:
    """One look at everything at a moment; what several measures need is read once."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.today = local(at).date()

    @cached_property
    def agencies(self) -> Mapping[str, Agency]:
        """By path, as they are now."""
        rows = Agency.objects.filter(valid_to=None).only("path", "calendar_stamp")
        return {it.path: it for it in rows}

    @cached_property
    def machine(self) -> health.Machine:
        return health.measure(self.at)

    @cached_property
    def like_days(self) -> list[date]:
        """The last working days before today."""
        calendar = get_calendar()
        days = (self.today - timedelta(days=back) for back in range(1, LOOKED_BACK + 1))
        return [day for day in days if calendar.day(day).sessions][:LIKE_DAYS]

    @cached_property
    def arrived(self) -> Mapping[str, Mapping[date, tuple[int, int, int]]]:
        """Scope -> day -> (until this time of the day, all day, last quarter of an hour with some). One query."""
        slot = local(self.at).hour * 4 + local(self.at).minute // 15
        rows = Arrivals.objects.filter(scope__in=list(self.agencies), day__in=[self.today, *self.like_days])
        grouped = rows.values_list("scope", "day").annotate(
            until=Sum("count", filter=Q(slot__lt=slot), default=0),
            whole=Sum("count"),
            last=Max("slot", filter=Q(count__gt=0), default=0),
        )
        found: dict[str, dict[date, tuple[int, int, int]]] = {}
        for scope, day, until, whole, last in grouped.order_by():
            found.setdefault(scope, {})[day] = (until, whole, last)
        return found

    def calendar(self, scope: str) -> Calendar:
        agency = self.agencies.get(scope)
        return calendar_of(agency, on=self.today) if agency else get_calendar()

    def working_since(self, scope: str, since: datetime) -> timedelta:
        return working_time_between(since, self.at, self.calendar(scope))


def late(it: Round, bounds: Bounds) -> Iterator[Observation]:
    """The original due day is over; what was due earlier today is late on the tiles already. One query."""
    rows = StockNow.objects.filter(is_below=False, state=Stock.RUNNING, due_on__lt=it.today)
    for scope, count, first in rows.values_list("scope").annotate(Sum("count"), Min("due_on")).order_by():
        yield observed(scope, count, days=(it.today - first).days)


def unanswered(it: Round, bounds: Bounds) -> Iterator[Observation]:
    rows = _waiting().filter(answer_by__lt=it.at)
    grouped = rows.values_list("agency_path").annotate(Count("pk"), Min("answer_by"))
    for scope, count, first in grouped.order_by():
        yield observed(scope, count, hours=it.working_since(scope, first) // _HOUR)


def likely_late(it: Round, bounds: Bounds) -> Iterator[Observation]:
    untaken = Count("pk", filter=Q(officer_id=None))
    rows = LikelyLate.objects.values_list("agency_path").annotate(count=Count("pk"), untaken=untaken)
    for scope, count, free in rows.order_by():
        yield observed(scope, count, untaken=free)


def queue_wait(it: Round, bounds: Bounds) -> Iterator[Observation]:
    """In working time: after the hall has closed nobody waits, whatever tickets are left."""
    for line in list_lines("/", at=it.at):
        yield observed(
            line.agency_path, it.working_since(line.agency_path, line.since) // _MINUTE, waiting=line.waiting
        )


def arrivals(it: Round, bounds: Bounds) -> Iterator[Observation]:
    if not it.calendar("").day(it.today).sessions:
        return
    for scope, days in it.arrived.items():
        band = _usual(it, days, 0)
        count = days.get(it.today, (0, 0, 0))[0]
        if band and (value := departure(count, band, minimum=bounds.minimum)):
            yield observed(scope, value, today=count, low=band.low, high=band.high)


def _usual(it: Round, days: Mapping[date, tuple[int, int, int]], which: int) -> Band | None:
    """Of the like days since the first on which anything came: of an agency that has just begun nothing is usual."""
    begun = min((day for day in it.like_days if days.get(day, (0, 0, 0))[1]), default=it.today)
    return usual_band([days.get(day, (0, 0, 0))[which] for day in it.like_days if day >= begun])


def arriving(it: Round, bounds: Bounds) -> Iterator[Observation]:
    """Working time since the last quarter of an hour in which something came, of who usually gets enough a day."""
    for scope, days in it.arrived.items():
        band = _usual(it, days, 1)
        some = [day for day, (_until, whole, _last) in days.items() if whole > 0]
        if not band or band.middle < bounds.minimum or not some:
            continue
        since = _slot_end(it, max(some), days[max(some)][2])
        yield observed(scope, it.working_since(scope, since) // _MINUTE, usual=band.middle)


def _slot_end(it: Round, day: date, slot: int) -> datetime:
    midnight = local(it.at).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - (it.today - day) + timedelta(minutes=15 * (slot + 1))


def accepting(it: Round, bounds: Bounds) -> Iterator[Observation]:
    """Working time in which online dossiers waited and nothing was accepted. Two queries."""
    grouped = _waiting().values_list("agency_path").annotate(Count("pk"), Min("submitted_at")).order_by()
    waiting = {scope: (count, first) for scope, count, first in grouped if count >= bounds.minimum}
    accepted = Dossier.objects.filter(agency_path=OuterRef("path"), accepted_at__isnull=False, is_test=False)
    newest = Subquery(accepted.order_by("-accepted_at", "-pk").values("accepted_at")[:1])
    last = dict(Agency.objects.filter(path__in=list(waiting), valid_to=None).values_list("path", newest))
    for scope, (count, first) in waiting.items():
        since = max(first, last.get(scope) or first)
        yield observed(scope, it.working_since(scope, since) // _MINUTE, waiting=count)


def signing(it: Round, bounds: Bounds) -> Iterator[Observation]:
    """Working time in which results waited for a signature, from the day after the last one was signed. Two queries."""
    open_ones = Task.objects.filter(act="sign", completed_at=None, paused_at=None)
    grouped = open_ones.values_list("agency_path").annotate(Count("pk"), Min("opened_at")).order_by()
    waiting = {scope: (count, first) for scope, count, first in grouped if count >= bounds.minimum}
    signed = DayTally.objects.filter(scope__in=list(waiting), is_below=False, finished__gt=0)
    signed = signed.filter(day__gte=it.today - timedelta(days=LOOKED_BACK))
    last = dict(signed.values_list("scope").annotate(Max("day")).order_by())
    for scope, (count, first) in waiting.items():
        since = max(first, _slot_end(it, last[scope], 95)) if scope in last else first
        yield observed(scope, it.working_since(scope, since) // _MINUTE, waiting=count)


def _waiting() -> QuerySet[Dossier]:
    """Online dossiers whose answer is owed."""
    owed = Q(status=Status.SUBMITTED, answered_at=None, answer_by__isnull=False)
    return Dossier.objects.filter(owed, is_test=False)


def _number(name: str) -> Callable[[Round, Bounds], Iterator[Observation]]:
    """A number of the installation as it is."""

    def observe(it: Round, bounds: Bounds) -> Iterator[Observation]:
        yield observed(MACHINE, getattr(it.machine, name))

    return observe


def unsealed(it: Round, bounds: Bounds) -> Iterator[Observation]:
    yield observed(MACHINE, (it.machine.unsealed_seconds or 0) // 60, waiting=it.machine.unsealed)


def waiting_jobs(it: Round, bounds: Bounds) -> Iterator[Observation]:
    yield observed(MACHINE, (it.machine.waiting_seconds or 0) // 60, waiting=it.machine.waiting_jobs)


def silent_schedules(it: Round, bounds: Bounds) -> Iterator[Observation]:
    yield observed(MACHINE, len(it.machine.silent))


# One for each of `rules.alerts.MEASURES`.
OBSERVERS: Mapping[str, Callable[[Round, Bounds], Iterator[Observation]]] = {
    "late": late,
    "unanswered": unanswered,
    "likely_late": likely_late,
    "queue_wait": queue_wait,
    "arrivals": arrivals,
    "arriving": arriving,
    "accepting": accepting,
    "signing": signing,
    "journal_lag": _number("lag"),
    "unsealed": unsealed,
    "dead_letters": _number("dead_letters"),
    "failed_messages": _number("failed_messages"),
    "stalled_jobs": _number("stalled_jobs"),
    "waiting_jobs": waiting_jobs,
    "silent_schedules": silent_schedules,
}
