"""What the sign queue shows, as plain data for the components."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.forms import heading, steps_of
from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.services.signing import result_name
from motcua.casework.dossiers.web.words import language, when
from motcua.foundation.ui import formats
from motcua.foundation.ui.templatetags.ui import due_state, due_words
from motcua.registry.catalogue.rules.texts import in_language


def checks_of(dossier: Dossier) -> list[str]:
    """What the drafter ticked: all checks of the process, as a draft is made with all of them only."""
    definition = steps_of(dossier.version)
    return [in_language(check, language()) for step in definition.steps.values() for check in step.checks]


def queue_items(
    queue: list[selectors.InboxRow], chosen: Dossier | None, now: datetime
) -> list[dict[str, Any]]:
    """The sign queue, for components/queue. One query for what the drafts are."""
    drafts = selectors.current_drafts(row.dossier for row in queue) if queue else {}
    return [
        {
            "title": result_name(drafts.get(row.dossier.id), row.dossier),
            "who": heading(row.dossier, language()),
            "by": row.dossier.code,
            "state": due_state(row.task.due_at, now),
            "due": due_words(row.task.due_at, now),
            "url": f"{reverse('desk:signing')}?dossier={row.dossier.id}",
            "current": chosen is not None and row.dossier.id == chosen.id,
        }
        for row in queue
    ]


def signing_context(dossier: Dossier, draft: OfficialDocument, place: tuple[float, ...]) -> dict[str, Any]:
    """The page to be signed with the place of the signature, and what stands beside it."""
    (x0, y0, x1, y1) = place
    width, height = draft.content.get("signature", {}).get("size", (595.28, 841.89))
    page = {
        "src": reverse("desk:page", args=[dossier.id, draft.id]),
        "width": width,
        "height": height,
        "alt": _("The page that will be signed"),
        "place": {"x": x0, "y": height - y1, "width": x1 - x0, "height": y1 - y0},
    }
    facts = [
        {
            "label": _("Dossier"),
            "value": dossier.code,
            "url": reverse("desk:dossier", args=[dossier.id]),
            "url_text": _("Open"),
        },
        {"label": _("Applicant"), "value": dossier.owner_name},
        *(
            [{"label": _("Authorised person"), "value": dossier.applicant_facts["full_name"]}]
            if dossier.owner_facts
            else []
        ),
        {"label": _("Accepted"), "value": when(dossier.accepted_at) if dossier.accepted_at else ""},
        {"label": _("Due"), "value": when(dossier.due_at) if dossier.due_at else ""},
    ]
    return {
        "pages": [page],
        "preview_note": _("PDF/A, %(size)s")
        % {"size": formats.format_size(draft.stored.size_bytes, language())},
        "place_text": _("Your signature will stand exactly here"),
        "facts": facts,
    }
