"""What higher rooms say about versions."""

from __future__ import annotations

from collections.abc import Callable

from motcua.registry.catalogue.models import ProcedureVersion

# (the version before, the version after) -> what differs, one sentence each, in the active language.
Describe = Callable[[ProcedureVersion, ProcedureVersion], list[str]]
_describe: list[Describe] = []


def register_differences(describe: Describe) -> None:
    """Who puts the difference of two versions into words for the public page."""
    _describe[:] = [describe]


def differences_in_words(before: ProcedureVersion, after: ProcedureVersion) -> list[str]:
    return _describe[0](before, after) if _describe else []
