"""A result on its way by post, as plain data for the pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from motcua.casework.dossiers.models import Consignment, Dossier, ReturnWay
from motcua.casework.dossiers.services.posting import find_consignment, may_note
from motcua.casework.dossiers.services.returning import asked_way, carriers
from motcua.casework.dossiers.web.words import language, when
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.ui import formats


def post_item(sent: Consignment) -> dict[str, Any]:
    """A consignment and what became of it."""
    carrier = carriers().get(sent.carrier)
    state, words = _state(sent)
    follow = carrier.follow.replace("{number}", quote(sent.tracking)) if carrier else ""
    facts = [
        (_("Carrier"), carrier.name if carrier else "", ""),
        (_("Tracking number"), sent.tracking, follow),
        (_("Sent"), when(sent.sent_at), ""),
        (_("Why it came back"), sent.reason, ""),
    ]
    return {
        "rows": [
            {"label": label, "value": value, "url": url, "url_text": _("Follow it")}
            for label, value, url in facts
            if value
        ],
        "state": state,
        "words": words,
        "came_back": sent.outcome == Consignment.Outcome.CAME_BACK and not sent.settled_at,
    }


def _state(sent: Consignment) -> tuple[str, str]:
    if sent.outcome_on is None:
        return "open", _("on its way")
    day = {"day": formats.format_date(sent.outcome_on, language())}
    if sent.outcome == Consignment.Outcome.DELIVERED:
        return "done", _("delivered on %(day)s") % day
    return "look", _("came back on %(day)s") % day


def post_context(actor: Actor, dossier: Dossier) -> dict[str, Any]:
    """The consignment of a result that went by post, and whether the actor notes what became of it; one query then."""
    context: dict[str, Any] = {"is_asked_by_post": asked_way(dossier) == ReturnWay.POST}
    sent = find_consignment(dossier) if dossier.return_way == ReturnWay.POST else None
    if not sent:
        return context
    item = post_item(sent)
    is_open = not sent.outcome or item["came_back"]
    return context | {"post": item, "may_note_post": is_open and may_note(actor, dossier)}
