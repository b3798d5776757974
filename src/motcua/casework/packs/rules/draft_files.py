"""The files of a procedure as text: what a draft of a version holds. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from motcua.casework.forms.rules.generic import generic_form
from motcua.casework.process.rules.bpmn.reading import read_bpmn
from motcua.casework.process.rules.definition import BadProcess

from .writing import files_of as files_of
from .writing import yaml_text as yaml_text

PROCEDURE, FORM, PROCESS, BPMN, TEMPLATE = (
    "procedure.yaml",
    "form.json",
    "process.yaml",
    "process.bpmn",
    "result.typ",
)
# example.json: sample answers, for the preview; linked.yaml: which procedures are applied for together.
EXAMPLE, LINKED = "example.json", "linked.yaml"
NAMES = (PROCEDURE, FORM, PROCESS, BPMN, TEMPLATE, EXAMPLE, LINKED)
# Characters; the longest file of a real pack has 60,000.
MOST_IN_FILE, MOST_IN_ALL = 400_000, 1_000_000


class BadFile(ValueError):
    """A file that cannot be read. `line` from 1, 0 where it is not known."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        self.file, self.line, self.problem = file, line, problem
        super().__init__(f"{file}:{line}: {problem}")


def parse_files(files: Mapping[str, str], shared_process: Mapping[str, Any]) -> dict[str, Any]:
    """{"procedure", "form", "process", "template"}, and "linked" where it is there, as a pack's procedure.

    What a procedure does not bring is shared: the general form, and the shared process under its code. Raises BadFile.
    """
    check_bounds(files)
    if PROCEDURE not in files:
        raise BadFile(PROCEDURE, 0, "is missing")
    procedure = _table(PROCEDURE, read_yaml(PROCEDURE, files[PROCEDURE]))
    found = {
        "procedure": procedure,
        "form": _form(files, procedure),
        "process": _process(files) or {**shared_process, "code": procedure.get("code")},
        "template": files.get(TEMPLATE, ""),
    }
    if LINKED in files:
        found["linked"] = read_yaml(LINKED, files[LINKED])
    return found


def check_bounds(files: Mapping[str, str]) -> None:
    """Raises BadFile for an unknown name and for what is too long."""
    for name, text in files.items():
        if name not in NAMES:
            raise BadFile(name[:60], 0, "is none of the files of a procedure")
        if len(text) > MOST_IN_FILE:
            raise BadFile(name, 0, f"is longer than {MOST_IN_FILE} characters")
    if sum(map(len, files.values())) > MOST_IN_ALL:
        raise BadFile(PROCEDURE, 0, f"and the others are longer than {MOST_IN_ALL} characters together")


def read_yaml(name: str, text: str) -> Any:
    """Raises BadFile; anchors are refused, as a few of them can stand for gigabytes."""
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken):
                raise BadFile(name, token.start_mark.line + 1, "anchors and aliases are not read")
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise BadFile(name, line, error.problem or "is not YAML") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise error if isinstance(error, BadFile) else BadFile(name, 0, "is not YAML") from error


def read_json(name: str, text: str) -> Any:
    """Raises BadFile."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadFile(name, error.lineno, error.msg) from error
    except (ValueError, RecursionError) as error:
        raise BadFile(name, 0, "is not JSON") from error


def _table(name: str, data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise BadFile(name, 1, "must be a table of names and values")
    return data


def _form(files: Mapping[str, str], procedure: Mapping[str, Any]) -> dict[str, Any]:
    if FORM in files:
        return _table(FORM, read_json(FORM, files[FORM]))
    try:
        return generic_form(procedure)
    except (KeyError, TypeError, AttributeError) as error:
        raise BadFile(PROCEDURE, 0, "has no name or components to make the general form of") from error


def _process(files: Mapping[str, str]) -> dict[str, Any] | None:
    if PROCESS in files and BPMN in files:
        raise BadFile(BPMN, 0, "and process.yaml are both there; one of them is the process")
    if PROCESS in files:
        return _table(PROCESS, read_yaml(PROCESS, files[PROCESS]))
    if BPMN not in files:
        return None
    try:
        return dict(read_bpmn(files[BPMN].encode()))
    except BadProcess as error:
        first = error.findings[0]
        raise BadFile(BPMN, getattr(first, "line", 0), str(first)) from error
