"""What is counted of a dossier, and where it counts. Pure.

A dossier adds to the figures of the agency that decides it, and to those of all above. What it adds follows from its
facts alone (`rules.following.Facts`), so that a change is the difference of two shares, and a recount gives the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from motcua.casework.dossiers.rules.classes import Class
from motcua.casework.dossiers.rules.states import Status
from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.rules.following import Facts, finished_class


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


_ONLINE = 2
_FULL = frozenset({"full", "proactive"})
_CLASSES = {
    Class.EARLY: Count.FINISHED_EARLY,
    Class.ON_TIME: Count.FINISHED_ON_TIME,
    Class.LATE: Count.FINISHED_LATE,
}
_ENDS = {Status.REFUSED: Count.REFUSED, Status.WITHDRAWN: Count.WITHDRAWN, Status.STOPPED: Count.STOPPED}
_ANSWERS = {3: Count.VERY_SATISFIED, 2: Count.SATISFIED, 1: Count.DISSATISFIED}
_STOCK = {
    Status.SUBMITTED: Stock.WAITING,
    Status.ACCEPTED: Stock.RUNNING,
    Status.IN_PROCESS: Stock.RUNNING,
    Status.SUPPLEMENT_REQUESTED: Stock.STANDING,
    Status.FINANCIAL_OBLIGATION: Stock.STANDING,
    Status.FINISHED: Stock.READY,
}


def share_of(facts: Facts) -> Share:
    """What a dossier adds as the journal tells it so far; nothing before it came in."""
    if not facts.agency or facts.submitted_at is None:
        return NOTHING
    flows = {(local(facts.submitted_at).date(), Count.SUBMITTED): 1}
    if facts.accepted_at:
        flows |= dict.fromkeys(_of_day(facts.accepted_at, _received(facts)), 1)
    worked = None
    if facts.finished_at:
        day = local(facts.finished_at).date()
        flows |= dict.fromkeys(_of_day(facts.finished_at, _finished(facts)), 1)
        if facts.worked_minutes is not None:
            flows |= {(day, Count.TIMED): 1, (day, Count.WORKED_MINUTES): facts.worked_minutes}
            worked = (day, -(-facts.worked_minutes // 60))
    if facts.ended_at:
        flows[local(facts.ended_at).date(), _ENDS[Status(facts.status)]] = 1
    if facts.rated_at:
        flows |= dict.fromkeys(_of_day(facts.rated_at, _rated(facts)), 1)
    stock = stock_of(facts)
    return Share(flows, stock, _due_on(facts) if stock else None, facts.submitted_at, worked)


def stock_of(facts: Facts) -> Stock | None:
    """Where it stands; suspended it stands still, as a special law lets it."""
    return Stock.STANDING if facts.is_suspended else _STOCK.get(Status(facts.status))


def _of_day(moment: datetime, counts: list[Count]) -> list[tuple[date, Count]]:
    day = local(moment).date()
    return [(day, it) for it in counts]


def _due_on(facts: Facts) -> date | None:
    return local(facts.basis_at).date() if facts.basis_at else None


def _received(facts: Facts) -> list[Count]:
    says = {
        Count.RECEIVED: True,
        Count.RECEIVED_OFFERED: facts.level != "",
        Count.RECEIVED_FULL: facts.level in _FULL,
        Count.RECEIVED_PAPERS: facts.papers > 0,
        Count.RECEIVED_DIGITISED: facts.papers > 0 and facts.unscanned == 0,
        Count.RECEIVED_REUSED: facts.is_reused,
        Count.RECEIVED_OBLIGATION: facts.is_to_pay,
    }
    return [count for count, holds in says.items() if holds]


def _finished(facts: Facts) -> list[Count]:
    # A letter of refusal is a result, too, and so is that of a procedure that promises none.
    expected = facts.has_result or facts.is_signed
    is_digital = facts.unscanned == 0 and (facts.is_signed or not expected)
    is_online = facts.channel == _ONLINE and not facts.is_on_paper and not facts.is_fetched
    found = [Count.FINISHED]
    if class_ := finished_class(facts.basis_at, facts.finished_at) if facts.finished_at else Class.NONE:
        found.append(_CLASSES[class_])
    says = {
        Count.RESULT_EXPECTED: expected,
        Count.RESULT_ELECTRONIC: facts.is_signed,
        Count.RESULT_DIGITISED: facts.is_signed,
        Count.FINISHED_DIGITISED: is_digital,
        Count.ONLINE_THROUGHOUT: is_online and is_digital,
    }
    return [*found, *(count for count, holds in says.items() if holds)]


def _rated(facts: Facts) -> list[Count]:
    answer = _ANSWERS[facts.rating]
    is_late = bool(facts.basis_at and facts.finished_at and facts.finished_at > facts.basis_at)
    bad = [Count.DISSATISFIED_OR_LATE] if answer is Count.DISSATISFIED or is_late else []
    return [Count.RATED, answer, *bad]
