"""What the inbox shows, as plain data for the components. No queries of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.forms import heading
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.outlook import likely_late
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.web.bulk_lists import choice_text, chosen_row
from motcua.casework.dossiers.web.filters import DUE, VIEWS, Asked
from motcua.casework.dossiers.web.note_words import unread_words
from motcua.casework.dossiers.web.words import language
from motcua.casework.process.models import Token
from motcua.casework.process.selectors import DueCounts, Moments
from motcua.casework.process.services import definition_of
from motcua.foundation.ui.addresses import address_of
from motcua.foundation.ui.templatetags.ui import due_state, due_words
from motcua.registry.catalogue.rules.texts import in_language

CHANNELS = {1: gettext_lazy("Counter"), 2: gettext_lazy("Online"), 3: gettext_lazy("Post")}


def inbox_groups(
    inbox: selectors.Inbox, now: datetime, times: Moments, *, unread: Mapping[UUID, int] = {}
) -> list[dict[str, Any]]:
    """The inbox in groups by due date, for components/inbox_table. `unread`: dossier -> new notes for the reader."""
    titles = {
        "overdue": _("Overdue"),
        "today": _("Today"),
        "soon": _("Within 2 working days"),
        "later": _("Later"),
        "everything": _("No time is counted"),
    }
    counts = inbox.counts
    groups: dict[str, dict[str, Any]] = {}
    for row in inbox.rows:
        # What waits for the applicant is all of its list, or none of another.
        name = "everything" if row.task.paused_at else _due_group(row.task.due, times)
        group = groups.setdefault(
            name, {"title": titles[name], "count": getattr(counts, name), "note": "", "rows": []}
        )
        shown = bulk_row(row, now)
        if words := unread_words(unread.get(row.dossier.id, 0)):
            shown["notes"].append({"state": "look", "text": words})
        group["rows"].append(shown)
    return list(groups.values())


def _due_group(due_at: datetime, times: Moments) -> str:
    if due_at < times.now:
        return "overdue"
    if due_at <= times.today_ends:
        return "today"
    return "soon" if due_at <= times.soon_ends else "later"


def bulk_row(row: selectors.InboxRow, now: datetime) -> dict[str, Any]:
    """`inbox_row` whose box says which task and revision the list showed."""
    return inbox_row(row, now) | {"value": choice_text(chosen_row(row))}


def inbox_row(row: selectors.InboxRow, now: datetime) -> dict[str, Any]:
    """A row for components/inbox_table."""
    task, dossier = row.task, row.dossier
    definition = definition_of(task.instance.definition)
    shown = dossier_row(dossier, now, due_at=task.due_at)
    stands_still = {"state": "open", "due": _("Waits for the applicant")} if task.paused_at else {}
    return shown | {
        "url": f"{shown['url']}?task={task.pk}",
        **stands_still,
        "task": in_language(definition.step(task.step).names, language()),
        "notes": [
            it
            for it in (answer_note(dossier, now), late_note(dossier, task, now), entered_note(dossier))
            if it
        ],
    }


def dossier_row(dossier: Dossier, now: datetime, *, due_at: datetime | None = None) -> dict[str, Any]:
    """A row for components/inbox_table of a dossier as a whole, whoever has it. `due_at`: of its task, where that is
    shown."""
    due_at = due_at or dossier.due_at
    return {
        "id": dossier.id,
        "url": address_of("desk:dossier", dossier.id),
        "state": due_state(due_at, now),
        "due": due_words(due_at, now),
        "procedure": heading(dossier, language()),
        "applicant": dossier.owner_name,
        "task": "",
        "code": dossier.code or dossier.reference,
        "source": CHANNELS[dossier.channel],
        "notes": [],
    }


def answer_note(dossier: Dossier, now: datetime) -> dict[str, str] | None:
    """Until when an online dossier is to be answered; None once it is, and for what came another way."""
    if dossier.status != Status.SUBMITTED or dossier.answer_by is None or dossier.answered_at:
        return None
    words = _("Answer: %(due)s") % {"due": due_words(dossier.answer_by, now)}
    return {"state": due_state(dossier.answer_by, now), "text": words}


def late_note(dossier: Dossier, task: Token, now: datetime) -> dict[str, str] | None:
    """That the remaining steps may take longer than is left; None where it is not so."""
    process = definition_of(task.instance.definition)
    return (
        {"state": "soon", "text": _("Likely late")} if likely_late(dossier, task, process, at=now) else None
    )


def entered_note(dossier: Dossier) -> dict[str, str] | None:
    """That it lay on paper before it was entered; None for what was entered when it came."""
    return {"state": "look", "text": _("Entered later")} if dossier.entered_at else None


def view_items(asked: Asked) -> list[dict[str, Any]]:
    """Whose tasks are shown, for components/tabs."""
    view = asked.looking.view
    return [
        {"text": text, "url": asked.address(view=name), "current": name == view}
        for name, text in VIEWS.items()
    ]


def segments(counts: DueCounts, asked: Asked) -> list[dict[str, Any]]:
    """The due filter, for components/due_filter."""
    numbers = {"": counts.everything} | {
        name: getattr(counts, name) for name in ("overdue", "today", "soon", "later")
    }
    states = {"overdue": "overdue", "today": "soon", "late": "soon"}
    return [
        {
            "label": label,
            # How many are likely late, only the arithmetic of each says.
            "count": numbers.get(name, ""),
            "state": states.get(name, ""),
            "url": asked.address(due=name),
            "current": name == asked.looking.due_in,
        }
        for name, label in DUE.items()
    ]
