"""The fonts of official papers: every TrueType file below FONTS_DIR, and nothing else of the machine.

Tinos has the metrics and the look of Times New Roman, which Decree 30/2020 asks for, and is free.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

import typst
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from fontTools.ttLib import TTFont

from motcua.foundation.kernel.text import clean

MISSING = "□"


def fonts() -> typst.Fonts:
    """The fonts for typst; read once per process and shared by all compilers."""
    return _load(Path(settings.FONTS_DIR))


def printable(text: str) -> str:
    """`clean` text in which every character has a glyph in each of the fonts.

    A character without one becomes "□", so that the reader sees that something stood there; a combining mark
    or joiner is dropped. Needed because PDF/A forbids text without a glyph (ISO 19005-2, 6.2.11) and typst
    then refuses the whole paper: one emoji in a name would stop the receipt.
    """
    text = clean(text).replace("\t", " ")
    glyphs = _glyphs(Path(settings.FONTS_DIR))
    if glyphs.issuperset(text):
        return text
    return "".join(char if char in glyphs else _substitute(char) for char in text)


def _substitute(char: str) -> str:
    return "" if unicodedata.category(char) in {"Mn", "Me", "Cf"} else MISSING


@lru_cache(maxsize=4)
def _files(folder: Path) -> tuple[Path, ...]:
    found = tuple(sorted(folder.rglob("*.ttf")))
    if not found:
        # typst would print papers without a single letter, and call them conformant.
        raise ImproperlyConfigured(f"There are no fonts in FONTS_DIR ({folder}). The set-up puts them there.")
    return found


@lru_cache(maxsize=4)
def _load(folder: Path) -> typst.Fonts:
    _files(folder)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


@lru_cache(maxsize=4)
def _glyphs(folder: Path) -> frozenset[str]:
    """Characters of every font. Private use ones are out: level A wants a meaning for each character."""
    codes = set.intersection(*(set(TTFont(path, lazy=True).getBestCmap()) for path in _files(folder)))
    return frozenset(char for char in map(chr, codes) if unicodedata.category(char) != "Co") | {"\n"}
