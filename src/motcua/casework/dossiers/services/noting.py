"""Notes of officers on a dossier: writing, asking a colleague or a unit, answering, correcting, striking out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.models import Dossier, Note
from motcua.casework.dossiers.note_errors import NoSuchColleague, NoteMissing, NoteStruck
from motcua.casework.dossiers.notes import PURPOSE, sees_notes, writes_notes
from motcua.casework.dossiers.policies import find_readable, reads_under
from motcua.casework.dossiers.selectors import get_dossier
from motcua.casework.dossiers.services.submission import test_fact
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.text import clean
from motcua.foundation.notifications.contributions import Group, Purpose, register_purpose
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account
from motcua.registry.organisations.delegation.services import hold_delegation
from motcua.registry.organisations.selectors import Colleague, list_colleagues

MAX_TEXT = 2000
# Of a unit that is asked, so many are told.
_MOST_TOLD = 50


def register_purposes() -> None:
    group = Group("colleagues", _("Notes of colleagues on dossiers"))
    # In the portal only, and no choice of the applicants'.
    register_purpose(Purpose(PURPOSE, _("A colleague writes about a dossier"), group, at_once=True))


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note to be written. `id`: by which it is written once. `to`: "unit <id>" or "officer <id>" of the deciding
    agency, or nobody; only of the first note of a thread. `thread`: the first note's id; `corrects`: the author's own
    note that it takes the place of."""

    id: UUID
    text: str
    to: str = ""
    thread: UUID | None = None
    corrects: UUID | None = None


def write_note(*, actor: Actor, dossier_id: UUID, new: NewNote, at: datetime) -> Note:
    """Write a note, and tell whom it asks and who wrote in its thread. The same id again gives what was written.

    Raises NotFound, Refused for who does not work on the dossier, DelegationEnded, NoteMissing, NoSuchColleague,
    NoteStruck for a correction of what was struck out or corrected.
    """
    text = clean(new.text)[:MAX_TEXT]
    if not text:
        raise NoteMissing
    with _noting(actor, dossier_id, at) as (dossier, actor):
        if written := Note.objects.filter(pk=new.id).first():
            return _repeated(written, dossier, actor)
        note = Note(id=new.id, dossier=dossier, text=text, made_by=actor.person, made_at=at)
        if new.corrects:
            _take_the_place(note, new.corrects)
        elif new.thread:
            note.thread = _first_of(dossier, new.thread)
        elif new.to:
            note.asked_unit, note.asked_officer, note.asked_name = _addressee(dossier, new.to, at)
        note.save(force_insert=True)
        _tell(note, dossier, at)
        _record(actor, note, "dossier.noted", at, text)
    return note


def strike_note(*, actor: Actor, dossier_id: UUID, note_id: UUID, at: datetime) -> Note:
    """Strike out one's own note: it stays to be read as struck out. A second time changes nothing.

    Raises NotFound, Refused for another's note, DelegationEnded, NoteStruck for what was corrected.
    """
    with _noting(actor, dossier_id, at) as (dossier, actor):
        note = _own(_note_of(dossier, note_id), actor.person)
        if note.struck_at:
            return note
        if Note.objects.filter(corrects=note).exists():
            raise NoteStruck
        note.struck_at = at
        note.save(update_fields=["struck_at"])
        _record(actor, note, "dossier.note_struck", at)
    return note


def _repeated(written: Note, dossier: Dossier, actor: Actor) -> Note:
    """What the same form wrote before. Raises NotFound for another's id."""
    if (written.dossier_id, written.made_by) != (dossier.id, actor.person):
        raise NotFound
    return written


@contextmanager
def _noting(actor: Actor, dossier_id: UUID, at: datetime) -> Iterator[tuple[Dossier, Actor]]:
    """The dossier, and the actor as they stand on the record. One note of a dossier is written after the other."""
    with transaction.atomic():
        dossier = get_dossier(actor, dossier_id)
        Dossier.objects.select_for_update(no_key=True).only("pk").get(pk=dossier.pk)
        if not sees_notes(actor, dossier) or not writes_notes(actor, dossier):
            raise Refused
        if lent := reads_under(actor, dossier):
            hold_delegation(lent.delegation_id, at=at)
            actor = actor.under(lent)
        yield dossier, actor


