"""Reading the pieces of a form.json: objects, lists, texts, conditions, computed values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from motcua.foundation.kernel.conditions import BadCondition, Condition, parse_conditions

from .definition import LANGUAGES, RULES, TODAY, BadForm, Computed, Rule, Table, Text

Item = TypeVar("Item")
# Beside a rule: what it takes further.
_BESIDE = {"choose": "of", "lookup": "by"}


def read_computed(data: Any, path: str, tables: Mapping[str, Any]) -> Computed:
    """One computed value. They are a list, as a value may use those before it and stored JSON keeps no order of keys.

    tables: of the form, for `lookup`. Raises BadForm.
    """
    rule = read_object(data, path, required="name", optional="of by " + " ".join(RULES))
    name = read_string(rule["name"], f"{path}.name")
    used = [key for key in RULES if key in rule]
    if len(used) != 1:
        raise BadForm(path, f"needs exactly one of {', '.join(RULES)}")
    kind = cast(Rule, used[0])
    if unknown := set(rule) - {"name", kind, _BESIDE.get(kind)}:
        raise BadForm(path, f"{min(unknown)!r} does not belong to {kind}")
    place, value = f"{path}.{kind}", rule[kind]
    match kind:
        case "choose":
            targets = read_object(rule.get("of"), f"{path}.of")
            by = read_string(value, place)
            sources = tuple(read_string(target, f"{path}.of") for target in targets.values())
            return Computed(name, kind, sources, by, tuple(targets))
        case "lookup":
            table = _table(tables.get(read_string(value, place)), place)
            return Computed(name, kind, (read_string(rule.get("by"), f"{path}.by"),), table=table)
        case "first_word_of" | "count":
            return Computed(name, kind, (read_string(value, place),))
        case "age_on":
            days = read_list(value, place, read_string)
            if len(days) > 2:
                raise BadForm(place, "takes a date of birth and a day")
            return Computed(name, kind, (*days, TODAY)[:2])
    return Computed(name, kind, read_list(value, place, read_string))


def _table(data: Any, path: str) -> Table:
    """{"key": value}, or steps [{"from": number, "value": value}] in rising order."""
    if isinstance(data, Mapping) and data:
        return {str(key): _plain(value, path) for key, value in data.items()}
    steps = read_list(data, path, _step)
    if [start for start, _value in steps] != sorted({start for start, _value in steps}):
        raise BadForm(path, "the steps of its table must rise")
    return steps


def _step(data: Any, path: str) -> tuple[float, Any]:
    step = read_object(data, path, required="from value")
    if isinstance(step["from"], bool) or not isinstance(step["from"], int | float):
        raise BadForm(f"{path}.from", "must be a number")
    return float(step["from"]), _plain(step["value"], f"{path}.value")


def _plain(value: Any, path: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadForm(path, "a table holds texts and numbers")
    return value


def read_conditions(data: Any, path: str) -> tuple[Condition, ...]:
    """One condition or a list of them, all of which must hold."""
    try:
        return parse_conditions(data)
    except BadCondition as error:
        raise BadForm(path, str(error)) from None


def read_object(data: Any, path: str, required: str | None = None, optional: str = "") -> Mapping[str, Any]:
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


def read_list(
    data: Any, path: str, read: Callable[[Any, str], Item], *, empty: bool = False
) -> tuple[Item, ...]:
    if not isinstance(data, list) or not (data or empty):
        raise BadForm(path, "must be a list with at least one item")
    return tuple(read(item, f"{path}[{position}]") for position, item in enumerate(data))


def read_text(data: Any, path: str) -> Text:
    text = read_object(data, path, required=" ".join(LANGUAGES))
    for language, words in text.items():
        if not isinstance(words, str) or not words.strip():
            raise BadForm(f"{path}.{language}", "has no words")
    return text


def read_optional_text(item: Mapping[str, Any], key: str, path: str) -> Text | None:
    return read_text(item[key], f"{path}.{key}") if key in item else None


def read_string(data: Any, path: str) -> str:
    if not isinstance(data, str) or not data:
        raise BadForm(path, "must be a text")
    return data


def read_number(data: Any, path: str, *, least: int = 1) -> int:
    if isinstance(data, bool) or not isinstance(data, int) or data < least:
        raise BadForm(path, f"must be a whole number from {least}")
    return data
