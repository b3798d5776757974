"""Nobody can work out what is left out: not by subtracting, and not by knowing the rule."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.oversight.indicators.rules.disclosure import Cell, hidden, is_small

LEAST = 5
QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
FLAT = {"/": ["/A/", "/B/", "/C/"], "/A/": [], "/B/": [], "/C/": []}
DEEP = {
    "/": ["/A/", "/B/"],
    "/A/": ["/A/1/", "/A/2/"],
    "/B/": ["/B/1/", "/B/2/"],
    **{f"/{it}/": [] for it in ("A/1", "A/2", "B/1", "B/2")},
}


def plus(cells: Sequence[Cell]) -> Cell:
    return Cell(sum(it.base for it in cells), tuple(map(sum, zip(*(it.parts for it in cells), strict=True))))


def with_totals(own: Mapping[str, Cell], tree: Mapping[str, Sequence[str]]) -> dict[str, Cell]:
    """From what each scope has of its own, what it has with all below it."""
    return {
        scope: plus([it for path, it in own.items() if path.startswith(scope) or scope == "/"])
        for scope in tree
    }


shares = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda it: Cell(sum(it), it))


@st.composite
def tables(draw) -> tuple[dict[str, Cell], dict[str, list[str]]]:
    """A province or a nation: agencies on two or three levels, few people in most of them."""
    tree: dict[str, list[str]] = {"/": []}
    for first in range(draw(st.integers(1, 4))):
        top = f"/{first}/"
        tree["/"].append(top)
        tree[top] = [f"{top}{second}/" for second in range(draw(st.integers(0, 8)))]
        tree |= {it: [] for it in tree[top]}
    nobody = Cell(0, (0, 0))
    own = {it: draw(st.one_of(st.just(nobody), shares)) for it in tree}
    return with_totals(own, tree), tree


@QUIET
@given(tables())
def test_what_is_small_is_left_out_and_cannot_be_subtracted(table):
    cells, tree = table
    left_out = hidden(cells, tree, LEAST)
    assert all(scope in left_out for scope, cell in cells.items() if is_small(cell, LEAST))
    for scope, below in tree.items():
        if scope in left_out:
            # Nothing below adds up to it.
            assert left_out.issuperset(below)
            continue
        unknown = [cells[it] for it in below if it in left_out]
        own = cells[scope] - plus([cells[it] for it in below]) if below else None
        if own and (own.base and (unknown or is_small(own, LEAST))):
            # What is the agency's own is shown nowhere either.
            unknown = [*unknown, own]
        if not [it for it in below if it in left_out]:
            assert not (own and is_small(own, LEAST))
            continue
        # All that anybody can work out is the sum of what is left out here: of several, and of enough people.
        assert len(unknown) >= 2
        whole = plus(unknown)
        assert whole.base >= LEAST
        for part, total in zip(whole.parts, cells[scope].parts, strict=True):
            assert part >= LEAST or total == 0


@QUIET
@given(tables())
def test_nothing_is_left_out_where_nothing_is_small(table):
    cells, tree = table
    grown = {
        it: Cell(cell.base * LEAST, tuple(part * LEAST for part in cell.parts)) for it, cell in cells.items()
    }
    assert hidden(grown, tree, LEAST) == set()


def published(
    cells: Mapping[str, Cell], tree: Mapping[str, Sequence[str]], least: int
) -> tuple[Cell | None, ...]:
    left_out = hidden(cells, tree, least)
    return tuple(None if it in left_out else cells[it] for it in tree)


def flat_shares() -> Iterator[dict[str, Cell]]:
    one = [Cell(some + rest, (some, rest)) for some in range(6) for rest in range(6)]
    for values in itertools.product(one, repeat=3):
        yield with_totals(dict(zip(FLAT["/"], values, strict=True)), FLAT)


def deep_counts() -> Iterator[dict[str, Cell]]:
    names = ["/A/", *DEEP["/A/"], *DEEP["/B/"]]
    for values in itertools.product(range(12), repeat=5):
        if sum(values) < 12:
            yield with_totals(dict(zip(names, map(Cell, values), strict=True)), DEEP)


@pytest.mark.parametrize(("all_tables", "tree", "most"), [(flat_shares, FLAT, 5), (deep_counts, DEEP, 9)])
def test_not_even_who_knows_the_rule_learns_a_number(all_tables, tree, most):
    """Every table there can be, grouped by what is published of it: what is left out has at least two values in each
    group. Tables near the edge of what is tried are looked at only as company of others."""
    groups: dict[tuple[Cell | None, ...], list[dict[str, Cell]]] = defaultdict(list)
    for cells in all_tables():
        groups[published(cells, tree, 3)].append(cells)
    for shown, found in groups.items():
        total = found[0]["/"]
        if max((total.base if not total.parts else 0), *total.parts, 0) > most:
            continue
        for scope, cell in zip(tree, shown, strict=True):
            values = [[it[scope].base, *it[scope].parts] for it in found] if cell is None else []
            for at, seen in enumerate(zip(*values, strict=True)):
                nobody = shown[0] and at and shown[0].parts[at - 1] == 0
                assert len(set(seen)) > 1 or nobody, (scope, shown)


def test_without_anybody_there_is_nothing_to_hide():
    assert hidden({}, FLAT, LEAST) == set()


def test_one_with_few_takes_another_with_it():
    cells = with_totals({"/A/": Cell(2), "/B/": Cell(90), "/C/": Cell(70)}, FLAT)
    assert hidden(cells, FLAT, LEAST) == {"/A/", "/B/"}


def test_a_total_of_ones_is_not_told_either():
    """Six people at six agencies: the total would say that there is one at each."""
    tree = {"/": list("abcdef")}
    cells = {it: Cell(1) for it in "abcdef"} | {"/": Cell(6)}
    assert hidden(cells, tree, LEAST) == {"/", *"abcdef"}


def test_below_three_the_rule_would_tell_the_number():
    with pytest.raises(ValueError, match="3"):
        hidden({}, FLAT, 2)
