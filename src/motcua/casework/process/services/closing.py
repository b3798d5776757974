"""A process ends before its end, is taken up again, gets more time or moves away. In the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F

from motcua.casework.process.models import Instance, Timer, Token
from motcua.casework.process.rules.model import Step
from motcua.casework.process.services.building import Setting, Standing
from motcua.casework.process.services.running import call_job, move_instance
from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.moments import add_working_time, working_time_between


def close_process(standing: Standing, *, at: datetime) -> list[UUID]:
    """End everything that is open: in no inbox, no timer fires. Ids of the tokens, for `reopen_process`.

    Raises TaskIsDone when the process moved since `standing` was read.
    """
    standing.instance.ended_at = at
    move_instance(standing.instance)
    closed = [it.pk for it in standing.tokens]
    Token.objects.filter(pk__in=closed).update(completed_at=at, version=F("version") + 1)
    return closed


def reopen_process(
    subject: UUID, tokens: Iterable[UUID], setting: Setting, *, closed_at: datetime, at: datetime
) -> None:
    """Take up what `close_process` closed: the working time that passed since is put on to every limit and timer."""
    instance = Instance.objects.select_related("definition").get(subject=subject)
    instance.ended_at = None
    move_instance(instance)
    opened = list(Token.objects.filter(pk__in=list(tokens), instance=instance))
    for token in opened:
        token.completed_at = None
        if token.due_at:
            token.due_at = moved_on(token.due_at, closed_at, at, setting.calendar)
    Token.objects.bulk_update(opened, ["completed_at", "due_at"])
    timers = list(Timer.objects.filter(token__in=opened, fired_at=None))
    for timer in timers:
        timer.due_at = moved_on(timer.due_at, closed_at, at, setting.calendar)
    Timer.objects.bulk_update(timers, ["due_at"])
    if not instance.job:
        return
    for timer in timers:
        call_job(instance, timer.token, timer.name, at=timer.due_at)
    for token in opened:
        if token.kind == Token.Kind.SERVICE:
            call_job(instance, token)


def moved_on(due_at: datetime, closed_at: datetime, at: datetime, calendar: Calendar) -> datetime:
    """A due moment by the working time that it stood still; what was overdue stays so."""
    stood = working_time_between(closed_at, at, calendar)
    return add_working_time(due_at, stood, calendar) if stood and due_at > closed_at else due_at


def put_off_tasks(
    standing: Standing, calendar: Calendar, *, before: datetime, after: datetime, at: datetime
) -> None:
    """The whole is due `after` instead of `before`: open tasks have the working time between besides, but none is due
    later than the whole. What was overdue stays so; timers, which are rules of their own, stay."""
    gained, tasks = working_time_between(before, after, calendar), standing.tasks
    for task in tasks:
        if task.due > at:
            task.due_at = min(add_working_time(task.due, gained, calendar), after)
    Token.objects.bulk_update(tasks, ["due_at"])


def move_process(standing: Standing, setting: Setting) -> None:
    """Let the open tasks be those of the agency in `setting`; who had taken one has it no more.

    What lies with other agencies stays there. Limits stay: what an agency lost by looking at it is not the applicant's.
    """
    instance, former = standing.instance, standing.instance.agency_path
    instance.agency_path = setting.agency_path
    move_instance(instance)
    for token in standing.tokens:
        node = standing.node(token)
        if not isinstance(node, Step):
            continue
        if token.agency_path == former:
            place = setting.place_of(standing.definition.lanes.get(node.lane))
            token.agency_path, token.unit_id = place.agency_path, place.unit_id
            token.claimed_by = token.claimed_at = None
        token.is_elsewhere = token.agency_path != setting.agency_path
        token.version += 1
    fields = ["agency_path", "unit_id", "is_elsewhere", "claimed_by", "claimed_at", "version"]
    Token.objects.bulk_update(standing.tokens, fields)
