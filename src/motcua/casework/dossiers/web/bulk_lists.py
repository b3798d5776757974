"""What a list needs so that many of its dossiers can be handled at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.bulk_acts import list_bulk_acts
from motcua.casework.dossiers.rules.states import ACTS
from motcua.casework.dossiers.services.bulk_acts import MOST, OFFERED, Chosen
from motcua.casework.dossiers.web.bulk_words import DONE, button_words
from motcua.foundation.kernel.actors import Actor


def choice_text(one: Chosen) -> str:
    """A dossier as a list shows it, for a box to tick."""
    return f"{one.dossier_id} {one.revision} {one.task_id or ''}".strip()


def bulk_context(actor: Actor, inbox: selectors.Inbox) -> dict[str, Any]:
    """Buttons for the acts that the officer's rights allow somewhere, and all that the page shows."""
    offered = [code for code in OFFERED if not ACTS[code].right or ACTS[code].right in actor.rights]
    actions = [
        {"label": button_words(code), "name": "act", "value": code, "primary": number == 0}
        for number, code in enumerate(offered)
    ]
    chosen = (Chosen(row.dossier.pk, row.dossier.revision, row.task.pk) for row in inbox.rows)
    shown = ";".join(choice_text(one) for one in chosen)
    return {"actions": actions, "shown": shown, "most": MOST}


def latest_bulk_acts(actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """The officer's last acts on many dossiers today, for the inbox."""
    today = timezone.localdate(now)
    return [
        {"url": reverse("desk:bulk", args=[it.pk]), "text": DONE[it.act], "at": it.made_at}
        for it in list_bulk_acts(actor)
        if timezone.localdate(it.made_at) == today
    ]
