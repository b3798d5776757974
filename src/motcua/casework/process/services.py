"""Running processes. Callers hold the subject's row lock and write the journal: the act is theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from motcua.casework.process.models import Instance, ProcessDefinition, Task
from motcua.casework.process.rules.definition import END, Definition, Step, next_step, parse_process
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.kernel.rows import insert_many
from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.deadlines import due
from motcua.foundation.worktime.limits import parse_limit


class TaskIsDone(DomainError):
    """Somebody was faster, or the page is old."""

    code = "task_is_done"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a process runs: whose tasks these are and whose working time counts."""

    agency_path: str
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Move:
    """A task that was completed: with which outcome, by whom, when."""

    outcome: str
    by: UUID | None
    at: datetime


_parsed: dict[str, Definition] = {}


def definition_of(stored: ProcessDefinition) -> Definition:
    """The definition, parsed once a process: a stored one never changes."""
    if stored.digest not in _parsed:
        _parsed[stored.digest] = parse_process(stored.content)
    return _parsed[stored.digest]


def publish_definition(*, code: str, digest: str, content: dict[str, Any]) -> ProcessDefinition:
    """The stored definition with this content; made when new. Raises BadProcess."""
    parse_process(content)
    definition, _ = ProcessDefinition.objects.get_or_create(
        code=code, digest=digest, defaults={"content": content}
    )
    return definition


def build_task(instance: Instance, step: Step, *, setting: Setting, at: datetime) -> Task:
    return Task(
        instance=instance,
        subject=instance.subject,
        step=step.code,
        role=step.role,
        agency_path=setting.agency_path,
        opened_at=at,
        due_at=due(at, parse_limit(step.limit), setting.calendar).at,
    )


def start_process(*, definition: ProcessDefinition, subject: UUID, setting: Setting, at: datetime) -> Task:
    """Start the process of a subject and open its first task."""
    parsed = definition_of(definition)
    instance = Instance.objects.create(definition=definition, subject=subject, started_at=at)
    task = build_task(instance, parsed.step(parsed.start), setting=setting, at=at)
    task.save(force_insert=True)
    return task


def complete_task(
    *, task: Task, outcome: str, by: UUID | None, setting: Setting, at: datetime
) -> Task | None:
    """End an open task with an outcome and open the next one; None when the process has ended.

    Raises TaskIsDone when the task was completed meanwhile.
    """
    changed = Task.objects.filter(pk=task.pk, completed_at=None).update(
        completed_at=at, completed_by=by, outcome=outcome
    )
    if not changed:
        raise TaskIsDone
    definition = definition_of(task.instance.definition)
    target = next_step(definition, task.step, outcome)
    if target == END:
        Instance.objects.filter(pk=task.instance_id).update(ended_at=at)
        return None
    following = build_task(task.instance, definition.step(target), setting=setting, at=at)
    following.save(force_insert=True)
    return following


@dataclass(frozen=True, slots=True)
class Course:
    """A process as far as it went: the instance and its tasks, oldest first; not saved."""

    instance: Instance
    tasks: Sequence[Task]


def build_course(instance: Instance, moves: Sequence[Move], *, setting: Setting) -> Course:
    """What `start_process` and one `complete_task` a move would leave behind. Raises KeyError for an outcome
    that a step does not have."""
    definition = definition_of(instance.definition)
    tasks = [build_task(instance, definition.step(definition.start), setting=setting, at=instance.started_at)]
    for move in moves:
        task = tasks[-1]
        task.completed_at, task.completed_by, task.outcome = move.at, move.by, move.outcome
        target = next_step(definition, task.step, move.outcome)
        if target == END:
            instance.ended_at = move.at
        else:
            tasks.append(build_task(instance, definition.step(target), setting=setting, at=move.at))
    return Course(instance, tasks)


def enter_courses(courses: Iterable[Course]) -> None:
    """Store courses, one statement per table."""
    courses = list(courses)
    insert_many(Instance, (course.instance for course in courses))
    insert_many(Task, (task for course in courses for task in course.tasks))
