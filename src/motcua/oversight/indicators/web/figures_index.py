"""Index 766 of an agency: groups, rows, points and band; and agencies of a level beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.oversight.indicators.breaking import agencies_of
from motcua.oversight.indicators.indexing import index_of, ranking
from motcua.oversight.indicators.policies import EVALUATING
from motcua.oversight.indicators.rules.index766 import BadIndex, GroupScore, Ranked, RowScore, Score
from motcua.oversight.indicators.rules.measures import half_up
from motcua.oversight.indicators.web.figures import frame, parts_of
from motcua.oversight.indicators.web.figures_asking import Asked, FiguresForm, read_asked
from motcua.oversight.indicators.web.figures_csv import (
    Cell,
    Lines,
    download,
    head_lines,
    value_cells,
    value_heads,
)
from motcua.oversight.indicators.web.figures_words import text_of, value_words, why_words
from motcua.oversight.indicators.web.words import words_of
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.rules.texts import source_words
from motcua.registry.organisations.selectors import names_at

LEVELS = ("commune", "district", "department", "province", "ministry")
# Ranked agencies on a page; the rest is in the table for spreadsheets.
PAGE = 200


@role_required(*EVALUATING)
@never_cache
@require_safe
def index(request: ActingRequest) -> HttpResponse:
    """The points of an agency with all below it, and of the agencies of a level there."""
    form = FiguresForm(request.actor, request.GET.dict())
    context: dict[str, Any] = {"form": form, "agency": form.agency}
    if not form.is_valid():
        return render(request, "indicators/figures_index.html", context, status=422)
    asked = replace(form.asked, is_own=False)
    context |= frame(request, asked)
    try:
        found = index_of(asked.scope, asked.days, known_on=asked.known_on)
    except BadIndex:
        return render(request, "indicators/figures_index.html", context)
    levels = _levels(asked)
    level = request.GET.get("level", "")
    level = level if level in levels else next(iter(levels), "")
    ranked = _ranked(asked, level) if level else []
    context |= {
        "groups": [_group(asked, it) for it in found.groups],
        "total": total_words(found),
        "bands": [{"name": words_of(it.names), "least": points(it.least)} for it in found.index.bands],
        "source": source_words(found.index.source),
        "levels": [
            {"text": _level_words(it), "url": f"?{asked.query(level=it)}#ranking", "current": it == level}
            for it in levels
        ],
        "ranked": [_place(asked, it, names) for it, names in ranked[:PAGE]],
        "left": max(len(ranked) - PAGE, 0),
        "csv_url": f"{reverse('figures:index-csv')}?{asked.query()}",
        "ranking_csv_url": f"{reverse('figures:index-csv')}?{asked.query(level=level)}",
    }
    return render(request, "indicators/figures_index.html", context)


@role_required(*EVALUATING)
@never_cache
@require_safe
def index_csv(request: ActingRequest) -> HttpResponseBase:
    """The rows of an agency; with `level` the agencies of that level."""
    asked, level = replace(read_asked(request.actor, request.GET), is_own=False), request.GET.get("level", "")
    lines: Lines = [*head_lines(asked), []]
    try:
        if level in LEVELS:
            heads = [_("Place"), _("Agency"), _("Points"), _("Of"), _("At most"), _("Band")]
            lines += [heads, *(_ranked_cells(it, name) for it, name in _ranked(asked, level))]
        else:
            heads = [_("Group"), _("Row"), _("Name"), _("Points"), _("Of"), *value_heads()]
            heads += [_("What it says"), pgettext("figure", "Source"), _("Why there is no data")]
            found = index_of(asked.scope, asked.days, known_on=asked.known_on)
            lines += [heads, *(_row_cells(it, row) for it in found.groups for row in it.rows)]
    except BadIndex:
        lines.append([_("No index held on these days.")])
    return download(f"index-{asked.agency.code}-{asked.span.code}", lines)


def points(number: Fraction | None) -> str:
    """Two decimals; "" without data."""
    return "" if number is None else number_format(half_up(number, 2), decimal_pos=2)


def total_words(found: Score) -> dict[str, Any]:
    """The points that are sure, what the whole can be at most, and the band or between which it lies."""
    if found.points is None:
        return {"points": _("no data"), "band": "", "note": ""}
    said = {"points": points(found.points), "of": points(found.of), "highest": points(found.highest)}
    if found.band:
        band = words_of(found.band.names)
    else:
        lowest, highest = words_of(found.lowest_band.names), words_of(found.highest_band.names)
        band = _("open: from “%(lowest)s” to “%(highest)s”, as the rows without data turn out") % {
            "lowest": lowest,
            "highest": highest,
        }
    note = ""
    if found.highest != found.points:
        note = _(
            "Rows without data have %(missing)s of 100 points: the whole lies between %(points)s and %(highest)s."
        )
        note %= {"missing": points(100 - found.of), **said}
    return {**said, "band": band, "note": note}


def _group(asked: Asked, it: GroupScore) -> dict[str, Any]:
    return {
        "code": it.group.code,
        "name": words_of(it.group.names),
        "points": points(it.points) or _("no data"),
        "max": points(it.group.max),
        "percent": int(100 * it.points / it.group.max) if it.points and it.group.max else 0,
        "rows": [_row(asked, row) for row in it.rows],
    }


def _row(asked: Asked, it: RowScore) -> dict[str, Any]:
    row, figure = it.row, it.figure
    return {
        "code": row.code,
        "name": words_of(row.names),
        "url": f"{reverse('figures:measure', args=[row.measure])}?{asked.query()}",
        "value": value_words(figure),
        "why": why_words(figure),
        "parts": parts_of(asked, figure),
        "points": points(it.points),
        "max": points(row.max),
        "has_points": bool(row.max),
        "full": value_percent(row.full),
        "percent": int(100 * it.points / row.max) if it.points and row.max else 0,
        "source": source_words(row.source),
    }


def value_percent(rate: Fraction) -> str:
    """From which rate a row has all its points; "" for 100 %."""
    return "" if rate == 1 else f"{number_format(half_up(rate * 100, 0), decimal_pos=0)} %"


def _levels(asked: Asked) -> list[str]:
    """Levels of which more than one agency lies there."""
    found = list(agencies_of(asked.scope, asked.days).values())
    return [it for it in LEVELS if found.count(it) > 1]


def _level_words(level: str) -> str:
    return {
        "commune": _("Communes"),
        "district": _("Districts"),
        "department": _("Departments"),
        "province": _("Provinces"),
        "ministry": _("Ministries"),
    }[level]


def _ranked(asked: Asked, level: str) -> Sequence[tuple[Ranked, str]]:
    """With the names of the agencies, as they are called now. One query more."""
    found = ranking(level, asked.days, scope=asked.scope, known_on=asked.known_on)
    names = names_at([it.path for it in found])
    return [(it, names.get(it.path, it.path)) for it in found]


def _place(asked: Asked, it: Ranked, name: str) -> dict[str, Any]:
    query = asked.query(agency=it.path)
    return {
        "place": it.place or "–",
        "name": name,
        "url": f"?{query}",
        "percent": int(it.score.points) if it.score.points else 0,
        **total_words(it.score),
    }


def _ranked_cells(it: Ranked, name: str) -> list[Cell]:
    band = it.score.band
    sure = "" if it.score.points is None else str(half_up(it.score.points, 2))
    return [
        it.place or "",
        name,
        sure,
        str(half_up(it.score.of, 2)),
        str(half_up(it.score.highest, 2)),
        words_of(band.names) if band else "",
    ]


def _row_cells(group: GroupScore, it: RowScore) -> list[Cell]:
    return [
        group.group.code,
        it.row.code,
        words_of(it.row.names),
        "" if it.points is None else str(half_up(it.points, 2)),
        str(half_up(it.row.max, 2)),
        *value_cells(it.figure),
        text_of(it.figure.measure),
        source_words(it.row.source),
        why_words(it.figure),
    ]
