"""The files of a procedure as text: what a draft of a version holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping

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


def check_bounds(files: Mapping[str, str]) -> None:
    """Raises BadFile for an unknown name and for what is too long."""
    for name, text in files.items():
        if name not in NAMES:
            raise BadFile(name[:60], 0, "is none of the files of a procedure")
        if len(text) > MOST_IN_FILE:
            raise BadFile(name, 0, f"is longer than {MOST_IN_FILE} characters")
    if sum(map(len, files.values())) > MOST_IN_ALL:
        raise BadFile(PROCEDURE, 0, f"and the others are longer than {MOST_IN_ALL} characters together")
