"""Tasks about whose limits somebody was warned, and those that will likely be late, for the unit's officers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from motcua.casework.dossiers.inboxes import InboxRow, inbox_rows, may_be_late, may_become_late
from motcua.casework.dossiers.models import DeadlineWarning, Dossier
from motcua.casework.dossiers.rules.warnings import Warning
from motcua.casework.process.models import Task
from motcua.casework.process.selectors import count_tasks, list_open_tasks, view_of
from motcua.foundation.kernel.actors import Actor

# Of each kind, nearest due date first; the inbox has the rest.
MOST = 50
# How far a look for what is likely late goes, which only its arithmetic says.
_LOOKED_AT = 200
ESCALATED, WARNED, LATE = "escalated", "warned", "late"


@dataclass(frozen=True, slots=True)
class WarnedRow:
    """`code`: of the last warning; "" where nobody was warned yet."""

    row: InboxRow
    code: str = ""


@dataclass(frozen=True, slots=True)
class WarnedGroup:
    """`more`: there are more than `rows`; `count`: all of them, of the likely late only those that were looked at."""

    kind: str
    count: int
    rows: Sequence[WarnedRow]
    more: bool


def codes_by_kind(rules: Sequence[Warning]) -> dict[str, frozenset[str]]:
    """Codes of warnings that went to others than who has the task, and of the rest."""
    escalated = frozenset(it.code for it in rules if set(it.to) - {"holder"})
    return {ESCALATED: escalated, WARNED: frozenset(it.code for it in rules) - escalated}


def list_warned(actor: Actor, rules: Sequence[Warning], *, at: datetime) -> list[WarnedGroup]:
    """The open tasks of the actor's unit by what was said of their limits, each in the gravest group only; empty
    groups are left out. Ten queries at most."""
    codes = codes_by_kind(rules)
    mine, escalated = view_of(actor, "unit"), Exists(_standing(codes[ESCALATED]))
    warned = Exists(_standing(codes[WARNED]))
    groups = [
        _warned(actor, ESCALATED, mine & Q(escalated), codes[ESCALATED]),
        _warned(actor, WARNED, mine & Q(warned) & ~Q(escalated), codes[WARNED]),
        _late(actor, mine & ~Q(warned) & ~Q(escalated), at),
    ]
    return [it for it in groups if it.rows]


def _standing(codes: Collection[str]) -> QuerySet[Dossier]:
    """Warnings about the task's limit, or its dossier's, as they are now: what was put off since is no warning."""
    running = Q(stopped_at=None, finished_at=None, warnings__due_at=F("due_at"))
    unanswered = Q(answered_at=None, warnings__due_at=F("answer_by"))
    whole = Q(running | unanswered, warnings__task_id=None)
    step = Q(warnings__task_id=OuterRef("pk"), warnings__due_at=OuterRef("due_at"))
    return Dossier.objects.filter(whole | step, pk=OuterRef("subject"), warnings__code__in=codes)


def _warned(actor: Actor, kind: str, condition: Q, codes: frozenset[str]) -> WarnedGroup:
    tasks = list_open_tasks(actor, condition=condition, after=None, limit=MOST + 1)
    rows, last = inbox_rows(tasks[:MOST]), _last_codes(tasks[:MOST], codes)
    count = count_tasks(actor, condition) if len(tasks) > MOST else len(rows)
    found = [WarnedRow(it, last.get(it.dossier.pk, "")) for it in rows]
    return WarnedGroup(kind, count, found, len(tasks) > MOST)


def _last_codes(tasks: Sequence[Task], codes: frozenset[str]) -> dict[UUID, str]:
    """Dossier -> the code of its latest warning of these. One query."""
    subjects = [task.subject for task in tasks]
    if not subjects:
        return {}
    given = DeadlineWarning.objects.filter(dossier__in=subjects, code__in=codes)
    return dict(given.order_by("given_at", "pk").values_list("dossier", "code"))


def _late(actor: Actor, condition: Q, at: datetime) -> WarnedGroup:
    may = condition & may_become_late(at)
    tasks = list_open_tasks(actor, condition=may, after=None, limit=_LOOKED_AT)
    late = [row for row in inbox_rows(tasks) if may_be_late(row, at)]
    return WarnedGroup(LATE, len(late), [WarnedRow(it) for it in late[:MOST]], len(late) > MOST)
