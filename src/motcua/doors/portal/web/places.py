"""Your commune today: what a former ward has become, and who serves it. Public."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import clean_line
from motcua.foundation.ui.choosing import Offer, Search, list_context
from motcua.foundation.ui.searching import Hit
from motcua.registry.organisations.selectors import (
    find_agency_of_place,
    get_reception_unit,
    list_agencies_with_desk,
)
from motcua.registry.places.models import Place
from motcua.registry.places.selectors import (
    Found,
    find_predecessors,
    get_place,
    offer_places,
    search_places,
)

_FIELD = re.compile(r"[\w-]{1,120}")
# Places change by law, with months of notice.
SUGGESTIONS_LAST_SECONDS = 3600
_MOST_HITS = 6


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Communes, and former wards and districts with what became of them."""
    words = clean_line(request.GET.get("q", ""))[:100]
    found = search_places(words, at=timezone.localdate()) if words else []
    return render(request, "portal/places.html", {"words": words, "found": [_result(it) for it in found]})


def find_places(request: HttpRequest, words: str) -> list[Hit]:
    """For the search across rooms: places whose names hold the words as typed, accents forgiven.

    What is only like them stays out: most who search here look for a procedure.
    """
    found = search_places(clean_line(words)[:100], at=timezone.localdate(), limit=_MOST_HITS, similar=False)
    return [_hit(it) for it in found]


def _hit(found: Found) -> Hit:
    if not found.is_former:
        return Hit(title=found.place.full_name, url=_link(found.place)["url"])
    today = _("today: %(names)s") % {"names": ", ".join(it.name for it in found.now)}
    url = _link(found.now[0])["url"]
    if found.must_choose:
        url = f"{reverse('portal:places')}?{urlencode({'q': found.place.name})}"
    return Hit(title=found.place.full_name, url=url, note=today)


def _result(found: Found) -> dict[str, Any]:
    name = found.place.full_name
    if not found.is_former:
        return {"title": name, "places": [_link(found.place)], "is_former": False}
    if found.must_choose:
        note = _("%(name)s was divided. Which is it today?") % {"name": found.place.name}
        if found.place.level == Place.Level.DISTRICT:
            note = _("%(name)s was dissolved. Which commune is it today?") % {"name": found.place.name}
    else:
        note = _("is today")
    return {"title": name, "note": note, "places": [_link(it) for it in found.now], "is_former": True}


def _link(place: Place) -> dict[str, str]:
    return {"name": place.full_name, "url": reverse("portal:place", args=[place.code])}


@login_not_required
@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    """A commune of today: its agency and one-stop desk, and what it was made of. Raises NotFound."""
    today = timezone.localdate()
    found = get_place(code, at=today)
    if found.level != Place.Level.COMMUNE:
        raise NotFound
    agency = find_agency_of_place(found.code, at=today)
    try:
        desk = get_reception_unit(agency) if agency else None
    except NotFound:
        desk = None
    context = {"place": found, "agency": agency, "desk": desk, "former": find_predecessors(found)}
    return render(request, "portal/place.html", context)


@login_not_required
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """What fits while somebody types: the list of a search-and-choose field, or links without `for`.

    for: the field's name, whose words come as `<name>_words`; desk: only communes whose desk takes applications.
    """
    name = request.GET.get("for", "")
    name = name if _FIELD.fullmatch(name) else ""
    words = clean_line(request.GET.get(f"{name}_words" if name else "q", ""))[:100]
    today = timezone.localdate()
    if name:
        served = list_agencies_with_desk(at=today) if "desk" in request.GET else None
        only = {agency.place_code for agency in served} if served is not None else None
        search = Search(words=words, offer=offer_places(words, at=today, only=only)) if words else Search()
        response = render(request, "ui/widgets/_search_choices.html", list_context(name, search))
    else:
        offer = offer_places(words, at=today) if len(words) > 1 else Offer()
        response = render(request, "components/suggestions.html", _suggestions(words, offer))
    # In the reader's own browser only: the words around the names are in their language.
    patch_cache_control(response, private=True, max_age=SUGGESTIONS_LAST_SECONDS)
    return response


def _suggestions(words: str, offer: Offer) -> dict[str, Any]:
    if not offer.choices:
        return {}
    links = [
        {"title": it.label, "note": it.note, "url": reverse("portal:place", args=[it.value])}
        for it in offer.choices[:6]
    ]
    every = f"{reverse('portal:places')}?{urlencode({'q': words})}"
    return {"procedures": links, "heading": _("Places"), "all_url": every, "all_text": _("Show all results")}
