"""Answers: a dictionary, field name -> value, kept by whoever owns the draft or dossier.

Values are texts; dates are "2026-03-05" and times "06:25" once they are right (a wrong one is kept as typed,
to be shown again), numbers are int, a ticked checkbox is True, a file is the id under which the caller stored
it. Unanswered means absent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from motcua.foundation.kernel.text import clean, clean_line

from .definition import Answers, Condition, Field, FormDefinition, Page

DATE_PARTS = ("year", "month", "day")
DATES = frozenset({"date", "birth_date"})
# Longer than any right answer, so that the check can say "too long" without a draft that grows without bound.
_KEPT = 4000
_TIME = re.compile(r"(\d{1,2})\s*(?::|h|giờ|\.)\s*(\d{0,2})\s*(?:phút|p|uhr)?", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"-?\d{1,9}", re.ASCII)
_DIGITS = frozenset({"phone", "personal_number"})
_SEPARATORS = re.compile(r"[\s.\-]+")

Raw = Mapping[str, list[str] | str]


def clean_answers(definition: FormDefinition, page: Page, raw: Raw) -> dict[str, Any]:
    """The answers of one page out of what a browser or a program sent; what the page hides is dropped.

    raw: as of `QueryDict.lists()`, or plain texts; dates as `<name>_day`, `<name>_month`, `<name>_year`, or
    as one text. Conditions that look at other pages are left to `apply_page`. Never raises for text; cleaning
    twice changes nothing.
    """
    found = {item.name: _clean_value(item, raw) for item in page.fields}
    answers = {name: value for name, value in found.items() if value is not None}
    local = {item.name for item in page.fields}
    for item in page.fields:
        if not _holds([it for it in item.show_if if it.field in local], answers):
            answers.pop(item.name, None)
    return answers


def apply_page(
    definition: FormDefinition, page: Page, answers: Answers, raw: Raw, claims: Mapping[str, str]
) -> dict[str, Any]:
    """All answers after one page was sent in: its own replaced, what is known put in, the hidden dropped.

    A file that was not sent again stays. claims: what eID says about the person ("eid.name" -> value).
    """
    replaced = {item.name for item in page.fields if item.kind != "file"}
    kept = {name: value for name, value in answers.items() if name not in replaced}
    merged = visible_answers(definition, kept | clean_answers(definition, page, raw))
    known = known_answers(definition, merged, claims)
    # Who turns out to be the father must not stay in the mother's place.
    for name, value in known_answers(definition, answers, claims).items():
        if name not in known and merged.get(name) == value:
            del merged[name]
    return visible_answers(definition, merged | known)


def visible_answers(definition: FormDefinition, answers: Answers) -> dict[str, Any]:
    """Only answers to questions that are asked under these answers, in the order of the form."""
    shown: dict[str, Any] = {}
    for item in definition.fields.values():
        value = answers.get(item.name)
        if value is None or (item.show_if and not _holds(item.show_if, shown)):
            continue
        if not item.options or not _hidden_option(item, value, shown):
            shown[item.name] = value
    return shown


def is_visible(item: Field, answers: Answers) -> bool:
    """Whether the question is asked. answers: already `visible_answers`."""
    return _holds(item.show_if, answers)


def visible_options(item: Field, answers: Answers) -> list[tuple[str, Mapping[str, str]]]:
    """Values and labels of the options offered under these answers."""
    return [(option.value, option.label) for option in item.options if _holds(option.show_if, answers)]


def known_answers(definition: FormDefinition, answers: Answers, claims: Mapping[str, str]) -> dict[str, Any]:
    """What need not be asked because a claim gives it: shown with its source, taken from no browser."""
    shown = visible_answers(definition, answers)
    known: dict[str, Any] = {}
    for item in definition.fields.values():
        if item.known_if is None or not _holds((*item.show_if, *item.known_if), shown | known):
            continue
        if value := clean_line(claims.get(item.prefill, "")):
            known[item.name] = value
    return known


def suggestion(item: Field, answers: Answers, claims: Mapping[str, str]) -> Any:
    """What stands in the box before anything is typed, None for nothing."""
    if item.prefill.startswith("answers."):
        return answers.get(item.prefill.removeprefix("answers."))
    return claims.get(item.prefill) or None


def compute(definition: FormDefinition, answers: Answers) -> dict[str, str]:
    """The computed values of a form; one whose sources are unanswered is ""."""
    return compute_shown(definition, visible_answers(definition, answers))


def compute_shown(definition: FormDefinition, shown: Answers) -> dict[str, str]:
    """`compute` for answers that are `visible_answers` already."""
    values: dict[str, Any] = dict(shown)
    computed: dict[str, str] = {}
    for item in definition.computed:
        sources = [str(values.get(name, "")) for name in item.sources]
        match item.rule:
            case "first_word_of":
                result = sources[0].partition(" ")[0]
            case "choose":
                chosen = dict(zip(item.values, sources, strict=True))
                result = chosen.get(str(values.get(item.by)), "")
            case "join":
                result = " ".join(filter(None, sources))
        values[item.name] = computed[item.name] = result
    return computed


def date_parts(value: Any) -> dict[str, str]:
    """ "2026-03-05" -> {"year": "2026", "month": "03", "day": "05"}; also what was typed of a wrong date."""
    parts = [*str(value or "").split("-"), "", "", ""][:3]
    return dict(zip(DATE_PARTS, parts, strict=True))


def _holds(conditions: tuple[Condition, ...] | list[Condition], answers: Answers) -> bool:
    return all(condition.holds(answers) for condition in conditions)


def _hidden_option(item: Field, value: Any, answers: Answers) -> bool:
    return any(option.value == value and not _holds(option.show_if, answers) for option in item.options)


def _clean_value(item: Field, raw: Raw) -> Any:
    text = _text(item, raw)
    match item.kind:
        case "checkbox":
            return True if text else None
        case "number":
            return int(text) if _NUMBER.fullmatch(text) else text or None
        case "time":
            return _clean_time(text) or None
        case kind if kind in _DIGITS:
            plain = _SEPARATORS.sub("", text)
            return (plain if plain.removeprefix("+").isdecimal() else text) or None
        case kind if kind in DATES:
            return _clean_date(item, raw, text) or None
    return text or None


def _text(item: Field, raw: Raw) -> str:
    value = raw.get(item.name, "")
    text = (value[-1] if value else "") if isinstance(value, list) else value
    cleaned = clean(text) if item.kind == "textarea" else clean_line(text)
    return cleaned[:_KEPT].rstrip()


def _clean_date(item: Field, raw: Raw, text: str) -> str:
    if text:
        return text
    parts = [_date_part(raw.get(f"{item.name}_{part}", "")) for part in DATE_PARTS]
    if not any(parts):
        return ""
    year, month, day = parts
    return f"{year}-{_two_digits(month)}-{_two_digits(day)}"


def _date_part(value: list[str] | str) -> str:
    text = (value[-1] if value else "") if isinstance(value, list) else value
    return clean_line(text).replace("-", "")[:20]


def _two_digits(part: str) -> str:
    return part.zfill(2) if part.isdecimal() else part


def _clean_time(text: str) -> str:
    """ "6:25", "6h25", "6 giờ 25 phút", "6 giờ" -> "06:25", "06:00"."""
    found = _TIME.fullmatch(text)
    return f"{int(found[1]):02d}:{found[2] or '0':0>2}" if found else text
