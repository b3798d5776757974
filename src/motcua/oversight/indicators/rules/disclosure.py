"""Which figures a public page may show without telling of a few people. Pure.

Statistical disclosure control by suppression, as tables of counts are protected: what is small is left out, and of what
is left enough more that nobody can subtract it, also who knows this rule. Exact numbers else; nothing is rounded.
Source: Decree 13/2023/NĐ-CP (personal data); Circular 01/2018 Art. 13: never linked to a named person (vietnam.md 1.8).
docs/public-figures.md says what this holds against, and what not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from motcua.oversight.indicators.rules.counts import ALL

# With less, who knows the rule knows the number: below 2 is 1.
LEAST_POSSIBLE = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """People counted at an agency with all below it. `base`: all of them; `parts`: groups of them that are shown or can
    be subtracted (a numerator, and what is missing to the base). Figures of the same base stand in one cell: they are
    shown together or not at all."""

    base: int
    parts: tuple[int, ...] = ()

    def __sub__(self, other: Cell) -> Cell:
        pairs = zip(self.parts, other.parts, strict=True)
        return Cell(self.base - other.base, tuple(mine - its for mine, its in pairs))


def is_small(cell: Cell, least: int) -> bool:
    """Some, and fewer than `least`. Nobody at all is no secret; a sum below 0 is a correction of few."""
    return any(count and count < least for count in (cell.base, *cell.parts))


def hidden(cells: Mapping[str, Cell], children: Mapping[str, Sequence[str]], least: int) -> set[str]:
    """Scopes whose cell is not shown.

    cells: by scope, with all below it; what is missing is nobody. children: by scope, those directly below it, in an
    order that does not follow from the cells; what a scope has beyond them is its own. least: at least LEAST_POSSIBLE.
    """
    if least < LEAST_POSSIBLE:
        raise ValueError(f"Below {LEAST_POSSIBLE} the rule tells the number.")
    forced: set[str] = set()
    while True:
        found, failed = _descend(cells, children, least, forced)
        if not failed:
            return found
        forced |= failed


def _descend(
    cells: Mapping[str, Cell], children: Mapping[str, Sequence[str]], least: int, forced: set[str]
) -> tuple[set[str], set[str]]:
    """Hidden scopes, and those whose own total would tell what is hidden below them."""
    first = next(iter(children), ALL)
    top = cells.get(first)
    found: set[str] = {first} if first in forced or (top and is_small(top, least)) else set()
    failed: set[str] = set()
    waiting = [first]
    while waiting:
        scope = waiting.pop()
        below = children.get(scope, ())
        waiting += below
        if scope in found:
            # A hidden total must not be added up again.
            found |= set(below)
        elif below:
            chosen = _column(scope, cells, below, least, forced)
            if chosen is None:
                failed.add(scope)
            else:
                found |= chosen
    return found, failed


def _column(
    scope: str, cells: Mapping[str, Cell], below: Sequence[str], least: int, forced: set[str]
) -> set[str] | None:
    """What is hidden below a total that is shown; None where that cannot be done."""
    total = cells.get(scope)
    if total is None or not total.base:
        return set()
    # What nobody is in, is shown, and so is no place to hide anything.
    column = {it: cells[it] for it in below if it in cells and cells[it].base}
    rest = total
    for cell in column.values():
        rest -= cell
    if rest.base or any(rest.parts):
        # The scope's own; it is nowhere shown by itself, and could be subtracted.
        column[""] = rest
    names = list(column)
    chosen = {it for it in names if it in forced or is_small(column[it], least)}
    if not chosen:
        return set()
    start = next(at for at, it in enumerate(names) if it in chosen)
    others = [it for it in (*names[start:], *names[:start]) if it not in chosen]
    while not _is_safe([column[it] for it in chosen], total, least):
        if not others:
            return None
        chosen.add(others.pop(0))
    return chosen - {""}


def _is_safe(chosen: Sequence[Cell], total: Cell, least: int) -> bool:
    """Whether the sum of what is hidden, which everybody can work out, tells nothing of any one: it is of several
    agencies and of enough people, and neither the least nor the most that small ones can add up to."""
    count, base = len(chosen), sum(it.base for it in chosen)
    if count < 2 or base < least or base in (count, count * (least - 1)):
        return False
    for at, whole in enumerate(total.parts):
        part = sum(it.parts[at] for it in chosen)
        if whole and (part < least or part == count * (least - 1)):
            return False
    return True
