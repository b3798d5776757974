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
        opened.query(f"{target} SELECT {_NAMES} FROM ({source}) SETTINGS engine_file_truncate_on_insert = 1")
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


# 982 services, of which communes handle 300; 25 sectors. u1 to u9: independent numbers from 0 to below 1 of a row; s1 to s4: of its service.
_SELECT = """
WITH
  (SELECT provinces FROM motcua.world) AS provinces, (SELECT communes FROM motcua.world) AS communes,
  (SELECT within FROM motcua.world) AS within, (SELECT days FROM motcua.world) AS days
SELECT
  if(at_province, provinces[place], communes[commune]) AS agency,
  splitByChar('/', provinces[place])[2] AS province,
  if(at_province, 'province', 'commune') AS level,
  concat('0.', leftPad(toString(service), 6, '0')) AS procedure,
  concat('Lĩnh vực mẫu ', leftPad(toString(service %% 25 + 1), 2, '0')) AS sector,
  channel, if(s1 < 0.576, 'full', 'partial') AS offered,
  toDateTime(days[day]) + toIntervalSecond(toUInt32(if(channel = 2, 21600 + u6 * 54000, 25200 + u6 * 34200))) AS submitted,
  if(waits, NULL, submitted + 900) AS received,
  if(waits, NULL, days[day + within_days]) AS due,
  if(is_done AND ending = '', greatest(toDateTime(days[last]) + 27000 + toIntervalSecond(toUInt32(u7 * 30000)), received + 3600), NULL)
    AS finished,
  if(finished IS NULL, '', multiIf(last < day + within_days, 'early', last = day + within_days, 'on_time', 'late')) AS class,
  if(finished IS NULL, NULL, worked) AS worked_minutes,
  cityHash64(row, 20, %(seed)d) %% 100 < 90 AS papers, papers AND cityHash64(row, 21, %(seed)d) %% 100 < if(channel = 2, 96, 24) AS digitised,
  papers AND cityHash64(row, 22, %(seed)d) %% 100 < 14 AS reused,
  s2 < 0.4 AS obligation, obligation AND NOT waits AND cityHash64(row, 23, %(seed)d) %% 100 < 47 AS paid,
  finished IS NOT NULL AND s3 < 0.93 AS result_expected,
  result_expected AND cityHash64(row, 24, %(seed)d) %% 100 < 83 AS result_electronic,
  result_expected AND (result_electronic OR cityHash64(row, 25, %(seed)d) %% 100 < 30) AS result_digitised,
  finished IS NOT NULL AND channel = 2 AND offered = 'full' AND result_electronic AS throughout,
  ending, if(ending = '', NULL, days[last]) AS ended,
  if(finished IS NOT NULL AND cityHash64(row, 26, %(seed)d) %% 100 < 38,
     multiIf(u9 < 0.07, 1, u9 < 0.55, 2, 3), 0) AS rating,
  if(rating = 0, NULL, toDate(finished)) AS rated,
  multiIf(waits, 'waiting', ending != '', '', NOT is_done, if(u9 < 0.08, 'standing', 'running'),
          last >= %(last)d - 1 AND u9 < 0.5, 'ready', '') AS state
FROM (
  SELECT *,
    within[commune] AS place,
    [1, 2, 3, 5, 7, 10, 15, 20][toUInt32(floor(s4 * 8)) + 1] AS within_days,
    toUInt32(ceil(within_days * 480 * if(u4 < 0.03, 1.05 + u5, 0.08 + u5 * 0.88))) AS worked,
    toUInt32(day + intDiv(worked, 480)) AS last, last <= %(last)d AS is_done,
    NOT is_done AND day = %(last)d AND u5 < 0.3 AS waits,
    if(is_done, multiIf(u7 < 0.015, 'refused', u7 < 0.022, 'withdrawn', u7 < 0.025, 'stopped', ''), '') AS ending,
    toUInt8(multiIf(u8 < if(at_province, 0.24, 0.08), if(u8 < 0.012, 3, 1), 2)) AS channel
  FROM (
    SELECT number AS row,
      cityHash64(row, 1, %(seed)d) / 18446744073709551616. AS u1, cityHash64(row, 2, %(seed)d) / 18446744073709551616. AS u2,
      cityHash64(row, 3, %(seed)d) / 18446744073709551616. AS u3, cityHash64(row, 4, %(seed)d) / 18446744073709551616. AS u4,
      cityHash64(row, 5, %(seed)d) / 18446744073709551616. AS u5, cityHash64(row, 6, %(seed)d) / 18446744073709551616. AS u6,
      cityHash64(row, 7, %(seed)d) / 18446744073709551616. AS u7, cityHash64(row, 8, %(seed)d) / 18446744073709551616. AS u8,
      cityHash64(row, 9, %(seed)d) / 18446744073709551616. AS u9,
      u1 < 0.22 AS at_province,
      1 + toUInt32(floor(least(0.999999999, pow(u2, 1.4)) * length(communes))) AS commune,
      1 + toUInt32(floor(if(at_province, 300 + pow(u3, 4) * 682, pow(u3, 6) * 300))) AS service,
      1 + toUInt32(floor(cityHash64(row, 10, %(seed)d) / 18446744073709551616. * %(last)d)) AS day,
      cityHash64(service, 11, %(seed)d) / 18446744073709551616. AS s1, cityHash64(service, 12, %(seed)d) / 18446744073709551616. AS s2,
      cityHash64(service, 13, %(seed)d) / 18446744073709551616. AS s3, cityHash64(service, 14, %(seed)d) / 18446744073709551616. AS s4
    FROM numbers(%(start)d, %(rows)d)
  )
)
"""
