"""Conditions as one line of text, as modellers write them at a flow: `work == "new" and area >= 100`. Pure.

A test is one of: `f == v`, `f != v`, `f in [v, …]`, `f not in [v, …]`, `f >= n`, `f <= n`, `filled(f)`,
`not filled(f)`; several are joined by `and` (or `&&`). `${…}` around it and a leading `=` are read over. Values
are texts in single or double quotes, numbers, true and false. Nothing else is an expression, and nothing is executed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from motcua.foundation.kernel.conditions import BadCondition, Condition, parse_conditions

_FIELD = r"(?P<field>[A-Za-z_][\w.-]*)"
_TEST = re.compile(
    rf"\s*(?:(?P<not>not\s+)?filled\(\s*{_FIELD.replace('field', 'filled')}\s*\)"
    rf"|{_FIELD}\s*(?P<sign>==|!=|>=|<=|not\s+in\b|in\b))\s*",
    re.ASCII,
)
_VALUE = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|-?\d+(?:\.\d+)?|true\b|false\b)\s*')
_AND = re.compile(r"\s*(?:\band\b|&&)\s*")
_SIGNS = {"==": "equals", "!=": "not", ">=": "at_least", "<=": "at_most", "in": "in", "notin": "not_in"}
_WRITTEN = {"equals": "==", "not": "!=", "at_least": ">=", "at_most": "<=", "in": "in", "not_in": "not in"}


def read_expression(text: str) -> list[dict[str, Any]]:
    """Conditions as process.yaml writes them, all of which must hold. Raises BadCondition.

    text: an expression, or conditions as JSON.
    """
    text = text.strip()
    if text.startswith(("{", "[")):
        return _from_json(text)
    if text.startswith("${") and text.endswith("}"):
        text = text[2:-1]
    text = text.removeprefix("=")
    rows, at = [], 0
    while True:
        row, at = _read_test(text, at)
        rows.append(row)
        if at == len(text):
            break
        joined = _AND.match(text, at)
        if not joined:
            raise BadCondition(f"{text[at:].strip()!r} cannot be read; tests are joined by and")
        at = joined.end()
    parse_conditions(rows)
    return rows


def write_expression(conditions: Iterable[Condition]) -> str:
    """The line that `read_expression` reads as these conditions."""
    return " and ".join(_written(it) for it in conditions)


def _from_json(text: str) -> list[dict[str, Any]]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise BadCondition(f"is no JSON: {error}") from None
    rows = data if isinstance(data, list) else [data]
    parse_conditions(rows)
    return rows


def _read_test(text: str, at: int) -> tuple[dict[str, Any], int]:
    found = _TEST.match(text, at)
    if not found:
        raise BadCondition(
            f"{text[at:].strip()!r} cannot be read; write {', '.join(_WRITTEN.values())} or filled()"
        )
    if found["filled"]:
        return {"field": found["filled"], "filled": not found["not"]}, found.end()
    sign = "".join(found["sign"].split())
    value, end = _read_list(text, found.end()) if sign in {"in", "notin"} else _read_value(text, found.end())
    return {"field": found["field"], _SIGNS[sign]: value}, end


def _read_value(text: str, at: int) -> tuple[Any, int]:
    found = _VALUE.match(text, at)
    if not found:
        raise BadCondition(
            f"{text[at:].strip()!r} begins with no value: a text in quotes, a number, true or false"
        )
    word = found[1]
    if word.startswith("'"):
        word = '"' + word[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
    try:
        return json.loads(word), found.end()
    except ValueError:
        raise BadCondition(f"{word} is no value") from None


def _read_list(text: str, at: int) -> tuple[list[Any], int]:
    if text[at : at + 1] != "[":
        raise BadCondition('in needs a list: ["a", "b"]')
    values: list[Any] = []
    at += 1
    while True:
        value, at = _read_value(text, at)
        values.append(value)
        sign = text[at : at + 1]
        at += 1
        if sign == "]":
            return values, at + len(text[at:]) - len(text[at:].lstrip())
        if sign != ",":
            raise BadCondition("the list has no end")


def _written(condition: Condition) -> str:
    if condition.test == "filled":
        return f"filled({condition.field})" if condition.value else f"not filled({condition.field})"
    value = list(condition.value) if isinstance(condition.value, tuple) else condition.value
    return f"{condition.field} {_WRITTEN[condition.test]} {json.dumps(value, ensure_ascii=False)}"
