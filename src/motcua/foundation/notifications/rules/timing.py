"""When a message may go out."""

from __future__ import annotations

from datetime import datetime, time, timedelta

# Nobody is woken by an SMS unless they say so; e-mail waits by itself.
QUIET_FROM, QUIET_TO = time(21, 0), time(7, 0)
# Between the tries of one message: the sixth is the last, about 9 hours after the first.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after that many tries (1 or more); None: give up."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None


def after_quiet(moment: datetime, quiet_from: time, quiet_to: time) -> datetime:
    """The moment itself, or the end of the quiet hours it lies in.

    moment: aware, in the local time zone. The hours are half-open and may go over midnight; equal hours: none.
    """
    now = moment.time()
    over_midnight = quiet_from > quiet_to
    quiet = now >= quiet_from or now < quiet_to if over_midnight else quiet_from <= now < quiet_to
    if not quiet:
        return moment
    day = moment.date() + timedelta(days=1) if over_midnight and now >= quiet_from else moment.date()
    return datetime.combine(day, quiet_to, tzinfo=moment.tzinfo)
