"""The figures of an agency in a period: where the dossiers stand, how many came and went, and the rates of the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.oversight.indicators.freezing import stock_on
from motcua.oversight.indicators.measures import load_measures
from motcua.oversight.indicators.measuring import figures
from motcua.oversight.indicators.policies import EVALUATING, evaluated_paths
from motcua.oversight.indicators.rules.counts import Count
from motcua.oversight.indicators.rules.measures import COUNT, Figure
from motcua.oversight.indicators.selectors import followed
from motcua.oversight.indicators.tallying import Days, Open
from motcua.oversight.indicators.web.figures_asking import (
    LONGEST_WORDS,
    Asked,
    FiguresForm,
    before_words,
    read_asked,
    span_words,
)
from motcua.oversight.indicators.web.figures_csv import (
    Lines,
    download,
    figure_cells,
    figure_heads,
    head_lines,
)
from motcua.oversight.indicators.web.figures_words import (
    STOCKS,
    Change,
    amount_of,
    change_words,
    definition_rows,
    name_of,
    shown_number,
    text_of,
    value_words,
    why_words,
)
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import list_agencies_at
from motcua.registry.organisations.selectors.calendars import paths_above
from motcua.registry.organisations.selectors.tree import search_agencies

# What came and went, in this order.
MAIN = (
    *(Count.SUBMITTED, Count.RECEIVED, Count.FINISHED, Count.FINISHED_LATE),
    *(Count.REFUSED, Count.WITHDRAWN, Count.STOPPED, Count.RATED),
)


# The scale of a measure that is shown in hours.
MINUTES = 60
# A numerator or denominator: the word before it, its text, the address of its dossiers; "" for none.
Part = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure as a page shows it. `parts`: numerator and denominator; `definitions`: as
    `definition_rows`; `mark`: a state's shape beside it, ""."""

    name: str
    text: str
    value: str
    why: str = ""
    url: str = ""
    dossiers_url: str = ""
    parts: tuple[Part, ...] = ()
    change: Change | None = None
    definitions: list[dict[str, Any]] = field(default_factory=list)
    mark: str = ""


@role_required(*EVALUATING)
@never_cache
@require_safe
def overview(request: ActingRequest) -> HttpResponse:
    """An agency's figures in a period, with all below it or its own only."""
    form = FiguresForm(request.actor, request.GET.dict())
    words = request.GET.get("words", "").strip()[:LONGEST_WORDS]
    context: dict[str, Any] = {"form": form, "agency": form.agency, "words": words}
    if not form.is_valid():
        return render(request, "indicators/figures.html", context, status=422)
    asked, found = form.asked, figures_of(form.asked)
    before = figures_of(asked, asked.days_before) if asked.days_before else [None] * len(found)
    stock = open_counts(asked)
    rates = [it for it in found if it.measure.unit != COUNT]
    context |= {
        "stock": stock_tiles(asked, stock),
        "counts": [
            tile(asked, now, old)
            for now, old in zip(found, before, strict=True)
            if now.measure.unit == COUNT and (now.numerator or now.measure.code in _ALWAYS)
        ],
        "rates": [
            tile(asked, now, old)
            for now, old in zip(found, before, strict=True)
            if now.measure.unit != COUNT and amount_of(now) is not None
        ],
        "without": [tile(asked, it, None) for it in rates if amount_of(it) is None],
        "is_empty": not any(stock.values())
        and not any(it.numerator for it in found if it.measure.unit == COUNT),
        "kept": [(name, it) for name, it in hidden(asked).items() if it],
        "links": _links(asked),
        "agencies": _found(request, asked, words),
        **frame(request, asked),
    }
    return render(request, "indicators/figures.html", context)


_ALWAYS = frozenset({Count.RECEIVED, Count.FINISHED, Count.FINISHED_LATE})


@role_required(*EVALUATING)
@never_cache
@require_safe
def overview_csv(request: ActingRequest) -> HttpResponseBase:
    """The same, a line each, with what each means."""
    asked = read_asked(request.actor, request.GET)
    lines: Lines = [*head_lines(asked), figure_heads()]
    for name, count in open_counts(asked).items():
        title, text, _state = STOCKS[name]
        lines.append([name, str(title), "" if count is None else count, "", "", "", str(text), ""])
    lines += [figure_cells(it, asked) for it in figures_of(asked)]
    return download(f"figures-{asked.agency.code}-{asked.span.code}", lines)


def figures_of(asked: Asked, days: Days | None = None) -> list[Figure]:
    """The plain counts of `MAIN`, then every measure of the pack; of other `days` than those asked for."""
    codes = [*MAIN, *(it.code for it in load_measures())]
    found = figures(
        asked.scope, days or asked.days, codes=codes, known_on=asked.known_on, is_own=asked.is_own
    )
    return sorted(found, key=lambda it: codes.index(it.measure.code))


