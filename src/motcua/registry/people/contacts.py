"""Changing telephone and e-mail: confirmed on the old and the new address. See decision 0023."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language
from procrastinate.contrib.django import app as jobs

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.text import clean
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.rules.addresses import normal_phone
from motcua.foundation.notifications.services.notifying import (
    Notice,
    Recipient,
    configured_channels,
    notify,
)
from motcua.registry.people.errors import (
    BadContact,
    ChannelMissing,
    FreshSignInNeeded,
    NoOpenChange,
    SameContact,
    TooManyChanges,
)
from motcua.registry.people.facts import contact_wait, contact_wait_hours
from motcua.registry.people.models import ConfirmedContact, ContactChange, ContactKind, Person

Side = Literal["old", "new"]
Outcome = Literal["confirmed", "wrong", "missing"]

CODE_FOR = timedelta(minutes=10)
TRIES = 5
FRESH_FOR = timedelta(minutes=5)
# A day: of one person, and of codes to one address by anybody.
STARTS_OF_PERSON, STARTS_TO_ADDRESS = 5, 3
FIELDS = {ContactKind.PHONE: "telephone", ContactKind.EMAIL: "email"}
_CHANNELS = {ContactKind.PHONE: "sms", ContactKind.EMAIL: "email"}


def normal_contact(kind: str, text: str) -> str:
    """The number as E.164, or the address in lower case after the @. Raises BadContact."""
    if kind == ContactKind.PHONE:
        if number := normal_phone(text):
            return number
        raise BadContact
    name, _, domain = text.strip().rpartition("@")
    address = f"{name}@{domain.lower()}"
    try:
        validate_email(address)
    except ValidationError:
        raise BadContact from None
    if len(address) > 254:
        raise BadContact
    return address


def is_fresh(signed_in_at: datetime | None, *, at: datetime) -> bool:
    """Whether the eID vouched for who sits there within the last five minutes."""
    return signed_in_at is not None and timedelta(0) <= at - signed_in_at <= FRESH_FOR


def code_of(change_id: UUID, round_: int, side: Side) -> str:
    """Six digits that only this installation can compute. Nothing is stored that could be guessed back to them."""
    digest = salted_hmac("people.contact_code", f"{change_id}:{round_}:{side}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def code_in(message: Message) -> str:
    """What the words of a message with a code say for `{{ secret }}`. Its source key is `contact:ID:ROUND:SIDE`."""
    _, change_id, round_, side, *_ = message.source_key.split(":")
    return code_of(UUID(change_id), int(round_), "old" if side == "old" else "new")


def _lock(actor: Actor) -> Person:
    if actor.kind != "citizen":
        raise Refused
    return Person.objects.select_for_update().get(pk=actor.person)


def _old_value(person: Person, kind: str) -> str:
    """The address there is, in the form of a new one; empty when there is none that anybody could write to."""
    try:
        return normal_contact(kind, str(getattr(person, FIELDS[ContactKind(kind)])))
    except BadContact:
        return ""


def find_open_change(actor: Actor, kind: str) -> ContactChange | None:
    """The actor's own change that is under way, if its codes or its wait are not over."""
    return _open_change(actor.person_id, kind) if actor.kind == "citizen" else None


@transaction.atomic
def start_change(
    *, actor: Actor, kind: str, typed: str, signed_in_at: datetime | None, at: datetime
) -> ContactChange:
    """Send a code to the new and to the old address; a change begun before is stopped.

    typed: as entered. signed_in_at: when the eID last vouched for the actor; without an old address to ask, this must
    be fresh. Raises BadContact, SameContact, ChannelMissing, TooManyChanges, FreshSignInNeeded, Refused.
    """
    person, new = _lock(actor), normal_contact(kind, typed)
    old = _old_value(person, kind)
    if old == new:
        raise SameContact
    if _CHANNELS[ContactKind(kind)] not in configured_channels():
        raise ChannelMissing
    if not old and not is_fresh(signed_in_at, at=at):
        raise FreshSignInNeeded
    _refuse_too_many(person, new, at)
    running = find_open_change(actor, kind)
    if running:
        _stop(running, actor, "replaced", at)
    change = ContactChange.objects.create(
        person=person,
        kind=kind,
        old_value=old,
        new_value=new,
        started_at=at,
        codes_expire_at=at + CODE_FOR,
        old_waived_at=None if old else at,
    )
    _record(actor, change, "contact.change_started", {}, at)
    _send_codes(change, at)
    return change


