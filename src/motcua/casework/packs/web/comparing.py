"""What differs between two versions, as plain data for components/comparison."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from motcua.casework.dossiers.rules.comparing import Line
from motcua.casework.packs.models import VersionDraft
from motcua.casework.packs.versions.comparing import draft_differences, file_differences
from motcua.casework.packs.versions.wording import draft_words


def differences_context(draft: VersionDraft) -> dict[str, Any]:
    """Files that differ from the version the draft replaces."""
    base = draft.base
    return {
        "before_title": _("Version %(number)d") % {"number": base.number} if base else _("Nothing yet"),
        "after_title": _("This draft"),
        "in_words": draft_words(draft),
        "files": [_shown(it) for it in draft_differences(draft)],
    }


def file_groups(before: Mapping[str, str], after: Mapping[str, str]) -> list[dict[str, Any]]:
    """Files that differ, by name."""
    return [_shown(it) for it in file_differences(before, after)]


def _shown(found: Any) -> dict[str, Any]:
    return {
        "file": found.file,
        "is_long": found.is_long,
        "groups": [[_line(line) for line in group] for group in found.groups],
    }


def _line(line: Line) -> dict[str, Any]:
    def parts(side: Any) -> list[dict[str, Any]]:
        return [{"text": part.text, "changed": part.is_changed} for part in side]

    return {"before": parts(line.before), "after": parts(line.after), "changed": line.is_changed}