def frame(request: ActingRequest, asked: Asked) -> dict[str, Any]:
    """What every page of figures says around them: whose, of when, how far the journal is followed, where else."""
    position = followed()
    today, later = timezone.localdate(), asked.shifted(1)
    return {
        "asked": asked,
        "agency": asked.agency,
        "period": span_words(asked.span),
        "query": asked.query(),
        "without_period": replace(asked, known_on=None).query(),
        "earlier_query": asked.shifted(-1).query(),
        "later_query": later.query() if later.span.first <= today else "",
        "as_known_now": replace(asked, known_on=None).query() if asked.known_on else "",
        "other_extent": replace(asked, is_own=not asked.is_own).query(),
        "runs": asked.span.first <= today < asked.span.until,
        "above": _above(request, asked),
        "followed": position,
    }


def stock_tiles(asked: Asked, counts: Mapping[str, int | None]) -> list[Tile]:
    """Where dossiers stand: now, where the period is not over, else at the end of its last day."""
    rows = []
    for name, count in counts.items():
        title, text, state = STOCKS[name]
        url = dossiers_url(asked, stock=name) if count and asked.is_now else ""
        shown = _("no data") if count is None else shown_number(count)
        why = _("It was not written down that night.") if count is None else ""
        mark = state if count and state in {"overdue", "soon"} else ""
        rows.append(Tile(str(title), str(text), shown, why, dossiers_url=url, mark=mark))
    return rows


def open_counts(asked: Asked) -> Mapping[str, int | None]:
    """By name of `STOCKS`, what is due today only of today; None: not known. As it was known on a day: what was frozen
    that night."""
    found = stock_on([asked.scope], asked.span.last, known_on=asked.known_on, is_own=asked.is_own)
    counts = dict.fromkeys(STOCKS) if found is None else _open(found[asked.scope])
    return {name: it for name, it in counts.items() if name != "due_today" or asked.is_now}


def _open(found: Open) -> dict[str, int | None]:
    return {
        "open": found.waiting + found.running + found.standing,
        "late": found.late,
        "due_today": found.due_today,
        "running": found.running,
        "standing": found.standing,
        "waiting": found.waiting,
        "ready": found.ready,
    }


def tile(asked: Asked, now: Figure, before: Figure | None) -> Tile:
    """A figure with what it is made of, where its dossiers are, and how it changed."""
    measure, change = now.measure, None
    if before is not None:
        change = change_words(now, before, before_words(asked))
    query = asked.query()
    has_late = measure.code == Count.FINISHED_LATE and now.numerator
    return Tile(
        name_of(measure),
        text_of(measure),
        value_words(now),
        why_words(now),
        url=f"{reverse('figures:measure', args=[measure.code])}?{query}",
        dossiers_url=dossiers_url(asked, count=measure.code)
        if measure.unit == COUNT and now.numerator
        else "",
        parts=parts_of(asked, now),
        change=change,
        definitions=definition_rows(measure, asked.span.first, asked.span.until),
        mark="overdue" if has_late else "",
    )


def parts_of(asked: Asked, figure: Figure) -> tuple[Part, ...]:
    """Numerator and denominator; nothing for a plain count, or without data."""
    if figure.measure.unit == COUNT or not figure.denominator or figure.numerator is None:
        return ()
    top, bottom = shown_number(figure.numerator), shown_number(figure.denominator)
    between = pgettext("so many of so many", "of")
    if figure.measure.scale == MINUTES:
        top = _("%(count)s minutes") % {"count": top}
        bottom = ngettext("%(count)s dossier", "%(count)s dossiers", figure.denominator) % {"count": bottom}
        between = pgettext("so many minutes in so many dossiers", "in")
    leads, code = figure.measure.is_tallied, figure.measure.code
    return tuple(
        (before, text, dossiers_url(asked, measure=code, part=part) if number and leads else "")
        for before, text, part, number in (
            ("", top, "numerator", figure.numerator),
            (between, bottom, "denominator", figure.denominator),
        )
    )


def dossiers_url(asked: Asked, **what: object) -> str:
    return f"{reverse('figures:dossiers')}?{asked.query(**what)}"


def hidden(asked: Asked) -> dict[str, str]:
    """What a form of the page sends besides its own fields."""
    known = asked.known_on.isoformat() if asked.known_on else ""
    own = "1" if asked.is_own else ""
    return {"agency": asked.scope, "period": asked.span.code, "own": own, "known_on": known}


def _links(asked: Asked) -> list[dict[str, str]]:
    query = asked.query()
    return [
        {"text": _("Map of the dossiers"), "url": f"{reverse('figures:map')}?{query}"},
        {"text": _("Index 766"), "url": f"{reverse('figures:index')}?{query}"},
    ]


def _above(request: ActingRequest, asked: Asked) -> list[dict[str, str]]:
    """Agencies above that the reader may see, topmost first. One query, none where nothing lies above."""
    scopes = evaluated_paths(request.actor)
    paths = [
        it
        for it in paths_above(asked.scope)
        if it != asked.scope and any(it.startswith(own) for own in scopes)
    ]
    found = list_agencies_at(paths) if paths else []
    return [{"text": it.name, "url": f"?{replace(asked, agency=it).query()}"} for it in found]


def _found(request: ActingRequest, asked: Asked, words: str) -> list[dict[str, Any]]:
    """Agencies that fit the words, at most 50."""
    if not words:
        return []
    scopes = evaluated_paths(request.actor)
    found: list[Agency] = search_agencies(scopes, words, at=timezone.localdate())
    return [{"name": it.name, "url": f"?{replace(asked, agency=it).query()}"} for it in found]
