"""Text: folding for search, a Vietnamese sort key, cleaning of what people type, masking of numbers."""

from __future__ import annotations

import re
import unicodedata

# Cc, Cs and the bidirectional overrides: they can make a page show something else than what was stored.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
_SPACES = re.compile(r"\s+")
# The combining marks of Vietnamese and of most other Latin letters.
_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]")
_NO_WORD = re.compile(r"[^\w.]+")
# The same for ASCII, which is nearly all that is left once marks are gone: in a fifth of the time.
_SPACED = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) in "_.")}

# Order of the Vietnamese alphabet and of its tones (level, huyền, hỏi, ngã, sắc, nặng); Decree 30/2020 uses it.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"": 0, "\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = {"\u0306", "\u0302", "\u031b"}
_RANK = {letter: chr(0x21 + position) for position, letter in enumerate(_LETTERS)}


def fold(text: str) -> str:
    """Lower case without accents, one space between words: "Đăng ký  KHAI SINH" -> "dang ky khai sinh"."""
    plain = text.lower()
    if not plain.isascii():
        plain = _MARKS.sub("", unicodedata.normalize("NFD", plain.replace("đ", "d")))
    if plain.isascii():
        return " ".join(plain.translate(_SPACED).split())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _NO_WORD.sub(" ", plain).strip()


def sort_key(text: str) -> str:
    """A string that sorts as a Vietnamese dictionary does: letters first, tones only to break ties."""
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", text.lower()):
        base, tone = "", ""
        for part in unicodedata.normalize("NFD", char):
            if part in _TONES:
                tone = part
            elif part in _SHAPES or not unicodedata.combining(part):
                base += part
        base = unicodedata.normalize("NFC", base)
        letters.append(_RANK.get(base, base if base.isdigit() else " "))
        tones.append(str(_TONES[tone]))
    return "".join(letters).strip() + "\x1f" + "".join(tones).rstrip("0")


def clean(text: str) -> str:
    """What a person typed, as it will be stored: NFC, no control or direction-changing characters, trimmed."""
    safe = _UNSAFE.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n")))
    # Once more: what a removed character kept apart may now be one letter.
    return unicodedata.normalize("NFC", safe).strip()


def inert(cell: str) -> str:
    """A cell of a CSV file as text: what begins so, a spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def clean_line(text: str) -> str:
    """`clean`, on one line with single spaces."""
    return _SPACES.sub(" ", clean(text))


def mask_number(number: str, *, shown: int = 3) -> str:
    """ "046123456789" -> "046*********". Source: the personal number is personal data (Law 26/2023, Decree 13/2023)."""
    return number[:shown] + "*" * max(0, len(number) - shown)


def mask_name(name: str) -> str:
    """ "Trần Thị Bình" -> "T. T. Bình": enough to ask for somebody at a counter, too little to look them up."""
    *others, given = name.split() or [""]
    return " ".join([*(f"{part[0]}." for part in others), given])
