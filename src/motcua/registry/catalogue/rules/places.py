"""Places of values in a captured procedure: `name`, `legal_basis`, `channels[0,2].fee`, `results[1].code`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from motcua.registry.catalogue.rules.captured import Content

_PLACE = re.compile(r"(?P<name>[a-z_]+)(?:\[(?P<rows>[0-9,]+)\]\.(?P<key>[a-z]+))?")


def place(name: str, rows: Iterable[int] = (), key: str = "") -> str:
    numbers = ",".join(str(row) for row in rows)
    return f"{name}[{numbers}].{key}" if numbers else name


def rows_of(where: str) -> tuple[int, ...]:
    """The rows a place names; none for a value of the procedure itself."""
    found = _PLACE.fullmatch(where)
    return tuple(int(it) for it in found["rows"].split(",")) if found and found["rows"] else ()


def put(content: Content, where: str, value: Any) -> Content:
    """The content with a value in a place; rows that are not there any more are left out."""
    found = _PLACE.fullmatch(where)
    if not found:
        return content
    if not found["rows"]:
        return content | {found["name"]: value}
    chosen = set(rows_of(where))
    rows = [
        row | {found["key"]: value} if at in chosen else row for at, row in enumerate(content[found["name"]])
    ]
    return content | {found["name"]: rows}
