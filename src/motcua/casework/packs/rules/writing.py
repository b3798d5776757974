"""A published version as the files of a procedure's folder: same content, same bytes. Pure.

Keys stand in the schema's order, texts are quoted only where YAML would read something else, lines end with LF.
Texts are not broken into lines, so that a change is one line. Comments and anchors of the files it came from are lost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

import yaml

from motcua.casework.forms.rules.blocks import SHARED
from motcua.casework.forms.rules.shapes import with_shared

from .ordering import ordered

_UNBROKEN = 1_000_000


def files_of(definition: Mapping[str, Any], template: str) -> dict[str, str]:
    """Name -> text: procedure.yaml, form.json, process.yaml, and where they are, linked.yaml and result.typ.

    Read again they give the same version, digest included.
    """
    procedure = dict(definition["procedure"])
    # A date, as authors write it; a pack's reader takes nothing else for the day a version begins.
    with suppress(ValueError):
        procedure["valid_from"] = date.fromisoformat(str(procedure.get("valid_from")))
    form = dict(definition["form"])
    form["schema"] = without_shared(form["schema"])
    found = {
        "procedure.yaml": yaml_text(procedure),
        "form.json": json_text(form),
        "process.yaml": yaml_text(definition["process"]),
    }
    if "linked" in definition:
        found["linked.yaml"] = yaml_text(definition["linked"])
    if template:
        found["result.typ"] = template
    return found


def yaml_text(data: Any) -> str:
    return yaml.dump(
        ordered(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_UNBROKEN, line_break="\n"
    )


def json_text(data: Any) -> str:
    return json.dumps(ordered(data), ensure_ascii=False, indent=2) + "\n"


def without_shared(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A stored schema without the shared definitions that every form's may refer to, as its author wrote it."""
    own = {name: it for name, it in schema.get("$defs", {}).items() if SHARED.get(name) != it}
    bare = {key: it for key, it in schema.items() if key != "$defs"} | ({"$defs": own} if own else {})
    return bare if with_shared(bare) == schema else schema


class _Dumper(yaml.SafeDumper):
    """Says everything where it stands: no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True
