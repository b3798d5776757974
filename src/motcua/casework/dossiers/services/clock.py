"""The legal clock of an accepted dossier: what it counts, and what stops it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from motcua.casework.dossiers.forms import procedure_of
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.promises import due_steps
from motcua.casework.dossiers.rules.silence import Silence, silence_of
from motcua.foundation.worktime.calendars import ONE_DAY, VIETNAM, Calendar
from motcua.foundation.worktime.deadlines import due, due_moment
from motcua.foundation.worktime.events import Event, ImpossibleEvent, Kind
from motcua.foundation.worktime.history import Counting, history
from motcua.foundation.worktime.limits import ANSWER_ONLINE, SEND_BACK, Limit, parse_limit
from motcua.foundation.worktime.moments import local, roll_forward, working_time_between
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import calendar_of

ONLINE = 2
# As `counting` of a procedure says it.
CIVIL_CODE = "civil_code"


def limit_of(dossier: Dossier) -> Limit:
    """The published limit that holds for the dossier: of its case, else of its procedure."""
    return parse_limit(procedure_of(dossier)["limit"]["value"])


def counting_of(dossier: Dossier, *, on: date) -> Counting:
    """Limit and calendar of a dossier's clock. Of linked procedures what comes in the last hour counts from the next
    working day (`linked` of the procedure; vietnam.md T9); where the procedure's law refers to the Civil Code, whole
    days count to closing time (`counting: civil_code`; vietnam.md 1.4 (6))."""
    return counting_by(dossier.version.definition["procedure"], limit_of(dossier), dossier.agency, on=on)


def counting_by(procedure: Mapping[str, Any], limit: Limit, agency: Agency, *, on: date) -> Counting:
    """How a procedure's limit is counted at an agency."""
    return Counting(
        limit,
        calendar_of(agency, on=on),
        civil_code=procedure.get("counting") == CIVIL_CODE,
        last_hour_next_day=bool(procedure.get("linked")),
    )


def begin_clock(dossier: Dossier, counting: Counting, *, at: datetime) -> dict[str, Any]:
    """Fields of a dossier whose clock begins: the promise, its arithmetic, when silence decides."""
    promise = due(
        at,
        counting.limit,
        counting.calendar,
        civil_code=counting.civil_code,
        last_hour_next_day=counting.last_hour_next_day,
    )
    return {
        "due_at": promise.at,
        "basis_at": promise.at,
        "due_steps": due_steps(promise),
        "silent_at": silent_at(dossier, counting, [], begun=at, at=at),
    }


def clock_changes(
    dossier: Dossier, kind: Kind, *, at: datetime, until: datetime | None = None
) -> dict[str, Any]:
    """Fields of the dossier after its clock stopped, resumed, restarted or was extended (`until`); nothing before
    acceptance, when none runs.

    While it stands still, `due_at` keeps the last promise. Raises ImpossibleEvent.
    Source: Decree 61/2018/NĐ-CP art. 19(4), 19(9); vietnam.md T5, T8, 1.4.
    """
    if dossier.accepted_at is None:
        return {}
    counting = counting_of(dossier, on=timezone.localdate(at))
    return counted_changes(dossier, counting, Event(kind, at, until))


def counted_changes(dossier: Dossier, counting: Counting, event: Event) -> dict[str, Any]:
    """`clock_changes` by a limit and a calendar that are known. Raises ValueError before acceptance."""
    if dossier.accepted_at is None:
        raise ValueError("no clock runs before acceptance")
    at, row = event.at, {"kind": str(event.kind), "at": event.at.isoformat()}
    clock = [*dossier.clock, row | ({"until": event.until.isoformat()} if event.until else {})]
    stopped = {Kind.STOPPED: at, Kind.EXTENDED: dossier.stopped_at}.get(event.kind)
    changes = replayed(dossier, counting, clock, at=at, is_new=event.kind is Kind.EXTENDED)
    return {"clock": clock, "stopped_at": stopped, **changes}


def replayed(
    dossier: Dossier,
    counting: Counting,
    clock: Sequence[Mapping[str, str]],
    *,
    at: datetime,
    is_new: bool = False,
) -> dict[str, Any]:
    """Due date, its basis and its arithmetic by these events since acceptance. `is_new`: the last of them is an
    extension that is granted now. Raises ImpossibleEvent.

    A date that was named to the applicant stays named though the calendar changed since: on a day that is off now it
    moves to the next working day.
    """
    begun, events = dossier.accepted_at or at, events_of(clock)
    named = None
    try:
        found = history(begun, counting, events, at=at)
    except ImpossibleEvent:
        # What is done now must be possible; what was done stays done.
        if is_new:
            raise
        found = history(begun, counting, [it for it in events if it.kind is not Kind.EXTENDED], at=at)
        named = _named(events, counting.calendar)
    due_at = found.due_at or dossier.due_at
    return {
        "due_at": max(due_at, named) if due_at and named else due_at,
        "basis_at": found.basis_at or dossier.basis_at,
        "due_steps": due_steps(found),
        "silent_at": silent_at(dossier, counting, clock, begun=begun, at=at),
    }


