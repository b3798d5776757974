"""What must fit together across a form: schema and pages, conditions, computed values, {names} in texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .definition import CHOICES, PLACEHOLDER, BadForm, Condition, Field, FormDefinition, Text


def check_consistency(definition: FormDefinition) -> None:
    """Raises BadForm for the first thing that does not fit."""
    _unique("pages", [page.name for page in definition.pages])
    _unique("fields", [item.name for page in definition.pages for item in page.fields])
    for path, page in _numbered("pages", definition.pages):
        if page.part > len(definition.parts):
            raise BadForm(f"{path}.part", f"there are only {len(definition.parts)} parts")
    _check_schema(definition)
    _check_conditions(definition)
    names = _check_computed(definition)
    for path, page in _numbered("pages", definition.pages):
        if page.preview and page.preview.value not in names:
            raise BadForm(f"{path}.preview.value", f"nothing is named {page.preview.value!r}")
    for path, text in _texts_with_names(definition):
        for unknown in set(PLACEHOLDER.findall(" ".join(text.values()))) - names:
            raise BadForm(path, f"nothing is named {unknown!r}")


def _check_schema(definition: FormDefinition) -> None:
    properties: Mapping[str, Any] = definition.schema.get("properties", {})
    always = set(definition.schema.get("required", ()))
    for name in (*properties, *always):
        if name not in definition.fields:
            raise BadForm(f"schema.properties.{name}", "is asked on no page")
    if definition.schema.get("additionalProperties") is not False:
        raise BadForm("schema.additionalProperties", "must be false")
    for item in definition.fields.values():
        path = f"field {item.name}"
        unconditional = item.required is not None and not item.show_if
        if unconditional and item.name not in always:
            raise BadForm(path, "is required on its page and not in schema.required")
        if item.name in always and not unconditional:
            raise BadForm(path, "is in schema.required, and its page does not always require it")
        _check_choices(item, properties[item.name], definition)


def _check_choices(item: Field, rule: Mapping[str, Any], definition: FormDefinition) -> None:
    if item.kind not in CHOICES:
        return
    shared = str(rule.get("$ref", "")).removeprefix("#/$defs/")
    allowed = definition.schema["$defs"].get(shared, {}).get("enum") if shared else rule.get("enum")
    if [option.value for option in item.options] != allowed:
        raise BadForm(f"field {item.name}", "its options and the schema's enum differ")


def _check_conditions(definition: FormDefinition) -> None:
    """Conditions look back only, so that one pass in page order decides what is shown."""
    before: dict[str, Field] = {}
    for item in definition.fields.values():
        own = (
            *item.show_if,
            *(item.known_if or ()),
            *(it for option in item.options for it in option.show_if),
        )
        for condition in own:
            _check_condition(condition, before, f"field {item.name}")
        for other in (item.birth_date, item.sex):
            if other and other not in definition.fields and other not in {"male", "female"}:
                raise BadForm(f"field {item.name}", f"compares with {other!r}, which is no field")
        if item.prefill.startswith("answers.") and item.prefill.removeprefix("answers.") not in before:
            raise BadForm(f"field {item.name}", f"is prefilled from {item.prefill!r}, no earlier field")
        before[item.name] = item


def _check_condition(condition: Condition, before: Mapping[str, Field], path: str) -> None:
    asked = before.get(condition.field)
    if asked is None:
        raise BadForm(path, f"depends on {condition.field!r}, which is no earlier field")
    if asked.options and (unknown := set(condition.named) - {option.value for option in asked.options}):
        raise BadForm(path, f"{min(unknown)!r} is no option of {condition.field}")


def _check_computed(definition: FormDefinition) -> set[str]:
    names = set(definition.fields)
    for value in definition.computed:
        for source in (*value.sources, *filter(None, [value.by])):
            if source not in names:
                raise BadForm(f"computed.{value.name}", f"nothing before it is named {source!r}")
        if value.name in names:
            raise BadForm(f"computed.{value.name}", "a field has the same name")
        names.add(value.name)
    return names


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
