"""Adding what was followed to the tallies: one statement a table, however much it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from motcua.oversight.indicators.models import (
    Arrivals,
    DayTally,
    Duration,
    Measured,
    MonthTally,
    Part,
    StockFlow,
    StockNow,
)
from motcua.oversight.indicators.rules.booking import Books, Changes, spread
from motcua.oversight.indicators.rules.counts import Count

_TYPES = {
    "scope": "text", "is_below": "bool", "day": "date", "known_on": "date", "month": "date", "due_on": "date",
    "state": "text", "procedure": "text",
}  # fmt: skip
COUNTS = tuple(map(str, Count))
# Table -> (the columns of its key, those that are added to).
DAYS = (("scope", "is_below", "day", "known_on", "channel"), COUNTS)
MONTHS = (("scope", "is_below", "month", "procedure", "channel"), COUNTS)
STOCK = (("scope", "is_below", "state", "due_on"), ("count",))
FLOWS = (("scope", "is_below", "day", "state", "due_on"), ("change",))
ARRIVALS = (("scope", "is_below", "day", "slot"), ("count",))
DURATIONS = (("scope", "is_below", "procedure", "month", "hours"), ("count",))
TABLES: Mapping[type[Any], tuple[tuple[str, ...], tuple[str, ...]]] = {
    DayTally: DAYS,
    MonthTally: MONTHS,
    StockNow: STOCK,
    StockFlow: FLOWS,
    Arrivals: ARRIVALS,
    Duration: DURATIONS,
}


class LostCount(ValueError):
    """Stock is taken away that was never added: the tallies do not agree with the dossiers any more."""


def book(books: Books) -> None:
    """Add to the tables, in the caller's transaction. At most eight queries. Raises LostCount."""
    _add(DayTally, _by_row(spread(books.days)))
    _add(MonthTally, _by_row(spread(books.months)))
    stock = spread(books.stock)
    _add(StockNow, {key: [change] for key, change in stock.items() if change > 0})
    _take_away({key: -change for key, change in stock.items() if change < 0})
    for model, changes in (
        (StockFlow, books.flows), (Arrivals, books.arrivals), (Duration, books.durations)
    ):  # fmt: skip
        _add(model, {key: [change] for key, change in spread(changes).items()})


def forget() -> None:
    """Empty the tables, and what is kept of dossiers; what was frozen stays."""
    models: tuple[type[Any], ...] = (Part, Measured, *TABLES)
    with connection.cursor() as cursor:
        for model in models:
            # Not by the models, which would read what is deleted.
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608


def _by_row(changes: Changes) -> dict[tuple[Any, ...], list[int]]:
    """Counts beside each other, as the columns stand."""
    places = {count: number for number, count in enumerate(Count)}
    rows: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(places))
    for (*key, count), change in changes.items():
        rows[tuple(key)][places[count]] += change
    return rows


def _add(model: type[Any], rows: Mapping[tuple[Any, ...], Sequence[int]]) -> None:
    if not rows:
        return
    keys, sums = TABLES[model]
    columns, table = (*keys, *sums), model._meta.db_table
    given = ", ".join(f"%s::{_TYPES.get(name, 'bigint')}[]" for name in columns)
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in sums)
    # Always in the same order, so that no two writers wait for each other.
    ordered = sorted(rows.items(), key=lambda row: str(row[0]))
    values = zip(*((*key, *counts) for key, counts in ordered), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM unnest({given}) "  # noqa: S608
            f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}",
            [list(it) for it in values],
        )


def _take_away(rows: Mapping[tuple[Any, ...], int]) -> None:
    """Of the stock, whose rows never fall below nothing, not even in a statement that adds to what is there."""
    if not rows:
        return
    columns, table = (*STOCK[0], "count"), StockNow._meta.db_table
    given = ", ".join(f"%s::{_TYPES.get(name, 'bigint')}[]" for name in columns)
    values = [list(it) for it in zip(*((*key, count) for key, count in rows.items()), strict=True)]
    statement = (
        f"UPDATE {table} t SET count = t.count - less.count "  # noqa: S608
        f"FROM unnest({given}) AS less ({', '.join(columns)}) WHERE t.scope = less.scope AND "
        "t.is_below = less.is_below AND t.state = less.state AND t.due_on IS NOT DISTINCT FROM less.due_on"
    )
    emptied = f"DELETE FROM {table} WHERE count = 0 AND scope = ANY(%s)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        if cursor.rowcount != len(rows):
            raise LostCount("stock")
        cursor.execute(emptied, [sorted({it[0] for it in rows})])
