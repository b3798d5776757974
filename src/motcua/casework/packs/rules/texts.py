"""Texts in the languages of the pages. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LANGUAGES = ("vi", "en", "de")


def missing_languages(text: Any) -> list[str]:
    """Languages in which a text has no words."""
    if not isinstance(text, Mapping):
        return list(LANGUAGES)
    return [language for language in LANGUAGES if not str(text.get(language, "")).strip()]
