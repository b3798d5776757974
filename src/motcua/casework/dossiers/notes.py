"""Notes of officers on a dossier: who may read and write them, and the threads as pages show them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from motcua.casework.dossiers.models import Dossier, Note, Opinion
from motcua.casework.dossiers.policies import ACTING_RIGHTS, asked_of, handles, reads_as_own
from motcua.casework.process.selectors import elsewhere
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.notifications.selectors import count_unread_about
from motcua.registry.access.selectors import CASE_RIGHTS
from motcua.registry.organisations.selectors import officer_names

PURPOSE = "dossier_note"
# Entries of the journal that are the office's own: programs and applicants do not read them.
ENTRIES = ("dossier.noted", "dossier.note_struck")


def sees_notes(actor: Actor, dossier: Dossier) -> bool:
    """Whether an officer who may open the dossier reads its notes: all but those who were shown only some of its
    papers, as the notes may speak of the others. Nobody else does."""
    if not actor.is_officer:
        return False
    if reads_as_own(actor, dossier):
        return True
    asked = Opinion.objects.filter(asked_of(actor, CASE_RIGHTS), dossier=dossier, answered_at=None)
    return not asked.exclude(shown=[]).exists()


def writes_notes(actor: Actor, dossier: Dossier) -> bool:
    """Whether the actor works on the dossier: at its agency, or where a task of it lies. Who is only asked reads."""
    return handles(actor, dossier) or elsewhere(actor, ACTING_RIGHTS).filter(subject=dossier.id).exists()


@dataclass(frozen=True, slots=True)
class Said:
    """A note as it stands now. `earlier`: what it said before it was corrected, oldest first."""

    note: Note
    by: str
    earlier: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Thread:
    """`key`: the first note's id as it was first written: what answers name."""

    key: UUID
    first: Said
    answers: list[Said]

    @property
    def latest(self) -> Said:
        return max([self.first, *self.answers], key=lambda it: (it.note.made_at, it.note.pk))


def list_threads(dossier: Dossier) -> list[Thread]:
    """All threads, the one with the latest word first. Two queries, one where nobody wrote anything."""
    notes = sorted(dossier.notes.all(), key=lambda it: (it.made_at, it.pk))
    names = officer_names({it.made_by for it in notes})
    corrections = {it.corrects_id: it for it in notes if it.corrects_id}
    threads: dict[UUID, Thread] = {}
    for note in notes:
        if note.corrects_id:
            continue
        said = _as_it_stands(note, corrections, names)
        if note.thread_id is None:
            threads[note.pk] = Thread(note.pk, said, [])
        else:
            threads[note.thread_id].answers.append(said)
    latest_first = sorted(threads.values(), key=lambda it: (it.latest.note.made_at, it.key), reverse=True)
    return latest_first


def _as_it_stands(note: Note, corrections: dict[UUID, Note], names: dict[UUID, str]) -> Said:
    earlier = []
    while note.pk in corrections:
        earlier.append(note)
        note = corrections[note.pk]
    return Said(note, names.get(note.made_by, ""), earlier)


def count_unread(actor: Actor, dossiers: Collection[UUID]) -> dict[UUID, int]:
    """Dossier -> notes the actor was told of and has not read. One query."""
    return count_unread_about(actor.person, PURPOSE, dossiers) if actor.is_officer else {}
