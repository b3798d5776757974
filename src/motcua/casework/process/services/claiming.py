"""Whose a task is. One statement each, which says by itself whether somebody was faster."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motcua.casework.process.models import Token
from motcua.foundation.kernel.errors import DomainError


class TaskIsClaimed(DomainError):
    """Somebody else has it, or it was done meanwhile."""

    code = "task_is_claimed"
    message = _("%(name)s has taken this task. Nothing was changed.")
    status = 409


def _change(task: Token, condition: Q, **changes: object) -> bool:
    open_one = Token.objects.filter(condition, pk=task.pk, completed_at=None)
    changed = bool(open_one.update(version=F("version") + 1, **changes))
    if changed:
        for name, value in changes.items():
            setattr(task, name, value)
        task.version += 1
    return changed


def claim_task(task: Token, *, by: UUID, at: datetime) -> bool:
    """Take a task nobody has, or that is meant for `by`. False when somebody else was faster."""
    return _change(task, Q(claimed_by=None) | Q(claimed_by=by), claimed_by=by, claimed_at=at)


def assign_task(task: Token, *, to: UUID) -> bool:
    """Mean a task for an officer, whoever had it. False when it, or whose it is, changed since it was read."""
    return _change(task, Q(version=task.version), claimed_by=to, claimed_at=None)


def release_task(task: Token) -> bool:
    """Give a task back to everybody who may do it. False when it, or whose it is, changed since it was read."""
    return _change(task, Q(version=task.version), claimed_by=None, claimed_at=None)
