"""A process starts and moves: one that acts, a timer, a message, a service. Each in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from motcua.casework.process.contributions import service_named
from motcua.casework.process.models import Instance, ProcessDefinition, Timer, Token
from motcua.casework.process.rules import engine
from motcua.casework.process.rules.model import Step
from motcua.casework.process.services.building import (
    Course,
    Move,
    Moved,
    Setting,
    Standing,
    apply,
    begun,
    facts_of,
)
from motcua.foundation.kernel.chunks import Update, insert, put_off, update
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.kernel.rows import insert_many

RECALLED = "recalled"


class TaskIsDone(DomainError):
    """Somebody or something was faster."""

    code = "task_is_done"
    message = _("This task is done already. Nothing was changed.")
    status = 409


class UnknownOutcome(DomainError):
    code = "unknown_outcome"
    message = _("Choose one of the ways in which this step can end.")
    status = 422


class CannotRecall(DomainError):
    code = "cannot_recall"
    message = _("This can no longer be taken back: the next step has begun.")
    status = 409


def start_process(*, definition: ProcessDefinition, subject: UUID, setting: Setting, at: datetime) -> Moved:
    """Start the process of a subject and open what it begins with."""
    instance = Instance(
        definition=definition,
        subject=subject,
        agency_path=setting.agency_path,
        job=setting.job,
        started_at=at,
    )
    _standing, moved = begun(instance, setting)
    instance.save(force_insert=True)
    _enter(instance, moved)
    return moved


def complete_task(standing: Standing, task: Token, move: Move, setting: Setting) -> Moved:
    """End an open task with an outcome and open what follows.

    Raises UnknownOutcome; TaskIsDone when the process moved since `standing` was read.
    """
    if move.outcome not in standing.step(task).outcomes:
        raise UnknownOutcome
    return _leave(standing, task, move, setting)


def fire_timer(
    standing: Standing, token: Token, name: str, setting: Setting, *, at: datetime
) -> Moved | None:
    """What a timer does that is due; None when it has fired, waits for the citizen, or was put off."""
    due = Timer.objects.filter(token=token, name=name, fired_at=None, due_at__lte=at)
    if token.paused_at or not due.update(fired_at=at):
        return None
    if not name:
        return _leave(standing, token, Move("", None, at), setting)
    definition, facts = standing.definition, facts_of(standing, setting)
    step = engine.fire_boundary(definition, standing.marking, token.number, name, facts)
    left = token if any(it.id == token.number for it in step.closed) else None
    moved = apply(standing, step, left, Move("", None, at), setting)
    if left:  # no outcome of the step for conditions: only what became of this task
        left.outcome = name
    return _keep(standing, moved)


def receive_message(standing: Standing, message: str, setting: Setting, move: Move) -> Moved | None:
    """Move on the oldest token that waits for a message of this name; None when none does."""
    waiting = (it for it in standing.tokens if it.kind == Token.Kind.MESSAGE)
    token = next((it for it in waiting if standing.node(it).message == message), None)
    return _leave(standing, token, move, setting) if token else None


def run_service(standing: Standing, token: Token, setting: Setting, *, at: datetime) -> Moved:
    """Run what a higher room registered under the step's name, then move on. What it does is undone when it raises."""
    service_named(standing.node(token).service)(standing.instance.subject, at)
    return _leave(standing, token, Move("", None, at), setting)


def _leave(standing: Standing, token: Token, move: Move, setting: Setting) -> Moved:
    marking, facts = standing.marking, facts_of(standing, setting)
    step = engine.leave(standing.definition, marking, token.number, move.outcome, facts)
    return _keep(standing, apply(standing, step, token, move, setting))


def _keep(standing: Standing, moved: Moved) -> Moved:
    """Write what changed, and only if nothing else moved the process meanwhile."""
    move_instance(standing.instance)
    if left := moved.left:
        update(left, completed_at=left.completed_at, completed_by=left.completed_by, outcome=left.outcome)
    if moved.closed:
        gone = Token.objects.filter(pk__in=[it.pk for it in moved.closed])
        gone.update(completed_at=moved.closed[0].completed_at)
    over = [it for it in (moved.left, *moved.closed) if it]
    if any(it.kind == Token.Kind.TIMER or standing.node(it).timers for it in over):
        Timer.objects.filter(token__in=over, fired_at=None).delete()
    _name_doers(standing, moved)
    _enter(standing.instance, moved)
    return moved


def move_instance(instance: Instance) -> None:
    """Write what changed of an instance. Raises TaskIsDone when something else moved it meanwhile."""
    names = ("agency_path", "next_number", "outcomes", "public_step", "ended_at")
    changes = [getattr(instance, name) for name in names]
    new, read = instance.version + 1, instance.version
    write = Update(Instance, ("version", *names), same=("version",), moved=TaskIsDone)
    put_off(write, (instance.pk, new, *changes, read))
    instance.version = new


def _name_doers(standing: Standing, moved: Moved) -> None:
    """A step that whoever did another one does too is meant for that person."""
    for token in moved.opened:
        node = standing.node(token)
        if isinstance(node, Step) and node.did:
            token.claimed_by = _who_did(token, node.did, moved.left)


def _who_did(token: Token, step: str, left: Token | None) -> UUID | None:
    """Who did a step last at the agency whose task this is: it may be the one that is left now. Nobody once the dossier
    went to another agency: who did it there can do nothing here."""
    path = token.agency_path
    if left and left.step == step and left.agency_path == path and left.completed_by:
        return left.completed_by
    done = Token.objects.filter(
        instance=token.instance_id, step=step, agency_path=path, completed_by__isnull=False
    )
    last = done.exclude(outcome=RECALLED).order_by("-completed_at", "-number")
    return last.values_list("completed_by", flat=True).first()


