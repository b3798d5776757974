"""What is counted of a dossier, and where it counts. Pure.

A dossier adds to the figures of the agency that decides it, and to those of all above. What it adds follows from its
facts alone (`rules.following.Facts`), so that a change is the difference of two shares, and a recount gives the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Count(StrEnum):
    """What is added up by day: a column of the tallies each. The day is in brackets.

    Dossiers each, but for `worked_minutes`: working minutes without stops. Tests count nowhere.
    """

    # Came in, by whatever way, whatever became of it [when it was submitted or taken in].
    SUBMITTED = "submitted"
    # First accepted, whatever came later (vietnam.md 1.1) [acceptance; so for all "received_…"].
    RECEIVED = "received"
    # … of a procedure offered online then: fully or in part; fully.
    RECEIVED_OFFERED = "received_offered"
    RECEIVED_FULL = "received_full"
    # … with at least one paper; all of them in digital form; at least one that the State had already (III.2, III.3).
    RECEIVED_PAPERS = "received_papers"
    RECEIVED_DIGITISED = "received_digitised"
    RECEIVED_REUSED = "received_reused"
    # … for which something was to be paid; paid online.
    RECEIVED_OBLIGATION = "received_obligation"
    PAID_ONLINE = "paid_online"
    # Status 9, also by a letter of refusal or by silence [that day]; by class; the rest had no limit.
    FINISHED = "finished"
    FINISHED_EARLY = "finished_early"
    FINISHED_ON_TIME = "finished_on_time"
    FINISHED_LATE = "finished_late"
    # … whose working time is known, and its sum in minutes.
    TIMED = "timed"
    WORKED_MINUTES = "worked_minutes"
    # … of a procedure that has a result; the result electronic and signed; its file kept; papers and result digital.
    RESULT_EXPECTED = "result_expected"
    RESULT_ELECTRONIC = "result_electronic"
    RESULT_DIGITISED = "result_digitised"
    FINISHED_DIGITISED = "finished_digitised"
    # … online from submission to result, without a visit or paper.
    ONLINE_THROUGHOUT = "online_throughout"
    # Ended without a result [that day].
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    # Asked whether they were satisfied, and answered [the answer]: once a dossier.
    RATED = "rated"
    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    # … dissatisfied, or the dossier was late (V.3).
    DISSATISFIED_OR_LATE = "dissatisfied_or_late"


class Stock(StrEnum):
    """Where a dossier stands that is not closed."""

    # Submitted online, not accepted yet (status 1).
    WAITING = "waiting"
    # Its clock runs (2, 4).
    RUNNING = "running"
    # Its clock stands still: supplement, payment, suspension.
    STANDING = "standing"
    # The result is there and not returned yet (9).
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Share:
    """What one dossier adds as it stands. `flows`: by (day, count); `stock` with `due_on`, the local day of its
    original due date, None without a limit; `arrived_at`; `worked`: (day of finish, working hours without stops,
    rounded up)."""

    flows: Mapping[tuple[date, Count], int] = field(default_factory=dict)
    stock: Stock | None = None
    due_on: date | None = None
    arrived_at: datetime | None = None
    worked: tuple[date, int] | None = None


NOTHING = Share()
# The scope of all agencies of the installation.
ALL = "/"


def scopes_above(path: str) -> list[str]:
    """Scopes strictly above an agency: "/H44/H44.25/" -> ["/", "/H44/"]."""
    parts = path.strip("/").split("/")
    return [ALL, *("/" + "/".join(parts[:depth]) + "/" for depth in range(1, len(parts)))]
