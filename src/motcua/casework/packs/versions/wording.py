"""What differs between two versions, one sentence each, in the active language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motcua.casework.packs.differing import in_words
from motcua.casework.packs.models import VersionDraft
from motcua.casework.packs.rules.differing import differences
from motcua.casework.packs.rules.draft_files import BadFile
from motcua.casework.packs.versions.publishing import parsed
from motcua.registry.catalogue.models import ProcedureVersion

# More than these nobody reads; the files show them all.
_MOST = 60


def version_words(before: ProcedureVersion, after: ProcedureVersion) -> list[str]:
    return _words(_content(before), _content(after))


def draft_words(draft: VersionDraft) -> list[str]:
    """Against the version it replaces; nothing without one, and for files that cannot be read."""
    if not draft.base:
        return []
    try:
        return _words(_content(draft.base), parsed(draft.files))
    except BadFile:
        return []


def _content(version: ProcedureVersion) -> dict[str, Any]:
    return {**version.definition, "template": version.result_template}


def _words(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    # From which day it counts is said beside.
    day = before["procedure"].get("valid_from")
    same = {**after, "procedure": {**after["procedure"], "valid_from": day}}
    return [in_words(it) for it in differences(before, same)[:_MOST]]
