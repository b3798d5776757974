"""Public figures in words and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.foundation.ui.formats import NBSP, format_number
from motcua.oversight.indicators.models import PublishedMonth
from motcua.oversight.indicators.publishing import NOBODY, Point, last_day
from motcua.oversight.indicators.rules.publication import Shown
from motcua.registry.catalogue.rules.texts import in_language, source_words

# Of the chart, in its own units: a column a month above its number.
_WIDTH, _HEIGHT, _COLUMN, _GAP, _FOOT, _HEAD = 420, 170, 35, 6, 22, 20
_TENTH = Decimal("0.1")


def language() -> str:
    return (get_language() or "vi").split("-")[0]


def is_over(month: PublishedMonth) -> bool:
    return month.until >= last_day(month.month)


def number_of(shown: Shown, point: Point) -> Decimal | None:
    """What the chart draws and a table tells: a count, percent, hours or days; None: nothing to tell."""
    if point.numerator is None or not point.denominator:
        return Decimal(0) if not shown.unit and not point.is_hidden else None
    value = Decimal(point.numerator) / point.denominator
    if shown.unit == "percent":
        return (value * 100).quantize(_TENTH, ROUND_HALF_UP)
    return (value / shown.measure.scale).quantize(_TENTH, ROUND_HALF_UP) if shown.measure else value


def value_words(shown: Shown, point: Point, month: PublishedMonth) -> str:
    if shown.whole_months and not is_over(month):
        return _("when the month is over")
    if point.is_hidden:
        return _("too few to show")
    number = number_of(shown, point)
    if number is None:
        return _("no data")
    if not shown.unit:
        return format_number(int(number), language())
    words = _decimal(number)
    if shown.unit == "hours":
        return _("%(count)s working hours") % {"count": words}
    return f"{words}{NBSP}%" if shown.unit == "percent" else words


def figure_context(
    shown: Shown, months: Sequence[PublishedMonth], points: Mapping[tuple[date, str], Point]
) -> dict[str, Any]:
    """A figure over its months: what it says, a chart, and a row a month."""
    told = [(it, points.get((it.month, shown.code), NOBODY)) for it in months]
    rows = [_row(shown, point, month) for month, point in told]
    return {
        "code": shown.code,
        "name": in_language(shown.names, language()),
        "text": in_language(shown.texts, language()),
        "source": source_words(shown.source),
        "is_share": shown.measure is not None,
        "rows": rows[::-1],
        "latest": rows[-1],
        "chart": _chart(shown, told),
        "is_empty": all(number_of(shown, it) is None and not it.is_hidden for _month, it in told),
    }


def _row(shown: Shown, point: Point, month: PublishedMonth) -> dict[str, Any]:
    can_tell = shown.measure and not point.is_hidden and point.denominator
    return {
        "month": f"{month.month:%m/%Y}",
        "is_over": is_over(month),
        "until": month.until,
        "value": value_words(shown, point, month),
        "numerator": format_number(point.numerator or 0, language()) if can_tell else "",
        "denominator": format_number(point.denominator or 0, language()) if can_tell else "",
    }


def _chart(shown: Shown, told: Sequence[tuple[PublishedMonth, Point]]) -> dict[str, Any]:
    """Columns from 0; shares from 0 to 100 %. A dashed frame: too few to show. Light: the month is not over."""
    numbers = [number_of(shown, point) for _month, point in told]
    highest = (
        Decimal(100) if shown.unit == "percent" else max([it for it in numbers if it], default=Decimal(1))
    )
    room = _HEIGHT - _FOOT - _HEAD
    columns: list[dict[str, Any]] = []
    for at, ((month, point), number) in enumerate(zip(told, numbers, strict=True)):
        height = round(room * number / highest) if number is not None else 0
        x = at * _COLUMN + _GAP // 2
        columns.append(
            {
                "x": x,
                "middle": x + (_COLUMN - _GAP) // 2,
                "y": _HEIGHT - _FOOT - height,
                "height": height,
                "label": f"{month.month:%m}",
                "value": _short(number) if number is not None else "",
                "is_hidden": point.is_hidden,
                "is_open": not is_over(month),
            }
        )
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "column": _COLUMN - _GAP,
        "foot": _HEIGHT - _FOOT,
        "label": _HEIGHT - 4,
        "frame": _HEIGHT - _FOOT - 22,
        "columns": [it | {"above": it["y"] - 4} for it in columns],
    }


def _short(number: Decimal) -> str:
    """Fits over a column: "93", "1.2k", "34k"."""
    if number < 1000:
        return f"{number:.0f}"
    return f"{_decimal(number / 1000)}k" if number < 10_000 else f"{number / 1000:.0f}k"


def _decimal(number: Decimal) -> str:
    text = f"{number:.1f}"
    return text if language() == "en" else text.replace(".", ",")
