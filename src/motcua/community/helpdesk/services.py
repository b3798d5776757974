"""Asking to be called back, and calling: one function an act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.selectors import get_dossier
from motcua.casework.warehouse.codes import new_code
from motcua.community.helpdesk.errors import (
    BadPhone,
    CallClosed,
    NoDesk,
    NoName,
    NoOutcome,
    NotYours,
    SameDesk,
    TooManyCalls,
)
from motcua.community.helpdesk.messages import tell_asked, tell_not_reached, tell_overdue
from motcua.community.helpdesk.models import CallRequest
from motcua.community.helpdesk.policies import answered_by
from motcua.community.helpdesk.rules.limits import call_by, callable_number
from motcua.community.helpdesk.selectors import get_by_number, limits
from motcua.foundation.journal.selectors import locked_holds
from motcua.foundation.journal.services import Erasure, Happening, erase_details, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import clean_line
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import calendar_of

State = CallRequest.State
MAX_ABOUT = 500
MAX_OUTCOME = 1_000
# In one sweep.
BATCH = 500
# Entries that hold words about somebody.
WITH_WORDS = frozenset({"call.done", "call.not_reached", "call.passed_on"})


@dataclass(frozen=True, slots=True)
class NewCall:
    """What somebody sent. `key`: the id it will have, so that it is asked once. `agency`: of the place they chose; a
    dossier of theirs names its own. `wish`: any, morning, afternoon. `page`: name of the URL they asked from."""

    key: UUID
    name: str
    phone: str
    language: str
    wish: str = "any"
    about: str = ""
    page: str = ""
    procedure: str = ""
    agency: Agency | None = None
    dossier_id: UUID | None = None


@transaction.atomic
def ask_call(*, actor: Actor, new: NewCall, at: datetime) -> CallRequest:
    """Put a request into the queue of the desk: the dossier's agency, else the one chosen. Sent again, it is the same.

    Raises NoName, BadPhone, NoDesk, TooManyCalls; NotFound for a dossier that is not theirs.
    """
    if before := CallRequest.objects.filter(pk=new.key).first():
        return before
    name, phone = clean_line(new.name)[:200], callable_number(new.phone)
    if not name:
        raise NoName
    if not phone:
        raise BadPhone
    dossier = get_dossier(actor, new.dossier_id) if new.dossier_id else None
    agency = dossier.agency if dossier else new.agency
    if not agency:
        raise NoDesk
    most = limits().most_open
    if CallRequest.objects.filter(phone=phone, closed_at=None).count() >= most:
        raise TooManyCalls(limit=most)
    calendar = calendar_of(agency, on=timezone.localdate(at))
    wish = CallRequest.Wish(new.wish)
    call = CallRequest.objects.create(
        id=new.key,
        number=new_code(),
        person_id=actor.person_id if actor.kind == "citizen" else None,
        name=name,
        phone=phone,
        about=new.about.strip()[:MAX_ABOUT],
        wish=wish,
        language=new.language,
        page=new.page[:60],
        procedure_id=_procedure(new, dossier),
        dossier=dossier,
        agency=agency,
        agency_path=agency.path,
        asked_at=at,
        due_at=call_by(at, wish, limits().half_days, calendar),
    )
    record(
        actor=actor,
        happening=_happening(
            "call.asked", call, {"due_at": call.due_at.isoformat(), "agency": str(agency.id)}
        ),
        at=at,
    )
    tell_asked(call, at=at)
    return call


def _procedure(new: NewCall, dossier: Dossier | None) -> str | None:
    return dossier.procedure_code if dossier else new.procedure or None


@transaction.atomic
def cancel_call(*, actor: Actor, number: str, at: datetime) -> CallRequest:
    """Whoever has the number calls it off. Cancelled already is fine. Raises NotFound, CallClosed."""
    call = CallRequest.objects.select_for_update().get(pk=get_by_number(number).pk)
    if call.state == State.CANCELLED:
        return call
    if not call.is_open:
        raise CallClosed
    _close(call, State.CANCELLED, at)
    record(actor=actor, happening=_happening("call.cancelled", call), at=at)
    return call


def _locked(actor: Actor, call_id: UUID) -> CallRequest:
    """Open, at one of the actor's agencies. Raises NotFound, CallClosed."""
    rows = CallRequest.objects.select_for_update(of=("self",)).select_related("agency")
    call = rows.filter(answered_by(actor), pk=call_id).first()
    if not call:
        raise NotFound
    if not call.is_open:
        raise CallClosed
    return call


def _mine(actor: Actor, call_id: UUID) -> CallRequest:
    """Also claimed by the actor. Raises NotYours beside that."""
    call = _locked(actor, call_id)
    if call.claimed_by != actor.person_id:
        raise NotYours
    return call


@transaction.atomic
def claim_call(*, actor: Actor, call_id: UUID, at: datetime) -> CallRequest:
    """Take a request on, also from a colleague who has it. One's own already is fine. Raises NotFound, CallClosed."""
    call = _locked(actor, call_id)
    if call.claimed_by == actor.person_id:
        return call
    facts = {"from": str(call.claimed_by)} if call.claimed_by else {}
    call.state, call.claimed_by = State.CLAIMED, actor.person_id
    call.save(update_fields=["state", "claimed_by"])
    record(actor=actor, happening=_happening("call.claimed", call, facts), at=at)
    return call