@dataclass(frozen=True, slots=True)
class LostContact:
    """What somebody says at a counter who cannot reach the old address: the new one, as typed, and why."""

    kind: str
    typed: str
    reason: str


@transaction.atomic
def start_at_desk(*, actor: Actor, person_id: UUID, lost: LostContact, at: datetime) -> ContactChange:
    """For somebody who stands at a counter and has shown who they are, whose old address is lost.

    A code goes to the new address and a warning to the old one; after the code the change waits as with a fresh eID
    sign-in. A change begun before is stopped. Raises Refused, BadContact, SameContact, ChannelMissing,
    TooManyChanges.
    """
    _require_desk(actor)
    person, new = _lock_person(person_id), normal_contact(lost.kind, lost.typed)
    old = _old_value(person, lost.kind)
    if old == new:
        raise SameContact
    if _CHANNELS[ContactKind(lost.kind)] not in configured_channels():
        raise ChannelMissing
    _refuse_too_many(person, new, at)
    if running := _open_change(person.id, lost.kind):
        _stop(running, actor, "replaced", at)
    change = ContactChange.objects.create(
        person=person,
        kind=lost.kind,
        old_value=old,
        new_value=new,
        started_at=at,
        codes_expire_at=at + CODE_FOR,
        old_waived_at=at,
        entered_by=actor.account,
    )
    way, reason = {"way": "counter"}, clean(lost.reason)[:1000]
    record(actor=actor, happening=_about(change, "contact.change_started", way, reason), at=at)
    _send_codes(change, at)
    if old:
        _tell(change, "contact_old_lost_desk", f"contact:{change.id}:lost", old, at)
    return change


def confirm_at_desk(*, actor: Actor, person_id: UUID, kind: str, code: str, at: datetime) -> Outcome:
    """Try the code that the person reads out from the new address. Only for a change begun at a counter.

    Raises Refused, NoOpenChange.
    """
    _require_desk(actor)
    with transaction.atomic():
        person = _lock_person(person_id)
        change = _open_change(person.id, kind)
        at_desk = change if change and change.entered_by else None
        return _confirm(at_desk, person, {"new": code}, actor, at)["new"]


def _require_desk(actor: Actor) -> None:
    if not (actor.is_officer and actor.scopes("reception")):
        raise Refused


def _lock_person(person_id: UUID) -> Person:
    person = Person.objects.select_for_update().filter(pk=person_id, merged_into=None).first()
    if not person:
        raise NotFound
    return person


def _open_change(person_id: UUID | None, kind: str) -> ContactChange | None:
    return ContactChange.objects.filter(person=person_id, kind=kind, done_at=None, stopped_at=None).first()


def _refuse_too_many(person: Person, new: str, at: datetime) -> None:
    day = ContactChange.objects.filter(started_at__gt=at - timedelta(days=1))
    if day.filter(person=person).count() >= STARTS_OF_PERSON:
        raise TooManyChanges
    if day.filter(new_value=new).count() >= STARTS_TO_ADDRESS:
        raise TooManyChanges


def _send_codes(change: ContactChange, at: datetime) -> None:
    values: dict[str, str] = {"new": change.new_value}
    if change.old_value and not change.old_waived_at:
        values["old"] = change.old_value
    for side, value in values.items():
        _tell(change, f"contact_code_{side}", f"contact:{change.id}:{change.round}:{side}", value, at)


