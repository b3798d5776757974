"""Work out due dates by numpy, apart from our own code, for packs/vn/tests/deadlines.csv.

By hand, where numpy is installed: python tools/make_deadline_vectors.py > packs/vn/tests/deadlines.csv
and with --civil-code > packs/vn/tests/deadlines_civil_code.csv (Civil Code 91/2015/QH13 Art. 147-148).
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable

import numpy as np

# Labour Code 45/2019/QH14 Art. 112 with the yearly announcements for Tết, 2 September and the swaps.
OFF = """2024-01-01 2024-02-08 2024-02-09 2024-02-12 2024-02-13 2024-02-14 2024-04-18 2024-04-29 2024-04-30 2024-05-01
2024-09-02 2024-09-03 2025-01-01 2025-01-27 2025-01-28 2025-01-29 2025-01-30 2025-01-31 2025-04-07 2025-04-30 2025-05-01
2025-05-02 2025-09-01 2025-09-02 2026-01-01 2026-01-02 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20
2026-04-27 2026-04-30 2026-05-01 2026-08-31 2026-09-01 2026-09-02""".split()  # noqa: SIM905
WORKED_SATURDAYS = ["2024-05-04", "2025-04-26", "2026-01-10", "2026-08-22"]

BY_HAND = [
    ("2026-03-02T14:00", "3wd", "2026-03-05T14:00", "received Mon 14:00, 3 working days: Thu 14:00"),
    ("2026-03-06T16:00", "1wd", "2026-03-09T16:00", "received Fri 16:00, 1 working day: Mon 16:00"),
    ("2026-03-06T17:30", "4wh", "2026-03-09T11:00", "received Fri 17:30, 4 working hours: Mon 11:00"),
    ("2026-03-05T15:30", "sameday", "2026-03-06T17:00", "received Thu 15:30, same day: Fri"),
    ("2026-03-05T14:59", "sameday", "2026-03-05T17:00", "before the cut-off: that day (T4)"),
    ("2026-03-05T15:00", "sameday", "2026-03-05T17:00", "at the cut-off is not after it: that day (T4)"),
    ("2026-03-06T15:30", "sameday", "2026-03-09T17:00", "Friday after the cut-off: Monday (T4)"),
    ("2026-03-10T20:00", "8wh", "2026-03-11T17:00", "online dossier at night, 8 working hours (T2)"),
    ("2026-03-02T08:00", "15wd", "2026-03-23T08:00", "no supplement within 15 working days (T6)"),
    ("2026-02-13T10:00", "1wd", "2026-02-23T10:00", "over Tết 2026"),
    ("2025-01-24T13:00", "8wh", "2025-02-03T11:30", "lunch break, then over Tết 2025: 3.5 + 4.5 hours"),
    ("2025-04-24T09:00", "2wd", "2025-04-26T09:00", "Saturday 26/4/2025 is worked"),
    ("2025-04-29T09:00", "1wd", "2025-05-05T09:00", "30/4, 1/5, swap 2/5, weekend"),
    ("2026-08-21T16:00", "1wd", "2026-08-22T16:00", "Saturday 22/8/2026 is worked"),
    ("2026-08-28T14:00", "1wd", "2026-09-03T14:00", "swap 31/8, 1/9, 2/9/2026"),
    ("2026-04-24T14:00", "1wd", "2026-04-28T14:00", "Hùng Kings on Sunday 26/4/2026: Monday off"),
    ("2025-10-31T10:00", "1m", "2025-12-01T10:00", "30 November is the last of the month and a Sunday"),
    ("2026-01-27T09:00", "20d", "2026-02-23T09:00", "day 20 falls into Tết: rolled on"),
    ("2026-03-02T11:30", "4wh", "2026-03-03T07:30", "the break begins at 11:30: afternoon 3.5 h, then 0.5 h"),
    ("2026-03-02T17:00", "3wd", "2026-03-06T07:00", "closed at 17:00: clock starts Tue 07:00"),
    ("2023-12-29T16:00", "1wd", "2024-01-02T16:00", "New Year 2024 is a Monday"),
    ("2024-02-07T10:00", "1wd", "2024-02-15T10:00", "over Tết 2024: 8 to 14 February"),
    ("2024-02-07T13:30", "8wh", "2024-02-15T11:30", "3.5 hours, over Tết 2024, then 4.5 hours"),
    ("2024-02-01T09:00", "10d", "2024-02-15T09:00", "day 10 falls into Tết 2024: rolled on"),
    ("2024-04-17T15:00", "1wd", "2024-04-19T15:00", "Hùng Kings on Thursday 18/4/2024"),
    ("2024-04-26T14:00", "1wd", "2024-05-02T14:00", "swap 29/4, 30/4, 1/5/2024"),
    ("2024-05-03T16:00", "1wd", "2024-05-04T16:00", "Saturday 4/5/2024 is worked for 29/4"),
    ("2024-05-02T08:00", "3wd", "2024-05-06T08:00", "Friday, the worked Saturday 4/5/2024, Monday"),
    ("2024-08-30T14:00", "1wd", "2024-09-04T14:00", "2/9 and 3/9/2024"),
]  # fmt: skip

CIVIL_BY_HAND = [
    ("2026-03-07T10:00", "3d", "2026-03-10T17:00", "received Saturday: Sunday is day 1, Tuesday day 3"),
    ("2026-03-06T18:00", "3d", "2026-03-09T17:00", "received Friday evening: Saturday is day 1"),
    ("2026-03-06T18:00", "1wd", "2026-03-09T17:00", "received Friday evening: Monday is working day 1"),
    ("2026-03-07T10:00", "1m", "2026-04-07T17:00", "received Saturday 7 March: 7 April"),
    ("2026-03-07T10:00", "1wd", "2026-03-09T17:00", "received Saturday: Monday is working day 1"),
    ("2026-03-02T14:00", "3wd", "2026-03-05T17:00", "closing time instead of 14:00"),
    ("2026-03-02T14:00", "5d", "2026-03-09T17:00", "day 5 is Saturday: the next working day"),
    ("2026-02-13T18:00", "3d", "2026-02-23T17:00", "day 3 falls into Tết"),
    ("2026-02-17T09:00", "1wd", "2026-02-23T17:00", "received on a day of Tết"),
    ("2026-02-17T09:00", "6d", "2026-02-23T17:00", "the days of Tết count but for the last"),
    ("2026-01-31T12:00", "1m", "2026-03-02T17:00", "28 February is the last of the month and a Saturday"),
    ("2026-08-21T18:00", "1wd", "2026-08-22T17:00", "Saturday 22/8/2026 is worked"),
    ("2026-08-29T10:00", "2wd", "2026-09-04T17:00", "31/8 to 2/9 are off: 3/9 is working day 1"),
    ("2025-12-31T23:59", "1d", "2026-01-05T17:00", "New Year, the swap, then the weekend"),
]
CIVIL_RECEIVED = """2025-01-25T08:00 2025-04-26T18:30 2025-05-31T23:00 2025-11-30T06:00 2026-03-05T17:00
2026-04-25T12:00 2026-08-30T20:00""".split()  # noqa: SIM905
CIVIL_LIMITS = ["1wd", "10wd", "1d", "15d", "2m"]

DAYS = np.arange("2025-01-01", "2027-03-01", dtype="datetime64[D]")
SATURDAYS = DAYS[np.is_busday(DAYS, weekmask="0000010")]
CALENDAR = np.busdaycalendar(
    "1111110", [*OFF, *(day for day in SATURDAYS.astype(str) if day not in WORKED_SATURDAYS)]
)
HOURS = np.r_[7 * 60 : 11 * 60 + 30, 13 * 60 + 30 : 17 * 60].astype("timedelta64[m]")
WORKED = DAYS[np.is_busday(DAYS, busdaycal=CALENDAR)]
MINUTES = (WORKED.astype("datetime64[m]")[:, None] + HOURS).ravel()


def due(received: str, limit: str) -> str:
    """The due date as local time, `2026-03-05T14:00`."""
    index = np.searchsorted(MINUTES, np.datetime64(received, "m"))
    start = MINUTES[index]
    day = start.astype("datetime64[D]")
    if limit.endswith("wh"):
        return str(MINUTES[index + 60 * int(limit[:-2]) - 1] + np.timedelta64(1, "m"))
    if limit == "sameday":
        late = start - day > np.timedelta64(15, "h")
        return str(np.busday_offset(day, int(late), busdaycal=CALENDAR)) + "T17:00"
    if limit.endswith("wd"):
        end = np.busday_offset(day, int(limit[:-2]), busdaycal=CALENDAR)
    else:
        end = day + int(limit[:-1]) if limit.endswith("d") else months_after(day, int(limit[:-1]))
        end = np.busday_offset(end, 0, roll="forward", busdaycal=CALENDAR)
    return str(end + (start - day))


def due_by_civil_code(received: str, limit: str) -> str:
    """The same for limits in wd, d and m: from the day after receipt to closing time of the last day."""
    day = np.datetime64(received, "D")
    if limit.endswith("wd"):
        end = np.busday_offset(day, int(limit[:-2]), roll="backward", busdaycal=CALENDAR)
    else:
        end = day + int(limit[:-1]) if limit.endswith("d") else months_after(day, int(limit[:-1]))
        end = np.busday_offset(end, 0, roll="forward", busdaycal=CALENDAR)
    return str(end) + "T17:00"


def months_after(day: np.datetime64, count: int) -> np.datetime64:
    month = day.astype("datetime64[M]")
    day_of_month = day - month.astype("datetime64[D]")
    target = month + count
    return min(target.astype("datetime64[D]") + day_of_month, (target + 1).astype("datetime64[D]") - 1)


RECEIVED = """2025-01-02T07:00 2025-01-24T16:00 2025-01-29T09:00 2025-02-03T06:15 2025-02-28T14:45
2025-03-08T10:00 2025-04-04T15:00 2025-04-07T08:00 2025-04-25T17:30 2025-04-26T13:00 2025-05-02T11:00
2025-05-31T12:00 2025-06-16T11:29 2025-08-29T14:30 2025-09-02T23:59 2025-10-30T16:59 2025-12-31T15:30
2026-01-02T10:00 2026-01-09T16:20 2026-01-10T09:00 2026-01-30T13:30 2026-02-13T15:01 2026-02-16T00:00
2026-02-24T07:01 2026-03-02T14:00 2026-03-31T08:30 2026-04-25T19:00 2026-04-29T16:45 2026-05-08T12:30
2026-06-30T11:30 2026-07-17T14:59 2026-08-21T17:00 2026-08-22T15:10 2026-08-30T20:00
2026-09-01T10:10""".split()  # noqa: SIM905
LIMITS = ["4wh", "8wh", "3wd", "10wd", "sameday", "15d", "30d", "2m"]
# What the grid above meets too seldom: ends of months, lunch and closing, worked Saturdays, the cut-off.
CLOSER = {
    "2025-01-31T09:30 2025-05-31T16:10 2025-08-31T10:00 2025-11-30T08:00 2025-12-30T14:20 2026-01-29T11:00 "
    "2026-03-31T13:45": ["1m", "3m", "6m"],
    "2025-03-12T11:00 2025-03-12T11:31 2025-09-01T12:00 2026-05-07T13:29 2026-05-07T16:30 2026-07-10T06:59": [
        "1wh", "2wh", "5wh", "12wh"
    ],
    "2025-04-25T10:20 2025-04-26T08:00 2026-01-09T13:30 2026-01-10T16:59 2026-08-21T07:00 2026-08-22T11:45": [
        "1wd", "2wd", "6wh", "1d"
    ],
    "2025-06-06T14:59 2025-06-06T15:00 2025-06-06T15:01 2026-08-22T14:59 2026-08-22T15:00 2026-12-24T17:00": [
        "sameday"
    ],
}  # fmt: skip


def main() -> None:
    if sys.argv[1:] == ["--civil-code"]:
        cases = [(received, limit) for received in CIVIL_RECEIVED for limit in CIVIL_LIMITS]
        return write(CIVIL_BY_HAND, cases, due_by_civil_code)
    grid = [(received, limit) for received in RECEIVED for limit in LIMITS]
    closer = [
        (received, limit) for days, limits in CLOSER.items() for received in days.split() for limit in limits
    ]
    return write(BY_HAND, grid + closer, due)


def write(
    by_hand: list[tuple[str, str, str, str]],
    cases: list[tuple[str, str]],
    work_out: Callable[[str, str], str],
) -> None:
    rows = {
        (received, limit): (right, f"by hand (vietnam.md 1.3-1.4): {why}")
        for received, limit, right, why in by_hand
    }
    for (received, limit), (right, _) in rows.items():
        if work_out(received, limit) != right:
            sys.exit(f"{received} {limit}: by hand {right}, by numpy {work_out(received, limit)}")
    for received, limit in cases:
        rows.setdefault((received, limit), (work_out(received, limit), "numpy busday functions"))
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["from", "limit", "due", "source"])
    out.writerows([received, limit, at, source] for (received, limit), (at, source) in rows.items())


if __name__ == "__main__":
    main()
