"""Work that goes on by itself: jobs, the journal's sealer and consumers; and the calendar it is counted by."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from motcua.config.checkup.findings import Finding, fail, fine, warn
from motcua.foundation.installation.selectors import get
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.selectors import journal_state
from motcua.oversight.indicators.selectors import days_behind, last_frozen
from motcua.registry.organisations.selectors import get_calendar

_ALIVE = timedelta(minutes=1)
_WAITS = timedelta(minutes=15)
_UNSEALED = timedelta(minutes=1)
_UNSTAMPED = timedelta(hours=1)
_LAG = 10_000
_TABLE_ENDS_SOON = timedelta(days=90)

_HEARTBEAT = "SELECT max(last_heartbeat) FROM procrastinate_workers"
_JOBS = """
SELECT count(*) FILTER (WHERE j.status = 'failed'),
       count(*) FILTER (WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < %(alive)s)),
       count(*) FILTER (WHERE j.status = 'todo' AND coalesce(j.scheduled_at,
           (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)) < %(waits)s)
FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
WHERE j.status IN ('failed', 'doing', 'todo')
"""


def worker(at: datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(_HEARTBEAT)
        latest = cursor.fetchone()[0]
    if latest is None or at - latest > _ALIVE:
        return fail(_("No worker runs: messages are not sent, jobs wait."), _("Start it."), "motcua worker")
    return fine(_("A worker runs."))


def jobs(at: datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(_JOBS, {"alive": at - 5 * _ALIVE, "waits": at - _WAITS})
        failed, stuck, waiting = cursor.fetchone()
    if stuck:
        return fail(
            f"{stuck} jobs hang with a worker that is gone.",
            "Start the worker again: it takes them up.",
            "motcua worker",
        )
    if waiting:
        return warn(f"{waiting} jobs wait for more than 15 minutes.", "Start more workers.", "motcua worker")
    if failed:
        return warn(
            f"{failed} jobs have failed.", "Read their reasons in the worker's log, mend them, try again."
        )
    return fine("No job has failed or hangs.")


def sealing(at: datetime) -> Finding:
    state = journal_state()
    if state.unsealed:
        # The unsealed ones are the latest: this many back stands the oldest of them.
        oldest = Entry.objects.order_by("-sequence").values_list("recorded_at", flat=True)[
            state.unsealed - 1 :
        ][:1]
        if any(at - recorded_at > _UNSEALED for recorded_at in oldest):
            return fail(
                _("Entries of the journal wait for their seal: %(count)s, some for more than a minute.")
                % {"count": state.unsealed},
                _("Start the sealer."),
                "motcua follow",
            )
    return fine(_("The journal is sealed."))


def stamping(at: datetime) -> Finding | None:
    state = journal_state()
    if state.last_batch is None or not get("stamps.url"):
        return None
    stamp = state.last_stamp
    if stamp is not None and (stamp.batch_id == state.last_batch.number or at - stamp.made_at <= _UNSTAMPED):
        return fine("The journal's seals have a recent time stamp.")
    if stamp is None and at - state.last_batch.sealed_at <= _UNSTAMPED:
        return fine("The first time stamp of the journal is on its way.")
    return warn(
        "The journal's latest seals have had no time stamp for more than an hour.",
        "See whether the time-stamp authority answers; sealing goes on, and stamping catches up.",
        "motcua follow",
    )


def following(at: datetime) -> Finding:
    state = journal_state()
    if state.dead_letters:
        return warn(
            f"{state.dead_letters} journal entries could not be followed.",
            "Read the reasons, mend them, and try again.",
            "motcua journal dead-letters",
        )
    behind = [consumer.name for consumer in state.consumers if consumer.lag > _LAG or consumer.tries]
    if behind:
        return warn(
            f"Consumers of the journal are behind or fail: {', '.join(behind)}.",
            "See that they run, and what they say.",
            "motcua journal consumers",
        )
    return fine("All consumers follow the journal.")


def frozen_days(at: datetime) -> Finding | None:
    """Frozen at night; None while nothing was ever counted."""
    behind = days_behind(at=at)
    # Last night's may still be under way.
    if behind > 1:
        return warn(
            _("The stock of %(count)d days that are over is not frozen, and the public figures stand still.")
            % {"count": behind},
            _("See that a worker runs at night and that all is followed, and freeze now."),
            "motcua indicators freeze --days",
        )
    return fine(_("The days that are over are frozen.")) if last_frozen() else None


def calendar(at: datetime) -> Finding:
    until = get_calendar().table_until
    left = until - at.date()
    if left < _TABLE_ENDS_SOON:
        says = _("The table of days off ends on %(day)s; later due dates are provisional.")
        says %= {"day": f"{until:%d/%m/%Y}"}
        mend = _("Enter the announced days off of the next year in packs/vn/calendars/default.yaml.")
        return (fail if left < timedelta(0) else warn)(says, mend)
    return fine(_("The table of days off reaches until %(day)s.") % {"day": f"{until:%d/%m/%Y}"})
