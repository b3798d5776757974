"""Items of a repeated question added, taken out, filled in, in what a browser sent: nothing else of it changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .cleaning import Raw, clean_fields, flat, item_count, key_of
from .definition import BLOCKS, Answers, Field


def with_item(item: Field, raw: Raw, least: int = 0) -> dict[str, Any]:
    """One more empty item, unless there are as many as there may be. least: how many the page showed."""
    count = max(item_count(item.name, raw), least)
    return {**raw, key_of(item.name, "count"): [str(min(count + 1, item.maximum or count + 1))]}


def without_item(item: Field, raw: Raw, position: int) -> dict[str, Any]:
    """Without the item at this position (from 0); those after it move up. Any other position changes nothing."""
    count = item_count(item.name, raw)
    if not 0 <= position < count:
        return dict(raw)
    pattern = re.compile(rf"{re.escape(item.name)}-(\d{{1,4}})-(.+)")
    kept: dict[str, Any] = {}
    for key, value in raw.items():
        found = pattern.fullmatch(key)
        if not found or int(found[1]) < position:
            kept[key] = value
        elif int(found[1]) > position:
            kept[key_of(item.name, int(found[1]) - 1, found[2])] = value
    return kept | {key_of(item.name, "count"): [str(count - 1)]}


def without_empty(item: Field, raw: Raw) -> dict[str, Any]:
    """Without the items in which nothing was answered."""
    kept = dict(raw)
    for position in reversed(range(item_count(item.name, raw))):
        if not clean_fields(item.fields, raw, f"{key_of(item.name, position)}-"):
            kept = without_item(item, kept, position)
    return kept


def with_person(raw: Raw, key: str, person: Mapping[str, Any]) -> dict[str, Any]:
    """The block at `key` filled in with a person; what stood there is replaced."""
    kept = {name: value for name, value in raw.items() if not name.startswith(f"{key}-")}
    return kept | flat(key, person)


def people_named(fields: Mapping[str, Field], answers: Answers) -> dict[str, Mapping[str, Any]]:
    """Key -> person, of all persons in the answers that have a name, in the order of the form."""
    found: dict[str, Mapping[str, Any]] = {}
    for item in fields.values():
        value = answers.get(item.name)
        if item.kind == "repeated" and isinstance(value, list):
            inner = {it.name: it for it in item.fields}
            for position, it in enumerate(value):
                if isinstance(it, Mapping):
                    found |= {
                        key_of(item.name, position, key): who for key, who in people_named(inner, it).items()
                    }
        elif item.kind in BLOCKS and isinstance(value, Mapping) and value.get("full_name"):
            found[item.name] = value
    return found
