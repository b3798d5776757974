"""What is wrong with the files of a draft, or could be better."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils import timezone

from motcua.casework.packs.linting import lint_files, surroundings_of
from motcua.casework.packs.opening import open_pack
from motcua.casework.packs.rules.draft_files import LINKED, PROCEDURE, BadFile
from motcua.casework.packs.rules.findings import Finding
from motcua.casework.packs.rules.surroundings import Surroundings
from motcua.casework.packs.versions.publishing import read_text

_ORDER = ("error", "warning", "advice")


def check_files(code: str, files: Mapping[str, str]) -> list[Finding]:
    """Findings, errors first. Besides the lint of packs: the code of a procedure does not change."""
    own = {name: text.encode() for name, text in files.items() if name != LINKED}
    found = lint_files(own, around=_around(), today=timezone.localdate())
    if not any(it.file == PROCEDURE and it.level == "error" for it in found):
        found += _code(code, files[PROCEDURE])
    return sorted(found, key=lambda it: _ORDER.index(it.level))


def _code(code: str, text: str) -> list[Finding]:
    try:
        written = read_text(PROCEDURE, text)["code"]
    except (BadFile, KeyError, TypeError):
        return []
    if str(written) == code:
        return []
    problem = f"the code is {written}; this draft is of {code}"
    return [Finding(PROCEDURE, 1, "code-changed", "error", problem, f'write code: "{code}"')]


@cache
def _around() -> Surroundings:
    """What a procedure may refer to in the installation's pack; it changes with a release only."""
    return surroundings_of(open_pack(settings.PACKS / "vn"))
