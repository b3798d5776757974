"""Stored definitions."""

from __future__ import annotations

from typing import Any

from motcua.casework.process.models import ProcessDefinition
from motcua.casework.process.rules.definition import Definition, parse_process

_parsed: dict[str, Definition] = {}


def definition_of(stored: ProcessDefinition) -> Definition:
    """The definition, parsed once a process: a stored one never changes. Reads its content only then."""
    key = f"{stored.code} {stored.digest}"
    if key not in _parsed:
        _parsed[key] = parse_process(stored.content)
    return _parsed[key]


def publish_definition(*, code: str, digest: str, content: dict[str, Any]) -> ProcessDefinition:
    """The stored definition with this content; made when new. Raises BadProcess."""
    if stored := ProcessDefinition.objects.filter(code=code, digest=digest).defer("content").first():
        return stored
    parse_process(content)
    definition, _ = ProcessDefinition.objects.get_or_create(
        code=code, digest=digest, defaults={"content": content}
    )
    return definition
