"""Writing the facts: SQL over row numbers, so that the same seed gives the same rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from motcua.foundation.worktime.calendars import ONE_DAY, Calendar
from motcua.oversight.indicators.facts import COLUMNS, quoted

_SELECT = Path(__file__).with_name("facts.sql").read_text(encoding="utf-8")
# Rows of a file.
PART = 3_000_000
_YEAR = 365
# Days after the year in which the last are due.
_AFTER = 45


@dataclass(frozen=True, slots=True)
class Nation:
    """Paths of provinces, and of communes with the number of the province each lies in (from 0)."""

    provinces: Sequence[str]
    communes: Sequence[str]
    within: Sequence[int]


@dataclass(frozen=True, slots=True)
class Year:
    """Working days of 365 days before `until`; `later`: some that follow."""

    until: date
    days: Sequence[date]
    later: Sequence[date]

    @classmethod
    def before(cls, until: date, calendar: Calendar) -> Year:
        span = [until - timedelta(days=_YEAR) + ONE_DAY * number for number in range(_YEAR + 2 * _AFTER)]
        working = [day for day in span if calendar.is_working(day)]
        days = [day for day in working if day < until]
        return cls(until, days, working[len(days) : len(days) + _AFTER])


def write_facts(
    opened: Any,
    folder: Path,
    order: tuple[int, int],
    world: tuple[Nation, Year],
    tell: Callable[[int], None] = lambda rows: None,
) -> list[Path]:
    """`order`: how many dossiers, seed. The files, in order; `tell` hears of the rows of each."""
    (dossiers, seed), (nation, year), files = order, world, list[Path]()
    _constants(opened, seed, nation, year)
    for number, start in enumerate(range(0, dossiers, PART), start=1):
        rows, path = min(PART, dossiers - start), folder / f"nation-{number:03d}.parquet"
        source = _SELECT % {"seed": seed, "start": start, "rows": rows, "last": len(year.days)}
        target = f"INSERT INTO FUNCTION file('{quoted(str(path.absolute()))}', Parquet, '{_STRUCTURE}')"
        opened.query(f"{target} SELECT {_NAMES} FROM (\n{source})")  # noqa: S608
        files.append(path)
        tell(rows)
    return files


_STRUCTURE = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
_NAMES = ", ".join(COLUMNS)


def _constants(opened: Any, seed: int, nation: Nation, year: Year) -> None:
    """Places and days as arrays, to be looked up by number. A commune's size follows from its place in a shuffle."""
    order = list(range(len(nation.communes)))
    Random(seed).shuffle(order)  # noqa: S311  nothing here is secret
    named = {
        "provinces": [f"'{quoted(it)}'" for it in nation.provinces],
        "communes": [f"'{quoted(nation.communes[it])}'" for it in order],
        "within": [str(nation.within[it] + 1) for it in order],
        "days": [f"toDate('{it.isoformat()}')" for it in (*year.days, *year.later)],
    }
    columns = ", ".join(f"[{', '.join(values)}] AS {name}" for name, values in named.items())
    opened.query(f"CREATE TABLE motcua.world ENGINE = Memory AS SELECT {columns}")
