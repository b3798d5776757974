"""What the data-protection officer reads and answers; the archives that are made for people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import store_bytes
from motcua.foundation.installation.selectors import get
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.selectors import find_access
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.notifications.services.notifying import Notice, Recipient, habits_of, notify
from motcua.registry.people.contributions import reading_kinds
from motcua.registry.people.data_requests import Kind, Status, lock_open, record_request
from motcua.registry.people.models import DataRequest
from motcua.registry.people.own_data import erasable, erase, make_archive
from motcua.registry.people.selectors import get_contact, tracked_ids

RIGHT = "data_protection"
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """`status`: granted, partly or refused. `erase`: of an erasure granted in part, what goes."""

    status: str
    text: str
    law: str = ""
    erase: tuple[str, ...] = field(default_factory=tuple)


def may_answer(actor: Actor) -> bool:
    """People belong to no agency: only who holds the right for the whole installation sees their requests."""
    return actor.is_officer and actor.holds(RIGHT, "/")


@dataclass(frozen=True, slots=True)
class RequestPage:
    """At most 20 requests; `after`: the token of the next page, empty on the last."""

    rows: list[DataRequest]
    after: str


def list_requests(actor: Actor, *, is_open: bool, after: str = "") -> RequestPage:
    """Open requests by due date, or answered ones, the latest answer first; 20 a page. Raises Refused. One query.

    after: the token of the page before; a wrong one is ignored.
    """
    if not may_answer(actor):
        raise Refused
    column, sign = ("due_at", "gt") if is_open else ("answered_at", "lt")
    found = DataRequest.objects.filter(status=Status.OPEN) if is_open else _answered()
    if place := _place(after):
        moment, key = place
        found = found.filter(Q(**{f"{column}__{sign}": moment}) | Q(**{column: moment, f"pk__{sign}": key}))
    order = (column, "id") if is_open else (f"-{column}", "-id")
    rows = list(found.defer("words", "answer").order_by(*order)[: PAGE_SIZE + 1])
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    return RequestPage(rows, f"{getattr(rows[-1], column).isoformat()}_{rows[-1].pk}" if more else "")


def _answered() -> QuerySet[DataRequest]:
    return DataRequest.objects.exclude(status=Status.OPEN)


def _place(token: str) -> tuple[datetime, UUID] | None:
    moment, _, key = token.partition("_")
    try:
        place = datetime.fromisoformat(moment), UUID(key)
    except ValueError:
        return None
    return place if place[0].tzinfo else None


def count_open(actor: Actor) -> int:
    return DataRequest.objects.filter(status=Status.OPEN).count() if may_answer(actor) else 0


@transaction.atomic
def open_request(actor: Actor, request_id: UUID, *, at: datetime) -> DataRequest:
    """A request with the person's record; opening it is an entry that the person sees. Raises NotFound, Refused."""
    request = get_for_answer(actor, request_id)
    record_request(actor, request, "data_request.read", {}, at)
    return request


def get_for_answer(actor: Actor, request_id: UUID) -> DataRequest:
    """`open_request` without the entry: for a form that is shown again. Raises NotFound, Refused."""
    if not may_answer(actor):
        raise Refused
    request = DataRequest.objects.select_related("person", "evidence").filter(pk=request_id).first()
    if not request:
        raise NotFound
    return request


def asked_about(request: DataRequest) -> Entry | None:
    """The reading that the person asks about."""
    if not request.entry_id:
        return None
    day = timezone.localdate(request.asked_at)
    concerned = tracked_ids(request.person_id, on=day)
    return find_access(request.entry_id, concerned=concerned, kinds=reading_kinds())


@transaction.atomic
def open_evidence(actor: Actor, request_id: UUID, *, at: datetime) -> StoredFile:
    """What the person handed in with a request; an entry. Raises NotFound, Refused."""
    request = get_for_answer(actor, request_id)
    if not request.evidence:
        raise NotFound
    record_request(actor, request, "data_request.read", {"file": str(request.evidence_id)}, at)
    return request.evidence


@transaction.atomic
def answer(*, actor: Actor, request_id: UUID, given: Answer, at: datetime) -> DataRequest:
    """Answer a request, carry out an erasure that is granted, tell the person. One entry.

    Raises Refused, NotFound, AlreadyAnswered, UnderHold; ValueError when a refusal lacks its law.
    """
    if not may_answer(actor):
        raise Refused
    if given.status not in {Status.GRANTED, Status.PARTLY, Status.REFUSED}:
        raise ValueError("An answer grants, grants in part or refuses")
    if given.status != Status.GRANTED and not given.law:
        raise ValueError("A refusal names its law")
    request = lock_open(request_id, Q())
    facts = {"status": given.status} | _carry_out(request, given, at)
    request.status, request.answer, request.law = given.status, given.text, given.law
    request.answered_at = at
    request.save(update_fields=["status", "answer", "law", "answered_at"])
    record_request(actor, request, "data_request.answered", facts, at)
    tell_answer(request, at=at)
    return request


def _carry_out(request: DataRequest, given: Answer, at: datetime) -> dict[str, Any]:
    """Erase what was asked for and granted. Facts: how many rows of what."""
    if request.kind != Kind.ERASE or given.status == Status.REFUSED:
        return {}
    granted: Collection[str] = request.about if given.status == Status.GRANTED else given.erase
    names = [name for name in erasable() if name in request.about and name in granted]
    return {"erased": erase(request.person_id, names, at)}


def tell_answer(request: DataRequest, *, at: datetime) -> None:
    """In the caller's transaction."""
    contact = get_contact(request.person_id)
    notice = Notice(
        "data_request_answered",
        f"data_request:{request.id}",
        context={"name": contact.full_name},
        link=reverse("people:data-request", args=[request.id]),
        reference=request.reference,
        concerns=("data_request", request.id),
    )
    recipient = Recipient(request.person_id, email=contact.email, phone=contact.telephone)
    notify(recipient=recipient, notice=notice, at=at)


def make_export(request_id: UUID, *, at: datetime) -> bool:
    """Make the archive a person asked for, and tell them. May run twice. Whether it was made."""
    request = DataRequest.objects.get(pk=request_id)
    if request.status != DataRequest.Status.OPEN:
        return False
    language = habits_of(request.person_id).language or get("languages.default")
    content = make_archive(request.person_id, language=language, at=at)
    with transaction.atomic():
        request = DataRequest.objects.select_for_update().get(pk=request_id)
        if request.status != DataRequest.Status.OPEN:
            return False
        request.result = store_bytes(
            content=content,
            name=f"{request.reference}.zip",
            media_type="application/zip",
            belongs_to=request.id,
        )
        request.status, request.answered_at = DataRequest.Status.GRANTED, at
        request.save(update_fields=["result", "status", "answered_at"])
        facts = {"status": request.status, "sha256": request.result.sha256}
        record_request(SYSTEM, request, "data_request.answered", facts, at)
        tell_answer(request, at=at)
    return True
