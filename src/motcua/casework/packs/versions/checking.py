"""What is wrong with the files of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from motcua.casework.packs.rules.draft_files import PROCEDURE, BadFile
from motcua.casework.packs.rules.lint import lint_procedure
from motcua.casework.packs.versions.publishing import parsed


@dataclass(frozen=True, slots=True)
class Finding:
    file: str
    line: int
    rule: str
    level: str
    problem: str
    mend: str


def check_files(code: str, files: Mapping[str, str]) -> list[Finding]:
    """Findings, errors first."""
    try:
        found = parsed(files)
    except BadFile as error:
        return [Finding(error.file, error.line, "unreadable", "error", error.problem, "")]
    if str(found["procedure"].get("code")) != code:
        return [Finding(PROCEDURE, 0, "code", "error", f"code must stay {code}", "")]
    return [Finding(PROCEDURE, 0, "lint", "error", it, "") for it in lint_procedure(found)]
