"""Time limits as published with a procedure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from functools import lru_cache

MOST = 9999
CUT_OFF = time(15)
LAST_HOUR = timedelta(hours=1)
_WRITTEN = re.compile(r"(?P<count>[1-9][0-9]{0,3})(?P<unit>wh|wd|d|m)", re.ASCII)


class Unit(StrEnum):
    """How a limit is counted. "20 ngày" is DAYS, "20 ngày làm việc" WORKING_DAYS; one is never turned
    into the other.
    """

    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"
    SAME_DAY = "same_day"


_SUFFIXES = {"wh": Unit.WORKING_HOURS, "wd": Unit.WORKING_DAYS, "d": Unit.DAYS, "m": Unit.MONTHS}
_WORDS = {unit: suffix for suffix, unit in _SUFFIXES.items()}


class UnreadableLimit(ValueError):
    """The text is no time limit."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: `count` units, 1 to 9999.

    For SAME_DAY the count is 1 and `cut_off` decides: received later than that, the result comes the next
    working day (Decree 61/2018/NĐ-CP Art. 17). Its text is `3wd`, `8wh`, `20d`, `1m` or `sameday`; the
    cut-off is not part of it.
    """

    unit: Unit
    count: int = 1
    cut_off: time = CUT_OFF

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST:
            raise ValueError(f"A limit counts from 1 to {MOST} units, not {self.count}.")

    def __str__(self) -> str:
        return "sameday" if self.unit is Unit.SAME_DAY else f"{self.count}{_WORDS[self.unit]}"


# What the law sets for every dossier, whatever the procedure (vietnam.md 1.3).
ANSWER_ONLINE = Limit(Unit.WORKING_HOURS, 8)  # accept, ask for a supplement or refuse: Decree 45/2020/NĐ-CP
SHOW_ONLINE = Limit(Unit.WORKING_HOURS, 2)  # it stands in the officer's list: Decree 45/2020/NĐ-CP
SEND_BACK = Limit(Unit.WORKING_DAYS, 3)  # not eligible after examination: Decree 61/2018/NĐ-CP Art. 19(4)
SUPPLEMENT = Limit(
    Unit.WORKING_DAYS, 15
)  # then the officer closes the dossier: 2025 decree, linked procedures


@lru_cache(maxsize=256)
def parse_limit(text: str) -> Limit:
    """Read `3wd`, `8wh`, `20d`, `1m` or `sameday` (cut-off 15:00).

    Raises UnreadableLimit for anything else, a count of 0 and counts over 9999 included.
    """
    if text == "sameday":
        return Limit(Unit.SAME_DAY)
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise UnreadableLimit(f"{text!r} is no time limit; 3wd, 8wh, 20d, 1m and sameday are.")
    return Limit(_SUFFIXES[written["unit"]], int(written["count"]))
