"""Checks of what a pack declares: measures.yaml and index766.yaml. Pure.

Each finding is (keys and places that lead to what is wrong, why). A file of another shape may raise AttributeError,
KeyError, TypeError or ValueError.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from motcua.oversight.indicators.rules.counts import Count

UNITS = ("percent", "hours", "number")
# Which days a dossier, or what else is counted, belongs to a period by: those on which it was received, finished,
# answered, due; the last day, as things stood at its end; the year until the last day.
DAYS = ("received", "finished", "answered", "due", "state", "year")
# What of the stock can be counted: fields of `tallying.Open`.
STOCKS = ("waiting", "running", "late", "standing", "ready")
CHANNELS = (1, 2, 3)
GROUPS = ("I", "II", "III", "IV", "V")
HUNDRED = 100
_LANGUAGES = {"vi", "en", "de"}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
_ROW = re.compile(r"(?P<group>I{1,3}|IV|V)\.[1-9][a-z]?", re.ASCII)
_OPTIONS = {"count": {"channel", "least"}, "stock": set[str](), "source": {"part"}}
At = tuple[str | int, ...]
Wrong = Iterator[tuple[At, str]]


def lint_measures(content: Mapping[str, Any]) -> Wrong:
    sources = [str(it["code"]) for it in content.get("sources", ())]
    for number, source in enumerate(content.get("sources", ())):
        at: At = ("sources", number)
        yield from _names(at, source, sources)
        yield from _texts(at, source, "missing")
    codes = [str(it["code"]) for it in content["measures"]]
    for number, measure in enumerate(content["measures"]):
        at = ("measures", number)
        yield from _names(at, measure, codes)
        yield from _texts(at, measure, "names", "texts")
        if measure["unit"] not in UNITS:
            yield (*at, "unit"), f"unit is one of {', '.join(UNITS)}, not {measure['unit']}"
        if measure["days"] not in DAYS:
            yield (*at, "days"), f"days is one of {', '.join(DAYS)}, not {measure['days']}"
        if not _is_number(measure.get("scale", 1)):
            yield (*at, "scale"), "scale is a whole number from 1"
        if measure.get("row") and not _ROW.fullmatch(str(measure["row"])):
            yield (*at, "row"), f"{measure['row']} is no row of index 766"
        if not measure["definitions"]:
            yield (*at, "definitions"), "has no definition"
        yield from _validity((*at, "definitions"), measure["definitions"])
        for place, definition in enumerate(measure["definitions"]):
            yield from _definition((*at, "definitions", place), definition, sources)


def lint_index(content: Mapping[str, Any], rows: Mapping[str, str] | None = None) -> Wrong:
    """rows: measure -> its row, of the measures there are; None: not known."""
    yield from _validity(("index",), content["index"])
    for number, index in enumerate(content["index"]):
        at: At = ("index", number)
        if not str(index.get("source") or ""):
            yield at, "names no source of law"
        if tuple(str(it["code"]) for it in index["groups"]) != GROUPS:
            yield (*at, "groups"), f"the groups are, in this order: {', '.join(GROUPS)}"
        total = sum((_points(it["max"]) for it in index["groups"]), Fraction())
        if total != HUNDRED:
            yield (*at, "groups"), f"the groups have {_shown(total)} points in all, not {HUNDRED}"
        seen: Counter[str] = Counter(str(row["code"]) for it in index["groups"] for row in it["rows"])
        for place, group in enumerate(index["groups"]):
            yield from _group((*at, "groups", place), group, seen, rows)
        yield from _bands((*at, "bands"), index["bands"])


def rows_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Measure -> its row, of a measures.yaml."""
    return {str(it["code"]): str(it.get("row") or "") for it in content["measures"]}


def _names(at: At, thing: Mapping[str, Any], codes: Sequence[str]) -> Wrong:
    code = str(thing["code"])
    if not _NAME.fullmatch(code):
        yield (*at, "code"), f"{code}: a code is small letters, figures and underscores"
    if codes.count(code) > 1:
        yield (*at, "code"), f"{code} stands twice"


def _texts(at: At, thing: Mapping[str, Any], *keys: str) -> Wrong:
    for key in keys:
        texts = thing.get(key) or {}
        if set(texts) != _LANGUAGES or not all(isinstance(it, str) and it.strip() for it in texts.values()):
            yield (*at, key), f"{thing.get('code', '')}: {key} must be there in vi, en and de"


