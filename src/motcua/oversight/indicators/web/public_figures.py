"""The public figures: a page for everybody, and the same as files for programs. Only what was published is read."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from motcua.foundation.kernel.text import clean_line, fold
from motcua.oversight.indicators.models import PublishedMonth
from motcua.oversight.indicators.publishing import (
    NOBODY,
    Point,
    find_month,
    last_published,
    list_months,
    load_publication,
    parent_of,
    points_of,
    points_of_month,
)
from motcua.oversight.indicators.rules.counts import ALL
from motcua.oversight.indicators.rules.publication import Shown
from motcua.oversight.indicators.taking import HALF, MONTHS, MOST
from motcua.oversight.indicators.web.public_words import (
    figure_context,
    is_over,
    language,
    number_of,
    value_words,
)
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import agencies_by_path

# Stands for all agencies where an agency's code stands else.
ALL_CODE = "all"
_HITS = 50
# Of the agencies below, a list shows the first figures; their own pages show all.
_IN_LIST = 3
View = Callable[..., HttpResponseBase]


def _tag(request: HttpRequest, *args: Any, **kwargs: Any) -> str | None:
    """Changes with what was published, the address and the language; pages of who is signed in have none."""
    if request.user.is_authenticated:
        return None
    last = last_published()
    parts = (
        request.get_full_path(),
        language(),
        request.COOKIES.get("scheme", ""),
        last and last.published_at,
    )
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def public_page(view: View) -> View:
    """Everybody may read it; a browser that has it asks only whether it is still so."""

    @wraps(view)
    @login_not_required
    @cache_control(private=True, no_cache=True)
    @require_safe
    @condition(etag_func=_tag)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return page


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """All agencies together, and a way to one: by name without accents, or down the tree."""
    words = clean_line(request.GET.get("q", ""))[:100]
    months = list_months()
    agencies = agencies_by_path()
    context = _page(ALL, months, agencies) | {"words": words, "code": ALL_CODE}
    if words:
        context["hits"] = [
            {"name": it.name, "code": it.code, "note": _above(it.path, agencies)}
            for it in _find(words, agencies)
        ]
    return render(request, "indicators/public_figures.html", context)


@public_page
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """Twelve months of an agency with all below it."""
    agencies = agencies_by_path()
    row = _named(code, agencies)
    context = _page(row.path, list_months(), agencies)
    context |= {"agency": row, "code": row.code, "above": _above(row.path, agencies)}
    return render(request, "indicators/public_agency.html", context)


@public_page
def how(request: HttpRequest) -> HttpResponse:
    """How all this is counted, what is not shown, and how long dossiers took."""
    publication = load_publication()
    context = {
        "figures": [figure_context(it, [_NEVER], {}) for it in publication.figures],
        "least": publication.least,
        "least_cases": publication.least_cases,
        "months": MONTHS,
        "half": HALF,
        "most": MOST,
    }
    return render(request, "indicators/public_how.html", context)


_NEVER = PublishedMonth(month=date(2000, 1, 1), until=date(2000, 1, 31))


def _page(scope: str, months: list[PublishedMonth], agencies: Mapping[str, Agency]) -> dict[str, Any]:
    """Three queries at most, besides those of months and agencies."""
    figures, points = load_publication().figures, points_of(scope, months)
    whole = [it for it in months if is_over(it)]
    shown = whole[-1] if whole else months[-1] if months else None
    return {
        "figures": [figure_context(it, months, points) for it in figures] if months else [],
        "main": [_main(it, shown, points) for it in figures] if shown else [],
        "month": shown and f"{shown.month:%m/%Y}",
        "is_over": shown and is_over(shown),
        "last": max(months, key=lambda it: it.published_at, default=None),
        "until": max((it.until for it in months), default=None),
        "below": _below(_wide(scope, agencies), shown, agencies) if shown else [],
        "heads": [_name(it) for it in figures[:_IN_LIST]],
        "least": load_publication().least,
    }


def _wide(scope: str, agencies: Mapping[str, Agency]) -> str:
    """Where there is one province alone, all are those below it."""
    tops = [path for path in agencies if parent_of(path, agencies) == ALL] if scope == ALL else []
    return tops[0] if len(tops) == 1 else scope


def _main(shown: Shown, month: PublishedMonth, points: Mapping[tuple[date, str], Point]) -> dict[str, Any]:
    return {
        "half": True,
        "label": _name(shown),
        "value": value_words(shown, points.get((month.month, shown.code), NOBODY), month),
    }


def _below(scope: str, month: PublishedMonth, agencies: Mapping[str, Agency]) -> list[dict[str, Any]]:
    """Agencies directly below in groups by level, each with its first figures. One query."""
    rows = [it for path, it in agencies.items() if parent_of(path, agencies) == scope and it.valid_to is None]
    points = points_of_month(month.month, [it.path for it in rows]) if rows else {}
    figures = load_publication().figures[:_IN_LIST]
    groups: dict[str, list[dict[str, Any]]] = {}
    for it in sorted(rows, key=lambda row: row.sort_key):
        cells = [
            {"head": _name(one), "text": value_words(one, points.get((it.path, one.code), NOBODY), month)}
            for one in figures
        ]
        groups.setdefault(it.level, []).append({"name": it.name, "code": it.code, "cells": cells})
    names = {
        "ministry": _("Ministries"),
        "province": _("Provinces"),
        "department": _("Departments"),
        "district": _("Districts"),
        "commune": _("Communes and wards"),
    }
    return [{"title": names[level], "rows": groups[level]} for level in names if level in groups]


def _named(code: str, agencies: Mapping[str, Agency]) -> Agency:
    for it in agencies.values():
        if it.code == code:
            return it
    raise Http404


def _find(words: str, agencies: Mapping[str, Agency]) -> list[Agency]:
    """Agencies that are, whose names hold all the words, accents forgiven."""
    terms = fold(words).split()
    found = [
        it for it in agencies.values() if it.valid_to is None and all(term in fold(it.name) for term in terms)
    ]
    return sorted(found, key=lambda it: (len(it.name), it.sort_key))[:_HITS]


def _above(path: str, agencies: Mapping[str, Agency]) -> str:
    above = agencies.get(parent_of(path, agencies))
    return above.name if above else ""


def _name(shown: Shown) -> str:
    return in_language(shown.names, language())


# For programs. Stable addresses; docs/public-figures.md describes them.


@login_not_required
@cache_control(public=True, max_age=300)
@require_safe
def definitions(request: HttpRequest) -> JsonResponse:
    """What the figures mean, in all languages."""
    return JsonResponse(_definitions(), json_dumps_params={"ensure_ascii": False})


@login_not_required
@cache_control(public=True, max_age=300)
@require_safe
def agency_json(request: HttpRequest, code: str) -> JsonResponse:
    scope, name = _scope(code)
    months = list_months()
    points = points_of(scope, months)
    content = _definitions() | {
        "agency": {"code": code, "name": name},
        "months": [_month_json(it, points) for it in months],
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


@login_not_required
@cache_control(public=True, max_age=300)
@require_safe
def agency_csv(request: HttpRequest, code: str) -> StreamingHttpResponse:
    scope, name = _scope(code)
    months = list_months()
    points = points_of(scope, months)
    rows = (
        (code, name, month, shown, points.get((month.month, shown.code), NOBODY))
        for month in months
        for shown in load_publication().figures
    )
    return _download(f"figures-{code}.csv", rows)


@login_not_required
@cache_control(public=True, max_age=300)
@require_safe
def month_csv(request: HttpRequest, month: str) -> StreamingHttpResponse:
    """All agencies of a month. 404 for one that is not published."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise Http404 from error
    row = find_month(first)
    if not row:
        raise Http404
    points, agencies = points_of_month(first), agencies_by_path()
    scopes = [(ALL, ALL_CODE, ""), *((it.path, it.code, it.name) for it in agencies.values())]
    rows = (
        (code, name, row, shown, points.get((scope, shown.code), NOBODY))
        for scope, code, name in scopes
        for shown in load_publication().figures
    )
    return _download(f"figures-{month}.csv", rows)


