"""The findings of a lint as a person reads them on a terminal: the line itself, a caret, why, how to mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from motcua.casework.packs.reading import MOST_BYTES
from motcua.casework.packs.rules.findings import LEVELS, Finding
from motcua.casework.packs.rules.rulebook import UNREADABLE

_COLOURS = {"error": "31", "warning": "33", "advice": "36"}
_WIDEST = 110  # characters of a source line that are shown


@dataclass(frozen=True, slots=True)
class Report:
    """`path`: of the pack or folder. `colours`: also shows the source lines, which a file or pipe does without."""

    path: Path
    colours: bool = False

    def lines(self, found: Finding) -> str:
        """One finding."""
        if not self.colours:
            return str(found)
        head, _newline, mend = str(found).partition("\n")
        place, said = head.split(": ", 1)
        level, rest = said.split(":", 1)
        shown = f"{place}: \033[1;{_COLOURS[found.level]}m{level}\033[0m:{rest}"
        return "\n".join([shown, *self._excerpt(found), mend])

    def last_line(self, found: Sequence[Finding]) -> str:
        counts = Counter(it.level for it in found)
        said = [
            f"{counts[level]} {level}{'s' if counts[level] != 1 and level != 'advice' else ''}"
            for level in LEVELS
        ]
        if not found:
            return "No findings."
        rules = Counter(it.rule for it in found)
        return f"{', '.join(said)}: {', '.join(f'{rule} {count}' for rule, count in rules.most_common())}."

    def _excerpt(self, found: Finding) -> list[str]:
        """The source line, cut around the place, and a caret under it."""
        path = self.path / found.file
        if not found.line or path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES:
            return []
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        if found.line > len(lines):
            return []
        start = max(0, found.column - 60)
        text = "".join(
            it if it.isprintable() else " " for it in lines[found.line - 1][start : start + _WIDEST]
        )
        number = str(found.line)
        shown = [f"  {number} | {text}"]
        if found.column:
            shown.append(f"  {' ' * len(number)} | {' ' * (found.column - 1 - start)}^")
        return shown


def exit_status(found: Sequence[Finding]) -> int:
    """0: nothing that hinders loading; 1: errors; 2: something cannot be read."""
    if any(it.rule in UNREADABLE for it in found):
        return 2
    return 1 if any(it.level == "error" for it in found) else 0
