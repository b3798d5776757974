"""What the search across rooms finds here: dossiers of the officer's agencies, dossiers of one's own."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.casework.dossiers.forms import heading
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.selectors import search_dossiers
from motcua.casework.dossiers.web.pages import status_words
from motcua.casework.dossiers.web.words import language
from motcua.foundation.ui.formats import format_datetime
from motcua.foundation.ui.searching import Hit, SearchSource, register_search
from motcua.registry.access.selectors import CASE_RIGHTS


def register() -> None:
    register_search(
        SearchSource(
            area="desk",
            title=gettext_lazy("Dossiers"),
            find=lambda request, words: _hits(request, words, "desk:dossier"),
            order=10,
            shows=lambda request: bool(request.actor.scopes(*CASE_RIGHTS)),  # type: ignore[attr-defined]
        )
    )
    register_search(
        SearchSource(
            area="portal",
            title=gettext_lazy("My dossiers"),
            find=lambda request, words: _hits(request, words, "dossiers:dossier"),
            order=20,
            shows=lambda request: request.actor.kind == "citizen",  # type: ignore[attr-defined]
        )
    )


def _hits(request: HttpRequest, words: str, page: str) -> list[Hit]:
    return [_hit(dossier, page) for dossier in search_dossiers(request.actor, words)]  # type: ignore[attr-defined]


def _hit(dossier: Dossier, page: str) -> Hit:
    state, words = status_words(dossier)
    due_at = dossier.due_at and format_datetime(timezone.localtime(dossier.due_at), language())
    due = _("due %(moment)s") % {"moment": due_at} if due_at else ""
    facts = (heading(dossier, language()), dossier.owner_name, due)
    return Hit(
        title=dossier.code or dossier.reference,
        url=reverse(page, args=[dossier.id]),
        note=" · ".join(fact for fact in facts if fact),
        state=state,
        words=words,
    )
