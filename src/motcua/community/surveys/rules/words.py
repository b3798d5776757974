"""Open answers as others read them: numbers, addresses and the person's own name covered. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from motcua.foundation.kernel.text import fold, mask_number

# A telephone or personal number, however it is spaced: eight digits and more.
_NUMBER = re.compile(r"\+?\d(?:[\s.()-]{0,2}\d){7,}")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_WORD = re.compile(r"\w+")
COVER = "…"


def masked(text: str, names: Iterable[str] = ()) -> str:
    """`text` with numbers of 8 digits and more, e-mail addresses, and these names (accents or not) covered."""
    covered = _ADDRESS.sub(COVER, text)
    covered = _NUMBER.sub(lambda found: mask_number(re.sub(r"\D", "", found[0])), covered)
    for name in names:
        covered = _without(covered, fold(name).split())
    return covered


def _without(text: str, name: list[str]) -> str:
    """Without a name of two words and more: one word alone ("An") stands in too many sentences."""
    if len(name) < 2:
        return text
    words = list(_WORD.finditer(text))
    folded, parts, begun, at = [fold(it[0]) for it in words], [], 0, 0
    while at <= len(words) - len(name):
        if folded[at : at + len(name)] == name:
            parts += [text[begun : words[at].start()], COVER]
            begun = words[at + len(name) - 1].end()
            at += len(name)
        else:
            at += 1
    return "".join([*parts, text[begun:]])