def _scope(code: str) -> tuple[str, str]:
    if code == ALL_CODE:
        return ALL, ""
    found = _named(code, agencies_by_path())
    return found.path, found.name


def _definitions() -> dict[str, Any]:
    publication = load_publication()
    return {
        "least": publication.least,
        "definitions": [
            {
                "code": it.code,
                "names": dict(it.names),
                "texts": dict(it.texts),
                "unit": it.unit or "dossiers",
                "source": it.source,
            }
            for it in publication.figures
        ],
    }


def _month_json(month: PublishedMonth, points: Mapping[tuple[date, str], Point]) -> dict[str, Any]:
    told = {
        it.code: points.get((month.month, it.code), NOBODY)
        for it in load_publication().figures
        if _is_told(it, month)
    }
    return {
        "month": f"{month.month:%Y-%m}",
        "until": month.until.isoformat(),
        "is_over": is_over(month),
        "position": month.position,
        "published_at": month.published_at.isoformat(),
        "figures": {
            code: {"numerator": it.numerator, "denominator": it.denominator, "hidden": it.is_hidden}
            for code, it in told.items()
        },
    }


def _is_told(shown: Shown, month: PublishedMonth) -> bool:
    return is_over(month) or not shown.whole_months


class _Echo:
    def write(self, text: str) -> str:
        return text


def _download(
    name: str, rows: Iterator[tuple[str, str, PublishedMonth, Shown, Point]]
) -> StreamingHttpResponse:
    """UTF-8 with a mark for spreadsheets; heads and codes are the same in every language."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)


def _csv(rows: Iterator[tuple[str, str, PublishedMonth, Shown, Point]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(
        [
            "agency",
            "agency_name",
            "month",
            "until",
            "figure",
            "unit",
            "value",
            "numerator",
            "denominator",
            "hidden",
        ]
    )
    for code, name, month, shown, point in rows:
        if not _is_told(shown, month):
            continue
        value = number_of(shown, point)
        numbers = ["", ""] if point.is_hidden else [str(point.numerator), str(point.denominator)]
        yield writer.writerow(
            [code, name, f"{month.month:%Y-%m}", month.until.isoformat(), shown.code, shown.unit or "dossiers",
             "" if value is None else str(value), *numbers, "yes" if point.is_hidden else ""]
        )  # fmt: skip