def _tell(change: ContactChange, purpose: str, source_key: str, value: str, at: datetime) -> None:
    is_phone = change.kind == ContactKind.PHONE
    recipient = Recipient(
        change.person_id,
        email="" if is_phone else value,
        phone=value if is_phone else "",
        # At a counter the page speaks the officer's language.
        language="" if change.entered_by else get_language() or "",
    )
    is_code = purpose.startswith("contact_code")
    notice = Notice(
        purpose,
        source_key,
        context={"hours": contact_wait_hours()},
        link="/account/",
        concerns=("contact", change.id),
        expires_at=change.codes_expire_at if is_code else None,
    )
    notify(recipient=recipient, notice=notice, at=at)


def confirm(*, actor: Actor, kind: str, codes: Mapping[Side, str], at: datetime) -> dict[Side, Outcome]:
    """Try the codes that were typed; with both right the change is done, or waits when the old address is lost.

    Each side has five tries; after the last wrong one the change is stopped. What is right stays so. Raises
    NoOpenChange when there is none, or its ten minutes are over.
    """
    with transaction.atomic():
        person = _lock(actor)
        return _confirm(find_open_change(actor, kind), person, codes, actor, at)


def _confirm(
    change: ContactChange | None, person: Person, codes: Mapping[Side, str], actor: Actor, at: datetime
) -> dict[Side, Outcome]:
    if change is None or change.takes_effect_at or change.codes_expire_at <= at:
        raise NoOpenChange
    outcome: dict[Side, Outcome] = {
        side: _try(change, side, codes.get(side, ""), at) for side in _sides(change)
    }
    change.save()
    if all(it == "confirmed" for it in outcome.values()):
        _finish_or_wait(change, person, actor, at)
    elif max(change.old_tries, change.new_tries) >= TRIES:
        _stop(change, actor, "tries", at)
    return outcome


def _sides(change: ContactChange) -> tuple[Side, ...]:
    return ("new",) if change.old_waived_at else ("old", "new")


def _try(change: ContactChange, side: Side, typed: str, at: datetime) -> Outcome:
    if getattr(change, f"{side}_confirmed_at"):
        return "confirmed"
    digits = "".join(typed.split())
    if not digits:
        return "missing"
    setattr(change, f"{side}_tries", getattr(change, f"{side}_tries") + 1)
    if not constant_time_compare(code_of(change.id, change.round, side), digits):
        return "wrong"
    setattr(change, f"{side}_confirmed_at", at)
    return "confirmed"


def _finish_or_wait(change: ContactChange, person: Person, actor: Actor, at: datetime) -> None:
    if change.old_waived_at and change.old_value:
        change.takes_effect_at = change.old_waived_at + contact_wait()
        change.save(update_fields=["takes_effect_at"])
        task = jobs.configure_task("people.finish_contact_change", schedule_at=change.takes_effect_at)
        task.defer(change_id=str(change.id))
        return
    _finish(change, person, actor, at)


def _finish(change: ContactChange, person: Person, actor: Actor, at: datetime) -> None:
    field = FIELDS[ContactKind(change.kind)]
    eid_value = getattr(person, field)
    confirmed = {"value": change.new_value, "confirmed_at": at}
    ConfirmedContact.objects.update_or_create(
        person=person,
        kind=change.kind,
        defaults=confirmed,
        create_defaults=confirmed | {"eid_value": eid_value},
    )
    setattr(person, field, change.new_value)
    person.save(update_fields=[field])
    change.done_at = at
    change.save(update_fields=["done_at"])
    way = "codes" if change.old_confirmed_at else "counter" if change.entered_by else "eid"
    _record(actor, change, "contact.changed", {"way": way}, at)
    if change.old_value:
        _tell(change, "contact_changed", f"contact:{change.id}:done", change.old_value, at)


