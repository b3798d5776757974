"""Answers in words, for "check your answers", officers and papers; and the way through the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from motcua.foundation.kernel.text import mask_number
from motcua.foundation.ui.formats import format_date, format_money, format_number

from .answers import is_visible, known_answers, known_keys, visible_answers, visible_options
from .cleaning import DATES, key_of
from .computing import compute_shown
from .days import as_date
from .definition import TODAY, Answers, Field, FormDefinition, Page, at_path, fill, in_language

_YES = {"vi": "Có", "en": "Yes", "de": "Ja"}


@dataclass(frozen=True, slots=True)
class Row:
    """One answer in words. value: a personal number hidden but for three digits; full: as it is.

    known: comes from the State and was not asked. field: its flat key; how it will stand on
    the paper has none. computed: nobody answered it, so nobody changes it.
    """

    field: str
    label: str
    value: str
    full: str
    known: bool
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one page, where they are changed; part: as of the page. An item of a list is a section of its own."""

    title: str
    page: str
    part: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How answers are read: all of them with computed values, in which language, with words for codes and ids.

    names: value -> words for what the form does not know itself: communes by code, files by id.
    known: flat keys of what comes from the State.
    """

    values: Mapping[str, Any]
    language: str
    names: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()


def summary(
    definition: FormDefinition,
    answers: Answers,
    language: str,
    names: Mapping[str, str] | None = None,
    claims: Mapping[str, str] | None = None,
) -> list[Section]:
    """Sections of all answered questions in order, one a page; a preview row ends its section.

    A person beside other questions and each item of a list follow as sections of their own. names: as of `Reading`.
    claims: beside what the eID says, the day of asking as "today", for ages.
    """
    shown, claims = visible_answers(definition, answers), claims or {}
    known, today = known_keys(known_answers(definition, shown, claims)), as_date(claims.get(TODAY))
    values = shown | compute_shown(definition, shown, today)
    reading = Reading(values, language, names or {}, frozenset(known))
    return [section for page in definition.pages for section in _page_sections(page, definition, reading)]


def _page_sections(page: Page, definition: FormDefinition, reading: Reading) -> list[Section]:
    """In the order of the page, its own rows together and lists last; a block that stands alone on its page, or is
    called as the page is, needs no title beside the page's."""
    heading = in_language(page.short, reading.language)
    # A calculated value with nothing to be made of is no row.
    asked = [
        it
        for it in page.fields
        if reading.values.get(it.name) not in (None, "") and is_visible(definition, it, reading.values)
    ]
    rows_of: dict[str, list[Row]] = {}
    alone = len(asked) == 1 and asked[0].kind == "person"
    for item in sorted(asked, key=lambda it: it.kind == "repeated"):
        if _stands_apart(item):
            for title, rows in _blocks(item, reading):
                rows_of.setdefault(heading if alone else title, []).extend(rows)
        else:
            rows_of.setdefault(heading, []).extend(_rows(item, item.name, reading.values, reading))
    if preview := _preview_row(page, reading.values, reading.language):
        rows_of.setdefault(heading, []).extend(preview)
    return [Section(title, page.name, page.part, tuple(rows)) for title, rows in rows_of.items() if rows]


def _stands_apart(item: Field) -> bool:
    return item.kind in {"person", "repeated"}


def _blocks(item: Field, reading: Reading) -> list[tuple[str, list[Row]]]:
    """Title and rows of a person, or of each item of a list."""
    value = reading.values[item.name]
    if item.kind == "person":
        return [(in_language(item.label, reading.language), _rows(item, item.name, reading.values, reading))]
    name = in_language(item.item_label or item.label, reading.language)
    items = value if isinstance(value, list) else []
    return [
        (f"{name} {position + 1}", _part_rows(item, key_of(item.name, position), it, reading, within=""))
        for position, it in enumerate(items)
        if isinstance(it, Mapping)
    ]


def _rows(
    item: Field, key: str, values: Mapping[str, Any], reading: Reading, *, within: str = ""
) -> list[Row]:
    """The rows of one answer: one, or one a part of a person. within: what the parts are said to be of."""
    value, label = values[item.name], in_language(item.label, reading.language)
    if item.kind == "person" and isinstance(value, Mapping):
        return _part_rows(item, key, value, reading, within=within)
    words = value_words(item, {**reading.values, **values}, reading.language, reading.names)
    masked = mask_number(words) if item.kind == "personal_number" else words
    return [Row(key, f"{within}{label}", masked, words, key in reading.known, item.kind == "calculated")]


def _part_rows(
    item: Field, key: str, block: Mapping[str, Any], reading: Reading, *, within: str
) -> list[Row]:
    rows = []
    for part in item.fields:
        if part.name in block:
            of = f"{in_language(part.label, reading.language)}: " if part.kind == "person" else within
            rows += _rows(part, key_of(key, part.name), block, reading, within=of)
    return rows


