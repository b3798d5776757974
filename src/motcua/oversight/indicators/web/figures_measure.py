"""One figure: what it means, how it went from day to day, and what it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import sort_key
from motcua.foundation.ui.formats import format_date
from motcua.oversight.indicators.breaking import By, Seen, breakdown
from motcua.oversight.indicators.measuring import figures, measure_named
from motcua.oversight.indicators.policies import EVALUATING
from motcua.oversight.indicators.rules.charts import draw
from motcua.oversight.indicators.rules.measures import COUNT, NO_SOURCE, Figure, Measure
from motcua.oversight.indicators.rules.spans import Kind, span_of
from motcua.oversight.indicators.tallying import Days
from motcua.oversight.indicators.web.figures import dossiers_url, frame, tile
from motcua.oversight.indicators.web.figures_asking import Asked, FiguresForm, read_asked
from motcua.oversight.indicators.web.figures_csv import (
    download,
    head_lines,
    measure_lines,
    value_cells,
    value_heads,
)
from motcua.oversight.indicators.web.figures_words import (
    CHANNELS,
    amount_of,
    amount_words,
    name_of,
    shown_number,
    value_words,
    why_words,
)
from motcua.oversight.indicators.web.words import language, words_of
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.offers.selectors import names_of
from motcua.registry.organisations.selectors import names_at

# Rows of a page; the rest is in the table for spreadsheets.
PAGE = 100
SORTS = ("name", "value", "numerator", "denominator")
_DAYS_BACK = 30
BREAKDOWNS = (By.AGENCY, By.PROCEDURE, By.SECTOR, By.CHANNEL)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a breakdown. `url`: deeper; `dossiers`: addresses of what is counted and of how many, ""."""

    key: str
    name: str
    figure: Figure
    url: str = ""
    dossiers: tuple[str, str] = ("", "")


@role_required(*EVALUATING)
@never_cache
@require_safe
def measure(request: ActingRequest, code: str) -> HttpResponse:
    """Raises NotFound for no such figure."""
    measured = _measure(code)
    form = FiguresForm(request.actor, request.GET.dict())
    context: dict[str, Any] = {"form": form, "agency": form.agency, "name": name_of(measured), "code": code}
    if not form.is_valid():
        return render(request, "indicators/figures_measure.html", context, status=422)
    asked = form.asked
    now, days = _figure(measured, asked), asked.days_before
    before = _figure(measured, asked, days) if days else None
    context |= {"tile": tile(asked, now, before), **frame(request, asked)}
    if measured.is_tallied and now.why != NO_SOURCE:
        by, sort = _by(request, asked), _sort(request)
        found, why = lines_of(measured, asked, by)
        ordered = in_order(found, sort)
        context |= {
            "series": _series(measured, asked),
            "tabs": _tabs(asked, by),
            "by": by,
            "why": why,
            "heads": _heads(asked, measured, by, sort),
            "rows": _rows(ordered[:PAGE], measured),
            "total": len(ordered),
            "left": max(len(ordered) - PAGE, 0),
            "is_count": measured.unit == COUNT,
            "csv_time": f"{reverse('figures:measure-csv', args=[code])}?{asked.query(by=_step(asked))}",
            "csv_by": f"{reverse('figures:measure-csv', args=[code])}?{asked.query(by=by)}",
        }
    return render(request, "indicators/figures_measure.html", context)


@role_required(*EVALUATING)
@never_cache
@require_safe
def measure_csv(request: ActingRequest, code: str) -> HttpResponseBase:
    """A breakdown, or the figure by day or month, with its definition."""
    measured, asked = _measure(code), read_asked(request.actor, request.GET)
    if not measured.is_tallied or request.GET.get("by", "") not in set(By):
        raise NotFound
    by, whole = By(request.GET["by"]), _figure(measured, asked)
    if whole.why == NO_SOURCE:
        raise NotFound
    lines = [*head_lines(asked), *measure_lines(asked, whole)]
    lines.append([_("Key"), _("Name"), *value_heads(), _("Why there is no data")])
    if by in {By.DAY, By.MONTH}:
        found = [Line(day.isoformat(), _day_words(day, by), it) for day, it in _timeline(measured, asked, by)]
    else:
        found = in_order(lines_of(measured, asked, by)[0], "name")
    lines += [[it.key, it.name, *value_cells(it.figure), why_words(it.figure)] for it in found]
    return download(f"{code}-{by}-{asked.agency.code}-{asked.span.code}", lines)


