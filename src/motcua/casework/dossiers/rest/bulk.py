"""Many applications at once: handed in, followed, each with its result."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Schema, Status
from pydantic import ConfigDict, Field, StrictStr

from motcua.casework.dossiers.lists import get_bulk, list_bulk_items
from motcua.casework.dossiers.models import BulkFiling, BulkItem
from motcua.casework.dossiers.policies import FILE
from motcua.casework.dossiers.rest.routers import many
from motcua.casework.dossiers.rest.schemas import DossierIn
from motcua.casework.dossiers.services.bulk_filing import MOST_ITEMS, Item, begin_bulk
from motcua.registry.access.clients.rest import CITIZENS, CalledRequest, Token, answer_once


class BulkItemIn(Schema):
    """`key`: as the Idempotency-Key of a single filing, among the same keys: an application that was filed before is
    not filed again."""

    model_config = ConfigDict(extra="forbid")
    key: Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9_-]{8,100}$")]
    dossier: DossierIn


class BulkIn(Schema):
    """Papers are sent ahead, see POST /files."""

    model_config = ConfigDict(extra="forbid")
    items: Annotated[list[BulkItemIn], Field(min_length=1, max_length=MOST_ITEMS)]


class BulkOut(Schema):
    """How far it is; `finished_at` is null while items wait."""

    id: UUID
    made_at: datetime
    finished_at: datetime | None
    waiting: int
    filed: int
    refused: int


class ErrorOut(Schema):
    """`path`: JSON Pointer into what was sent."""

    path: str
    code: str
    detail: str


class RefusalOut(Schema):
    """What a single filing would have been answered with."""

    status: int
    code: str
    detail: str
    errors: list[ErrorOut] = []


class BulkItemOut(Schema):
    """`state`: waiting, filed (with the dossier) or refused (with the problem)."""

    position: int
    key: str
    state: str
    dossier_id: UUID | None
    reference: str | None
    problem: RefusalOut | None


class BulkItemList(Schema):
    """`next`: for `after` of the next call; null on the last page."""

    items: list[BulkItemOut]
    next: int | None


def _out(bulk: Any) -> dict[str, Any]:
    names = ("id", "made_at", "finished_at", "waiting", "filed", "refused")
    return {name: getattr(bulk, name) for name in names}


def _begun(bulk: BulkFiling, items: int) -> dict[str, Any]:
    same = {"id": bulk.id, "made_at": bulk.made_at, "finished_at": None}
    return same | {"waiting": items, "filed": 0, "refused": 0}


@many.post(
    "",
    response={202: BulkOut},
    auth=Token(FILE, people=CITIZENS),
    summary="File many dossiers",
    operation_id="file_many",
)
def file_many(request: CalledRequest, response: HttpResponse, sent: BulkIn) -> Any:
    """Up to 500 applications, filed one by one soon. When one of them does not have the form of an application,
    nothing is taken; what else is wrong with one is its own result. Location: where to ask how far it is."""
    content = sent.model_dump(mode="json")
    items = [Item(it["key"], it["dossier"]) for it in content["items"]]

    def begin() -> tuple[int, dict[str, Any]]:
        bulk = begin_bulk(actor=request.actor, caller=request.caller, items=items, at=timezone.now())
        return 202, _begun(bulk, len(items))

    status, answer = answer_once(request, response, content, begin)
    response["Location"] = reverse("api:get_bulk_filing", args=[answer["id"]])
    return Status(status, answer)


@many.get(
    "/{uuid:bulk_id}",
    response=BulkOut,
    auth=Token(FILE, people=CITIZENS),
    summary="How far a bulk filing is",
    operation_id="get_bulk_filing",
)
def get_bulk_filing(request: CalledRequest, bulk_id: UUID) -> dict[str, Any]:
    """One of the caller's own, with how many items wait, were filed and were refused."""
    return _out(get_bulk(request.caller, bulk_id))


@many.get(
    "/{uuid:bulk_id}/items",
    response=BulkItemList,
    auth=Token(FILE, people=CITIZENS),
    summary="The result of each item",
    operation_id="list_bulk_filing_items",
)
def list_bulk_filing_items(
    request: CalledRequest,
    bulk_id: UUID,
    after: int = Query(-1, ge=-1, le=MOST_ITEMS),
    limit: int = Query(100, ge=1, le=MOST_ITEMS),
) -> dict[str, Any]:
    """In the order in which they were sent."""
    items, following = list_bulk_items(get_bulk(request.caller, bulk_id), after=after, limit=limit)
    return {"items": [_item(it) for it in items], "next": following}


def _item(item: BulkItem) -> dict[str, Any]:
    same = {name: getattr(item, name) for name in ("position", "key", "state", "dossier_id", "problem")}
    return same | {"reference": item.dossier.reference if item.dossier else None}
