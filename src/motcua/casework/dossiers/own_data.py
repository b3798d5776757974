"""What this room holds about people, and how its readings are told them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.models import Component, Digitisation, Dossier, Draft, Ending, Reminder
from motcua.casework.dossiers.selectors import READINGS
from motcua.casework.dossiers.web.words import ENTRIES, SEARCHES
from motcua.casework.fees.selectors import export_entries
from motcua.foundation.journal.selectors import locked_holds
from motcua.registry.people.contributions import PersonalData, register_personal_data, register_reading


def export_dossiers(person_id: UUID) -> list[dict[str, Any]]:
    """Every dossier of the person with what they declared; of papers their names, sizes and digests; how it ended
    without a result, and why; what officers confirmed that its papers say."""
    names = (
        "id", "reference", "code", "procedure_code", "status", "answers", "applicant_facts",
        "submitted_at", "accepted_at", "due_at", "finished_at", "returned_at",
    )  # fmt: skip
    rows = list(Dossier.objects.filter(applicant=person_id).order_by("submitted_at").values(*names))
    papers: dict[UUID, list[str]] = {}
    for paper in Component.objects.filter(dossier__applicant=person_id).select_related("file").order_by("id"):
        told = f"{paper.name}: {paper.file.name}, {paper.file.size_bytes} B, SHA-256 {paper.file.sha256}"
        papers.setdefault(paper.dossier_id, []).append(told)
    endings, confirmed = _endings(person_id), _confirmed([row["id"] for row in rows])
    return [
        row
        | {
            "papers": papers.get(row["id"], []),
            "endings": endings.get(row["id"], []),
            "confirmed": confirmed.get(row["id"], []),
        }
        for row in rows
    ]


def _confirmed(dossiers: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """By dossier: what officers confirmed that its papers say."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    rows = Digitisation.objects.filter(subject__in=dossiers, values__isnull=False).order_by(
        "confirmed_at", "id"
    )
    for row in rows:
        said = {"paper": row.component, "values": row.values, "confirmed_at": row.confirmed_at}
        found.setdefault(row.subject, []).append(said)
    return found


def _endings(person_id: UUID) -> dict[UUID, list[dict[str, Any]]]:
    """By dossier, in their order; one that was taken back says when."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    rows = Ending.objects.filter(dossier__applicant=person_id).order_by("made_at", "id")
    names = ("kind", "ground", "reason", "made_at", "undone_at")
    for dossier, *values in rows.values_list("dossier_id", *names):
        found.setdefault(dossier, []).append(dict(zip(names, values, strict=True)))
    return found


def export_payments(person_id: UUID) -> list[dict[str, Any]]:
    """What was noted as paid for the person's dossiers, with corrections."""
    dossiers = Dossier.objects.filter(applicant=person_id)
    return export_entries(list(dossiers.values_list("id", flat=True)))


def export_drafts(person_id: UUID) -> list[dict[str, Any]]:
    rows = Draft.objects.filter(applicant=person_id).order_by("created_at")
    return [dict(row) for row in rows.values("id", "answers", "created_at", "updated_at")]


def export_reminders(person_id: UUID) -> list[dict[str, Any]]:
    rows = Reminder.objects.filter(person=person_id).order_by("given_at")
    return [dict(row) for row in rows.values("rule", "day", "given_at", "application")]


def erase_drafts(person_id: UUID, at: datetime) -> int:
    """Throw away the person's drafts that no hold lies on; their papers go with the next sweep."""
    # What is held for a linked case was submitted, and is no draft of the person any more.
    drafts = Draft.objects.select_for_update().filter(applicant=person_id, is_held=False)
    ids = list(drafts.values_list("id", flat=True))
    chosen = set(ids) - locked_holds(ids)
    Draft.objects.filter(pk__in=chosen).delete()
    return len(chosen)


def _reading(kind: str, facts: Mapping[str, Any]) -> Promise:
    if kind == "journal.searched":
        return SEARCHES.get(facts.get("by", ""), ENTRIES[kind][0])
    if kind == "entry.read" and not str(facts.get("kind", "")).startswith("dossier."):
        return _("Opened an entry of the journal about you")
    return ENTRIES[kind][0]


def register() -> None:
    register_personal_data(
        PersonalData(
            "dossiers",
            _("Your dossiers and what you declared in them"),
            export_dossiers,
            None,
            _("The state must be able to show what it decided and why (Law on Archives 33/2024/QH15)."),
            retention="dossier.file",
        )
    )
    register_personal_data(
        PersonalData(
            "drafts",
            _("Applications you began and did not submit"),
            export_drafts,
            erase_drafts,
            _("May go at your wish; else they go by themselves."),
            retention="draft.idle",
        )
    )
    register_personal_data(
        PersonalData(
            "reminders",
            _("What you were reminded of"),
            export_reminders,
            None,
            _("So that you are reminded once, not every night; it goes by itself."),
            retention="reminder.day",
        )
    )
    register_personal_data(
        PersonalData(
            "payments",
            _("What was noted as paid for your dossiers"),
            export_payments,
            None,
            _("Books of money received are kept and never changed (Law on Accounting 88/2015/QH13)."),
        )
    )
    register_reading("person.intake_begun", lambda facts: _("Began a form for you at a counter"))
    for kind in READINGS:
        register_reading(kind, partial(_reading, kind))
    register_reading(
        "showing.joined", lambda facts: _("Saw your application, as you showed them your screen")
    )
