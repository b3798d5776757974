"""Adding the facts up into the tallies: GROUP BY in chDB, COPY into PostgreSQL.

In the order of the tables' keys, so that each row goes into the page of the index that was written to last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from motcua.oversight.indicators.models import (
    Arrivals,
    DayTally,
    Duration,
    MonthTally,
    StockDay,
    StockFlow,
    StockNow,
)
from motcua.oversight.indicators.rules.counts import Count

# Arrivals by the quarter of an hour are looked at by the week, so only those of the last weeks are kept.
ARRIVAL_DAYS = 63
_TABLES = (DayTally, MonthTally, StockNow, StockFlow, StockDay, Arrivals, Duration)
# Rows of a scope: the agency's own, and what lies below all above it.
_SCOPES = """if(level = 'commune',
  [(agency, 0), (concat('/', province, '/'), 1), ('/', 1)], [(agency, 0), ('/', 1)])"""
# What a dossier adds, by the day that it adds it on; `rules.counts` says what each means.
_ON_SUBMISSION = {Count.SUBMITTED: "1"}
_ON_RECEIPT = {
    Count.RECEIVED: "1",
    Count.RECEIVED_OFFERED: "offered != ''",
    Count.RECEIVED_FULL: "offered = 'full'",
    Count.RECEIVED_PAPERS: "papers",
    Count.RECEIVED_DIGITISED: "digitised",
    Count.RECEIVED_REUSED: "reused",
    Count.RECEIVED_OBLIGATION: "obligation",
    Count.PAID_ONLINE: "paid",
}
_ON_FINISH = {
    Count.FINISHED: "1",
    Count.FINISHED_EARLY: "class = 'early'",
    Count.FINISHED_ON_TIME: "class = 'on_time'",
    Count.FINISHED_LATE: "class = 'late'",
    Count.TIMED: "1",
    Count.WORKED_MINUTES: "assumeNotNull(worked_minutes)",
    Count.RESULT_EXPECTED: "result_expected",
    Count.RESULT_ELECTRONIC: "result_electronic",
    Count.RESULT_DIGITISED: "result_digitised",
    Count.FINISHED_DIGITISED: "digitised AND result_digitised",
    Count.ONLINE_THROUGHOUT: "throughout",
}
_ON_END = {
    Count.REFUSED: "ending = 'refused'",
    Count.WITHDRAWN: "ending = 'withdrawn'",
    Count.STOPPED: "ending = 'stopped'",
}
_ON_ANSWER = {
    Count.RATED: "1",
    Count.VERY_SATISFIED: "rating = 3",
    Count.SATISFIED: "rating = 2",
    Count.DISSATISFIED: "rating = 1",
    Count.DISSATISFIED_OR_LATE: "rating = 1 OR class = 'late'",
}
_MOMENTS: tuple[tuple[str, str, Mapping[Count, str]], ...] = (
    ("toDate(submitted)", "1", _ON_SUBMISSION),
    ("toDate(received)", "received IS NOT NULL", _ON_RECEIPT),
    ("toDate(finished)", "finished IS NOT NULL", _ON_FINISH),
    ("assumeNotNull(ended)", "ended IS NOT NULL", _ON_END),
    ("assumeNotNull(rated)", "rated IS NOT NULL", _ON_ANSWER),
)


@transaction.atomic
def fill_tallies(opened: Any, tell: Callable[[str, int], None] = lambda table, rows: None) -> dict[str, int]:
    """Rows by table. What the tallies held goes; `facts` is open in the session, with nothing in `motcua` beside."""
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for model in _TABLES:
            # The application's role may not truncate.
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608
        for model, columns, questions in _questions(opened):
            table = model._meta.db_table
            before = found.get(model.__name__, 0)
            rows = sum(_copy(opened, cursor, f"{table} ({', '.join(columns)})", it) for it in questions)
            found[model.__name__] = before + rows
            tell(model.__name__, found[model.__name__])
    return found


def _copy(opened: Any, cursor: Any, table: str, question: str) -> int:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for chunk in opened.send_query(question, "TabSeparated"):
            copy.write(chunk.data())
    return int(cursor.rowcount)


def _questions(opened: Any) -> list[tuple[Any, Sequence[str], list[str]]]:
    """Model, columns, and what is asked for its rows: of the large ones month by month, which bounds the memory."""
    months = str(opened.query("SELECT DISTINCT toStartOfMonth(submitted) m FROM facts ORDER BY m", "TSVRaw"))
    first, *later = [line for line in months.split("\n") if line]
    bounds = [(first, later[0] if later else "2149-01-01")]
    bounds += list(zip(later, [*later[1:], "2149-01-01"], strict=True))
    counts = [str(it) for it in Count]
    scope, stock = ("scope", "is_below"), ("state", "due_on")
    hours = "toUInt32(intDiv(assumeNotNull(worked_minutes) + 59, 60))"
    return [
        (
            DayTally,
            (*scope, "day", "known_on", "channel", *counts),
            [_tally("day, day", it) for it in bounds],
        ),
        (
            MonthTally,
            (*scope, "month", "procedure", "channel", *counts),
            [_tally("toStartOfMonth(day), procedure", it) for it in bounds],
        ),
        (StockNow, (*scope, *stock, "count"), [_rolled("state, due", "count()", "state != ''")]),
        (StockFlow, (*scope, "day", *stock, "change"), [_stock_flow()]),
        (Arrivals, (*scope, "day", "slot", "count"), [_arrivals()]),
        (
            Duration,
            (*scope, "procedure", "month", "hours", "count"),
            [
                _rolled(
                    f"procedure, toStartOfMonth(assumeNotNull(finished)), {hours}",
                    "count()",
                    f"finished >= '{since}' AND finished < '{until}'",
                )
                for since, until in bounds
            ],
        ),
    ]


def _rolled(keys: str, value: str, where: str, source: str = "facts") -> str:
    """Grouped by agency, then by all scopes above."""
    named = [f"k{number}" for number, _ in enumerate(_split(keys))]
    inner = ", ".join(f"{key} AS {name}" for key, name in zip(_split(keys), named, strict=True))
    outer = ", ".join(named)
    return f"""
      SELECT s.1, s.2, {outer}, sum(v) AS total FROM (
        SELECT agency, province, level, {inner}, {value} AS v FROM {source} WHERE {where}
        GROUP BY agency, province, level, {outer})
      ARRAY JOIN {_SCOPES} AS s GROUP BY s.1, s.2, {outer} HAVING total != 0
      ORDER BY s.1, s.2, {outer}"""  # noqa: S608


def _split(keys: str) -> list[str]:
    """Keys between commas that stand outside brackets."""
    found, depth = [""], 0
    for letter in keys:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return [it.strip() for it in found]


def _tally(keys: str, bounds: tuple[str, str]) -> str:
    since, until = bounds
    parts = []
    for day, where, said in _MOMENTS:
        columns = ", ".join(f"toInt64({f'sum({said[it]})' if it in said else 0}) AS n_{it}" for it in Count)
        parts.append(
            f"SELECT agency, province, level, {day} AS day, procedure, channel, {columns} FROM facts"  # noqa: S608
            f" WHERE {where} AND {day} >= '{since}' AND {day} < '{until}'"
            " GROUP BY agency, province, level, day, procedure, channel"
        )
    totals = ", ".join(f"sum(n_{it})" for it in Count)
    return f"""
      SELECT s.1, s.2, {keys}, channel, {totals} FROM ({" UNION ALL ".join(parts)})
      ARRAY JOIN {_SCOPES} AS s GROUP BY s.1, s.2, {keys}, channel ORDER BY s.1, s.2, {keys}, channel"""  # noqa: S608


def _stock_flow() -> str:
    """Waiting until received, running until it is finished or ended, then ready for the day it lies there."""
    source = """(
      SELECT agency, province, level, e.1 AS day, e.2 AS standing, e.3 AS due_on, e.4 AS change FROM (SELECT *,
      arrayConcat(
        if(state = 'waiting', [(toDate(submitted), 'waiting', CAST(NULL, 'Nullable(Date)'), 1)], []),
        if(received IS NULL, [], [(toDate(assumeNotNull(received)), 'running', due, 1)]),
        if(state = 'standing', [(toDate(assumeNotNull(received)), 'running', due, -1),
                                (toDate(assumeNotNull(received)), 'standing', due, 1)], []),
        if(finished IS NULL, [], [(toDate(assumeNotNull(finished)), 'running', due, -1)]),
        if(state = 'ready', [(toDate(assumeNotNull(finished)), 'ready', due, 1)], []),
        if(ended IS NULL, [], [(assumeNotNull(ended), 'running', due, -1)])) AS moves FROM facts)
      ARRAY JOIN moves AS e)"""
    return _rolled("day, standing, due_on", "sum(change)", "1", source)


def _arrivals() -> str:
    slot = "toUInt8(toHour(submitted) * 4 + intDiv(toMinute(submitted), 15))"
    since = f"submitted >= (SELECT max(submitted) FROM facts) - toIntervalDay({ARRIVAL_DAYS})"  # noqa: S608
    return _rolled(f"toDate(submitted), {slot}", "count()", since)
