"""Answers: a dictionary, field name -> value, kept by whoever owns the draft or dossier.

Values are texts; dates are "2026-03-05" and times "06:25" once they are right (a wrong one is kept as typed,
to be shown again), numbers are int or float, amounts int in đồng, a ticked checkbox is True, a file is the id under
which the caller stored it (several: a list of ids). A person or address is an object of its parts, a repeated
question a list of such objects. Unanswered means absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from motcua.foundation.kernel.conditions import all_hold
from motcua.foundation.kernel.text import clean_line

from .cleaning import Raw, clean_fields, key_of
from .computing import compute_shown
from .definition import BLOCKS, Answers, Condition, Field, FormDefinition, Page


def clean_answers(definition: FormDefinition, page: Page, raw: Raw) -> dict[str, Any]:
    """The answers of one page out of what a browser or a program sent; what the page hides is dropped.

    raw: as of `QueryDict.lists()`, or plain texts; dates as `<name>_day`, `<name>_month`, `<name>_year`, or
    as one text. Conditions that look at other pages are left to `apply_page`. Never raises for text; cleaning
    twice changes nothing.
    """
    answers = clean_fields(page.fields, raw)
    local = {item.name for item in page.fields}
    for item in page.fields:
        if not all_hold(tuple(it for it in item.show_if if it.field in local), answers):
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
        if name not in known and name in merged:
            merged[name] = _without(merged[name], value)
    return visible_answers(definition, with_known(merged, known))


def visible_answers(definition: FormDefinition, answers: Answers) -> dict[str, Any]:
    """Only answers to questions that are asked under these answers, in the order of the form."""
    shown: dict[str, Any] = {}
    for item in definition.fields.values():
        value = answers.get(item.name)
        if value is None or item.kind == "calculated" or not is_visible(definition, item, shown):
            continue
        value = _visible_value(item, value, shown)
        if not _is_empty(value):
            shown[item.name] = value
    return shown


def is_visible(definition: FormDefinition, item: Field, answers: Answers) -> bool:
    """Whether the question of a page is asked. answers: already `visible_answers`."""
    return not item.show_if or all_hold(item.show_if, deciding(definition, answers))


def deciding(definition: FormDefinition, shown: Answers) -> Answers:
    """What conditions of this form look at: answers, and computed values where a condition names one."""
    return {**shown, **compute_shown(definition, shown)} if definition.decides_by_computed else shown


def visible_options(item: Field, answers: Answers) -> list[tuple[str, Mapping[str, str]]]:
    """Values and labels of the options offered under these answers."""
    return [(option.value, option.label) for option in item.options if all_hold(option.show_if, answers)]


def known_answers(definition: FormDefinition, answers: Answers, claims: Mapping[str, str]) -> dict[str, Any]:
    """What need not be asked because a claim gives it: shown with its source, taken from no browser.

    Of a person those parts that the claims give.
    """
    if not claims:
        return {}
    shown = visible_answers(definition, answers)
    known: dict[str, Any] = {}
    for item in definition.fields.values():
        if item.known_if is None or not _holds((*item.show_if, *item.known_if), definition, shown | known):
            continue
        if value := claimed(item, claims):
            known[item.name] = value
    return known


def claimed(item: Field, claims: Mapping[str, str]) -> Any:
    """What the claims say of a question, of a person part by part; empty for nothing."""
    if item.fields:
        parts = {part.name: clean_line(claims.get(part.prefill, "")) for part in item.fields if part.prefill}
        return {name: value for name, value in parts.items() if value}
    return clean_line(claims.get(item.prefill, ""))


def known_keys(known: Mapping[str, Any]) -> set[str]:
    """Flat keys of what is known: "applicant_phone", "applicant-full_name"."""
    return {
        key
        for name, value in known.items()
        for key in ([key_of(name, part) for part in value] if isinstance(value, Mapping) else [name])
    }


def with_known(answers: Answers, known: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with what is known in its place; what else was answered of a person stays."""
    merged = dict(answers)
    for name, value in known.items():
        before = merged.get(name)
        both = isinstance(value, Mapping) and isinstance(before, Mapping)
        merged[name] = {**before, **value} if both else value  # type: ignore[dict-item]
    return merged