@transaction.atomic
def waive_old(*, actor: Actor, kind: str, signed_in_at: datetime | None, at: datetime) -> ContactChange:
    """The old address is lost: a fresh eID sign-in stands for it, and the change waits after the new one is confirmed.

    The old address is warned at once; a new code goes to the new one. Raises FreshSignInNeeded, NoOpenChange.
    """
    _lock(actor)
    change = find_open_change(actor, kind)
    # The codes may be over by now: signing in again takes its time, and begins a new round.
    if change is None or change.old_waived_at:
        raise NoOpenChange
    if not is_fresh(signed_in_at, at=at):
        raise FreshSignInNeeded
    change.old_waived_at, change.codes_expire_at = at, at + CODE_FOR
    change.round, change.new_tries, change.new_confirmed_at = change.round + 1, 0, None
    change.save()
    _record(actor, change, "contact.change_started", {"way": "eid"}, at)
    _send_codes(change, at)
    _tell(change, "contact_old_lost", f"contact:{change.id}:lost", change.old_value, at)
    return change


@transaction.atomic
def stop_change(*, actor: Actor, kind: str, at: datetime) -> bool:
    """The person stops a change. Whether there was one."""
    _lock(actor)
    change = find_open_change(actor, kind)
    if change:
        _stop(change, actor, "person", at)
    return change is not None


def _stop(change: ContactChange, actor: Actor, reason: str, at: datetime) -> None:
    change.stopped_at = at
    change.save(update_fields=["stopped_at"])
    _record(actor, change, "contact.change_stopped", {"reason": reason}, at)


@transaction.atomic
def finish_waiting(change_id: UUID, *, at: datetime) -> bool:
    """Carry out a change whose wait is over, unless it was stopped. May run twice. Whether it was carried out."""
    person_id = ContactChange.objects.values_list("person_id", flat=True).get(pk=change_id)
    person = Person.objects.select_for_update().get(pk=person_id)
    change = ContactChange.objects.get(pk=change_id)
    ready = change.takes_effect_at is not None and change.takes_effect_at <= at
    if not ready or change.done_at or change.stopped_at:
        return False
    _finish(change, person, SYSTEM, at)
    return True


def forget_old_changes(*, before: datetime) -> int:
    """Erase the addresses of changes begun before a moment; that one was made stays in the journal. Gives how many."""
    old = ContactChange.objects.filter(started_at__lt=before)
    return old.delete()[0]


def keep_confirmed(person_id: UUID, claimed: Mapping[str, str]) -> dict[str, str]:
    """The fields of a person that a sign-in must not overwrite: what they confirmed here. What the eID says is noted.

    claimed: `telephone` and `email` of the eID.
    """
    kept = {}
    for confirmed in ConfirmedContact.objects.filter(person=person_id):
        field = FIELDS[ContactKind(confirmed.kind)]
        kept[field] = confirmed.value
        if confirmed.eid_value != claimed[field]:
            confirmed.eid_value = claimed[field]
            confirmed.save(update_fields=["eid_value"])
    return kept


def forget_contacts(person_id: UUID, at: datetime) -> int:
    """Erase telephone and e-mail; the next sign-in does not bring them back. Gives how many there were."""
    person = Person.objects.select_for_update().get(pk=person_id)
    held = [kind for kind, field in FIELDS.items() if getattr(person, field)]
    for kind in FIELDS:
        ConfirmedContact.objects.update_or_create(
            person=person, kind=kind, defaults={"value": "", "eid_value": "", "confirmed_at": at}
        )
    ContactChange.objects.filter(person=person).delete()
    person.telephone = person.email = ""
    person.save(update_fields=["telephone", "email"])
    return len(held)


def _record(actor: Actor, change: ContactChange, kind: str, facts: dict[str, str], at: datetime) -> None:
    record(actor=actor, happening=_about(change, kind, facts), at=at)


def _about(change: ContactChange, kind: str, facts: dict[str, str], reason: str = "") -> Happening:
    return Happening(
        kind=kind,
        object_kind="contact",
        object_id=change.id,
        concerns_id=change.person_id,
        facts={"contact": change.kind, **facts},
        details={"reason": reason} if reason else None,
    )
