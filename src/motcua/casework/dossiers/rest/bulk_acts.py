"""One act on many dossiers: confirmed by one call, done one by one, each with its result."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Schema, Status
from pydantic import ConfigDict, Field, StrictInt, StrictStr

from motcua.casework.dossiers import bulk_acts
from motcua.casework.dossiers.errors import NobodyChosen, NotInBulk
from motcua.casework.dossiers.models import BulkActItem
from motcua.casework.dossiers.policies import HANDLE
from motcua.casework.dossiers.rest.routers import acts_on_many as router
from motcua.casework.dossiers.rules.states import ACTS
from motcua.casework.dossiers.services.bulk_acts import MOST, OFFERED, Chosen, Confirmed, begin_bulk_act
from motcua.foundation.kernel.ids import new_id
from motcua.registry.access.clients.rest import OFFICERS, CalledRequest, Token, answer_once


class BulkActItemIn(Schema):
    """`revision`: of the dossier as it was read, the number its ETag begins with. `task`: as for the single act."""

    model_config = ConfigDict(extra="forbid")
    dossier: UUID
    revision: Annotated[StrictInt, Field(ge=1, le=2_000_000_000)]
    task: UUID | None = None


class BulkActIn(Schema):
    """What holds for all. `officer`: who gets the tasks, for assign. `way`: as for return-result; without tracking
    numbers nothing goes by post. `ground`: as for the single refuse and stop. `on`: the new day, for extend.
    `reason`: for assign and hand-back, kept with each; for refuse, stop, suspend, extend and return-task as for the
    single act."""

    model_config = ConfigDict(extra="forbid")
    act: Literal[
        "accept",
        "hand-over",
        "return-result",
        "claim",
        "assign",
        "hand-back",
        "return-task",
        "refuse",
        "extend",
        "stop",
        "recall-stop",
        "suspend",
        "resume",
    ]
    items: Annotated[list[BulkActItemIn], Field(min_length=1, max_length=MOST)]
    officer: UUID | None = None
    way: Literal["", "warehouse", "counter"] = ""
    ground: Annotated[StrictStr, Field(max_length=40)] = ""
    on: date | None = None
    reason: Annotated[StrictStr, Field(max_length=1000)] = ""


class BulkActOut(Schema):
    """How far it is; `finished_at` is null while items wait."""

    id: UUID
    act: str
    made_at: datetime
    finished_at: datetime | None
    waiting: int
    done: int
    refused: int


class ActProblemOut(Schema):
    """What the single act would have been answered with."""

    status: int
    code: str
    detail: str


class BulkActItemOut(Schema):
    """`state`: waiting, done or refused (with the problem)."""

    position: int
    dossier: UUID
    task: UUID | None
    state: str
    problem: ActProblemOut | None


class BulkActItemList(Schema):
    """`next`: for `after` of the next call; null on the last page."""

    items: list[BulkActItemOut]
    next: int | None


def _inputs(sent: BulkActIn) -> dict[str, str]:
    if sent.act == "assign" and not sent.officer:
        raise NobodyChosen
    given = {
        "officer": str(sent.officer or ""),
        "way": sent.way,
        "ground": sent.ground,
        "on": sent.on.isoformat() if sent.on else "",
        "reason": sent.reason,
    }
    takes = {"assign": ("officer", "reason"), "hand-back": ("reason",), "return-result": ("way",)}
    return {name: given[name] for name in takes.get(sent.act, OFFERED[sent.act].needs) if given[name]}


@router.post(
    "",
    response={202: BulkActOut},
    auth=Token(HANDLE, people=OFFICERS),
    summary="Do one act on many dossiers",
    operation_id="handle_many",
)
def handle_many(request: CalledRequest, response: HttpResponse, sent: BulkActIn) -> Any:
    """Up to 1,000 dossiers, each by the rules of the single act and as an entry of its own in the journal. What is
    refused leaves the others done. A program without a person hands over and returns results only. Location: where to
    ask how far it is."""
    if request.actor.kind == "client" and not ACTS[sent.act].by_client:
        raise NotInBulk
    chosen = [Chosen(it.dossier, it.revision, it.task) for it in sent.items]
    confirmed = Confirmed(sent.act, chosen, _inputs(sent))

    def begin() -> tuple[int, dict[str, Any]]:
        at = timezone.now()
        made = begin_bulk_act(
            actor=request.actor, bulk_id=new_id(), confirmed=confirmed, caller=request.caller, at=at
        )
        counts = {"waiting": len(chosen), "done": 0, "refused": 0}
        return 202, {"id": made.id, "act": made.act, "made_at": at, "finished_at": None, **counts}

    status, answer = answer_once(request, response, sent.model_dump(mode="json"), begin)
    response["Location"] = reverse("api:get_bulk_act", args=[answer["id"]])
    return Status(status, answer)


@router.get(
    "/{uuid:bulk_id}",
    response=BulkActOut,
    auth=Token(HANDLE, people=OFFICERS),
    summary="How far an act on many dossiers is",
    operation_id="get_bulk_act",
)
def get_bulk_act(request: CalledRequest, bulk_id: UUID) -> Any:
    """One of the caller's own, with how many items wait, were done and were refused."""
    return bulk_acts.get_bulk_act(request.actor, bulk_id, caller=request.caller)


@router.get(
    "/{uuid:bulk_id}/items",
    response=BulkActItemList,
    auth=Token(HANDLE, people=OFFICERS),
    summary="What became of each dossier",
    operation_id="list_bulk_act_items",
)
def list_bulk_act_items(
    request: CalledRequest,
    bulk_id: UUID,
    state: Literal["", "waiting", "done", "refused"] = Query(""),
    after: int = Query(-1, ge=-1, le=MOST),
    limit: int = Query(100, ge=1, le=MOST),
) -> dict[str, Any]:
    """In the order in which they were sent."""
    found = bulk_acts.get_bulk_act(request.actor, bulk_id, caller=request.caller)
    items, following = bulk_acts.list_items(found, state=state, after=after, limit=limit)
    return {"items": [_item(it) for it in items], "next": following}


def _item(item: BulkActItem) -> dict[str, Any]:
    same = {"position": item.position, "state": item.state, "problem": item.problem}
    return same | {"dossier": item.dossier_id, "task": item.task_id}
