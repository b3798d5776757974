"""What is different between two texts, line by line and within a line word by word. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

# Lines of what is the same, shown beside what is not.
CONTEXT = 2


@dataclass(frozen=True, slots=True)
class Part:
    """Words that stand on both sides, or only here."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line before and after; no parts where there was or is none."""

    before: tuple[Part, ...]
    after: tuple[Part, ...]

    @property
    def is_changed(self) -> bool:
        return any(part.is_changed for part in (*self.before, *self.after))


def compare(before: Sequence[str], after: Sequence[str]) -> list[list[Line]]:
    """Groups of lines around each change, with CONTEXT lines of what is the same; none: both say the same.

    Time grows with the square of the lines: callers bound them.
    """
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        [line for code in group for line in _lines(before, after, code)]
        for group in matcher.get_grouped_opcodes(CONTEXT)
    ]


def _lines(before: Sequence[str], after: Sequence[str], code: tuple[str, int, int, int, int]) -> list[Line]:
    kind, old, old_end, new, new_end = code
    if kind == "equal":
        return [Line((Part(text),), (Part(text),)) for text in before[old:old_end]]
    pairs = zip_longest(before[old:old_end], after[new:new_end])
    return [_line(*pair) for pair in pairs]


def _line(before: str | None, after: str | None) -> Line:
    if before is None or after is None:
        whole = tuple(Part(text, is_changed=True) for text in (before, after) if text is not None)
        return Line(whole, ()) if after is None else Line((), whole)
    old, new = before.split(), after.split()
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return Line(
        tuple(Part(" ".join(old[i:j]), kind != "equal") for kind, i, j, _m, _n in codes if i < j),
        tuple(Part(" ".join(new[m:n]), kind != "equal") for kind, _i, _j, m, n in codes if m < n),
    )
