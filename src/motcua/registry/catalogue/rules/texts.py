"""Texts of packs, in the reader's language. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def in_language(texts: Mapping[str, str] | str, language: str) -> str:
    """The text in a language, else in Vietnamese (the legal one). A plain string is returned as it is."""
    if isinstance(texts, str):
        return texts
    return texts.get(language[:2]) or texts.get("vi", "")
