"""Finding procedures: by words, by sector, by letter. Public."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from motcua.foundation.kernel.text import sort_key
from motcua.foundation.ui.searching import Hit, search_all
from motcua.registry.catalogue import selectors
from motcua.registry.catalogue.counting import note_sought_in_vain
from motcua.registry.catalogue.rules.facets import AUDIENCES, KINDS, LEVELS, Narrowing
from motcua.registry.catalogue.web.links import language, link_of, links_of

PAGE_SIZE = 30
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# A suggestion is read at a glance, and five must stay within 2 KB.
_SUGGESTED, _SHORT = 5, 90


def find_procedures(request: HttpRequest, words: str) -> list[Hit]:
    """For the officers' search across rooms."""
    return [Hit(**link_of(it)) for it in selectors.search_procedures(words, limit=10).procedures]


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results for words, narrowed down; without words, everything that fits."""
    words, narrowing, after = (
        request.GET.get("q", "")[:200],
        _narrowing(request),
        request.GET.get("after", "")[:8],
    )
    if words.strip():
        found = selectors.search_procedures(words, limit=PAGE_SIZE, narrowing=narrowing, after=after)
    else:
        found = selectors.narrow_procedures(narrowing, after=after, limit=PAGE_SIZE)
    events = selectors.life_event_links(found.life_events, language())
    context: dict[str, Any] = {
        "words": words,
        "found": found,
        "event": events[0] if events and not after else None,
        "procedures": links_of(found.procedures, longest=200),
        "groups": search_all(request, "portal", words) if words.strip() and not after else [],
        "narrowing": _choices(found, narrowing),
        "narrowed": len(narrowing.chosen()),
        "more_url": _url(words, narrowing, found.next) if found.next else "",
        "all_url": _url(words, Narrowing()),
    }
    if words.strip() and not (
        found.procedures or context["event"] or context["groups"] or narrowing.chosen()
    ):
        note_sought_in_vain(words=words, on=timezone.localdate())
        other = selectors.other_spelling(words)
        context |= {"other": other, "other_url": _url(other, Narrowing()) if other else ""}
    return render(request, "catalogue/search.html", context)


def _narrowing(request: HttpRequest) -> Narrowing:
    return Narrowing(**{kind: request.GET.get(kind, "")[:200].replace("\x00", "") for kind in KINDS})


def _url(words: str, narrowing: Narrowing, after: str = "") -> str:
    given = {"q": words, **narrowing.chosen(), "after": after}
    query = urlencode({name: it for name, it in given.items() if it})
    return f"{reverse('catalogue:search')}?{query}" if query else reverse("catalogue:search")


def _choices(found: selectors.Found, narrowing: Narrowing) -> list[dict[str, Any]]:
    """A select a kind: its values with how many hits each leaves, the chosen one even where it leaves none."""
    labels = {"sector": _("Sector"), "level": _("Level"), "audience": _("Who applies"), "online": _("Online")}
    chosen, choices = narrowing.chosen(), []
    for kind, label in labels.items():
        counted = found.counts.get(kind, {})
        known = {name: counted.get(name, 0) for name in value_names(kind)} if kind != "sector" else counted
        values = sorted(known, key=sort_key) if kind == "sector" else list(known)
        options = [
            {"value": it, "label": value_names(kind).get(it, it), "count": known.get(it, 0)}
            for it in dict.fromkeys([*values, *filter(None, [chosen.get(kind)])])
            if known.get(it) or it == chosen.get(kind)
        ]
        choices.append({"name": kind, "label": label, "options": options, "chosen": chosen.get(kind, "")})
    return choices


def value_names(kind: str) -> dict[str, str]:
    """What values of a kind are called; sectors call themselves."""
    names = {
        "level": (LEVELS, (_("Commune"), _("Province"), _("Ministry"), _("Elsewhere"))),
        "audience": (
            AUDIENCES,
            (_("People"), _("Businesses"), _("Organisations"), _("Foreigners"), _("Officials")),
        ),
        "online": (("yes", "no"), (_("Can be applied for here"), _("At the counter only"))),
    }
    return dict(zip(*names[kind], strict=True)) if kind in names else {}


@login_not_required
@require_safe
@cache_control(private=True, max_age=300)
@vary_on_headers("Cookie", "Accept-Language")
def suggest(request: HttpRequest) -> HttpResponse:
    """The first results while typing: a fragment of at most 2 KB, the same for everybody."""
    words = request.GET.get("q", "")[:200]
    if len(words.strip()) < 2:
        return render(request, "components/suggestions.html")
    found = selectors.search_procedures(words, limit=_SUGGESTED, typing=True)
    events = selectors.life_event_links(found.life_events, language())
    context: dict[str, Any] = {
        "event": events[0] if events else None,
        "procedures": links_of(found.procedures, longest=_SHORT),
    }
    if found.procedures:
        context |= {"all_url": _url(words, Narrowing()), "all_text": _("Show all results")}
    return render(request, "components/suggestions.html", context)


@login_not_required
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """Everything there is: by sector and by audience with counts, and from A to Z."""
    letter = request.GET.get("letter", "").lower()[:1]
    context: dict[str, Any] = {
        "letters": [
            {"letter": it.upper(), "url": f"?letter={it}", "current": it == letter} for it in _LETTERS
        ]
    }
    if letter and letter in _LETTERS:
        rows, following = selectors.procedures_by_letter(letter, after=request.GET.get("after", "")[:8])
        more = f"?{urlencode({'letter': letter, 'after': following})}" if following else ""
        return render(
            request,
            "catalogue/letter.html",
            context | {"letter": letter.upper(), "procedures": links_of(rows), "more_url": more},
        )
    counted = selectors.count_procedures()
    names = value_names("audience")
    context |= {
        "total": sum(counted["online"].values()),
        "sectors": [_counted(it, it, "sector", counted) for it in sorted(counted["sector"], key=sort_key)],
        "audiences": [
            _counted(it, names[it], "audience", counted) for it in AUDIENCES if counted["audience"][it]
        ],
    }
    return render(request, "catalogue/browse.html", context)


def _counted(value: str, label: str, kind: str, counted: Any) -> dict[str, Any]:
    return {"label": label, "count": counted[kind][value], "url": _url("", Narrowing(**{kind: value}))}
