"""What the lint of packs says, and where. Pure.

A rule finds a `Fault`: a file of the procedure and the way to the key or value that is wrong. Who has read the file
adds the line and makes it a `Finding`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

from .rulebook import RULES

Level = Literal["error", "warning", "advice"]
LEVELS: tuple[Level, ...] = ("error", "warning", "advice")
At = tuple[str | int, ...]
_LONGEST = 300  # characters of a sentence; what an author wrote may be endless


@dataclass(frozen=True, slots=True)
class Finding:
    """`file`: in the pack, with slashes; `line`, `column`: from 1, 0 where no line can be named."""

    file: str
    line: int
    rule: str
    level: Level
    problem: str
    mend: str
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.level}[{self.rule}]: {self.problem}\n  mend: {self.mend}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule found. `at`: keys and places from the top of the file; `key`: the key is wrong, not its value."""

    file: str
    at: At
    rule: str
    values: Mapping[str, Any] = field(default_factory=dict)
    key: bool = False


def finding(rule: str, file: str, line: int = 0, column: int = 0, **values: Any) -> Finding:
    """A finding in the words of a rule (`rulebook.RULES`). values: what the words name. Raises KeyError."""
    words, said = RULES[rule], {key: _short(str(value)) for key, value in values.items()}
    problem, mend = words.problem.format_map(said), words.mend.format_map(said)
    return Finding(file, line, rule, words.level, _short(problem, 2 * _LONGEST), mend, column)


def fault(file: str, at: At, rule: str, /, **values: Any) -> Fault:
    """A fault of the value that `at` leads to. values: what the words of the rule name."""
    return Fault(file, at, rule, values)


def fault_of_key(file: str, at: At, rule: str, /, **values: Any) -> Fault:
    """A fault of the key that `at` ends with."""
    return Fault(file, at, rule, values, key=True)


def did_you_mean(name: Any, known: Sequence[str]) -> str:
    """ " Did you mean birth_date?" for a name that resembles a known one, else some of the known ones."""
    close = get_close_matches(str(name)[:100], list(known), n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    shown = ", ".join(sorted(known)[:12])
    return f"known are {shown}{', …' if len(known) > 12 else ''}" if known else "nothing is known here"


def errors(findings: Sequence[Finding]) -> list[Finding]:
    return [it for it in findings if it.level == "error"]


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """By file and line, each said once."""
    return sorted(
        set(findings), key=lambda it: (it.file, it.line, LEVELS.index(it.level), it.rule, it.problem)
    )


def _short(text: str, longest: int = _LONGEST) -> str:
    text = " ".join("".join(it if it.isprintable() else " " for it in text).split())
    return text if len(text) <= longest else f"{text[:longest]}…"
