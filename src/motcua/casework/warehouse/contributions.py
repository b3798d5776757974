"""Where higher rooms say in words what the entries are whose proofs people bring."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

_words: dict[str, str | Promise] = {}


def register_entry_words(words: Mapping[str, str | Promise]) -> None:
    """Called in `apps.py`. words: kind of entry -> what happened, for anybody."""
    _words.update(words)


def entry_words(kind: str) -> str:
    """The code itself for a kind that nobody put into words."""
    return str(_words.get(kind, kind))
