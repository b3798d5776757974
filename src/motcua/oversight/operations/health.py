"""How the installation itself is: journal, jobs, messages. Read from the tables of those who do the work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from croniter import croniter
from django.db import connection
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.selectors import journal_state
from motcua.foundation.notifications.models import Message
from motcua.foundation.ui.formats import format_number
from motcua.oversight.operations.alerts.selectors import last_look
from motcua.oversight.operations.alerts.wording import language, minutes_words

# What failed longer ago was seen or is nobody's worry any more.
MESSAGES_OF = timedelta(hours=24)
# A worker that said nothing for so long is gone (config: STALLED_SECONDS); a schedule may begin so late.
_GONE, _LATE = timedelta(minutes=5), timedelta(minutes=10)
# Entries; seconds.
_LAG, _UNSEALED, _WAITS = 1_000, 60, 900

_JOBS = """
SELECT count(*) FILTER (WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < %(gone)s)),
       count(*) FILTER (WHERE j.status = 'todo' AND e.since <= %(at)s),
       min(e.since) FILTER (WHERE j.status = 'todo' AND e.since <= %(at)s)
FROM procrastinate_jobs j
LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
LEFT JOIN LATERAL (
    SELECT coalesce(j.scheduled_at, max(x.at)) AS since FROM procrastinate_events x WHERE x.job_id = j.id
) e ON j.status = 'todo'
WHERE j.status IN ('doing', 'todo')
"""
_HEARTBEAT = "SELECT max(last_heartbeat) FROM procrastinate_workers"
_DEFERS = "SELECT task_name, max(defer_timestamp) FROM procrastinate_periodic_defers GROUP BY task_name"


@dataclass(frozen=True, slots=True)
class Machine:
    """Plain numbers. Seconds are None where there is nothing to wait for; of the worker: where none was ever seen.

    `lag`: entries of the slowest follower; `silent`: names of scheduled jobs that did not begin in time.
    """

    unsealed: int
    unsealed_seconds: int | None
    lag: int
    dead_letters: int
    failed_messages: int
    stalled_jobs: int
    waiting_jobs: int
    waiting_seconds: int | None
    worker_seconds: int | None
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """One thing to watch. `state`: "done" (well), "look" or "overdue"; `seconds`: how late it is, None where that is no
    time; `words`: how it is, in the active language."""

    name: str
    label: str
    state: str
    words: str
    seconds: int | None = None


def observe(at: datetime) -> list[Health]:
    """All there is, always in the same order. Thirteen queries."""
    machine = measure(at)
    return [_sealing(machine), _following(machine), *_working(machine), _sending(machine), _watching(at)]


def measure(at: datetime) -> Machine:
    """Twelve queries."""
    state = journal_state()
    failed = Message.objects.filter(state=Message.State.FAILED, created_at__gte=at - MESSAGES_OF)
    stalled, waiting, oldest = _row(_JOBS, {"gone": at - _GONE, "at": at})
    return Machine(
        unsealed=state.unsealed,
        unsealed_seconds=_age(_oldest_unsealed(state.unsealed), at),
        lag=max((it.lag for it in state.consumers), default=0),
        dead_letters=state.dead_letters,
        failed_messages=failed.count(),
        stalled_jobs=stalled,
        waiting_jobs=waiting,
        waiting_seconds=_age(oldest, at),
        worker_seconds=_age(_row(_HEARTBEAT)[0], at),
        silent=silent_schedules(at),
    )


def silent_schedules(at: datetime) -> tuple[str, ...]:
    """Scheduled jobs that have run before and did not begin at their last time, more than 10 minutes ago. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_DEFERS)
        last = dict(cursor.fetchall())
    crons = {name: it.cron for (name, _id), it in app.periodic_registry.periodic_tasks.items()}
    return tuple(
        name
        for name, cron in sorted(crons.items())
        if name in last and last[name] < croniter(cron, (at - _LATE).astimezone(UTC)).get_prev(float)
    )


def _oldest_unsealed(count: int) -> datetime | None:
    """They are the latest: so many back stands the oldest of them."""
    if not count:
        return None
    rows = Entry.objects.order_by("-sequence").values_list("recorded_at", flat=True)
    return next(iter(rows[count - 1 : count]), None)


def _row(statement: str, values: Mapping[str, Any] | None = None) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return tuple(cursor.fetchone())


def _age(since: object, at: datetime) -> int | None:
    return max(0, int((at - since).total_seconds())) if isinstance(since, datetime) else None


def _sealing(it: Machine) -> Health:
    late = it.unsealed_seconds or 0
    if late <= _UNSEALED:
        return Health("sealing", _("Journal"), "done", _("sealed"), late)
    words = _("not sealed for %(time)s") % {"time": minutes_words(late // 60)}
    return Health("sealing", _("Journal"), "overdue", words, late)


def _following(it: Machine) -> Health:
    label = _("Figures and followers")
    if it.dead_letters:
        words = _("%(count)s entries could not be followed") % {"count": it.dead_letters}
        return Health("following", label, "overdue", words)
    words = (
        _("%(count)s entries behind") % {"count": format_number(it.lag, language())}
        if it.lag
        else _("up to date")
    )
    return Health("following", label, "look" if it.lag > _LAG else "done", words)


def _working(it: Machine) -> list[Health]:
    silent, waiting = it.worker_seconds, it.waiting_seconds or 0
    if silent is None or silent > _GONE.total_seconds():
        words, state = _("none runs"), "overdue"
    elif it.stalled_jobs:
        words, state = _("%(count)s jobs hang") % {"count": it.stalled_jobs}, "overdue"
    elif waiting > _WAITS:
        words, state = _("jobs wait for %(time)s") % {"time": minutes_words(waiting // 60)}, "look"
    else:
        words, state = _("at work"), "done"
    schedules = _("all began in time")
    if it.silent:
        schedules = _("%(count)s did not begin in time") % {"count": len(it.silent)}
    return [
        Health("working", _("Jobs"), state, words, waiting),
        Health("schedules", _("Scheduled jobs"), "look" if it.silent else "done", schedules),
    ]


def _sending(it: Machine) -> Health:
    words = _("none failed today")
    if it.failed_messages:
        words = _("%(count)s failed within 24 hours") % {"count": it.failed_messages}
    return Health("sending", _("Messages"), "look" if it.failed_messages else "done", words)


def _watching(at: datetime) -> Health:
    look = last_look(at=at)
    seconds = _age(look.at, at)
    if look.at is None or seconds is None:
        return Health("watching", _("Watch over alerts"), "overdue", _("has never looked"))
    if look.is_late:
        words = _("has not looked for %(time)s") % {"time": minutes_words(seconds // 60)}
        return Health("watching", _("Watch over alerts"), "overdue", words, seconds)
    if look.failed:
        words = _("%(count)s measures could not be read") % {"count": len(look.failed)}
        return Health("watching", _("Watch over alerts"), "look", words, seconds)
    return Health("watching", _("Watch over alerts"), "done", _("looks every minute"), seconds)
