"""Notes as plain data for the pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.notes import Said, Thread, count_unread, list_threads, sees_notes
from motcua.casework.dossiers.web.words import when
from motcua.foundation.kernel.actors import Actor

# On the dossier's page; all of them have a page of their own.
_SHOWN = 3


def thread_item(thread: Thread, actor: Actor) -> dict[str, Any]:
    """A thread for components/notes."""
    return {
        "key": thread.key,
        "notes": [_note(it, actor) for it in (thread.first, *thread.answers)],
        "asked": thread.first.note.asked_name,
    }


def _note(said: Said, actor: Actor) -> dict[str, Any]:
    note = said.note
    return {
        "id": note.pk,
        "by": said.by,
        "made": when(note.made_at),
        "text": note.text,
        "struck": when(note.struck_at) if note.struck_at else "",
        "earlier": [{"text": it.text, "made": when(it.made_at)} for it in said.earlier],
        "is_own": note.made_by == actor.person_id,
    }


def notes_context(actor: Actor, dossier: Dossier) -> dict[str, Any]:
    """The latest threads for the dossier's page; empty for who does not read them. Three queries at most."""
    if not sees_notes(actor, dossier):
        return {}
    threads = list_threads(dossier)
    unread = count_unread(actor, [dossier.id]).get(dossier.id, 0) if threads else 0
    return {
        "notes": {
            "threads": [thread_item(it, actor) for it in threads[:_SHOWN]],
            "count": len(threads),
            "unread": unread_words(unread),
        }
    }


def unread_words(count: int) -> str:
    """Empty where nothing is unread."""
    if not count:
        return ""
    return ngettext("%(count)d new note", "%(count)d new notes", count) % {"count": count}
