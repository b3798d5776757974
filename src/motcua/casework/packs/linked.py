"""Groups of linked procedures as a pack has them: `linked/CODE/linked.yaml`, beside the procedures they are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from motcua.casework.forms.rules.definition import BadForm
from motcua.casework.packs.rules.linked import Files, Finding, files_of_group, lint_members, lint_shape
from motcua.casework.packs.rules.merging import NotMergeable


@dataclass(frozen=True, slots=True)
class Group:
    """A group as read. files: of the procedure it becomes, None where something is wrong. findings: sentences."""

    folder: str
    files: Mapping[str, Any] | None
    findings: Sequence[str]


def read_groups(path: Path, procedures: Mapping[str, Mapping[str, Any]], process: Any) -> list[Group]:
    """The groups of a pack folder. Raises OSError, YAMLError.

    procedures: the pack's modelled ones, by folder. process: the one that procedures share.
    """
    by_code = {str(files["procedure"]["code"]): files for files in procedures.values()}
    return [_read(it, by_code, process) for it in sorted((path / "linked").glob("*/linked.yaml"))]


def _read(path: Path, procedures: Files, process: Any) -> Group:
    with path.open(encoding="utf-8") as stream:
        data = _plain(yaml.safe_load(stream))  # what it cannot read names file and line
    text = path.read_text(encoding="utf-8")
    found: list[Finding] = list(lint_shape(data)) or list(lint_members(data, procedures))
    files = None
    if not found:
        try:
            files = files_of_group(data, procedures, process)
        except (NotMergeable, BadForm) as error:
            found.append((("members",), f"one form cannot be made of them: {error}"))
    if not found and data["code"] != path.parent.name:
        found.append((("code",), f"{data['code']} lies in the folder {path.parent.name}"))
    place = f"linked/{path.parent.name}/linked.yaml"
    words = [f"{place}:{_line(text, at)}: {'.'.join(map(str, at)) or 'file'}: {said}" for at, said in found]
    return Group(path.parent.name, None if words else files, words)


def _plain(data: Any) -> Any:
    """YAML's dates as text, as the schema has them."""
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    return data if isinstance(data, str | int | float | bool | None) else str(data)


def _line(text: str, at: Sequence[str | int]) -> int:
    """The line, from 1, of what stands at a path, or of the last part of the path that is there."""
    node, line = yaml.compose(text), 1
    for step in at:
        line = node.start_mark.line + 1 if node else line
        node = _child(node, step)
        if node is None:
            return line
    return node.start_mark.line + 1 if node else line


def _child(node: Any, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None
