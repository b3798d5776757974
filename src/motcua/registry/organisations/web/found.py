"""What the search across rooms finds here: agencies and officers within the person's administration or support."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import fold
from motcua.foundation.ui.searching import Hit, SearchSource, register_search
from motcua.registry.organisations.models import Holding
from motcua.registry.organisations.selectors.tree import list_officers, search_agencies

_MOST = 20
# Whose pages about agencies are; support helps officers and changes no agency.
_AGENCIES, _OFFICERS = ("administrator",), ("administrator", "support")


def register() -> None:
    register_search(
        SearchSource(
            area="desk",
            title=_("Agencies"),
            find=_agencies,
            order=50,
            shows=lambda request: bool(_actor(request).scopes(*_AGENCIES)),
        )
    )
    register_search(
        SearchSource(
            area="desk",
            title=_("Officers"),
            find=_officers,
            order=60,
            shows=lambda request: bool(_actor(request).scopes(*_OFFICERS)),
        )
    )


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _agencies(request: HttpRequest, words: str) -> list[Hit]:
    scopes = _actor(request).scopes(*_AGENCIES)
    return [
        Hit(title=it.name, url=reverse("organisations:agency", args=[it.pk]), note=it.code)
        for it in search_agencies(scopes, words, at=timezone.localdate())[:_MOST]
    ]


def _officers(request: HttpRequest, words: str) -> list[Hit]:
    if not fold(words):
        return []
    actor = _actor(request)
    found = list_officers(actor.scopes(*_OFFICERS), words, at=timezone.localdate(), limit=_MOST)
    return [_officer(actor, holding) for holding in found]


def _officer(actor: Actor, holding: Holding) -> Hit:
    """Leads administrators to the officer's posts, support to the account."""
    agency, officer = holding.post.unit.agency, holding.officer
    url = reverse("console:account", args=[officer.account_id])
    if actor.holds("administrator", agency.path):
        url = reverse("organisations:officer", args=[officer.pk])
    note = f"{holding.post.title}, {holding.post.unit.name} · {agency.name}"
    return Hit(title=officer.full_name, url=url, note=note)