@transaction.atomic
def note_done(*, actor: Actor, call_id: UUID, outcome: str, at: datetime) -> CallRequest:
    """The person was reached; what came of it, in words. Raises NotFound, CallClosed, NotYours, NoOutcome."""
    call, words = _mine(actor, call_id), outcome.strip()[:MAX_OUTCOME]
    if not words:
        raise NoOutcome
    _called(call, at)
    call.outcome = words
    _close(call, State.DONE, at)
    record(
        actor=actor, happening=_happening("call.done", call, {"tries": call.tries}, {"outcome": words}), at=at
    )
    return call


@transaction.atomic
def note_not_reached(*, actor: Actor, call_id: UUID, words: str = "", at: datetime) -> CallRequest:
    """Nobody answered: it waits on, and after as many tries as the pack says it is closed and the person told.

    Raises NotFound, CallClosed, NotYours.
    """
    call = _mine(actor, call_id)
    _called(call, at)
    words = words.strip()[:MAX_OUTCOME]
    is_last = call.tries >= limits().tries
    if is_last:
        call.outcome = words
        _close(call, State.NOT_REACHED, at)
        tell_not_reached(call, at=at)
    else:
        call.state, call.claimed_by = State.WAITING, None
        call.save(update_fields=["state", "claimed_by", "tries", "called_at"])
    facts = {"tries": call.tries, "is_last": is_last}
    record(
        actor=actor,
        happening=_happening("call.not_reached", call, facts, {"words": words} if words else None),
        at=at,
    )
    return call


@transaction.atomic
def pass_on(*, actor: Actor, call_id: UUID, to: Agency, reason: str, at: datetime) -> CallRequest:
    """Give a request to the agency that can answer. The moment promised to the person stays.

    Raises NotFound, CallClosed, NotYours, SameDesk, NoOutcome without a reason.
    """
    call, reason = _mine(actor, call_id), reason.strip()[:MAX_OUTCOME]
    if to.path == call.agency_path:
        raise SameDesk
    if not reason:
        raise NoOutcome
    facts = {"from": str(call.agency_id), "to": str(to.id)}
    call.agency, call.agency_path, call.state, call.claimed_by = to, to.path, State.WAITING, None
    # Who leads there has not been told that it is late.
    call.warned_at = None
    call.save(update_fields=["agency", "agency_path", "state", "claimed_by", "warned_at"])
    record(actor=actor, happening=_happening("call.passed_on", call, facts, {"reason": reason}), at=at)
    return call


def warn_overdue(*, at: datetime) -> int:
    """Tell the leaders of an agency, once, of what nobody called about in time. How many."""
    late = CallRequest.objects.filter(closed_at=None, called_at=None, warned_at=None, due_at__lte=at)
    keys = list(late.order_by("due_at").values_list("pk", flat=True)[:BATCH])
    return sum(_warn(key, at) for key in keys)


@transaction.atomic
def _warn(call_id: UUID, at: datetime) -> bool:
    rows = CallRequest.objects.select_for_update(of=("self",)).select_related("agency")
    call = rows.filter(pk=call_id, closed_at=None, called_at=None, warned_at=None).first()
    if not call:
        return False
    call.warned_at = at
    call.save(update_fields=["warned_at"])
    told = tell_overdue(call, at=at)
    record(
        actor=SYSTEM,
        happening=_happening("call.overdue", call, {"due_at": call.due_at.isoformat(), "count": told}),
        at=at,
    )
    return True


def erase_closed(*, before: datetime, at: datetime) -> int:
    """Erase who asked and what was said, of requests closed before a moment, unless a legal hold lies on them.

    Returns how many.
    """
    with transaction.atomic():
        closed = CallRequest.objects.select_for_update(skip_locked=True).filter(
            closed_at__lt=before, erased_at=None
        )
        gone = _erase(list(closed.order_by("closed_at")[:BATCH]), at)
        if gone:
            erase_details(actor=SYSTEM, erasure=Erasure(before=before, kinds=WITH_WORDS), at=at)
    return gone


def erase_calls_of(person_id: UUID, at: datetime) -> int:
    """At a person's wish, in the caller's transaction: what is closed is erased, what is open is called off."""
    calls = list(CallRequest.objects.select_for_update().filter(person_id=person_id, erased_at=None))
    for call in calls:
        if call.is_open:
            _close(call, State.CANCELLED, at)
            record(actor=SYSTEM, happening=_happening("call.cancelled", call), at=at)
    return _erase(calls, at)


def _erase(calls: list[CallRequest], at: datetime) -> int:
    held = locked_holds([key for it in calls for key in (it.pk, it.person_id) if key])
    gone = [it.pk for it in calls if not held & {it.pk, it.person_id}]
    CallRequest.objects.filter(pk__in=gone).update(
        name="", phone="", about="", outcome="", person_id=None, dossier=None, erased_at=at
    )
    return len(gone)


def _called(call: CallRequest, at: datetime) -> None:
    call.tries += 1
    call.called_at = call.called_at or at


def _close(call: CallRequest, state: str, at: datetime) -> None:
    call.state, call.closed_at = state, at
    call.save(update_fields=["state", "closed_at", "tries", "called_at", "outcome"])


def _happening(
    kind: str,
    call: CallRequest,
    facts: Mapping[str, Any] | None = None,
    details: Mapping[str, str] | None = None,
) -> Happening:
    return Happening(kind, "call", call.id, concerns_id=call.person_id, facts=facts or {}, details=details)