def suggestion(item: Field, answers: Answers, claims: Mapping[str, str]) -> Any:
    """What stands in the box before anything is typed, None for nothing.

    What a claim makes known under some answers is about somebody else under all others.
    """
    if item.known_if is not None:
        return None
    if item.prefill.startswith("answers."):
        return answers.get(item.prefill.removeprefix("answers."))
    return claims.get(item.prefill) or None


def compute(definition: FormDefinition, answers: Answers, today: date | None = None) -> dict[str, Any]:
    """The computed values of a form; see `compute_shown`."""
    return compute_shown(definition, visible_answers(definition, answers), today)


def carried_over(before: FormDefinition, after: FormDefinition, answers: Answers) -> dict[str, Any]:
    """The answers of one form that another one asks in the same way, and would show."""
    fitting = {
        name: value
        for name, value in answers.items()
        if name in before.fields
        and name in after.fields
        and _same_question(before.fields[name], after.fields[name])
    }
    return visible_answers(after, fitting)


def _same_question(one: Field, other: Field) -> bool:
    """The same kind with the same parts; options may be more or fewer, the check says what no longer fits."""
    parts = [{part.name: part for part in item.fields} for item in (one, other)]
    return (
        (one.kind, one.several) == (other.kind, other.several)
        and parts[0].keys() == parts[1].keys()
        and all(_same_question(part, parts[1][name]) for name, part in parts[0].items())
    )


def leaves(fields: Mapping[str, Field], answers: Answers) -> Iterator[tuple[str, Field, Any]]:
    """(flat key, question, value) of everything answered, parts of persons and items of lists one by one."""
    for name, value in answers.items():
        item = fields.get(name)
        if not item:
            continue
        inner = {it.name: it for it in item.fields}
        blocks = value if isinstance(value, list) else [value]
        for position, block in enumerate(blocks if inner else []):
            key = key_of(name, position) if item.kind == "repeated" else name
            if isinstance(block, Mapping):
                yield from ((key_of(key, part), *rest) for part, *rest in leaves(inner, block))
        if not inner:
            yield name, item, value


def _visible_value(item: Field, value: Any, facts: Answers) -> Any:
    """The part of an answer that is asked; what is malformed stays as it is, for the schema to refuse."""
    if item.kind == "repeated" and isinstance(value, list):
        return [_visible_block(item.fields, it, facts) if isinstance(it, Mapping) else it for it in value]
    if item.kind in BLOCKS and isinstance(value, Mapping):
        return _visible_block(item.fields, value, facts)
    return None if item.options and _hidden_option(item, value, facts) else value


def _visible_block(fields: tuple[Field, ...], block: Mapping[str, Any], facts: Answers) -> dict[str, Any]:
    names = {item.name for item in fields}
    outer = {**facts, **dict.fromkeys(names)}
    shown: dict[str, Any] = {}
    for item in fields:
        value = block.get(item.name)
        if value is None or not all_hold(item.show_if, {**outer, **shown}):
            continue
        value = _visible_value(item, value, {**outer, **shown})
        if not _is_empty(value):
            shown[item.name] = value
    return shown | {name: value for name, value in block.items() if name not in names}


def _is_empty(value: Any) -> bool:
    return value is None or value == {} or value == []


def _without(value: Any, known: Any) -> Any:
    """An answer without what was known and is not any more."""
    if isinstance(value, Mapping) and isinstance(known, Mapping):
        return {name: it for name, it in value.items() if known.get(name) != it}
    return None if value == known else value


def _holds(conditions: tuple[Condition, ...], definition: FormDefinition, answers: Answers) -> bool:
    return not conditions or all_hold(conditions, deciding(definition, answers))


def _hidden_option(item: Field, value: Any, answers: Answers) -> bool:
    return any(option.value == value and not all_hold(option.show_if, answers) for option in item.options)
