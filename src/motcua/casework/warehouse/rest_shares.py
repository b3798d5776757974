"""`/api/v1/documents/shares`: what a person shares by a code, with whom for what, who looked, and ending it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field, StrictInt, StrictStr

from motcua.casework.warehouse import sharing
from motcua.casework.warehouse.codes import share_code
from motcua.casework.warehouse.models import Share
from motcua.foundation.installation.selectors import get
from motcua.registry.access.clients.rest import CITIZENS, AfterKey, CalledRequest, Token, answer_once, key_of

router = Router(tags=["documents"])
_LOOKS: dict[str, str] = {"share.looked_at": "looked", "share.file_read": "file"}


class ShareIn(Schema):
    """`documents`: ids of own documents. `ends_at`: a moment ahead, within the days this installation allows; without
    an offset it is local. `most_looks`: null for as often as anybody likes."""

    model_config = ConfigDict(extra="forbid")

    documents: Annotated[list[UUID], Field(min_length=1, max_length=sharing.MOST_DOCUMENTS)]
    purpose: Annotated[StrictStr, Field(min_length=1, max_length=300)]
    ends_at: datetime
    receiver: Annotated[StrictStr, Field(max_length=200)] = ""
    most_looks: Annotated[StrictInt, Field(ge=1, le=sharing.MOST_LOOKS)] | None = None


class ShareOut(Schema):
    """`looks`: how often it was looked at. `state`: whether anything can be seen by it now."""

    id: UUID
    purpose: str
    receiver: str
    documents: list[UUID]
    made_at: datetime
    ends_at: datetime
    revoked_at: datetime | None
    most_looks: int | None
    looks: int
    state: Literal["open", "ended", "revoked", "used_up"]


class LookOut(Schema):
    """Somebody with the code looked at what is shared, or opened the `document`."""

    at: datetime
    what: Literal["looked", "file"]
    document: UUID | None


class ShareDetail(ShareOut):
    """`code` and `link`: to be given to whom one trusts; null once nothing can be seen by them. `looked`: latest first,
    at most 200."""

    code: str | None
    link: str | None
    looked: list[LookOut]


class ShareList(Schema):
    """`next`: for `after` of the next call; empty on the last page."""

    items: list[ShareOut]
    next: str


def _state(share: Share, now: datetime) -> str:
    if share.revoked_at:
        return "revoked"
    if now >= share.ends_at:
        return "ended"
    return "used_up" if share.is_used_up else "open"


def _out(share: Share, now: datetime) -> dict[str, Any]:
    names = ("id", "purpose", "receiver", "made_at", "ends_at", "revoked_at", "most_looks", "looks")
    ids = sorted(it.id for it in share.documents.all())
    return {name: getattr(share, name) for name in names} | {"documents": ids, "state": _state(share, now)}


def _detail(request: CalledRequest, share_id: UUID) -> dict[str, Any]:
    share, now = sharing.get_share(request.actor, share_id), timezone.now()
    found = _out(share, now)
    code = share_code(share.id) if found["state"] == "open" else None
    path = reverse("documents:shared-code", args=[code]) if code else ""
    looked = [
        {"at": it.at, "what": _LOOKS[it.kind], "document": it.facts.get("document")}
        for it in sharing.list_looks(share)
    ]
    return found | {
        "code": code,
        "link": f"{get('site.base_url')}{path}" if code else None,
        "looked": looked,
    }


@router.get(
    "",
    response=ShareList,
    auth=Token(people=CITIZENS),
    summary="What the person shares",
    operation_id="list_shares",
)
def list_shares(request: CalledRequest, after: AfterKey = "") -> dict[str, Any]:
    """Shares of the person, or of the organisation they represent by office; latest first, 20 a page."""
    found, now = sharing.list_shares(request.actor, after=after), timezone.now()
    return {"items": [_out(share, now) for share in found.rows], "next": found.next_after}


@router.post(
    "",
    response={201: ShareDetail},
    auth=Token(people=CITIZENS),
    summary="Share documents by a code",
    operation_id="make_share",
)
def make_share(request: CalledRequest, response: HttpResponse, sent: ShareIn) -> Any:
    """Whoever gets the code sees these documents, for the purpose, until the end; each look is journalled. Who acts by
    a mandate shares nothing. The code is kept nowhere: it is read from the share while that is open."""
    key_of(request)
    now = timezone.now()

    def make() -> tuple[int, Any]:
        ends_at = sent.ends_at if timezone.is_aware(sent.ends_at) else timezone.make_aware(sent.ends_at)
        new = sharing.NewShare(sent.documents, sent.purpose, ends_at, sent.most_looks, sent.receiver)
        share = sharing.make_share(actor=request.actor, new=new, at=now)
        return 201, {"id": str(share.id)}

    _status, made = answer_once(request, response, sent.model_dump(mode="json"), make)
    response["Location"] = reverse("api:get_share", args=[made["id"]])
    return Status(201, _detail(request, UUID(made["id"])))


@router.get(
    "/{uuid:share_id}",
    response=ShareDetail,
    auth=Token(people=CITIZENS),
    summary="One share, and who looked",
    operation_id="get_share",
)
def get_share(request: CalledRequest, share_id: UUID) -> dict[str, Any]:
    """One of the person's own shares."""
    return _detail(request, share_id)


@router.post(
    "/{uuid:share_id}/revoke",
    response=ShareDetail,
    auth=Token(people=CITIZENS),
    summary="End a share at once",
    operation_id="revoke_share",
)
def revoke_share(request: CalledRequest, response: HttpResponse, share_id: UUID) -> Any:
    """Nobody sees anything by its code any more, nor who is looking now. What is over stays as it is."""
    key_of(request)

    def end() -> tuple[int, Any]:
        sharing.revoke_share(actor=request.actor, share_id=share_id, at=timezone.now())
        return 200, None

    answer_once(request, response, None, end)
    return _detail(request, share_id)
