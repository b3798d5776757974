"""What must fit together across a form: schema and pages, conditions, computed values, {names} in texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .cleaning import DATES
from .comparing import RESIDENCE
from .days import is_fixed
from .definition import (
    BLOCKS,
    CHOICES,
    PLACEHOLDER,
    PLACES,
    TODAY,
    BadForm,
    Condition,
    Field,
    FormDefinition,
    Text,
)
from .shapes import resolved

# A page's name is part of its address, beside those that every draft has.
_PAGE = re.compile(r"[a-z0-9_-]{1,60}", re.ASCII)
_ADDRESSES = frozenset({"check", "submit", "discard", "renew"})
_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)


def check_consistency(definition: FormDefinition) -> None:
    """Raises BadForm for the first thing that does not fit."""
    _unique("pages", [page.name for page in definition.pages])
    _unique("fields", [item.name for page in definition.pages for item in page.fields])
    for name in (*definition.fields, *(part.name for it in definition.fields.values() for part in it.fields)):
        if not _NAME.fullmatch(name):
            raise BadForm(f"field {name}", "its name must be made of letters, figures and underscores")
    for path, page in _numbered("pages", definition.pages):
        if not _PAGE.fullmatch(page.name) or page.name in _ADDRESSES:
            raise BadForm(f"{path}.name", f"{page.name!r} cannot be the name of a page")
        if page.part > len(definition.parts):
            raise BadForm(f"{path}.part", f"there are only {len(definition.parts)} parts")
    _check_schema(definition)
    names = _check_computed(definition)
    _check_conditions(definition)
    for path, page in _numbered("pages", definition.pages):
        if page.preview and page.preview.value not in names:
            raise BadForm(f"{path}.preview.value", f"nothing is named {page.preview.value!r}")
    for path, text in _texts_with_names(definition):
        for unknown in set(PLACEHOLDER.findall(" ".join(text.values()))) - names:
            raise BadForm(path, f"nothing is named {unknown!r}")


def _check_schema(definition: FormDefinition) -> None:
    asked = {name: it for name, it in definition.fields.items() if it.kind != "calculated"}
    _check_shape(definition.schema, asked, definition, "schema")


def _check_shape(
    shape: Mapping[str, Any], fields: Mapping[str, Field], definition: FormDefinition, path: str
) -> None:
    """The schema of the form, or of one item, and the questions asked for it."""
    properties: Mapping[str, Any] = shape.get("properties", {})
    always = set(shape.get("required", ()))
    for name in (*properties, *always):
        if name not in fields:
            raise BadForm(f"{path}.properties.{name}", "is asked on no page")
    if shape.get("additionalProperties") is not False:
        raise BadForm(f"{path}.additionalProperties", "must be false")
    for item in fields.values():
        place = f"field {item.name}"
        unconditional = not item.show_if and (item.required is not None or _needs_items(item))
        if unconditional and item.name not in always:
            raise BadForm(place, f"is required on its page and not in {path}.required")
        if item.name in always and not unconditional:
            raise BadForm(place, f"is in {path}.required, and its page does not always require it")
        _check_property(item, properties[item.name], definition)


def _needs_items(item: Field) -> bool:
    return item.kind == "repeated" and bool(item.minimum)


def _check_property(item: Field, rule: Mapping[str, Any], definition: FormDefinition) -> None:
    shape = resolved(rule, definition.schema)
    if item.kind in CHOICES and [option.value for option in item.options] != shape.get("enum"):
        raise BadForm(f"field {item.name}", "its options and the schema's enum differ")
    kinds = {"repeated": ("array",), "money": ("integer",), "number": ("integer", "number")}
    kinds |= dict.fromkeys(BLOCKS, ("object",))
    kinds["file"] = ("array",) if item.several else ("string",)
    if item.kind in kinds and shape.get("type") not in kinds[item.kind]:
        raise BadForm(f"field {item.name}", f"its schema must be of type {' or '.join(kinds[item.kind])}")
    if item.kind == "repeated":
        inner = {part.name: part for part in item.fields}
        _unique(f"field {item.name}", [part.name for part in item.fields])
        _check_shape(resolved(shape["items"], definition.schema), inner, definition, f"{item.name}.items")


def _check_conditions(definition: FormDefinition) -> None:
    """Conditions look back only, so that one pass in page order decides what is shown."""
    before: dict[str, Field] = {}
    for item in definition.fields.values():
        _check_own(item, definition, before)
        inner = dict(before)
        for part in item.fields:
            _check_own(part, definition, inner)
            inner[part.name] = part
        before[item.name] = item


def _check_own(item: Field, definition: FormDefinition, before: Mapping[str, Field]) -> None:
    path = f"field {item.name}"
    own = (*item.show_if, *(item.known_if or ()), *(it for option in item.options for it in option.show_if))
    for condition in own:
        _check_condition(condition, definition, before, path)
    for other in (item.birth_date, item.sex):
        if other and other not in {*definition.fields, *before, "male", "female"}:
            raise BadForm(path, f"compares with {other!r}, which is no field")
    for other in item.differs_from:
        _check_other(item, other, definition)
    for bound in filter(None, (item.earliest, item.latest)):
        if not is_fixed(bound) and not (bound in before and before[bound].kind in DATES):
            raise BadForm(path, f"{bound!r} is no day, no today+30d or today-5y, and no date asked before")
    if item.prefill.startswith("answers.") and item.prefill.removeprefix("answers.") not in before:
        raise BadForm(path, f"is prefilled from {item.prefill!r}, no earlier field")


def _check_other(item: Field, other: str, definition: FormDefinition) -> None:
    """A person differs from people, a commune from communes and from where the eID says that somebody lives."""
    alike = PLACES if item.kind in PLACES else frozenset({"person", "personal_number"})
    asked = definition.fields.get(other)
    if other == RESIDENCE and item.kind in PLACES:
        return
    if not asked or asked.kind not in alike or asked.name == item.name:
        raise BadForm(f"field {item.name}", f"cannot differ from {other!r}: no other question of its kind")


def _check_condition(
    condition: Condition, definition: FormDefinition, before: Mapping[str, Field], path: str
) -> None:
    if condition.field in definition.computed_names:
        for source in _sources(condition.field, definition):
            if source == TODAY or source not in before:
                raise BadForm(
                    path, f"depends on {condition.field!r}, which needs {source!r}, no earlier field"
                )
        return
    asked = before.get(condition.field)
    if asked is None:
        raise BadForm(path, f"depends on {condition.field!r}, which is no earlier field")
    if asked.options and (unknown := set(condition.named) - {option.value for option in asked.options}):
        raise BadForm(path, f"{min(unknown)!r} is no option of {condition.field}")


def _sources(name: str, definition: FormDefinition) -> set[str]:
    """Fields that a computed value is made of in the end."""
    rules = {item.name: item for item in definition.computed}
    if name not in rules:
        return {name}
    direct = {source.partition(".")[0] for source in (*rules[name].sources, *filter(None, [rules[name].by]))}
    return {field for source in direct for field in _sources(source, definition)}


def _check_computed(definition: FormDefinition) -> set[str]:
    asked = {name: item for name, item in definition.fields.items() if item.kind != "calculated"}
    names = {path for item in asked.values() for path in _paths(item)}
    for value in definition.computed:
        for source in (*value.sources, *filter(None, [value.by])):
            if source not in names and not (value.rule == "age_on" and source == TODAY):
                raise BadForm(f"computed.{value.name}", f"nothing before it is named {source!r}")
        if value.name in names:
            raise BadForm(f"computed.{value.name}", "a field has the same name")
        names.add(value.name)
    for item in definition.fields.values():
        if item.kind == "calculated" and item.name not in names:
            raise BadForm(f"field {item.name}", "nothing computed has its name")
    return names


def _paths(item: Field) -> Iterator[str]:
    """How values and texts name a question and its parts."""
    yield item.name
    if item.kind == "repeated":
        yield f"{item.name}.count"
    for part in item.fields:
        yield from (f"{item.name}.{path}" for path in _paths(part))


def _texts_with_names(definition: FormDefinition) -> Iterator[tuple[str, Text]]:
    yield "title", definition.title
    for item in definition.fields.values():
        for option in item.options:
            yield f"field {item.name}", option.label


def _unique(path: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise BadForm(path, f"{name!r} stands twice")


def _numbered(path: str, items: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    return ((f"{path}[{position}]", item) for position, item in enumerate(items))