def _note_of(dossier: Dossier, note_id: UUID) -> Note:
    note = Note.objects.filter(dossier=dossier, pk=note_id).first()
    if not note:
        raise NotFound
    return note


def _first_of(dossier: Dossier, note_id: UUID) -> Note:
    first = _note_of(dossier, note_id)
    if first.thread_id:
        raise NotFound
    return first


def _own(note: Note, person: UUID) -> Note:
    if note.made_by != person:
        raise Refused
    return note


def _take_the_place(note: Note, corrected: UUID) -> None:
    before = _own(_note_of(note.dossier, corrected), note.made_by)
    if before.struck_at or Note.objects.filter(corrects=before).exists():
        raise NoteStruck
    note.corrects, note.thread_id = before, before.thread_id or before.pk
    note.asked_unit, note.asked_officer = before.asked_unit, before.asked_officer
    note.asked_name = before.asked_name


def _addressee(dossier: Dossier, to: str, at: datetime) -> tuple[UUID | None, UUID | None, str]:
    kind, _blank, typed = to.partition(" ")
    for one in colleagues_of(dossier, at=at):
        if kind == "unit" and typed == str(one.unit_id):
            return one.unit_id, None, one.unit_name
        if kind == "officer" and typed == str(one.id):
            return None, one.id, one.name
    raise NoSuchColleague


def colleagues_of(dossier: Dossier, *, at: datetime) -> list[Colleague]:
    """Who can be asked by a note: officers of the deciding agency. Others are asked for an opinion."""
    return list_colleagues(dossier.agency_path, on=timezone.localdate(at))


def _told(note: Note, dossier: Dossier, at: datetime) -> set[UUID]:
    """Officers whom the note is for: whom it asks, and all who wrote in its thread; never its author."""
    told = {note.asked_officer} if note.asked_officer else set()
    if note.asked_unit:
        told |= {it.id for it in colleagues_of(dossier, at=at) if it.unit_id == note.asked_unit}
    if note.thread_id:
        thread = Note.objects.filter(thread=note.thread_id) | Note.objects.filter(pk=note.thread_id)
        told |= set(thread.values_list("made_by", flat=True))
        told |= {it for it in thread.values_list("asked_officer", flat=True) if it}
    return told - {note.made_by}


def _tell(note: Note, dossier: Dossier, at: datetime) -> None:
    """In the portal only, without names or words: who may read the note reads it on the dossier's page."""
    notice = Notice(
        purpose=PURPOSE,
        source_key="",
        context={"is_answer": note.thread_id is not None, "is_correction": note.corrects_id is not None},
        link=reverse("desk:notes", args=[dossier.id]),
        reference=dossier.code or dossier.reference,
        concerns=("dossier", dossier.id),
        agency_path=dossier.agency_path,
    )
    accounts = Account.objects.filter(officer__in=_told(note, dossier, at), is_active=True)
    for account in accounts.order_by("username")[:_MOST_TOLD]:
        identity = identify(account)
        if not identity or not _may_read(identity.actor, dossier):
            continue
        person = identity.actor.person
        notify(
            recipient=Recipient(person, language=account.language),
            notice=replace(notice, source_key=f"note:{note.pk}:{person}"),
            at=at,
        )


def _may_read(actor: Actor, dossier: Dossier) -> bool:
    found = find_readable(actor, Dossier.objects.only("pk"), Q(pk=dossier.pk))
    return found is not None and sees_notes(actor, dossier)


def _record(actor: Actor, note: Note, kind: str, at: datetime, text: str = "") -> None:
    ids = {
        "note": note.pk,
        "thread": note.thread_id,
        "corrects": note.corrects_id,
        "asked_unit": note.asked_unit,
        "asked_officer": note.asked_officer,
    }
    happening = Happening(
        kind=kind,
        object_kind="dossier",
        object_id=note.dossier_id,
        concerns_id=note.dossier.owner_id,
        facts={key: str(value) for key, value in ids.items() if value} | test_fact(note.dossier),
        details={"note": text} if text else None,
    )
    record(actor=actor, happening=happening, at=at)
