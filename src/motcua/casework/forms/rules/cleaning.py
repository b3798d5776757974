"""What a browser or a program sent for questions, as values. Flat keys: "children-0-full_name".

An item of a repeated question is told by its number, and how many there are by "children-count".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from motcua.foundation.kernel.text import clean, clean_line

from .definition import MOST_ITEMS, Field

Raw = Mapping[str, list[str] | str]
DATE_PARTS = ("year", "month", "day")
DATES = frozenset({"date", "birth_date"})
SEPARATOR = "-"
# Longer than any right answer, so that the check can say "too long" without a draft that grows without bound.
_KEPT = 4000
_MOST_FILES = 10
_TIME = re.compile(r"(\d{1,2})\s*(?::|h|giờ|\.)\s*(\d{0,2})\s*(?:phút|p|uhr)?", re.IGNORECASE | re.ASCII)
# As long as a slip of the hand is: too large a number is told its range, what is longer is no number.
_MOST_DIGITS = 40
_NUMBER = re.compile(rf"-?\d{{1,{_MOST_DIGITS}}}", re.ASCII)
# One or two figures after the sign are a fraction, three a group: "120,5", "1.200", "1.200,50".
_FRACTION = re.compile(r"(-?\d{1,3}(?:[., ]?\d{3})*|-?\d{1,9})(?:[.,](\d{1,2}))?", re.ASCII)
_MONEY = re.compile(
    r"(\d{1,15}|\d{1,3}(?:[., ]\d{3}){1,4})\s*(?:đ|₫|đồng|vnd|vnđ)?", re.IGNORECASE | re.ASCII
)
_DIGITS = frozenset({"phone", "personal_number"})
_SEPARATORS = re.compile(r"[\s.\-]+")


def key_of(*parts: str | int) -> str:
    """("children", 0, "full_name") -> "children-0-full_name"."""
    return SEPARATOR.join(map(str, parts))


def clean_fields(fields: Iterable[Field], raw: Raw, prefix: str = "") -> dict[str, Any]:
    """The answers to these questions, unanswered ones left out."""
    found = {item.name: clean_value(item, raw, f"{prefix}{item.name}") for item in fields}
    return {name: value for name, value in found.items() if value is not None}


def clean_value(item: Field, raw: Raw, key: str) -> Any:
    """One answer, None for none. Never raises for text; cleaning twice changes nothing."""
    match item.kind:
        case "calculated":
            return None
        case "repeated":
            items = (
                clean_fields(item.fields, raw, f"{key}{SEPARATOR}{position}{SEPARATOR}")
                for position in range(item_count(key, raw))
            )
            return [it for it in items if it] or None
        case _ if item.fields:
            return clean_fields(item.fields, raw, f"{key}{SEPARATOR}") or None
        case "file" if item.several:
            return [clean_line(it)[:_KEPT] for it in _all(raw, key) if it][:_MOST_FILES] or None
    return _clean_leaf(item, raw, key)


def item_count(key: str, raw: Raw) -> int:
    """How many items of a repeated question were sent, those left empty included; at most MOST_ITEMS + 1."""
    count = one(raw, key_of(key, "count"))
    if count.isascii() and count.isdecimal():
        return min(int(count[:9]), MOST_ITEMS + 1)
    numbers = [
        found[1] for found in map(re.compile(rf"{re.escape(key)}-(\d{{1,4}})-.+").fullmatch, raw) if found
    ]
    return min(max(map(int, numbers), default=-1), MOST_ITEMS) + 1


def flat(key: str, value: Any) -> dict[str, list[str]]:
    """A stored answer as a browser would send it again."""
    if isinstance(value, Mapping):
        return {
            name: text for part, it in value.items() for name, text in flat(key_of(key, part), it).items()
        }
    if isinstance(value, list) and all(isinstance(it, Mapping) for it in value):
        sent = {key_of(key, "count"): [str(len(value))]}
        for position, it in enumerate(value):
            sent |= flat(key_of(key, position), it)
        return sent
    return {key: [str(it) for it in (value if isinstance(value, list) else [value])]}


def answer_at(answers: Any, key: str) -> Any:
    """The stored answer under a flat key: "children-0-who" -> the object; None where nothing is."""
    for part in key.split(SEPARATOR):
        if isinstance(answers, list):
            answers = answers[int(part)] if part.isdecimal() and int(part) < len(answers) else None
        else:
            answers = answers.get(part) if isinstance(answers, Mapping) else None
    return answers


def date_parts(value: Any) -> dict[str, str]:
    """ "2026-03-05" -> {"year": "2026", "month": "03", "day": "05"}; also what was typed of a wrong date."""
    parts = [*str(value or "").split("-"), "", "", ""][:3]
    return dict(zip(DATE_PARTS, parts, strict=True))


def one(raw: Raw, key: str) -> str:
    """The last value sent under a key, on one line; "" for none."""
    return clean_line((_all(raw, key) or [""])[-1])


def _all(raw: Raw, key: str) -> list[str]:
    value = raw.get(key, "")
    return value if isinstance(value, list) else [value]


def _clean_leaf(item: Field, raw: Raw, key: str) -> Any:
    text = _text(item, raw, key)
    match item.kind:
        case "checkbox":
            return True if text else None
        case "number":
            return _clean_number(item, text) if text else None
        case "money":
            found = _MONEY.fullmatch(text)
            return int(re.sub(r"\D", "", found[1])) if found else text or None
        case "time":
            return _clean_time(text) or None
        case kind if kind in _DIGITS:
            plain = _SEPARATORS.sub("", text)
            return (plain if plain.removeprefix("+").isdecimal() else text) or None
        case kind if kind in DATES:
            return _clean_date(raw, key, text) or None
    return text or None


def _text(item: Field, raw: Raw, key: str) -> str:
    text = (_all(raw, key) or [""])[-1]
    cleaned = clean(text) if item.kind == "textarea" else clean_line(text)
    return cleaned[:_KEPT].rstrip()


def _clean_number(item: Field, text: str) -> int | float | str:
    if not item.fractions:
        return int(text) if _NUMBER.fullmatch(text) else text
    found = _FRACTION.fullmatch(text)
    if not found:
        return text
    whole = re.sub(r"[., ]", "", found[1])
    if (digits := len(whole.lstrip("-"))) > _MOST_DIGITS:
        return text
    if digits > 12:
        return int(whole)  # too large for any question; as it was typed, which a float is not
    value = float(f"{whole}.{found[2] or 0}")
    return int(value) if value.is_integer() else value


def _clean_date(raw: Raw, key: str, text: str) -> str:
    if text:
        return text
    parts = [one(raw, f"{key}_{part}").replace("-", "")[:20] for part in DATE_PARTS]
    if not any(parts):
        return ""
    year, month, day = parts
    return f"{year}-{_two_digits(month)}-{_two_digits(day)}"


def _two_digits(part: str) -> str:
    return part.zfill(2) if part.isdecimal() else part


def _clean_time(text: str) -> str:
    """ "6:25", "6h25", "6 giờ 25 phút", "6 giờ" -> "06:25", "06:00"."""
    found = _TIME.fullmatch(text)
    return f"{int(found[1]):02d}:{found[2] or '0':0>2}" if found else text
