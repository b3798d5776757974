"""What `motcua indicators show` prints of measures and of index 766: lines for people, values for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from motcua.oversight.indicators.figure_words import (
    band_words,
    language,
    points_words,
    total_words,
    value_words,
    why_words,
)
from motcua.oversight.indicators.rules.index766 import Score
from motcua.oversight.indicators.rules.measures import Figure, half_up
from motcua.registry.catalogue.rules.texts import in_language

# Of values in JSON: enough to tell any two rates of a nation's year apart.
_PLACES = 12
Broken = list[tuple[Any, Figure]]


def figure_facts(figure: Figure) -> dict[str, Any]:
    """Exact numbers; `value`: text, in the unit (1 is 100 %), null without data."""
    return {
        "code": figure.measure.code,
        "row": figure.measure.row,
        "unit": figure.measure.unit,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "value": _text(figure.rate, _PLACES),
        "why": figure.why,
        "missing": figure.missing,
        "first": _day(figure.first),
        "until": _day(figure.until),
        "source": figure.source,
        "parts": [
            {
                "first": _day(it.first),
                "until": _day(it.until),
                "numerator": it.numerator,
                "denominator": it.denominator,
                "source": it.definition.source,
            }
            for it in figure.parts
        ],
    }


def broken_facts(rows: Broken) -> list[dict[str, Any]]:
    return [{"key": _key(key), **figure_facts(it)} for key, it in rows]


def figure_lines(figure: Figure) -> Iterator[str]:
    """The figure, what it says and from where; each stretch where the definition changed."""
    name = in_language(figure.measure.names, language())
    row = f"{figure.measure.row} " if figure.measure.row else ""
    yield f"{row}{name} ({figure.measure.code}): {_shown(figure)}"
    yield f"    {in_language(figure.texts, language())} [{figure.source}]"
    for part in figure.parts:
        yield f"    {part.first} – {part.until}: {part.numerator} / {part.denominator} [{part.definition.source}]"


def broken_lines(rows: Broken) -> Iterator[str]:
    for key, figure in rows:
        yield f"    {_key(key)}: {_shown(figure)}"


def index_facts(score: Score) -> dict[str, Any]:
    """Points as texts with two decimals, half upward; null without data."""
    return {
        "points": _text(score.points, 2),
        "of": _text(score.of, 2),
        "highest": _text(score.highest, 2),
        "band": score.band.code if score.band else None,
        "lowest_band": score.lowest_band.code,
        "highest_band": score.highest_band.code,
        "source": score.index.source,
        "groups": [
            {
                "code": it.group.code,
                "max": _text(it.group.max, 2),
                "points": _text(it.points, 2),
                "of": _text(it.of, 2),
                "rows": [
                    {
                        **figure_facts(row.figure),
                        "row": row.row.code,
                        "max": _text(row.row.max, 2),
                        "points": _text(row.points, 2),
                    }
                    for row in it.rows
                ],
            }
            for it in score.groups
        ],
    }


def index_lines(score: Score) -> Iterator[str]:
    for group in score.groups:
        names = in_language(group.group.names, language())
        yield f"{group.group.code}. {names}: {_of(group.points, group.group.max)}"
        for row in group.rows:
            name = in_language(row.row.names, language())
            yield f"    {row.row.code} {name}: {_of(row.points, row.row.max)} · {_shown(row.figure)}"
    yield _("Total: %(points)s") % {"points": total_words(score)}
    yield _("Band: %(band)s") % {"band": band_words(score)}


def _of(points: Fraction | None, most: Fraction) -> str:
    return f"{_('no data') if points is None else points_words(points)} / {points_words(most)}"


def _shown(figure: Figure) -> str:
    if figure.rate is None:
        return f"{_('no data')}. {why_words(figure)}"
    return f"{value_words(figure)} ({figure.numerator} / {figure.denominator})"


def _text(number: Fraction | None, places: int) -> str | None:
    return None if number is None else str(half_up(number, places))


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _key(key: Any) -> str:
    return key.isoformat() if isinstance(key, date) else str(key)
