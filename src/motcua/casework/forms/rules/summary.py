"""Answers in words, for "check your answers", officers and papers; and the way through the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from motcua.foundation.kernel.text import mask_number
from motcua.foundation.ui.formats import format_date

from .answers import DATES, compute_shown, is_visible, known_answers, visible_answers, visible_options
from .checks import as_date, check_page
from .definition import Answers, Field, FormDefinition, Page, fill, in_language

_YES = {"vi": "Có", "en": "Yes", "de": "Ja"}


@dataclass(frozen=True, slots=True)
class Row:
    """One answer in words. value: a personal number hidden but for three digits; full: as it is.

    known: comes from the State and was not asked. A computed row has no field name.
    """

    field: str
    label: str
    value: str
    full: str
    known: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one page, where they are changed; part: as of the page."""

    title: str
    page: str
    part: int
    rows: tuple[Row, ...]


def summary(
    definition: FormDefinition,
    answers: Answers,
    language: str,
    names: Mapping[str, str] | None = None,
    claims: Mapping[str, str] | None = None,
) -> list[Section]:
    """Sections, one a page, of all answered questions in order; a preview row ends its section.

    names: value -> words for what the form does not know itself: communes by code, files by id.
    """
    shown = visible_answers(definition, answers)
    known = known_answers(definition, shown, claims or {})
    values = shown | compute_shown(definition, shown)
    sections = []
    for page in definition.pages:
        rows: list[Row] = []
        for item in (item for item in page.fields if item.name in shown):
            words = value_words(item, values, language, names or {})
            value = mask_number(words) if item.kind == "personal_number" else words
            label = in_language(item.label, language)
            rows.append(Row(item.name, label, value, words, item.name in known))
        rows += _preview_row(page, values, language)
        if rows:
            sections.append(Section(in_language(page.short, language), page.name, page.part, tuple(rows)))
    return sections


def value_words(item: Field, values: Mapping[str, Any], language: str, names: Mapping[str, str]) -> str:
    """One answer as a person reads it. values: answers and computed values; names: as for `summary`."""
    value = values[item.name]
    if item.kind in DATES and (day := as_date(value)):
        return format_date(day, language, weekday=item.kind != "birth_date")
    if item.kind == "checkbox":
        return in_language(_YES, language)
    for option, label in visible_options(item, values):
        if option == value:
            return fill(label, language, values)
    return names.get(str(value), str(value))


def paper_values(
    definition: FormDefinition, answers: Answers, language: str, names: Mapping[str, str] | None = None
) -> dict[str, dict[str, Any]]:
    """What a paper template is given: `answers` as stored, `computed`, and `words` of every answer."""
    shown = visible_answers(definition, answers)
    computed = compute_shown(definition, shown)
    words = {
        name: value_words(definition.fields[name], shown | computed, language, names or {}) for name in shown
    }
    return {"answers": shown, "computed": computed, "words": words}


def title(definition: FormDefinition, answers: Answers, language: str) -> str:
    """What a dossier with these answers is called."""
    shown = visible_answers(definition, answers)
    return fill(definition.title, language, shown | compute_shown(definition, shown))


def visible_pages(definition: FormDefinition, answers: Answers) -> list[Page]:
    """Pages with at least one question under these answers."""
    shown = visible_answers(definition, answers)
    return [page for page in definition.pages if any(is_visible(item, shown) for item in page.fields)]


def next_page(definition: FormDefinition, answers: Answers, page: Page) -> Page | None:
    """The page after `page`, None after the last one (then the answers are checked)."""
    return _beside(definition, answers, page, 1)


def previous_page(definition: FormDefinition, answers: Answers, page: Page) -> Page | None:
    """The page before `page`, None before the first one."""
    return _beside(definition, answers, page, -1)


def next_unanswered(
    definition: FormDefinition, answers: Answers, today: date, claims: Mapping[str, str] | None = None
) -> Page | None:
    """The first page with something to answer or to correct, None when all is right."""
    for page in visible_pages(definition, answers):
        if check_page(definition, page, answers, today, claims):
            return page
    return None


def _beside(definition: FormDefinition, answers: Answers, page: Page, step: int) -> Page | None:
    pages = visible_pages(definition, answers)
    position = [it.name for it in pages].index(page.name) + step
    return pages[position] if 0 <= position < len(pages) else None


def _preview_row(page: Page, values: Mapping[str, Any], language: str) -> list[Row]:
    preview = page.preview
    words = str(values.get(preview.value, "")) if preview else ""
    if preview is None or not words:
        return []
    words = words.upper() if preview.upper else words
    return [Row("", in_language(preview.label, language), words, words, False)]
