"""Figures as tables for spreadsheets: what they are of and what they mean stands above and beside them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from motcua.foundation.kernel.text import inert
from motcua.oversight.indicators.rules.measures import COUNT, Figure
from motcua.oversight.indicators.web.figures_asking import Asked, span_words
from motcua.oversight.indicators.web.figures_words import (
    amount_of,
    definition_rows,
    name_of,
    text_of,
    why_words,
)

Cell = str | int
Lines = list[Sequence[Cell]]


def download(name: str, lines: Iterable[Sequence[Cell]]) -> HttpResponse:
    """UTF-8 with a mark for spreadsheets."""
    text = StringIO()
    csv.writer(text).writerows([_safe(it) for it in line] for line in lines)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def head_lines(asked: Asked) -> Lines:
    """Whose figures, of which days, known when."""
    extent = _("the agency alone") if asked.is_own else _("with all agencies below")
    lines: Lines = [
        [_("Agency"), asked.agency.name, asked.agency.code, extent],
        [
            pgettext("figure", "Period"),
            span_words(asked.span),
            asked.span.first.isoformat(),
            asked.span.last.isoformat(),
        ],
    ]
    if asked.known_on:
        lines.append([_("As it was known on"), asked.known_on.isoformat()])
    return lines


def measure_lines(asked: Asked, figure: Figure) -> Lines:
    """What a measure means in the period, a line for each definition, and an empty line after them."""
    measure = figure.measure
    lines: Lines = [[_("Figure"), name_of(measure), text_of(measure)]]
    for it in definition_rows(measure, asked.span.first, asked.span.until):
        lines.append([_("Definition"), it["numerator"], it["denominator"], it["source"]])
    return [*lines, []]


def figure_heads() -> list[str]:
    return [
        _("Code"),
        _("Figure"),
        _("Value"),
        _("Unit"),
        _("Numerator"),
        _("Denominator"),
        _("What it says"),
        pgettext("figure", "Source"),
        _("Why there is no data"),
    ]


def figure_cells(figure: Figure, asked: Asked) -> list[Cell]:
    measure = figure.measure
    sources = [it["source"] for it in definition_rows(measure, asked.span.first, asked.span.until)]
    return [
        measure.code,
        name_of(measure),
        *value_cells(figure),
        text_of(measure),
        "; ".join(dict.fromkeys(it for it in sources if it)),
        why_words(figure),
    ]


def value_heads() -> list[str]:
    return [_("Value"), _("Unit"), _("Numerator"), _("Denominator")]


def value_cells(figure: Figure) -> list[Cell]:
    """Value with a decimal point, unit, numerator, denominator; empty what nothing tells."""
    amount = amount_of(figure)
    return [
        "" if amount is None else str(amount),
        figure.measure.unit,
        "" if figure.numerator is None else figure.numerator,
        "" if figure.denominator is None or figure.measure.unit == COUNT else figure.denominator,
    ]


def _safe(cell: Cell) -> Cell:
    return inert(cell) if isinstance(cell, str) and not _is_number(cell) else cell


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()
