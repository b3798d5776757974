"""Everything held about a person: gathered for them, erased where the law lets it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone, translation

from motcua.foundation.journal.contributions import Criteria
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.selectors import list_sealed, locked_holds
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.selectors import preferences_of
from motcua.foundation.notifications.services.notifying import habits_of
from motcua.registry.people.contributions import personal_data
from motcua.registry.people.errors import UnderHold
from motcua.registry.people.models import Consent, ContactChange, DataRequest, Person

_PERSON = (
    "personal_number", "full_name", "birth_date", "sex", "ethnicity", "nationality", "telephone", "email",
    "residence", "residence_place_code", "assurance_level", "verified_at", "created_at",
)  # fmt: skip


def erasable() -> list[str]:
    """Names of the holdings that can be erased at a person's wish."""
    return [it.name for it in personal_data() if it.erase]


def erase(person_id: UUID, names: Collection[str], at: datetime) -> dict[str, int]:
    """Erase holdings, in the caller's transaction; gives how many rows of each. Raises UnderHold."""
    if locked_holds([person_id]):
        raise UnderHold
    chosen = [it for it in personal_data() if it.erase and it.name in names]
    return {it.name: it.erase(person_id, at) for it in chosen if it.erase}


def gather(person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """All that every room holds about a person, by the holding's name, as JSON values."""
    return {it.name: it.export(person_id) for it in personal_data()}


def make_archive(person_id: UUID, *, language: str, at: datetime) -> bytes:
    """A zip: `data.json` for programs, `data.html` to read, in the person's language."""
    held = gather(person_id)
    with translation.override(language):
        labels = {it.name: str(it.label) for it in personal_data()}
        parts = [{"title": labels[name], "rows": [_flat(row) for row in rows]} for name, rows in held.items()]
        page = render_to_string("people/export.html", {"parts": parts, "at": at, "language": language})
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        content = {"made_at": at.isoformat(), "data": held}
        archive.writestr("data.json", json.dumps(content, ensure_ascii=False, indent=1, default=str))
        archive.writestr("data.html", page)
    return output.getvalue()


def _flat(row: dict[str, Any]) -> list[tuple[str, str]]:
    """A row for reading: parts of parts under names with dots."""
    flat: list[tuple[str, str]] = []
    for name, value in row.items():
        if isinstance(value, dict):
            flat += [(f"{name}.{inner}", text) for inner, text in _flat(value)]
        elif value not in (None, "", []):
            flat.append((name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)))
    return flat


def drop_old_exports(*, before: datetime) -> int:
    """Let go of archives made before a moment; the sweep of unused files erases them. Gives how many."""
    old = DataRequest.objects.filter(answered_at__lt=before, result__isnull=False)
    return old.update(result=None)


def files_in_use(ids: Collection[UUID]) -> set[UUID]:
    """Those of the stored files that are evidence or archives of data requests."""
    rows = DataRequest.objects.filter(evidence__in=ids).values_list("evidence_id", flat=True)
    made = DataRequest.objects.filter(result__in=ids).values_list("result_id", flat=True)
    return {file for file in (*rows, *made) if file}


def _dicts(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]


def export_person(person_id: UUID) -> list[dict[str, Any]]:
    return list(Person.objects.filter(pk=person_id).values(*_PERSON))


def export_contacts(person_id: UUID) -> list[dict[str, Any]]:
    rows = Person.objects.filter(pk=person_id).values("telephone", "email")
    changes = ContactChange.objects.filter(person=person_id).order_by("started_at")
    names = ("kind", "old_value", "new_value", "started_at", "done_at", "stopped_at")
    return _dicts(rows) + _dicts(changes.values(*names))


def export_consents(person_id: UUID) -> list[dict[str, Any]]:
    rows = Consent.objects.filter(person=person_id).order_by("given_at")
    return _dicts(rows.values("purpose", "text_version", "given_at", "withdrawn_at"))


def export_requests(person_id: UUID) -> list[dict[str, Any]]:
    rows = DataRequest.objects.filter(person=person_id).order_by("asked_at")
    names = ("kind", "status", "about", "words", "asked_at", "due_at", "answered_at", "answer", "law")
    return list(rows.values(*names))


def export_messages(person_id: UUID) -> list[dict[str, Any]]:
    rows = Message.objects.filter(recipient_id=person_id).order_by("created_at")
    names = (
        "channel",
        "purpose",
        "address",
        "subject",
        "body",
        "created_at",
        "sent_at",
        "read_at",
        "erased_at",
    )
    return list(rows.values(*names))


def export_choices(person_id: UUID) -> list[dict[str, Any]]:
    chosen = preferences_of(person_id)
    habits = habits_of(person_id)
    hours = {"language": habits.language, "quiet_from": habits.quiet_from, "quiet_to": habits.quiet_to}
    rows = [{"group": group, "channel": channel, "on": on} for (group, channel), on in chosen.items()]
    return [hours, *rows]


def export_journal(person_id: UUID) -> list[dict[str, Any]]:
    """Every entry that concerns the person or is an act of theirs; whose else acted only as a kind of actor."""
    rows, before = [], None
    while True:
        page = list_sealed(Criteria(person=person_id), before=before, limit=200)
        rows += [_entry(row.entry, person_id) for row in page.rows]
        if page.after is None:
            return rows
        before = page.after


def _entry(entry: Entry, person_id: UUID) -> dict[str, Any]:
    is_own_act = entry.person_id == person_id
    detail = getattr(entry, "detail", None)
    return {
        "at": timezone.localtime(entry.at).isoformat(),
        "kind": entry.kind,
        "actor": entry.actor_kind,
        "object": f"{entry.object_kind} {entry.object_id}",
        # What they did to somebody else's record is that person's.
        "facts": entry.facts if entry.concerns_id in {person_id, None} else {},
        # Free text of an officer may be about others, too; the data-protection officer looks before it is given.
        "details": detail.values if detail and is_own_act else {},
    }
