"""Texts of packs, in the reader's language. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Where a fact of a pack comes from, or that somebody has to check it: [portal], [M], [?].
_MARK = re.compile(r"\s*\[[^\]]*\]")


def in_language(texts: Mapping[str, str] | str, language: str) -> str:
    """The text in a language, else in Vietnamese (the legal one). A plain string is returned as it is."""
    if isinstance(texts, str):
        return texts
    return texts.get(language[:2]) or texts.get("vi", "")


def source_words(source: str) -> str:
    """A source as readers see it, without the pack's marks: "Luật Hộ tịch, Điều 11 [M]" -> "Luật Hộ tịch, Điều 11"."""
    return _MARK.sub("", source).strip(" ;,")
