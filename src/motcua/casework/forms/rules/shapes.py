"""The JSON Schema behind a form's questions: shared definitions, and what a rule says once its $ref is followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .blocks import SHARED

_DEFS = "#/$defs/"


def with_shared(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with the shared definitions it refers to and does not define itself."""
    text = str(schema)
    defined = schema.get("$defs", {})
    added = {
        name: rule for name, rule in SHARED.items() if f"'{_DEFS}{name}'" in text and name not in defined
    }
    return {**schema, "$defs": {**defined, **added}} if added else dict(schema)


def resolved(rule: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a property says itself and by its $ref; both lists of required parts together."""
    name = str(rule.get("$ref", "")).removeprefix(_DEFS)
    shared = schema.get("$defs", {}).get(name) if rule.get("$ref") else None
    if not isinstance(shared, Mapping):
        return rule
    required = [*shared.get("required", ()), *rule.get("required", ())]
    return {**shared, **rule, **({"required": required} if required else {})}
