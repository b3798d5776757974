"""How people write names of places, brought to one form. Pure."""

from __future__ import annotations

import re

from motcua.foundation.kernel.text import fold

# What is written short, after folding. A number may follow at once: "p3", "q.1".
_SHORT = {
    "tp": "thanh pho",
    "tx": "thi xa",
    "tt": "thi tran",
    "dk": "dac khu",
    "p": "phuong",
    "x": "xa",
    "q": "quan",
    "h": "huyen",
    "t": "tinh",
}
# Names everybody uses for cities, after folding.
_EVERYDAY = {
    "hcm": "ho chi minh",
    "tphcm": "thanh pho ho chi minh",
    "hn": "ha noi",
    "thua thien hue": "hue",
}
KINDS = (
    "thành phố",
    "thị xã",
    "thị trấn",
    "đặc khu",
    "phường",
    "huyện",
    "tỉnh",
    "quận",
    "xã",
)
_EVERYDAY_WORDS = re.compile(rf"\b(?:{'|'.join(_EVERYDAY)})\b")
_SHORT_WORD = re.compile(rf"\b({'|'.join(_SHORT)})(?=\d|\b)")
# As they stand in a key: "huien".
_KIND_WORD = re.compile(r"\b(?:" + "|".join(fold(kind).replace("y", "i") for kind in KINDS) + r")\b")
_SPACES = re.compile(r"\s+")
_ZEROS = re.compile(r"\b0+(?=\d)")
_BETWEEN = re.compile(r"(?<=[a-z])(?=\d)")


def name_key(name: str) -> str:
    """A name as it is compared: without accents, case and signs; "i" for "y", as Kỳ and Kì are the same to people.

    "Phường Kỳ Sơn" -> "phuong ki son"; "Phường 01" -> "phuong 1". Applying it again changes nothing.
    """
    plain = _SPACES.sub(" ", re.sub(r"[._]+", " ", fold(name))).strip()
    return _ZEROS.sub("", plain).replace("y", "i")


def query_key(words: str) -> str:
    """`name_key` of what somebody typed, with short forms written out: "P3 Q1" -> "phuong 3 quan 1"."""
    plain = _SPACES.sub(" ", re.sub(r"[._]+", " ", fold(words))).strip()
    everyday = _EVERYDAY_WORDS.sub(lambda found: _EVERYDAY[found[0]], plain)
    written_out = _SHORT_WORD.sub(lambda found: _SHORT[found[1]] + " ", everyday)
    return name_key(_BETWEEN.sub(" ", written_out))


def bare(key: str) -> str:
    """A key without words for kinds: "phuong ki son tinh phu tho" -> "ki son phu tho".

    One that consists of such words only stays as it is ("Phường Xã Tắc" is not, "Quận" is).
    """
    rest = _SPACES.sub(" ", _KIND_WORD.sub(" ", key)).strip()
    return rest or key


def has_accents(words: str) -> bool:
    """Whether somebody took the trouble to write accents, so that Thanh and Thạnh are two names to them."""
    return not words.isascii()


def kind_of(name: str) -> str:
    """ "Thị trấn Lâm Thao" -> "thị trấn"; "" for a name without a kind."""
    low = name.lower()
    return next((kind for kind in KINDS if low.startswith(f"{kind} ")), "")


def own_name(name: str) -> str:
    """ "Thị trấn Lâm Thao" -> "Lâm Thao"."""
    return name[len(kind_of(name)) :].strip()


def in_sentence(name: str) -> str:
    """A full name inside a sentence: "Thành phố Huế" -> "thành phố Huế"."""
    return name[:1].lower() + name[1:]
