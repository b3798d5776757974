"""The process of a procedure's folder, as process.yaml or process.bpmn, with those it calls from the same pack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motcua.casework.packs.reading import Files, Source
from motcua.casework.process.rules.definition import with_called

SHARED = "processes/generic.yaml"


def find_process(files: Files, folder: str) -> Source | None:
    """process.bpmn of a folder ("procedures/CODE"), else process.yaml; None for neither."""
    return files.sources.get(f"{folder}/process.bpmn") or files.sources.get(f"{folder}/process.yaml")


def shared_process(files: Files, code: str) -> Any:
    """The process of every procedure that brings none; None where the pack has none."""
    process = files.content(SHARED)
    return {**process, "code": code} if isinstance(process, Mapping) else None


def add_called(files: Files, procedures: Mapping[str, dict[str, Any]]) -> None:
    """Put into each process the ones it calls: those of other procedures of the pack, and `processes/CODE.yaml`."""
    known = {str(it["procedure"]["code"]): it["process"] for it in procedures.values() if it["procedure"]}
    for name in sorted(files.sources):
        folder, _slash, file = name.partition("/")
        if folder == "processes" and file.endswith(".yaml"):
            known.setdefault(file.removesuffix(".yaml"), files.content(name))
    for it in procedures.values():
        if isinstance(it["process"], Mapping):
            it["process"] = with_called(it["process"], known.get)
