"""From parsed JSON to a `FormDefinition`, with the path of whatever is wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, cast

import jsonschema_rs

from .blocks import CLAIMS, NEEDED, PARTS
from .consistency import check_consistency
from .definition import (
    BLOCKS,
    CHOICES,
    FORMATS,
    KINDS,
    LANGUAGES,
    MOST_ITEMS,
    SEXES,
    USUAL_LENGTH,
    BadForm,
    Condition,
    Field,
    Format,
    FormDefinition,
    Group,
    Kind,
    Option,
    Page,
    Preview,
)
from .reading import (
    read_computed,
    read_conditions,
    read_list,
    read_number,
    read_object,
    read_optional_text,
    read_string,
    read_text,
)
from .shapes import resolved, with_shared

_WORDS = ("prefill", "autocomplete", "birth_date", "sex", "earliest", "latest")
_KEYS = "hint required prefill known show_if options options_from autocomplete birth_date sex lang"
# What each kind says beside that.
_OWN_KEYS = {
    "repeated": "item_label minimum maximum fields",
    "person": "parts youngest same differs_from",
    "personal_number": "differs_from",
    "commune": "differs_from",
    "place": "differs_from",
    "date": "earliest latest",
    "birth_date": "youngest",
    "address": "parts",
    "file": "several",
    "calculated": "format",
}
# Frames around questions, and what is not asked.
_WITHOUT_HELP = frozenset({*BLOCKS, "repeated", "calculated"})
_NOT_IN_ITEMS = frozenset({"repeated", "file", "calculated", "commune"})


def parse_form(data: Any) -> FormDefinition:
    """A form from the parsed content of form.json.

    Raises BadForm, with path and reason, for anything that would fail later: unknown or missing keys, missing
    translations, a page field that the schema does not have (and the other way round), choices that differ
    from the schema's, conditions and {names} that point nowhere or forward, a schema that is no JSON Schema.
    """
    form = read_object(
        data, "form", required="schema title declaration parts pages", optional="computed tables"
    )
    if not isinstance(form["schema"], dict):
        raise BadForm("schema", "must be an object")
    schema = with_shared(form["schema"])
    try:
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)
    except ValueError as error:
        raise BadForm("schema", f"is no JSON Schema 2020-12: {error}") from error
    tables = read_object(form.get("tables", {}), "tables")
    definition = FormDefinition(
        schema=schema,
        title=read_text(form["title"], "title"),
        declaration=read_text(form["declaration"], "declaration"),
        parts=read_list(form["parts"], "parts", read_text),
        pages=read_list(form["pages"], "pages", lambda page, path: _page(page, path, schema)),
        computed=read_list(
            form.get("computed", []), "computed", lambda it, at: read_computed(it, at, tables), empty=True
        ),
        validator=validator,
    )
    check_consistency(definition)
    return definition


def _page(data: Any, path: str, schema: Mapping[str, Any]) -> Page:
    page = read_object(data, path, required="name part title short groups", optional="lead preview show_if")
    conditions = read_conditions(page.get("show_if", []), f"{path}.show_if")
    return Page(
        name=read_string(page["name"], f"{path}.name"),
        part=read_number(page["part"], f"{path}.part"),
        title=read_text(page["title"], f"{path}.title"),
        short=read_text(page["short"], f"{path}.short"),
        lead=read_optional_text(page, "lead", path),
        preview=_preview(page["preview"], f"{path}.preview") if "preview" in page else None,
        groups=read_list(page["groups"], f"{path}.groups", lambda it, at: _group(it, at, schema, conditions)),
    )


def _group(data: Any, path: str, schema: Mapping[str, Any], outer: tuple[Condition, ...]) -> Group:
    group = read_object(data, path, required="fields", optional="title hint show_if lang")
    conditions = outer + read_conditions(group.get("show_if", []), f"{path}.show_if")
    return Group(
        title=read_optional_text(group, "title", path),
        hint=read_optional_text(group, "hint", path),
        lang=_lang(group, path),
        fields=read_list(
            group["fields"], f"{path}.fields", lambda it, at: _field(it, at, schema, conditions)
        ),
    )


def _field(data: Any, path: str, schema: Mapping[str, Any], outer: tuple[Condition, ...]) -> Field:
    kind = read_string(read_object(data, path).get("kind"), f"{path}.kind")
    if kind not in KINDS:
        raise BadForm(f"{path}.kind", f"{kind!r} is not one of {', '.join(KINDS)}")
    own = _OWN_KEYS.get(kind, "") if kind in _WITHOUT_HELP else f"{_OWN_KEYS.get(kind, '')} help"
    item = read_object(data, path, required="name kind label", optional=f"{_KEYS} {own}")
    name = read_string(item["name"], f"{path}.name")
    rule = {} if kind == "calculated" else schema.get("properties", {}).get(name)
    if not isinstance(rule, Mapping):
        raise BadForm(f"{path}.name", f"the schema has no property {name!r}")
    rule = resolved(rule, schema)
    words = {key: read_string(item[key], f"{path}.{key}") for key in _WORDS if key in item}
    made = Field(
        name=name,
        kind=cast(Kind, kind),
        label=read_text(item["label"], f"{path}.label"),
        hint=read_optional_text(item, "hint", path),
        help=read_optional_text(item, "help", path),
        required=read_optional_text(item, "required", path),
        known_if=_known(item, path),
        show_if=outer + read_conditions(item.get("show_if", []), f"{path}.show_if"),
        options=_options(item, path, schema) if kind in CHOICES else (),
        max_length=rule.get("maxLength", USUAL_LENGTH),
        minimum=rule.get("minimum"),
        maximum=rule.get("maximum"),
        fractions=rule.get("type") == "number",
        several=item.get("several") is True,
        format=_format(item, path),
        youngest=read_number(item["youngest"], f"{path}.youngest") if "youngest" in item else None,
        prefill=words.get("prefill", ""),
        autocomplete=words.get("autocomplete", ""),
        birth_date=words.get("birth_date", ""),
        sex=words.get("sex", ""),
        differs_from=_differs_from(item, path),
        earliest=words.get("earliest", ""),
        latest=words.get("latest", ""),
        lang=_lang(item, path),
    )
    if kind == "repeated":
        return _repeated(made, item, path, rule, schema)
    return _block(made, item, path, rule) if kind in BLOCKS else made


def _differs_from(item: Mapping[str, Any], path: str) -> tuple[str, ...]:
    if "differs_from" not in item:
        return ()
    return read_list(item["differs_from"], f"{path}.differs_from", read_string)


def _lang(item: Mapping[str, Any], path: str) -> str:
    found = item.get("lang", "")
    if found not in {"", "vi"}:
        raise BadForm(f"{path}.lang", "can only be vi: words that exist in no other language")
    return str(found)


def _format(item: Mapping[str, Any], path: str) -> Format:
    found = item.get("format", "text")
    if found not in FORMATS:
        raise BadForm(f"{path}.format", f"{found!r} is not one of {', '.join(FORMATS)}")
    return cast(Format, found)


def _repeated(
    made: Field, item: Mapping[str, Any], path: str, rule: Mapping[str, Any], schema: Mapping[str, Any]
) -> Field:
    """A list of items. Its parts are read as a form of their own: the schema of one item."""
    inner = resolved(rule.get("items", {}), schema)
    shape = {**inner, "$defs": schema.get("$defs", {})}
    fields = read_list(item.get("fields"), f"{path}.fields", lambda it, at: _item_field(it, at, shape))
    low = read_number(item.get("minimum", 0), f"{path}.minimum", least=0)
    high = read_number(item.get("maximum", 20), f"{path}.maximum")
    if high > MOST_ITEMS or low > high:
        raise BadForm(f"{path}.maximum", f"must be from the minimum to {MOST_ITEMS}")
    if (rule.get("type"), rule.get("minItems", 0), rule.get("maxItems")) != ("array", low, high):
        raise BadForm(path, f"its schema must be an array with minItems {low} and maxItems {high}")
    return replace(
        made,
        fields=fields,
        item_label=read_text(item.get("item_label"), f"{path}.item_label"),
        minimum=low,
        maximum=high,
    )


def _item_field(data: Any, path: str, shape: Mapping[str, Any]) -> Field:
    part = read_object(data, path)
    if part.get("kind") in _NOT_IN_ITEMS or "prefill" in part:
        raise BadForm(path, f"{part.get('kind')}: cannot stand or be prefilled in an item")
    if part.get("name") == "count":
        raise BadForm(path, "'count' means the number of items")
    return _field(part, path, shape, ())


def _block(made: Field, item: Mapping[str, Any], path: str, rule: Mapping[str, Any]) -> Field:
    """A person or an address: the parts asked, in their usual order, required as the schema says."""
    usual = PARTS[made.kind]
    wanted = read_list(item.get("parts", [part.name for part in usual]), f"{path}.parts", read_string)
    if unknown := set(wanted) - {part.name for part in usual}:
        raise BadForm(f"{path}.parts", f"{min(unknown)!r} is no part of kind {made.kind}")
    if missing := set(rule.get("required", ())) - set(wanted):
        raise BadForm(f"{path}.parts", f"{min(missing)!r} is required by the schema")
    _check_person_rules(made, wanted, path)
    if made.prefill and made.prefill != "eid":
        raise BadForm(f"{path}.prefill", "a person is prefilled from eid as a whole")
    parts = (
        replace(
            part,
            required=NEEDED[part.name] if part.name in rule.get("required", ()) else None,
            prefill=CLAIMS.get(part.name, "") if made.prefill else "",
            birth_date=part.birth_date if part.birth_date in wanted else "",
            sex=_sex_for(part, made, wanted),
            differs_from=made.differs_from if part.kind == "personal_number" else (),
            youngest=made.youngest if part.kind == "birth_date" else None,
        )
        for part in usual
        if part.name in wanted
    )
    same = item.get("same", True)
    if not isinstance(same, bool):
        raise BadForm(f"{path}.same", "must be true or false")
    return replace(made, fields=tuple(parts), prefill="", offers_same=same)


def _check_person_rules(made: Field, wanted: Collection[str], path: str) -> None:
    """What is said of a person as a whole is judged by the personal number."""
    if made.sex and made.sex not in SEXES:
        raise BadForm(f"{path}.sex", "of a person is male or female")
    if made.sex and "sex" in wanted:
        raise BadForm(f"{path}.parts", "asks for the sex that is given")
    for key, said in (("sex", made.sex), ("differs_from", made.differs_from)):
        if said and "personal_number" not in wanted:
            raise BadForm(f"{path}.{key}", "needs the part 'personal_number'")


def _sex_for(part: Field, made: Field, wanted: Collection[str]) -> str:
    """What a part is compared with: the sex given for the whole person, or the one that is asked."""
    if part.kind == "personal_number" and made.sex:
        return made.sex
    return part.sex if part.sex in wanted else ""


def _known(item: Mapping[str, Any], path: str) -> tuple[Condition, ...] | None:
    known = item.get("known", False)
    if known is False:
        return None
    prefill = item.get("prefill", "")
    if prefill != "eid" and not prefill.startswith(("eid.", "owner.")):
        raise BadForm(f"{path}.known", "needs a prefill from eid or owner")
    return () if known is True else read_conditions(known, f"{path}.known")


def _options(item: Mapping[str, Any], path: str, schema: Mapping[str, Any]) -> tuple[Option, ...]:
    if "options_from" not in item:
        return read_list(item.get("options"), f"{path}.options", _option)
    shared = schema.get("$defs", {}).get(item["options_from"], {}).get("enum")
    if not shared:
        raise BadForm(f"{path}.options_from", f"the schema has no $defs.{item['options_from']} with an enum")
    return tuple(Option(value, dict.fromkeys(LANGUAGES, value)) for value in shared)


def _option(data: Any, path: str) -> Option:
    option = read_object(data, path, required="value label", optional="show_if")
    return Option(
        value=read_string(option["value"], f"{path}.value"),
        label=read_text(option["label"], f"{path}.label"),
        show_if=read_conditions(option.get("show_if", []), f"{path}.show_if"),
    )


def _preview(data: Any, path: str) -> Preview:
    preview = read_object(data, path, required="label value", optional="upper")
    return Preview(
        label=read_text(preview["label"], f"{path}.label"),
        value=read_string(preview["value"], f"{path}.value"),
        upper=preview.get("upper") is True,
    )