def _enter(instance: Instance, moved: Moved) -> None:
    """Store what was opened, and defer what is to happen without anybody."""
    insert(*moved.opened)
    insert(*moved.timers)
    if not instance.job:
        return
    for timer in moved.timers:
        call_job(instance, timer.token, timer.name, at=timer.due_at)
    for token in moved.opened:
        if token.kind == Token.Kind.SERVICE:
            call_job(instance, token)


def call_job_again(instance: Instance, token: Token, timer: str = "") -> bool:
    """Defer the job of a token anew, because its own may be lost. False while such a one waits already."""
    once = jobs.configure_task(instance.job, queueing_lock=f"{instance.job} {token.pk} {timer}")
    try:
        with transaction.atomic():
            once.defer(subject=str(instance.subject), token=str(token.pk), timer=timer)
    except AlreadyEnqueued:
        return False
    return True


def call_job(instance: Instance, token: Token, timer: str = "", *, at: datetime | None = None) -> None:
    """Defer the instance's job, in the caller's transaction; it may run twice and looks first whether it must."""
    task = jobs.configure_task(instance.job, schedule_at=at)
    task.defer(subject=str(instance.subject), token=str(token.pk), timer=timer)


def recall_task(
    standing: Standing, number: int, setting: Setting, move: Move, words: str | None = None
) -> Token:
    """Take back that a task was completed: what it opened is over, and its step open again for who recalls it.

    `number`: the completed task's; `words`: as its move found them, None: they stay.
    Raises CannotRecall once any of what followed is gone, claimed or assigned.
    """
    done = Token.objects.filter(instance=standing.instance, number=number, completed_by=move.by).first()
    followed = [it for it in standing.tokens if it.cause == number]
    if not done or not followed or any(it.version > 1 or it.paused_at for it in followed):
        raise CannotRecall
    instance = standing.instance
    earlier = Token.objects.filter(instance=instance, step=done.step, number__lt=number)
    timers = [timer.name for timer in standing.node(done).timers]
    outcome = (
        earlier.exclude(outcome__in=["", RECALLED, *timers])
        .order_by("-number")
        .values_list("outcome", flat=True)
    )
    kept = {step: value for step, value in instance.outcomes.items() if step != done.step}
    instance.outcomes = kept | ({done.step: before} if (before := outcome.first()) else {})
    instance.public_step = instance.public_step if words is None else words
    task = _again(done, instance.next_number, move)
    instance.next_number += 1
    move_instance(instance)
    Timer.objects.filter(token__in=followed, fired_at=None).delete()
    over = Token.objects.filter(pk__in=[it.pk for it in followed])
    over.update(completed_at=move.at, completed_by=move.by, outcome=RECALLED)
    task.save(force_insert=True)
    _restart_timers(standing, done, task, setting)
    return task


def _again(done: Token, number: int, move: Move) -> Token:
    same = ("instance", "subject", "kind", "step", "arrived", "lane", "role", "act", "unit_id")
    values = {name: getattr(done, name) for name in (*same, "agency_path", "is_elsewhere", "due_at")}
    values |= {"claimed_by": move.by, "claimed_at": move.at, "counted_from": _begins(done)}
    return Token(number=number, opened_at=move.at, **values)


def _begins(task: Token) -> datetime:
    return task.counted_from or task.opened_at


def _restart_timers(standing: Standing, done: Token, task: Token, setting: Setting) -> None:
    """Those that have not fired count from when the step was first reached, or the citizen brought what it asked."""
    if not (wanted := standing.node(task).timers):
        return
    fired = set(Timer.objects.filter(token=done).values_list("name", flat=True))
    timers = [
        Timer(token=task, name=it.name, due_at=setting.due(_begins(done), it.after))
        for it in wanted
        if it.name not in fired
    ]
    _enter(standing.instance, Moved(None, [], [], timers))


def pause_process(standing: Standing, *, at: datetime) -> None:
    """Let everything wait for the citizen: no task is in an inbox, no timer fires."""
    Token.objects.filter(pk__in=[it.pk for it in standing.tokens]).update(
        paused_at=at, version=F("version") + 1
    )


def resume_process(standing: Standing, setting: Setting, *, at: datetime) -> None:
    """Go on: every open task and every timer has its whole limit again (Decree 61/2018/NĐ-CP art. 19(4))."""
    timers = list(Timer.objects.filter(token__in=standing.tokens, fired_at=None))
    for token in standing.tokens:
        node, token.paused_at, token.counted_from = standing.node(token), None, at
        if isinstance(node, Step):
            token.due_at = setting.task_due(at, node.limit)
        after = {it.name: it.after for it in node.timers} | {"": node.after}
        for timer in timers:
            if timer.token_id == token.pk:
                timer.token, timer.due_at = token, setting.due(at, after[timer.name])
    Token.objects.bulk_update(standing.tokens, ["paused_at", "due_at", "counted_from"])
    Timer.objects.bulk_update(timers, ["due_at"])
    for timer in timers if standing.instance.job else ():
        call_job(standing.instance, timer.token, timer.name, at=timer.due_at)


def enter_courses(courses: Iterable[Course]) -> None:
    """Store courses, one statement per table. Services and timers of theirs are nobody's: there are none in bulk."""
    courses = list(courses)
    insert_many(Instance, (course.instance for course in courses))
    insert_many(Token, (token for course in courses for token in course.tasks))
