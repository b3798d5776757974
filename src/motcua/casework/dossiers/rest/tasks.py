"""The inbox of an officer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Query, Schema

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.rest.routers import work
from motcua.registry.access.clients.rest import OFFICERS, AfterPlace, CalledRequest, Token


class TaskOut(Schema):
    """Work on a dossier. `role`: the right that is needed for it."""

    id: UUID
    dossier_id: UUID
    reference: str
    code: str | None
    procedure: str
    agency: str
    test: bool
    step: str
    role: str
    opened_at: datetime
    due_at: datetime
    claimed: bool


class TaskList(Schema):
    """`next`: for `after` of the next call; empty on the last page."""

    items: list[TaskOut]
    next: str


def _out(row: selectors.InboxRow) -> dict[str, Any]:
    task, dossier = row.task, row.dossier
    same = {name: getattr(task, name) for name in ("id", "step", "role", "opened_at", "due_at")}
    return same | {
        "dossier_id": dossier.id,
        "reference": dossier.reference,
        "code": dossier.code,
        "procedure": dossier.procedure_code,
        "agency": dossier.agency.code,
        "test": dossier.is_test,
        "claimed": task.claimed_by is not None,
    }


@work.get(
    "",
    response=TaskList,
    auth=Token(people=OFFICERS),
    summary="Tasks the officer may do",
    operation_id="list_tasks",
)
def list_tasks(
    request: CalledRequest,
    view: Literal["", "mine", "unit", "waiting"] = Query(""),
    due: Literal["", "overdue", "today", "soon", "later"] = Query(""),
    step: str = Query("", max_length=40, pattern=r"^[a-z0-9_-]*$"),
    after: AfterPlace = "",
) -> dict[str, Any]:
    """Nearest due date first, 20 a page. `view`: those the officer may do, only those they took, those of their unit,
    those that wait for the citizen. `due`: of the agency where the officer works; soon is until the end of the second
    working day."""
    looking = selectors.Looking(view=view, due_in=due, step=step, after=after)
    found = selectors.list_inbox(request.actor, looking, at=timezone.now())
    return {"items": [_out(row) for row in found.rows], "next": found.next_after}
