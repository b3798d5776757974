"""Groups of linked procedures as a pack has them: `linked/CODE/linked.yaml`, beside the procedures they are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from motcua.casework.forms.rules.definition import BadForm
from motcua.casework.packs.reading import Files, Source
from motcua.casework.packs.rules.findings import Fault, Finding, fault
from motcua.casework.packs.rules.linked import FILE, files_of_group, linked_fault, lint_members
from motcua.casework.packs.rules.merging import NotMergeable
from motcua.casework.packs.rules.shape import as_json, lint_shape


@dataclass(frozen=True, slots=True)
class Group:
    """A group as read. files: of the procedure it becomes, None where something is wrong."""

    folder: str
    files: Mapping[str, Any] | None
    findings: Sequence[Finding]


def read_groups(files: Files, procedures: Mapping[str, Mapping[str, Any]], process: Any) -> list[Group]:
    """The groups of a pack. procedures: its modelled ones, by folder. process: the one that procedures share."""
    by_code = {str(it["procedure"]["code"]): it for it in procedures.values()}
    sources = [files.sources.get(f"linked/{folder}/{FILE}") for folder in files.under("linked")]
    return [_read(it, by_code, process) for it in sources if it]


def _read(source: Source, procedures: Mapping[str, Mapping[str, Any]], process: Any) -> Group:
    folder, data = source.name.split("/")[1], as_json(source.content)
    found: list[Fault] = list(lint_shape("linked", FILE, data)) or list(lint_members(data, procedures))
    files = None
    if not found:
        try:
            files = files_of_group(data, procedures, process)
        except (NotMergeable, BadForm) as error:
            found.append(linked_fault(("members",), f"one form cannot be made of them: {error}"))
    if not found and data["code"] != folder:
        found.append(fault(FILE, ("code",), "other-folder", code=data["code"], folder=folder))
    return Group(folder, None if found else files, [source.finding(it) for it in found])
