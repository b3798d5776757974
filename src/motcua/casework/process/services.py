"""Running processes. Callers hold the subject's row lock and write the journal: the act is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from motcua.casework.process.models import Instance, ProcessDefinition, Task
from motcua.casework.process.rules.definition import END, Definition, Step, next_step, parse_process
from motcua.foundation.kernel.errors import DomainError
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
    parsed = parse_process(definition.content)
    instance = Instance.objects.create(definition=definition, subject=subject, started_at=at)
    task = build_task(instance, parsed.step(parsed.start), setting=setting, at=at)
    task.save(force_insert=True)
    return task


def get_definition(instance: Instance) -> Definition:
    return parse_process(instance.definition.content)


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
    definition = get_definition(task.instance)
    target = next_step(definition, task.step, outcome)
    if target == END:
        Instance.objects.filter(pk=task.instance_id).update(ended_at=at)
        return None
    following = build_task(task.instance, definition.step(target), setting=setting, at=at)
    following.save(force_insert=True)
    return following
