"""Words as people type them: syllables with and without accents, typing errors, words not yet finished. Pure."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from motcua.foundation.kernel.text import fold

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# What the Telex way of typing leaves behind where no keyboard turned it into accents: "ddaats" -> "dat".
_DOUBLED = re.compile(r"(aa|ee|oo|dd|[aou]w|w)")
_UNDOUBLED = {"aa": "a", "ee": "e", "oo": "o", "dd": "d", "aw": "a", "ow": "o", "uw": "u", "w": "u"}
_TELEX_TONES = "sfrxj"
# No word is longer; what is, is not looked at more closely.
LONGEST = 20
_APART = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A syllable: folded ("hoa"), and with its marks behind, wherever they were typed ("hoà", "hòa": the same)."""

    folded: str
    marked: str

    @property
    def has_marks(self) -> bool:
        return self.folded != self.marked


def words_of(text: str) -> list[Word]:
    """The words of a text, in order."""
    parts = _APART.split(unicodedata.normalize("NFC", text.lower()))
    return [word for word in map(_word, parts) if word.folded]


@lru_cache(maxsize=20_000)
def _word(part: str) -> Word:
    signs = unicodedata.normalize("NFD", part.replace("đ", "d\u0335"))
    folded = fold(part)
    return Word(folded, folded + "".join(sorted(sign for sign in signs if unicodedata.combining(sign))))


class Vocabulary:
    """The folded words that texts use; finds those that a mistyped or unfinished word may mean."""

    def __init__(self, counts: dict[str, int]) -> None:
        self._counts = counts
        self._sorted = sorted(counts)

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def meant_by(self, word: str) -> list[str]:
        """Known words that an unknown one may be: typed in Telex, or with one slip. Most used first, at most four."""
        telex = without_telex(word)
        if telex != word and telex in self._counts:
            return [telex]
        if not 3 <= len(word) <= LONGEST or any(sign.isdigit() for sign in word):
            return []
        return self._most_used(slips(word) & self._counts.keys(), 4)

    def beginning_with(self, start: str) -> list[str]:
        """Known words that begin so, most used first, at most twelve."""
        first = bisect_left(self._sorted, start)
        last = bisect_left(self._sorted, start + "\U0010ffff")
        return self._most_used(self._sorted[first:last], 12)

    def nearest(self, word: str) -> str:
        """The known word most like it, "" where none is; slow, for who found nothing."""
        near = get_close_matches(word, self._sorted, n=1, cutoff=0.6) if len(word) <= LONGEST else []
        return near[0] if near else ""

    def _most_used(self, words: Collection[str], limit: int) -> list[str]:
        return sorted(words, key=lambda word: (-self._counts[word], word))[:limit]


def without_telex(word: str) -> str:
    """ "ddaats" -> "dat", "khai" -> "khai"."""
    plain = _DOUBLED.sub(lambda found: _UNDOUBLED[found[0]], word)
    return plain[:-1] if len(plain) > 2 and plain[-1] in _TELEX_TONES else plain


def slips(word: str) -> set[str]:
    """Everything that is one slip away: a letter too many, too few, another one, two changed over (Damerau 1964)."""
    cuts: Sequence[tuple[str, str]] = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in cuts if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    found |= {head + letter + tail[1:] for head, tail in cuts if tail for letter in _LETTERS}
    return found | {head + letter + tail for head, tail in cuts for letter in _LETTERS}
