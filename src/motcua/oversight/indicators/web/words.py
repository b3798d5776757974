"""Figures in words and rows for the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.oversight.indicators.rules.periods import Period, parse_period, period_of
from motcua.oversight.indicators.rules.scoring import HIGHEST, Index, Level, Rules, Total, total
from motcua.oversight.indicators.selectors import Evaluation
from motcua.registry.catalogue.rules.texts import in_language

_QUARTER, _YEAR = 3, 12
# Address of the dossiers behind a figure: index and points, "" for all of it.
Links = Callable[[str, str], str]


def language() -> str:
    return (get_language() or "vi").split("-")[0]


def one_decimal(value: Decimal) -> str:
    return number_format(value, decimal_pos=1)


def words_of(names: Mapping[str, str]) -> str:
    return in_language(names, language())


def period_words(period: Period) -> str:
    if period.months == _YEAR:
        return _("Year %(year)s") % {"year": period.first.year}
    if period.months == _QUARTER:
        return _("Quarter %(quarter)s of %(year)s") % {
            "quarter": (period.first.month + 2) // 3,
            "year": period.first.year,
        }
    return _("Month %(month)s of %(year)s") % {"month": period.first.month, "year": period.first.year}


def period_choices(asked: str = "") -> list[tuple[str, str]]:
    """This quarter and the seven before, the last thirteen months, four years; and the one that was asked for."""
    today = timezone.localdate()
    found = [
        period_of(today, months).shifted(-back)
        for months, count in ((_QUARTER, 8), (1, 13), (_YEAR, 4))
        for back in range(count)
    ]
    if asked and asked not in {it.code for it in found}:
        found.append(parse_period(asked))
    return [(it.code, period_words(it)) for it in found]


def class_rows(found: Evaluation) -> list[dict[str, str]]:
    """Rows for components/fact_list."""
    names = {"early": _("Finished early"), "on_time": _("Finished on time"), "late": _("Finished late")}
    rows = [{"label": _("Dossiers finished"), "value": str(found.dossiers), "half": True}]
    return rows + [{"label": names[it], "value": str(found.classes[it]), "half": True} for it in names]  # type: ignore[return-value]


def index_rows(
    found: Evaluation,
    rules: Rules,
    links: Links,
    *,
    is_part: bool = False,
    published: Evaluation | None = None,
) -> list[dict[str, Any]]:
    """A row for each index that counts: its score, how many dossiers got 2, 1, 0, and where they are."""
    return [_index_row(it, found, links, published) for it in counting(rules, is_part=is_part)]


def counting(rules: Rules, *, is_part: bool) -> list[Index]:
    return [it for it in rules.indices if it.officers or not is_part]


def _index_row(index: Index, found: Evaluation, links: Links, published: Evaluation | None) -> dict[str, Any]:
    score = found.score(index.code)
    mean, before = score.mean, published.score(index.code).mean if published else None
    return {
        "number": index.number,
        "name": words_of(index.names),
        "mean": one_decimal(mean) if mean is not None else "",
        "value": _("%(points)s of 2") % {"points": one_decimal(mean)} if mean is not None else _("no data"),
        "percent": int(mean * 100 / HIGHEST) if mean is not None else 0,
        "dossiers": score.dossiers,
        "url": links(index.code, "") if score.dossiers else "",
        "points": [
            {"points": it.points, "text": words_of(it.texts), "url": links(index.code, str(it.points))}
            for it in index.points
        ],
        "published": one_decimal(before) if before is not None else "",
        "differs": bool(published) and before != mean,
    }


def plot(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows for components/bars: what has data."""
    return [
        {
            "label": f"{it['number']}. {it['name']}",
            "value": it["value"],
            "percent": it["percent"],
            "kind": "most",
        }
        for it in rows
        if it["mean"]
    ]


def total_of(found: Evaluation, rules: Rules, *, is_part: bool = False) -> Total | None:
    levels = rules.officers if is_part else rules.agencies
    return total([found.score(it.code) for it in counting(rules, is_part=is_part)], levels)


def total_words(reached: Total | None) -> dict[str, str]:
    """The total with the most it refers to, and the level, or between which it lies."""
    if reached is None:
        return {"points": _("no data"), "level": "", "note": ""}
    points = _("%(points)s of %(of)s points") % {"points": one_decimal(reached.points), "of": reached.of}
    note = ""
    if reached.of < reached.highest:
        note = _(
            "The law counts up to %(highest)s points; %(missing)s of them belong to indices without data."
        ) % {
            "highest": reached.highest,
            "missing": reached.highest - reached.of,
        }
    return {"points": points, "level": level_words(reached), "note": note}


def level_words(reached: Total) -> str:
    if reached.level:
        return words_of(reached.level.names)
    return _("open: from “%(lowest)s” to “%(highest)s”, as the indices without data turn out") % {
        "lowest": _name(reached.lowest_level),
        "highest": _name(reached.highest_level),
    }


def _name(level: Level) -> str:
    return words_of(level.names)
