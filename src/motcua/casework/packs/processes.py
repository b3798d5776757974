"""The process of a procedure's folder, as process.yaml or process.bpmn, with those it calls from the same pack."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from motcua.casework.process.rules.bpmn.reading import read_bpmn
from motcua.casework.process.rules.definition import BadProcess, with_called


def read_process(folder: Path) -> Any:
    """process.bpmn if it is there, else process.yaml, as data. Raises OSError, YAMLError, BadProcess."""
    bpmn = folder / "process.bpmn"
    if not bpmn.is_file():
        return yaml.safe_load((folder / "process.yaml").read_text(encoding="utf-8"))
    if (folder / "process.yaml").is_file():
        raise OSError(f"{folder} has process.yaml and process.bpmn; one of them is the process")
    try:
        return read_bpmn(bpmn.read_bytes())
    except BadProcess as error:
        raise OSError(f"{bpmn}: {error}") from error


def add_called(path: Path, procedures: Mapping[str, dict[str, Any]]) -> None:
    """Put into each process the ones it calls: those of other procedures of the pack, and `processes/CODE.yaml`."""
    known = {str(files["procedure"]["code"]): files["process"] for files in procedures.values()}
    for shared in sorted((path / "processes").glob("*.yaml")):
        known.setdefault(shared.stem, yaml.safe_load(shared.read_text(encoding="utf-8")))
    for files in procedures.values():
        if isinstance(files["process"], Mapping):
            files["process"] = with_called(files["process"], known.get)
