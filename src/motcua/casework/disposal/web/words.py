"""Codes of disposition put into words for pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.casework.disposal.models import DisposalItem, DisposalList
from motcua.casework.disposal.selectors import Items, is_waiting
from motcua.registry.access.models import Proposal

CLASSES = {
    "dossier.file": gettext_lazy("Dossiers with a result"),
    "dossier.unsuccessful": gettext_lazy("Dossiers without a result"),
    "document.over": gettext_lazy("Documents that count no longer"),
}
RESULTS = {
    "": ("open", gettext_lazy("to be erased")),
    "erased": ("done", gettext_lazy("erased")),
    "kept": ("stopped", gettext_lazy("taken out")),
    "held": ("stopped", gettext_lazy("stays: under legal hold")),
    "needed": ("stopped", gettext_lazy("stays: something else needs it")),
    "not_due": ("stopped", gettext_lazy("stays: not due any more")),
}


def state_of(disposal: DisposalList, at: datetime) -> tuple[str, str]:
    """A state of the design system and its words."""
    if disposal.state == "done":
        return "done", _("Carried out")
    if disposal.state == "approved":
        return "open", _("Approved, being carried out")
    if is_waiting(disposal, at=at):
        return "look", _("Waits for the second person")
    if disposal.proposal and disposal.proposal.state == Proposal.State.REJECTED:
        return "stopped", _("Not approved; it can be proposed again")
    if disposal.proposal:
        return "stopped", _("Nobody decided in time; it can be proposed again")
    return "open", _("To be looked through")


def item_row(item: DisposalItem, held: set[Any]) -> dict[str, Any]:
    state, words = RESULTS[item.result]
    if not item.result and item.object_id in held:
        state, words = RESULTS["held"]
    return {"item": item, "state": state, "words": words, "class": CLASSES[item.thing]}


def count_rows(found: Items) -> list[dict[str, Any]]:
    """By class and what becomes of it, for components/fact_list."""
    return [
        {"label": CLASSES[thing], "value": count, "note": RESULTS[result][1]}
        for (thing, result), count in sorted(found.counts.items())
    ]
