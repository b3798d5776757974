"""The officers' search across rooms. Words are names of people: they stay out of addresses, in the session."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.foundation.kernel.text import clean_line, fold
from motcua.foundation.ui.contributions import links_for
from motcua.foundation.ui.searching import Hit, SearchSource, register_search, search_all
from motcua.registry.access.policies import ActingRequest, officer_required

MOST_WORDS, KEPT = 200, 20


def register() -> None:
    register_search(SearchSource(area="desk", title=_("Pages"), find=_pages, order=90))


def _pages(request: HttpRequest, words: str) -> list[Hit]:
    """Entries of the person's own menu whose names hold all the words."""
    terms = fold(words).split()
    return [
        Hit(title=label, url=url, note=group)
        for label, url, group in links_for(request, "desk")
        if terms and all(term in fold(label) for term in terms)
    ]


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: ActingRequest) -> HttpResponse:
    """Takes the words and leads to what they find; without words, says what can be found."""
    words = clean_line(request.POST.get("q", "")[:MOST_WORDS])
    if not words:
        return render(request, "console/search.html", {"words": ""})
    kept = request.session.get("searches", {})
    # Searching again for the same words is the same search.
    key = next((key for key, value in kept.items() if value == words), secrets.token_urlsafe(6))
    kept.pop(key, None)
    request.session["searches"] = dict([*kept.items(), (key, words)][-KEPT:])
    return redirect("console:found", key)


@officer_required
@never_cache
@require_safe
def found(request: ActingRequest, key: str) -> HttpResponse:
    """What the words of this search find now; one that is not kept any more begins anew."""
    words = request.session.get("searches", {}).get(key)
    if not words:
        return redirect("console:search")
    context = {"words": words, "search_words": words, "groups": search_all(request, "desk", words)}
    return render(request, "console/search.html", context)