def _named(events: Sequence[Event], calendar: Calendar) -> datetime | None:
    """The date an extension named, on a working day; None once the clock began again."""
    until = None
    for event in events:
        if event.kind is Kind.EXTENDED:
            until = event.until
        elif event.kind is Kind.RESTARTED:
            until = None
    return (
        datetime.combine(roll_forward(local(until).date(), calendar), local(until).timetz())
        if until
        else None
    )


def basis_fact(dossier: Dossier, changes: Mapping[str, Any]) -> dict[str, str]:
    """What the journal says of the original due date where the promise is another one, after these changes."""
    due_at, basis_at = (changes.get(name, getattr(dossier, name)) for name in ("due_at", "basis_at"))
    return {"basis_at": basis_at.isoformat()} if basis_at and basis_at != due_at else {}


def worked_minutes(dossier: Dossier, *, until: datetime) -> int | None:
    """Whole minutes of the agency's working time from acceptance until then, without stops; None before acceptance.

    Each day by the calendar that held on it.
    """
    if dossier.accepted_at is None:
        return None
    worked = sum(
        (_worked(dossier.agency, begins, ends) for begins, ends in running_spans(dossier, until=until)),
        timedelta(),
    )
    return int(worked.total_seconds()) // 60


def running_spans(dossier: Dossier, *, until: datetime) -> list[tuple[datetime, datetime]]:
    """When its clock ran, from acceptance until then; of one that was accepted."""
    since, spans = dossier.accepted_at, []
    for event in events_of(dossier.clock):
        if event.kind is Kind.STOPPED and since:
            spans.append((since, event.at))
            since = None
        elif event.kind in {Kind.RESUMED, Kind.RESTARTED} and since is None:
            since = event.at
    return [*spans, (since, until)] if since and since < until else spans


def _worked(agency: Agency, begins: datetime, ends: datetime) -> timedelta:
    worked, at, last = timedelta(), local(begins), local(ends)
    while at < last:
        calendar, day = calendar_of(agency, on=at.date()), at.date() + ONE_DAY
        while day <= last.date() and calendar_of(agency, on=day) is calendar:
            day += ONE_DAY
        until = min(last, datetime.combine(day, time(), VIETNAM))
        worked += working_time_between(at, until, calendar)
        at = until
    return worked


def events_of(clock: Sequence[Mapping[str, str]]) -> list[Event]:
    """A dossier's `clock` as worktime takes it."""
    moments = [(row, datetime.fromisoformat(row["at"])) for row in clock]
    return [
        Event(Kind(row["kind"]), at, datetime.fromisoformat(row["until"]) if "until" in row else None)
        for row, at in moments
    ]


def silent_at(
    dossier: Dossier,
    counting: Counting,
    clock: Sequence[Mapping[str, str]],
    *,
    begun: datetime,
    at: datetime,
) -> datetime | None:
    """When the law decides if nobody has, counted as the limit is, stops excluded; None without a rule of silence, and
    while the clock stands still. An apology does not move it: only the law gives more time."""
    rule = rule_of_silence(dossier)
    if not rule:
        return None
    events = [event for event in events_of(clock) if event.kind is not Kind.EXTENDED]
    return history(begun, replace(counting, limit=rule.after), events, at=at).due_at


def rule_of_silence(dossier: Dossier) -> Silence | None:
    """What the procedure says of silence; the same in all of its cases."""
    return silence_of(dossier.version.definition["procedure"])


def answer_due(dossier: Dossier, *, at: datetime) -> datetime | None:
    """Until when who submitted online, or brought what was missing, is to be answered; None for other channels (T2)."""
    if dossier.channel != ONLINE:
        return None
    due = due_moment(at, ANSWER_ONLINE, calendar_of(dossier.agency, on=timezone.localdate(at)))
    return due.astimezone(UTC)


def send_back_by(dossier: Dossier) -> datetime | None:
    """Until when what is not eligible may be sent back: 3 working days after acceptance or the full dossier, or what
    the procedure says (`send_back`); None before acceptance.

    Source: Decree 61/2018/NĐ-CP art. 19(4); vietnam.md T5.
    """
    if dossier.accepted_at is None:
        return None
    restarts = [event.at for event in events_of(dossier.clock) if event.kind is Kind.RESTARTED]
    begun = restarts[-1] if restarts else dossier.accepted_at
    written = dossier.version.definition["procedure"].get("send_back")
    limit = parse_limit(written) if written else SEND_BACK
    return due_moment(begun, limit, calendar_of(dossier.agency, on=timezone.localdate(begun)))
