"""What an intake sheet asks: the questions of a form as lines to write on and boxes to tick. Pure.

A line is {"kind", "label", "when", "options", "lines"}: kind "line" (to write on), "lines" (three of them), "date",
"time", "number" (twelve boxes), "choice" (boxes with words), "tick" (one box), "group" (lines under a heading). Words
are by language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from motcua.casework.forms.rules.definition import LANGUAGES, Field, FormDefinition, Text, fill
from motcua.foundation.kernel.conditions import Condition

# More choices than this are no boxes to tick but a line to write on: ethnic groups, countries.
MOST_BOXES = 12
# How many items of a list have room on the sheet; more go on a second one.
ITEMS = 2
_KINDS = {
    "textarea": "lines",
    "date": "date",
    "birth_date": "date",
    "time": "time",
    "personal_number": "number",
    "checkbox": "tick",
}
_NOT_ASKED = {"calculated", "file"}
Line = dict[str, Any]


def sheet_sections(form: FormDefinition) -> list[dict[str, Any]]:
    """The form's pages in their order: {"title", "when", "lines"}; what is calculated or handed in is left out.

    "when": on what the whole page hangs, which its lines then do not say each.
    """
    pages = [(_words(it.short), list(_lines(it.fields, form))) for it in form.pages]
    return [_section(title, lines) for title, lines in pages if lines]


def _section(title: Text, lines: list[Line]) -> dict[str, Any]:
    shared = [it for it in lines[0]["when"] if all(it in line["when"] for line in lines)]
    own = [line | {"when": [it for it in line["when"] if it not in shared]} for line in lines]
    return {"title": title, "when": shared, "lines": own}


def sheet_components(procedure: Mapping[str, Any]) -> list[Text]:
    """Names of the components the applicant brings."""
    return [it["name"] for it in procedure["components"] if it.get("needed") != "state_has"]


def _words(text: Text) -> Text:
    """The text in every language, with "…" where a form names what was answered before."""
    return {language: fill(text, language, {}) for language in LANGUAGES}


def _lines(fields: Iterator[Field] | tuple[Field, ...], form: FormDefinition) -> Iterator[Line]:
    for field in fields:
        if field.kind == "repeated":
            yield from _items(field, form)
        elif field.kind not in _NOT_ASKED:
            yield _line(field, form)


def _line(field: Field, form: FormDefinition) -> Line:
    options = [_words(it.label) for it in field.options]
    found: Line = {
        "kind": _KINDS.get(field.kind, "line"),
        "label": _words(field.label),
        "when": [it for condition in field.show_if if (it := _when(condition, form))],
        "options": [],
        "lines": [],
    }
    if 0 < len(options) <= MOST_BOXES:
        found |= {"kind": "choice", "options": options}
    elif field.fields:
        found |= {"kind": "group", "lines": list(_lines(field.fields, form))}
    return found


def _items(field: Field, form: FormDefinition) -> Iterator[Line]:
    count = min(max(field.minimum or 0, ITEMS), field.maximum or ITEMS)
    label = field.item_label or field.label
    for number in range(1, count + 1):
        words = {language: f"{fill(label, language, {})} {number}" for language in LANGUAGES}
        lines = list(_lines(field.fields, form))
        yield {"kind": "group", "label": words, "when": [], "options": [], "lines": lines}


def _when(condition: Condition, form: FormDefinition) -> Line | None:
    """The answer before on which a question hangs, where that was one of several boxes."""
    asked = form.fields.get(condition.field)
    chosen = {"equals": True, "in": True, "not": False, "not_in": False}.get(condition.test)
    if asked is None or chosen is None or not asked.options:
        return None
    named = [it.label for it in asked.options if (it.value in condition.named) is chosen]
    if not named or len(named) == len(asked.options):
        return None
    options = {lang: " / ".join(fill(it, lang, {}) for it in named) for lang in LANGUAGES}
    return {"label": _words(asked.label), "options": options}
