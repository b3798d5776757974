"""What people ask about their own data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import DOSSIER_PAPERS, checked_upload, store_checked
from motcua.foundation.journal.selectors import find_access
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.registry.people.contributions import reading_kinds
from motcua.registry.people.errors import AlreadyAnswered, RequestOpen, TooManyChanges
from motcua.registry.people.facts import due_of
from motcua.registry.people.models import DataRequest
from motcua.registry.people.selectors import tracked_ids

# A day, of one person: nobody fills the officer's list.
A_DAY = 10
Kind, Status = DataRequest.Kind, DataRequest.Status


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks. `about`: the source that is wrong, or what is to go; `entry_id`: the reading asked about."""

    kind: str
    about: tuple[str, ...] = ()
    words: str = ""
    entry_id: UUID | None = None
    evidence: UploadedFile | None = None


def ask(*, actor: Actor, asked: Asked, at: datetime) -> DataRequest:
    """Enter a request with its due date. To be called outside a transaction when it brings evidence.

    Raises RequestOpen when the same is open already, TooManyChanges after ten a day, NotFound for a reading that is
    not about the actor, Refused, FileRefused.
    """
    if actor.kind != "citizen":
        raise Refused
    if asked.entry_id and not _may_ask_about(asked.entry_id, actor, at):
        raise NotFound
    if not asked.evidence:
        return _enter(actor, asked, None, at)
    with (
        checked_upload(upload=asked.evidence, actor=actor, at=at, rules=DOSSIER_PAPERS) as checked,
        transaction.atomic(),
    ):
        stored = store_checked(checked, owner_id=actor.person)
        return _enter(actor, asked, stored, at)


def _may_ask_about(entry_id: UUID, actor: Actor, at: datetime) -> bool:
    concerned = tracked_ids(actor.person, on=timezone.localdate(at))
    return find_access(entry_id, concerned=concerned, kinds=reading_kinds()) is not None


@transaction.atomic
def _enter(actor: Actor, asked: Asked, evidence: StoredFile | None, at: datetime) -> DataRequest:
    own = DataRequest.objects.filter(person=actor.person, asked_at__gt=at - timedelta(days=1))
    if own.count() >= A_DAY:
        raise TooManyChanges
    try:
        with transaction.atomic():
            request = DataRequest.objects.create(
                person_id=actor.person,
                kind=asked.kind,
                about=list(asked.about),
                words=asked.words,
                entry_id=asked.entry_id,
                evidence=evidence,
                asked_at=at,
                due_at=due_of(asked.kind, asked_at=at),
            )
    except IntegrityError:
        raise RequestOpen from None
    record_request(actor, request, "data_request.made", {"due_at": request.due_at.isoformat()}, at)
    if request.kind == Kind.DOWNLOAD:
        jobs.configure_task("people.make_export").defer(request_id=str(request.id))
    return request


def list_own(actor: Actor) -> list[DataRequest]:
    """The actor's latest 50, newest first."""
    if actor.kind != "citizen":
        return []
    own = DataRequest.objects.filter(person=actor.person).select_related("result")
    return list(own.order_by("-asked_at", "-id")[:50])


def get_own(actor: Actor, request_id: UUID) -> DataRequest:
    """Raises NotFound, also for somebody else's."""
    own = DataRequest.objects.select_related("result", "evidence")
    found = own.filter(pk=request_id, person=actor.person_id).first() if actor.kind == "citizen" else None
    if not found:
        raise NotFound
    return found


@transaction.atomic
def take_back(*, actor: Actor, request_id: UUID, at: datetime) -> DataRequest:
    """The person does not want an answer any more. Raises NotFound, AlreadyAnswered."""
    request = lock_open(request_id, Q(person=actor.person_id) if actor.kind == "citizen" else Q(pk__in=[]))
    request.status, request.answered_at = Status.TAKEN_BACK, at
    request.save(update_fields=["status", "answered_at"])
    record_request(actor, request, "data_request.taken_back", {}, at)
    return request


def lock_open(request_id: UUID, condition: Q) -> DataRequest:
    """The request under its row lock, if the condition holds. Raises NotFound, AlreadyAnswered."""
    request = DataRequest.objects.select_for_update(of=("self",)).filter(condition, pk=request_id).first()
    if not request:
        raise NotFound
    if request.status != Status.OPEN:
        raise AlreadyAnswered
    return request


def record_request(
    actor: Actor, request: DataRequest, kind: str, facts: Mapping[str, Any], at: datetime
) -> None:
    """Enter what was done about a request, in the caller's transaction."""
    happening = Happening(
        kind=kind,
        object_kind="data_request",
        object_id=request.id,
        concerns_id=request.person_id,
        facts={"asked": request.kind, **facts},
    )
    record(actor=actor, happening=happening, at=at)
