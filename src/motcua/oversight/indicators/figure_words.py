"""Figures in words: names, values as people read them, why there is no data."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.oversight.indicators.measures import load_sources
from motcua.oversight.indicators.rules.index766 import Score
from motcua.oversight.indicators.rules.measures import (
    NO_SOURCE,
    NOT_ALONE,
    NOT_DEFINED,
    NOT_FROZEN,
    NOT_KEPT,
    NOT_WHOLE_MONTHS,
    NOTHING_COUNTED,
    Figure,
    half_up,
)
from motcua.registry.catalogue.rules.texts import in_language

WHY: dict[str, str | Promise] = {
    NOTHING_COUNTED: gettext_lazy("Nothing was counted in these days that it could be a share of."),
    NO_SOURCE: gettext_lazy("Nothing here tells it yet."),
    NOT_DEFINED: gettext_lazy("It was not defined yet in these days."),
    NOT_FROZEN: gettext_lazy("How things stood was not kept on that day."),
    NOT_KEPT: gettext_lazy("It is not kept how this was known on a past day."),
    NOT_WHOLE_MONTHS: gettext_lazy("This is told for whole months only."),
    NOT_ALONE: gettext_lazy("This cannot be told of an agency without those below it."),
}
_PERCENT = 100


def language() -> str:
    return (get_language() or "vi").split("-")[0]


def why_words(figure: Figure) -> str:
    """Why a figure has no data, in the active language; "" where it has."""
    missing = load_sources().get(figure.missing)
    return in_language(missing, language()) if missing else str(WHY.get(figure.why, ""))


def value_words(figure: Figure) -> str:
    """ "60.48 %", "3.5 hours", "12.0" in the active language's form; "" without data."""
    rate = figure.rate
    if rate is None:
        return ""
    if figure.measure.unit == "percent":
        return _("%(number)s %%") % {"number": _number(rate * _PERCENT, 2)}
    if figure.measure.unit == "hours":
        return _("%(number)s working hours") % {"number": _number(rate, 1)}
    return _number(rate, 1)


def points_words(points: Fraction) -> str:
    """Two decimals, half upward."""
    return _number(points, 2)


def total_words(score: Score) -> str:
    """How many points of how many, and between which the whole lies while rows have no data."""
    if score.points is None:
        return _("no data")
    known = points_words(score.points)
    if score.points == score.highest:
        return _("%(points)s of %(of)s points") % {"points": known, "of": _plain(score.of)}
    return _(
        "%(points)s of %(of)s points that have data; the whole lies between %(points)s and %(highest)s"
    ) % {
        "points": known,
        "of": _plain(score.of),
        "highest": points_words(score.highest),
    }


def band_words(score: Score) -> str:
    """The band, or those between which it lies while rows have no data."""
    if score.points is None:
        return _("no data")
    if score.band:
        return in_language(score.band.names, language())
    return _("open: from %(lowest)s to %(highest)s") % {
        "lowest": in_language(score.lowest_band.names, language()),
        "highest": in_language(score.highest_band.names, language()),
    }


def _number(number: Fraction, places: int) -> str:
    return number_format(half_up(number, places), decimal_pos=places)


def _plain(number: Fraction) -> str:
    """Maxima: whole, nearly always."""
    return number_format(Decimal(number.numerator) / number.denominator)
