"""What differs between a draft and the version it replaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from motcua.casework.dossiers.rules.comparing import CONTEXT, Line, compare
from motcua.casework.packs.models import VersionDraft
from motcua.casework.packs.rules.draft_files import NAMES
from motcua.casework.packs.versions.services import text_of
from motcua.registry.catalogue.models import ProcedureVersion

# Comparing takes the square of the lines that are left once what is the same above and below is put aside.
_MOST_LINES = 1_200


@dataclass(frozen=True, slots=True)
class FileDifference:
    """One file, as groups of lines around each change. `is_long`: too much differs to show it side by side."""

    file: str
    groups: list[list[Line]]
    is_long: bool = False


def base_files(version: ProcedureVersion | None) -> Mapping[str, str]:
    """The files of the version that a draft replaces; none for a first one."""
    return text_of(version) if version else {}


def file_differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[FileDifference]:
    """Files that differ, in the usual order."""
    found = []
    for name in NAMES:
        old, new = before.get(name, "").splitlines(), after.get(name, "").splitlines()
        if old != new:
            found.append(_difference(name, old, new))
    return found


def _difference(name: str, old: Sequence[str], new: Sequence[str]) -> FileDifference:
    head = _same(old, new)
    tail = _same(old[head:][::-1], new[head:][::-1])
    keep, end = max(0, head - CONTEXT), max(0, tail - CONTEXT)
    before, after = old[keep : len(old) - end], new[keep : len(new) - end]
    if len(before) > _MOST_LINES or len(after) > _MOST_LINES:
        return FileDifference(name, [], is_long=True)
    return FileDifference(name, compare(before, after))


def _same(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines are the same at the beginning."""
    pairs = zip(old, new, strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(old), len(new)))


def draft_differences(draft: VersionDraft) -> list[FileDifference]:
    return file_differences(base_files(draft.base), draft.files)
