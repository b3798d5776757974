"""From parsed JSON to a `FormDefinition`, with the path of whatever is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import jsonschema_rs

from motcua.foundation.kernel.conditions import BadCondition, Condition, parse_conditions

from .consistency import check_consistency
from .definition import (
    CHOICES,
    KINDS,
    LANGUAGES,
    USUAL_LENGTH,
    BadForm,
    Computed,
    Field,
    FormDefinition,
    Group,
    Kind,
    Option,
    Page,
    Preview,
    Text,
)

_Item = TypeVar("_Item")
_COMPUTED_RULES = ("first_word_of", "choose", "join")


def parse_form(data: Any) -> FormDefinition:
    """A form from the parsed content of form.json.

    Raises BadForm, with path and reason, for anything that would fail later: unknown or missing keys, missing
    translations, a page field that the schema does not have (and the other way round), choices that differ
    from the schema's, conditions and {names} that point nowhere or forward, a schema that is no JSON Schema.
    """
    form = _object(data, "form", required="schema title declaration parts pages", optional="computed")
    schema = form["schema"]
    if not isinstance(schema, dict):
        raise BadForm("schema", "must be an object")
    try:
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)
    except ValueError as error:
        raise BadForm("schema", f"is no JSON Schema 2020-12: {error}") from error
    definition = FormDefinition(
        schema=schema,
        title=_text(form["title"], "title"),
        declaration=_text(form["declaration"], "declaration"),
        parts=_list(form["parts"], "parts", _text),
        pages=_list(form["pages"], "pages", lambda page, path: _page(page, path, schema)),
        computed=_list(form.get("computed", []), "computed", _computed, empty=True),
        validator=validator,
    )
    check_consistency(definition)
    return definition


def _page(data: Any, path: str, schema: Mapping[str, Any]) -> Page:
    page = _object(data, path, required="name part title short groups", optional="lead preview show_if")
    conditions = _conditions(page.get("show_if", []), f"{path}.show_if")
    return Page(
        name=_string(page["name"], f"{path}.name"),
        part=_number(page["part"], f"{path}.part"),
        title=_text(page["title"], f"{path}.title"),
        short=_text(page["short"], f"{path}.short"),
        lead=_optional_text(page, "lead", path),
        preview=_preview(page["preview"], f"{path}.preview") if "preview" in page else None,
        groups=_list(page["groups"], f"{path}.groups", lambda it, at: _group(it, at, schema, conditions)),
    )


def _group(data: Any, path: str, schema: Mapping[str, Any], outer: tuple[Condition, ...]) -> Group:
    group = _object(data, path, required="fields", optional="title hint show_if")
    conditions = outer + _conditions(group.get("show_if", []), f"{path}.show_if")
    return Group(
        title=_optional_text(group, "title", path),
        hint=_optional_text(group, "hint", path),
        fields=_list(group["fields"], f"{path}.fields", lambda it, at: _field(it, at, schema, conditions)),
    )


def _field(data: Any, path: str, schema: Mapping[str, Any], outer: tuple[Condition, ...]) -> Field:
    item = _object(
        data,
        path,
        required="name kind label",
        optional="hint required prefill known show_if options options_from autocomplete birth_date sex",
    )
    name, kind = _string(item["name"], f"{path}.name"), _string(item["kind"], f"{path}.kind")
    if kind not in KINDS:
        raise BadForm(f"{path}.kind", f"{kind!r} is not one of {', '.join(KINDS)}")
    rule = schema.get("properties", {}).get(name)
    if not isinstance(rule, Mapping):
        raise BadForm(f"{path}.name", f"the schema has no property {name!r}")
    return Field(
        name=name,
        kind=cast(Kind, kind),
        label=_text(item["label"], f"{path}.label"),
        hint=_optional_text(item, "hint", path),
        required=_optional_text(item, "required", path),
        known_if=_known(item, path),
        show_if=outer + _conditions(item.get("show_if", []), f"{path}.show_if"),
        options=_options(item, path, schema) if kind in CHOICES else (),
        max_length=rule.get("maxLength", USUAL_LENGTH),
        minimum=rule.get("minimum"),
        maximum=rule.get("maximum"),
        **{key: _string(item[key], f"{path}.{key}") for key in _WORDS if key in item},
    )


_WORDS = ("prefill", "autocomplete", "birth_date", "sex")


def _known(item: Mapping[str, Any], path: str) -> tuple[Condition, ...] | None:
    known = item.get("known", False)
    if known is False:
        return None
    if not item.get("prefill", "").startswith(("eid.", "owner.")):
        raise BadForm(f"{path}.known", "needs a prefill from eid or owner")
    return () if known is True else _conditions(known, f"{path}.known")


def _options(item: Mapping[str, Any], path: str, schema: Mapping[str, Any]) -> tuple[Option, ...]:
    if "options_from" not in item:
        return _list(item.get("options"), f"{path}.options", _option)
    shared = schema.get("$defs", {}).get(item["options_from"], {}).get("enum")
    if not shared:
        raise BadForm(f"{path}.options_from", f"the schema has no $defs.{item['options_from']} with an enum")
    return tuple(Option(value, dict.fromkeys(LANGUAGES, value)) for value in shared)


def _option(data: Any, path: str) -> Option:
    option = _object(data, path, required="value label", optional="show_if")
    return Option(
        value=_string(option["value"], f"{path}.value"),
        label=_text(option["label"], f"{path}.label"),
        show_if=_conditions(option.get("show_if", []), f"{path}.show_if"),
    )


def _preview(data: Any, path: str) -> Preview:
    preview = _object(data, path, required="label value", optional="upper")
    return Preview(
        label=_text(preview["label"], f"{path}.label"),
        value=_string(preview["value"], f"{path}.value"),
        upper=preview.get("upper") is True,
    )


def _computed(data: Any, path: str) -> Computed:
    """A list, as a value may use those before it, and stored JSON keeps no order of keys."""
    rule = _object(data, path, required="name", optional="of " + " ".join(_COMPUTED_RULES))
    name = _string(rule["name"], f"{path}.name")
    used = [key for key in _COMPUTED_RULES if key in rule]
    if len(used) != 1:
        raise BadForm(path, f"needs exactly one of {', '.join(_COMPUTED_RULES)}")
    match used[0]:
        case "choose":
            targets = _object(rule.get("of"), f"{path}.of")
            by = _string(rule["choose"], f"{path}.choose")
            sources = tuple(_string(target, f"{path}.of") for target in targets.values())
            return Computed(name, "choose", sources, by, tuple(targets))
        case "join":
            return Computed(name, "join", _list(rule["join"], f"{path}.join", _string))
        case _:
            return Computed(name, "first_word_of", (_string(rule["first_word_of"], f"{path}.first_word_of"),))


def _conditions(data: Any, path: str) -> tuple[Condition, ...]:
    """One condition or a list of them, all of which must hold."""
    try:
        return parse_conditions(data)
    except BadCondition as error:
        raise BadForm(path, str(error)) from None


def _object(data: Any, path: str, required: str | None = None, optional: str = "") -> Mapping[str, Any]:
    """An object with these keys (blank-separated); `required` None: any keys."""
    if not isinstance(data, Mapping):
        raise BadForm(path, "must be an object")
    if required is None:
        return data
    if missing := [key for key in required.split() if key not in data]:
        raise BadForm(path, f"{missing[0]!r} is missing")
    if unknown := [key for key in data if key not in {*required.split(), *optional.split()}]:
        raise BadForm(path, f"{unknown[0]!r} is not a known key")
    return data


def _list(
    data: Any, path: str, read: Callable[[Any, str], _Item], *, empty: bool = False
) -> tuple[_Item, ...]:
    if not isinstance(data, list) or not (data or empty):
        raise BadForm(path, "must be a list with at least one item")
    return tuple(read(item, f"{path}[{position}]") for position, item in enumerate(data))


def _text(data: Any, path: str) -> Text:
    text = _object(data, path, required=" ".join(LANGUAGES))
    for language, words in text.items():
        if not isinstance(words, str) or not words.strip():
            raise BadForm(f"{path}.{language}", "has no words")
    return text


def _optional_text(item: Mapping[str, Any], key: str, path: str) -> Text | None:
    return _text(item[key], f"{path}.{key}") if key in item else None


def _string(data: Any, path: str) -> str:
    if not isinstance(data, str) or not data:
        raise BadForm(path, "must be a text")
    return data


def _number(data: Any, path: str) -> int:
    if not isinstance(data, int) or data < 1:
        raise BadForm(path, "must be a whole number from 1")
    return data
