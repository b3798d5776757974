"""Whether a file has the shape of its published schema, in plain words. Pure.

The schemas lie in `schemas/`, one for each file of a folder; `x-rule` in them names the rule that a value breaks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from .findings import Fault, did_you_mean, fault, fault_of_key
from .texts import LANGUAGES

FOLDER = Path(__file__).with_name("schemas")
NAMES = ("procedure", "form", "process", "example", "catalogue", "life_events", "linked")
_WORDS = {
    "object": "a table",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
}
_WORDS |= {"boolean": "true or false", "null": "nothing"}
_DEEPEST = 5  # alternatives in alternatives that are looked into
# With one of these a shape is far off: what else is wrong in it would follow from that.
_MOST = 60


def schema_text(name: str) -> str:
    """The published schema of a file as JSON; name: one of NAMES. Raises KeyError."""
    if name not in NAMES:
        raise KeyError(name)
    return (FOLDER / f"{name}.json").read_text(encoding="utf-8")


def lint_shape(name: str, file: str, content: Any) -> Iterator[Fault]:
    """What of a parsed file does not fit its schema. name: one of NAMES."""
    plain = as_json(content)
    for position, error in enumerate(_validator(name).iter_errors(plain)):
        if position >= _MOST:
            return
        yield from _faults(name, file, error, plain)


def as_json(data: Any) -> Any:
    """YAML's dates as text, as the schemas have them."""
    if isinstance(data, dict):
        return {str(key): as_json(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_json(value) for value in data]
    return data.isoformat() if isinstance(data, date) else data


@cache
def _schema(name: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(schema_text(name))
    return made


@cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_schema(name), validate_formats=True, offline=True)


def _faults(name: str, file: str, error: Any, content: Any, depth: int = 0) -> Iterator[Fault]:
    kind, at = type(error.kind).__name__.rpartition("_")[2], tuple(error.instance_path)
    rule = _rule(name, error.schema_path)
    place = _place(at, rule)
    match kind:
        case "Required":
            yield _missing(file, at, place, error.kind.property, rule)
        case "AdditionalProperties" | "UnevaluatedProperties":
            known = sorted(rule.get("properties", {}))
            for key in error.kind.unexpected:
                empty = _found(content, (*at, key)) is None and " " in key
                hint = (
                    "put the text before it in quotes, a comma ends it" if empty else did_you_mean(key, known)
                )
                yield fault_of_key(file, (*at, key), "unknown-key", name=key, place=place, hint=hint)
        case "Enum":
            options = [str(it) for it in error.kind.options]
            found = _found(content, at)
            yield fault(
                file, at, "not-one-of", place=place, found=_said(found), hint=did_you_mean(found, options)
            )
        case "Type":
            wanted = " or ".join(_WORDS.get(it, it) for it in error.kind.types)
            found = _words_of(_found(content, at))
            yield fault(file, at, "wrong-type", place=place, wanted=wanted, found=found, what=_what(rule))
        case "AnyOf" | "OneOfNotValid" if depth < _DEEPEST:
            # The alternative with the fewest faults is what was meant.
            nearest = min(error.kind.context, key=len)
            for inner in nearest:
                yield from _faults(name, file, inner, content, depth + 1)
        case _:
            yield _other((file, at), rule, error.message, _found(content, at))


def _missing(file: str, at: Sequence[Any], place: str, key: str, rule: Mapping[str, Any]) -> Fault:
    if key in LANGUAGES:
        return fault(file, tuple(at), "missing-language", place=place, languages=key)
    what = _what(_resolved(rule.get("properties", {}).get(key, {}), rule))
    return fault(file, tuple(at), "missing-key", place=place, name=key, what=what)


def _other(where: tuple[str, tuple[Any, ...]], rule: Mapping[str, Any], why: str, found: Any) -> Fault:
    file, at = where
    if at and at[-1] in LANGUAGES and not str(found).strip():
        return fault(file, at, "missing-language", place=_place(at[:-1], {}), languages=at[-1])
    said: dict[str, Any] = {"place": _place(at, rule), "found": _said(found), "why": why, "what": _what(rule)}
    return fault(file, at, rule.get("x-rule", "wrong-form"), **said)


def _rule(name: str, path: Sequence[Any]) -> dict[str, Any]:
    """The schema that was broken: where the path to the keyword leads, without the keyword."""
    root = _schema(name)
    node: Any = root
    for step in path[:-1]:
        if isinstance(node, dict) and "$ref" in node and step != "$ref":
            node = _resolved(node, root)
        elif isinstance(node, dict) and step == "$ref":
            node = _resolved(node, root)
            continue
        node = node.get(step, {}) if isinstance(node, dict) else node[step] if isinstance(step, int) else {}
    found = _resolved(node, root) if isinstance(node, dict) else {}
    return {"$root": root, **found}


def _resolved(rule: Mapping[str, Any], root: Mapping[str, Any]) -> dict[str, Any]:
    """A rule with what its $ref says; its own words go before."""
    root = root.get("$root", root)
    name = str(rule.get("$ref", "")).removeprefix("#/$defs/")
    return {**root.get("$defs", {}).get(name, {}), **rule} if name else dict(rule)


def _what(rule: Mapping[str, Any]) -> str:
    """What may stand there, in the words of the schema."""
    described = rule.get("description")
    if described:
        return str(described)
    kinds = rule.get("type", "what docs/packs.md says")
    return " or ".join(_WORDS.get(it, it) for it in ([kinds] if isinstance(kinds, str) else kinds))


def _place(at: Sequence[Any], rule: Mapping[str, Any]) -> str:
    if not at:
        return str(rule.get("description", "the file"))
    words = "".join(f"[{it}]" if isinstance(it, int) else f".{it}" for it in at)
    return words.removeprefix(".")


def _found(content: Any, at: Sequence[Any]) -> Any:
    for step in at:
        content = content[step]
    return content


def _said(value: Any) -> str:
    return (
        value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False, default=str)[:80]
    )


def _words_of(value: Any) -> str:
    if value is None:
        return "empty"
    kinds = {
        dict: "a table",
        list: "a list",
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    return kinds.get(type(value), "something else")