def value_words(item: Field, values: Mapping[str, Any], language: str, names: Mapping[str, str]) -> str:
    """One answer as a person reads it. values: answers and computed values; names: as of `Reading`."""
    value = values[item.name]
    if item.kind in DATES and (day := as_date(value)):
        return format_date(day, language, weekday=item.kind != "birth_date")
    if item.kind == "checkbox":
        return in_language(_YES, language)
    if item.kind == "address" and isinstance(value, Mapping):
        parts = [value_words(part, value, language, names) for part in item.fields if part.name in value]
        return ", ".join(parts)
    if item.kind in {"money", "number", "calculated"}:
        return _figure_words(item, value, language)
    if isinstance(value, list):
        return ", ".join(names.get(str(it), str(it)) for it in value)
    for option, label in visible_options(item, values):
        if option == value:
            return fill(label, language, values)
    return names.get(str(value), str(value))


def _figure_words(item: Field, value: Any, language: str) -> str:
    """An amount with its currency, a fraction with the language's sign, a computed value as its field says."""
    style = item.format if item.kind == "calculated" else item.kind
    if style == "date" and (day := as_date(value)):
        return format_date(day, language)
    if isinstance(value, bool) or not isinstance(value, int | float) or style == "text":
        return str(value)
    if style == "money":
        return format_money(round(value), language)
    if isinstance(value, int):
        return format_number(value, language) if item.kind == "calculated" or item.fractions else str(value)
    whole, _point, rest = f"{value:.2f}".rstrip("0").partition(".")
    grouped = format_number(int(whole), language)
    sign = "-" if value < 0 and int(whole) == 0 else ""
    return f"{sign}{grouped}{'.' if language == 'en' else ','}{rest}"


def paper_values(
    definition: FormDefinition,
    answers: Answers,
    language: str,
    names: Mapping[str, str] | None = None,
    today: date | None = None,
) -> dict[str, dict[str, Any]]:
    """What a paper template is given: `answers` as stored, `computed`, and `words` of every answer.

    Words have the shape of the answers: of a person an object, of a list one of objects; of an address beside its
    parts `full`, on one line.
    """
    shown = visible_answers(definition, answers)
    computed = compute_shown(definition, shown, today)
    reading = Reading(shown | computed, language, names or {})
    return {"answers": shown, "computed": computed, "words": _shaped_words(definition.fields, shown, reading)}


def _shaped_words(fields: Mapping[str, Field], values: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    return {name: _shaped(fields[name], values, reading) for name in values if name in fields}


def _shaped(item: Field, values: Mapping[str, Any], reading: Reading) -> Any:
    value, inner = values[item.name], {part.name: part for part in item.fields}
    if inner and isinstance(value, list):
        return [_shaped_words(inner, it, reading) for it in value if isinstance(it, Mapping)]
    words = value_words(item, {**reading.values, **values}, reading.language, reading.names)
    if inner and isinstance(value, Mapping):
        parts = _shaped_words(inner, value, reading)
        return {**parts, "full": words} if item.kind == "address" else parts
    return words


def title(definition: FormDefinition, answers: Answers, language: str, today: date | None = None) -> str:
    """What a dossier with these answers is called."""
    form = definition.of_title
    shown = visible_answers(form, answers)
    return fill(form.title, language, shown | compute_shown(form, shown, today))


def visible_pages(definition: FormDefinition, answers: Answers) -> list[Page]:
    """Pages with at least one question under these answers."""
    shown = visible_answers(definition, answers)
    return [
        page for page in definition.pages if any(is_visible(definition, item, shown) for item in page.fields)
    ]


def next_page(definition: FormDefinition, answers: Answers, page: Page) -> Page | None:
    """The page after `page`, None after the last one (then the answers are checked)."""
    return _beside(definition, answers, page, 1)


def previous_page(definition: FormDefinition, answers: Answers, page: Page) -> Page | None:
    """The page before `page`, None before the first one."""
    return _beside(definition, answers, page, -1)


def _beside(definition: FormDefinition, answers: Answers, page: Page, step: int) -> Page | None:
    """The nearest visible page; `page` itself may be hidden, as an address or another device may still lead to it."""
    shown = {it.name for it in visible_pages(definition, answers)}
    pages = definition.pages[::step]
    position = [it.name for it in pages].index(page.name)
    return next((it for it in pages[position + 1 :] if it.name in shown), None)


def _preview_row(page: Page, values: Mapping[str, Any], language: str) -> list[Row]:
    preview = page.preview
    words = ", ".join(map(str, at_path(values, preview.value))) if preview else ""
    if preview is None or not words:
        return []
    words = words.upper() if preview.upper else words
    return [Row("", in_language(preview.label, language), words, words, False)]
