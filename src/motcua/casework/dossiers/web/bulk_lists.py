"""What a list needs so that many of its dossiers can be handled at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.bulk_acts import list_bulk_acts
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.states import ACTS
from motcua.casework.dossiers.services.bulk_acts import MOST, OFFERED, Chosen
from motcua.casework.dossiers.web.bulk_words import DONE, WHAT_HAPPENS, button_words
from motcua.foundation.kernel.actors import Actor


def choice_text(one: Chosen) -> str:
    """A dossier as a list shows it, for a box to tick."""
    return f"{one.dossier_id} {one.revision} {one.task_id or ''}".strip()


def bulk_context(actor: Actor, inbox: selectors.Inbox) -> dict[str, Any]:
    """Buttons for the acts that the officer's rights allow somewhere, and all that the page shows."""
    allowed = [code for code in WHAT_HAPPENS if not ACTS[code].right or ACTS[code].right in actor.rights]
    rare = [code for code in allowed if OFFERED[code].needs]
    return _context(
        [code for code in allowed if code not in rare], [chosen_row(row) for row in inbox.rows], rare
    )


def chosen_row(row: selectors.InboxRow) -> Chosen:
    return Chosen(row.dossier.pk, row.dossier.revision, row.task.pk)


def uncollected_context(actor: Actor, dossiers: list[Dossier]) -> dict[str, Any]:
    """The same for results that lie ready, which the counter returns."""
    offered = ["return-result"] if "reception" in actor.rights else []
    return _context(offered, [Chosen(it.pk, it.revision) for it in dossiers])


def reassign_context(rows: list[selectors.InboxRow]) -> dict[str, Any]:
    """The same for the tasks of an officer who leaves."""
    return _context(["assign", "hand-back"], [chosen_row(row) for row in rows])


def _context(offered: list[str], shown: list[Chosen], rare: Sequence[str] = ()) -> dict[str, Any]:
    """`rare`: acts that ask for a reason, behind the others."""
    return {
        "actions": [_action(code, is_first=number == 0) for number, code in enumerate(offered)],
        "more": [_action(code) for code in rare],
        "shown": ";".join(choice_text(one) for one in shown),
        "most": MOST,
    }


def _action(code: str, *, is_first: bool = False) -> dict[str, Any]:
    return {"label": button_words(code), "name": "act", "value": code, "primary": is_first}


def latest_bulk_acts(actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """The officer's last acts on many dossiers today, for the inbox."""
    today = timezone.localdate(now)
    return [
        {"url": reverse("desk:bulk", args=[it.pk]), "text": DONE[it.act], "at": it.made_at}
        for it in list_bulk_acts(actor)
        if timezone.localdate(it.made_at) == today
    ]