def _validity(at: At, rows: Sequence[Mapping[str, Any]]) -> Wrong:
    """Half-open, one at a time, each in any place of the file."""
    for number, row in enumerate(rows):
        begins, ends = row["valid_from"], row["valid_to"]
        if not isinstance(begins, date) or not (ends is None or isinstance(ends, date)):
            yield (*at, number), "valid_from is a day, valid_to a day or null"
            return
        if ends and ends <= begins:
            yield (*at, number, "valid_to"), "ends before it begins"
    ordered = sorted(enumerate(rows), key=lambda it: it[1]["valid_from"])
    for (_, before), (number, after) in pairwise(ordered):
        if before["valid_to"] is None or before["valid_to"] > after["valid_from"]:
            yield (*at, number, "valid_from"), f"two hold on {after['valid_from']}: validity overlaps"


def _definition(at: At, definition: Mapping[str, Any], sources: Collection[str]) -> Wrong:
    if not str(definition.get("source") or ""):
        yield at, "names no source of law"
    if "texts" in definition:
        yield from _texts(at, definition, "texts")
    for name in definition.get("needs", ()):
        if name not in sources:
            yield (*at, "needs"), f"{name} is not among sources"
    for side in ("numerator", "denominator"):
        if not definition[side]:
            yield (*at, side), f"{side} has a term at least"
        for number, term in enumerate(definition[side]):
            if wrong := wrong_term(term):
                yield (*at, side, number), wrong
            elif "source" in term and term["source"] not in sources:
                yield (*at, side, number), f"{term['source']} is not among sources"


def wrong_term(term: Mapping[str, Any]) -> str:
    """What is wrong with a term; "" for nothing."""
    kinds = sorted(set(_OPTIONS) & set(term))
    if len(kinds) != 1:
        return "a term is one of count, stock, source"
    if spare := set(term) - {kinds[0], "sign"} - _OPTIONS[kinds[0]]:
        return f"{', '.join(sorted(spare))} does not go with {kinds[0]}"
    if "count" in term and term["count"] not in set(Count):
        return f"nothing is counted as {term['count']}"
    if "stock" in term and term["stock"] not in STOCKS:
        return f"stock is one of {', '.join(STOCKS)}, not {term['stock']}"
    if "channel" in term and (not _is_number(term["channel"]) or term["channel"] not in CHANNELS):
        return f"channel is 1 counter, 2 online, 3 post, not {term['channel']}"
    if "source" in term and not term.get("part"):
        return f"which part of {term['source']}?"
    if not _is_number(term.get("least", 1)):
        return "least is a whole number from 1"
    return "" if term.get("sign", 1) in {1, -1} else "sign is 1 or -1"


def _group(
    at: At, group: Mapping[str, Any], seen: Mapping[str, int], rows: Mapping[str, str] | None
) -> Wrong:
    yield from _texts(at, group, "names")
    total = sum((_points(it["max"]) for it in group["rows"]), Fraction())
    if total != _points(group["max"]):
        yield (
            (*at, "max"),
            f"{group['code']}: its rows have {_shown(total)} points, the group {group['max']}",
        )
    for number, row in enumerate(group["rows"]):
        here, code = (*at, "rows", number), str(row["code"])
        yield from _texts(here, row, "names")
        found = _ROW.fullmatch(code)
        if not found or found["group"] != str(group["code"]):
            yield (*here, "code"), f"{code} is no row of group {group['code']}"
        if seen[code] > 1:
            yield (*here, "code"), f"{code} stands twice"
        if _points(row["max"]) < 0:
            yield (*here, "max"), "points are 0 or more"
        if not 0 < _points(row.get("full_at", HUNDRED)) <= HUNDRED:
            yield (*here, "full_at"), "full_at is a percentage above 0, of at most 100"
        if rows is not None and row["measure"] not in rows:
            yield (*here, "measure"), f"measures.yaml has no measure {row['measure']}"
        elif rows is not None and rows[row["measure"]] != code:
            yield (*here, "measure"), f"measures.yaml: {row['measure']} is of row {rows[row['measure']]}"
        if not str(row.get("source") or ""):
            yield here, f"{code}: names no source of law"


def _bands(at: At, bands: Sequence[Mapping[str, Any]]) -> Wrong:
    leasts = [_points(it["from"]) for it in bands]
    if leasts != sorted(set(leasts), reverse=True) or leasts[-1:] != [0]:
        yield at, "bands stand best first, the last from 0"
    for number, band in enumerate(bands):
        yield from _texts((*at, number), band, "names")


def _points(value: Any) -> Fraction:
    """Whole, or a decimal in quotes. Raises TypeError, ValueError."""
    if isinstance(value, bool | float):
        raise TypeError(value)
    return Fraction(value)


def _shown(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else str(float(number))


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