def _measure(code: str) -> Measure:
    try:
        return measure_named(code)
    except KeyError as error:
        raise NotFound from error


def _figure(measure: Measure, asked: Asked, days: Days | None = None) -> Figure:
    codes = [measure.code]
    return figures(
        asked.scope, days or asked.days, codes=codes, known_on=asked.known_on, is_own=asked.is_own
    )[0]


def _seen(asked: Asked) -> Seen:
    return Seen(asked.scope, asked.known_on, asked.is_own)


def _step(asked: Asked) -> By:
    return By.MONTH if asked.span.kind is Kind.YEAR else By.DAY


def _timeline(measure: Measure, asked: Asked, by: By) -> list[tuple[date, Figure]]:
    """A figure for each day of the period until today (of a single day: with the thirty before), or for each month."""
    days = asked.days
    if asked.span.kind is Kind.DAY:
        days = Days(days.first - timedelta(days=_DAYS_BACK), days.until)
    found = breakdown(_seen(asked), days, measure.code, by)
    return found[:1] + [it for it in found[1:] if it[0] <= timezone.localdate()]


def _series(measure: Measure, asked: Asked) -> dict[str, Any]:
    """The drawing over time, its words, and the same as rows."""
    by = _step(asked)
    found = _timeline(measure, asked, by)
    labels = [f"{_day_words(day, by)}: {value_words(it)}" for day, it in found]
    is_line, unit = measure.unit != COUNT, measure.unit
    chart = draw([amount_of(it) for _day, it in found], labels, is_line=is_line, is_percent=unit == "percent")
    return {
        "chart": chart,
        "is_line": is_line,
        "top": amount_words(chart.top, unit),
        "middle": amount_words(chart.middle, unit) if is_line or chart.middle % 1 == 0 else "",
        "bottom": amount_words(Decimal(0), unit),
        "ends": [_short(found[place][0], by) for place in (0, len(found) // 2, -1)],
        "title": _("%(name)s, by month") % {"name": name_of(measure)}
        if by is By.MONTH
        else _("%(name)s, by day") % {"name": name_of(measure)},
        "rows": [
            {
                "name": _day_words(day, by),
                "url": _deeper(measure, asked, day, by),
                "value": value_words(it),
                "numerator": shown_number(it.numerator or 0),
                "denominator": shown_number(it.denominator or 0),
            }
            for day, it in found
        ],
        "is_month": by is By.MONTH,
    }


def _deeper(measure: Measure, asked: Asked, day: date, by: By) -> str:
    span = span_of(day, Kind.MONTH if by is By.MONTH else Kind.DAY)
    return f"{reverse('figures:measure', args=[measure.code])}?{replace(asked, span=span).query()}"


def _day_words(day: date, by: By) -> str:
    return f"{day:%m/%Y}" if by is By.MONTH else format_date(day, language(), weekday=False)


def _short(day: date, by: By) -> str:
    return _day_words(day, by) if by is By.MONTH else format_date(day, language(), weekday=False, year=False)


def _by(request: ActingRequest, asked: Asked) -> By:
    text = request.GET.get("by", "")
    if text in BREAKDOWNS:
        return By(text)
    return By.CHANNEL if asked.is_own else By.AGENCY


def _sort(request: ActingRequest) -> str:
    text = request.GET.get("sort", "")
    return text if text.removeprefix("-") in SORTS else "-numerator"


def lines_of(measure: Measure, asked: Asked, by: By) -> tuple[list[Line], str]:
    """The rows of a breakdown, and why there are none."""
    if by in {By.PROCEDURE, By.SECTOR} and not asked.span.has_whole_months:
        return [], _("Procedures are counted by whole months: choose a month, a quarter or a year.")
    if by in {By.PROCEDURE, By.SECTOR} and asked.known_on:
        return [], _("Procedures are kept as they are known now only.")
    found = breakdown(_seen(asked), asked.days, measure.code, by)
    names = _names(by, asked, [key for key, _figure in found])
    return [_line(measure, asked, by, it, names[it[0]]) for it in found], ""


def _names(by: By, asked: Asked, keys: Sequence[Any]) -> Mapping[Any, str]:
    """Of what a figure is broken down by. One query, for agencies and procedures."""
    if by is By.CHANNEL:
        return {it: str(CHANNELS[it]) for it in keys}
    if by is By.SECTOR:
        return {it: it or _("no longer in the catalogue") for it in keys}
    if by is By.PROCEDURE:
        known = names_of(keys)
        return {it: words_of(known[it]) if it in known else it for it in keys}
    alone = _("%(agency)s alone") % {"agency": asked.agency.name}
    return {**names_at(keys), asked.scope: alone}


def _line(measure: Measure, asked: Asked, by: By, found: tuple[Any, Figure], name: str) -> Line:
    key, figure = found
    if by is By.AGENCY:
        more = {"agency": key, "own": "1" if key == asked.scope else ""}
        url = f"{reverse('figures:measure', args=[measure.code])}?{asked.query(**more)}"
        return Line(key, name, figure, url, _dossiers(measure, asked, figure, **more))
    # Dossiers of procedures that are no longer in the catalogue lie in no sector.
    dossiers = _dossiers(measure, asked, figure, **{by: key}) if key else ("", "")
    return Line(str(key), name, figure, dossiers=dossiers)


def _dossiers(measure: Measure, asked: Asked, figure: Figure, **more: object) -> tuple[str, str]:
    if measure.unit == COUNT:
        return (dossiers_url(asked, count=measure.code, **more) if figure.numerator else "", "")
    top, bottom = (
        dossiers_url(asked, measure=measure.code, part=part, **more) if number else ""
        for part, number in (("numerator", figure.numerator), ("denominator", figure.denominator))
    )
    return top, bottom


def in_order(lines: Sequence[Line], sort: str) -> list[Line]:
    """By a column of `SORTS`, "-" in front: the greatest first; without data last, equal ones by name."""
    column, is_down = sort.removeprefix("-"), sort.startswith("-")
    named = sorted(lines, key=lambda it: sort_key(it.name), reverse=is_down and column == "name")
    if column == "name":
        return named
    known = [it for it in named if _of_column(it.figure, column) is not None]
    known.sort(key=lambda it: _of_column(it.figure, column) or Decimal(0), reverse=is_down)
    return known + [it for it in named if _of_column(it.figure, column) is None]


def _of_column(figure: Figure, column: str) -> Decimal | None:
    if column == "value":
        return amount_of(figure)
    number = figure.numerator if column == "numerator" else figure.denominator
    return None if number is None else Decimal(number)


def _tabs(asked: Asked, by: By) -> list[dict[str, Any]]:
    names = {
        By.AGENCY: _("By agency"),
        By.PROCEDURE: _("By procedure"),
        By.SECTOR: _("By sector"),
        By.CHANNEL: _("By way of submission"),
    }
    return [
        {"text": names[it], "url": f"?{asked.query(by=it)}#breakdown", "current": it is by}
        for it in BREAKDOWNS
    ]


def _heads(asked: Asked, measure: Measure, by: By, sort: str) -> list[dict[str, str]]:
    """Columns that can be ordered by, each with the address that does so, the other way when it does already."""
    named = {
        By.AGENCY: _("Agency"),
        By.PROCEDURE: _("Procedure"),
        By.SECTOR: _("Sector"),
        By.CHANNEL: _("Way"),
    }
    names = {
        "name": named[by],
        "value": _("Value"),
        "numerator": _("Dossiers") if measure.unit == COUNT else _("Counted"),
        "denominator": _("Of how many"),
    }
    shown = ("name", "numerator") if measure.unit == COUNT else SORTS
    heads = []
    for column in shown:
        first = column if column == "name" else f"-{column}"
        other = f"-{column}" if first == column else column
        is_here = sort.removeprefix("-") == column
        heads.append(
            {
                "name": names[column],
                "url": f"?{asked.query(by=by, sort=other if sort == first else first)}#breakdown",
                "order": ("descending" if sort.startswith("-") else "ascending") if is_here else "",
            }
        )
    return heads


def _rows(lines: Sequence[Line], measure: Measure) -> list[dict[str, Any]]:
    amounts = [amount_of(it.figure) for it in lines]
    highest = (
        Decimal(100) if measure.unit == "percent" else max((it for it in amounts if it), default=Decimal(1))
    )
    return [
        {
            "name": it.name,
            "url": it.url,
            "dossiers": it.dossiers[0],
            "of_dossiers": it.dossiers[1],
            "value": value_words(it.figure),
            "why": why_words(it.figure),
            "percent": min(int(100 * amount / highest), 100) if amount else 0,
            "numerator": shown_number(it.figure.numerator or 0),
            "denominator": shown_number(it.figure.denominator or 0),
        }
        for it, amount in zip(lines, amounts, strict=True)
    ]
