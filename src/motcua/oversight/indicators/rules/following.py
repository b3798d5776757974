"""What the journal says of one dossier, as far as its evaluation needs it. Pure.

One entry after the other in order of position; the same entries give the same facts, however they are cut into pieces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from motcua.casework.dossiers.rules.classes import Class, class_when_finished
from motcua.casework.dossiers.rules.states import Status
from motcua.foundation.worktime.moments import local

# What an entry of these says of the whole dossier's due date; an extension moves the promise, not the basis.
_BEGINS_ANEW = frozenset(
    {"dossier.taken_in", "dossier.accepted", "dossier.supplemented", "dossier.payment_confirmed"}
)
_MOVES = frozenset({"dossier.stop_recalled", "dossier.resumed", "dossier.recomputed"})
_ASKS_APPLICANT = frozenset(
    {"dossier.taken_in", "dossier.accepted", "dossier.supplement_requested", "dossier.payment_requested"}
)
_STEPS = frozenset(
    {
        "dossier.handed_over",
        "dossier.submitted_for_signature",
        "dossier.task_completed",
        "dossier.task_returned",
        "dossier.opinion_given",
        "dossier.signed",
    }
)
KINDS = (
    _BEGINS_ANEW
    | _MOVES
    | _ASKS_APPLICANT
    | _STEPS
    | {
        "dossier.submitted",
        "dossier.extended",
        "dossier.transferred",
        "dossier.recalled",
        "dossier.refused",
        "dossier.withdrawn",
        "dossier.stopped",
        "dossier.suspended",
        "dossier.silence",
        "dossier.timer_fired",
        "dossier.service_run",
        "dossier.message_received",
        "dossier.result_returned",
        "survey.answered",
    }
)
# Without a result; what is suspended goes on.
_ENDS = frozenset({"dossier.refused", "dossier.withdrawn", "dossier.stopped"})
_COUNTER = "counter"
_DONE = frozenset({Status.FINISHED, Status.RETURNED})
_ENDED = frozenset({Status.REFUSED, Status.WITHDRAWN, Status.STOPPED})


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry. `officer`, `unit`, `agency`: ids of who acted and the agency's path, "" where nobody of an agency did;
    `named`: the path of the agency that the facts name; `step_due`: the limit of the step it ended, None: unknown;
    `level`: how far the procedure was offered online, where the facts do not say it yet; `known_on`: the local day on
    which the journal got it."""

    kind: str
    at: datetime
    position: int
    facts: Mapping[str, Any]
    officer: str = ""
    unit: str = ""
    agency: str = ""
    named: str = ""
    step_due: datetime | None = None
    level: str = ""
    known_on: date = date.min

    @property
    def came_at(self) -> datetime | None:
        """When it came in, of an entry with which a dossier begins: where a counter enters it later, before that."""
        if "procedure" not in self.facts or "channel" not in self.facts:
            return None
        said = self.facts.get("accepted_at") or self.facts.get("came_at")
        return datetime.fromisoformat(said) if said else self.at

    @property
    def ends_step(self) -> bool:
        return self.kind in _STEPS and "step" in self.facts and "next_step" in self.facts


@dataclass(slots=True)
class Facts:
    """Of one dossier, so far. `agencies`: paths the applicant dealt with, in order; `steps`: those that were done,
    oldest first: {"step", "kind" of the entry, "officer", "unit", "agency", "at", "due", "class"}, "due" and "class"
    empty where the limit is unknown; `level`: how far online it was offered when it came in; `papers`: handed in,
    `unscanned` of them without a file; `worked_minutes`: from acceptance to the finish by the agency's calendar,
    without stops, as the entry of the finish says; `known_on`, `moved_on`: the latest local days on which the journal
    got something and on which something happened."""

    agency: str = ""
    procedure: str = ""
    channel: int = 0
    status: int = 0
    accepted_at: datetime | None = None
    basis_at: datetime | None = None
    # An apology was sent since the limit began; a later move then names the promise only, and the dossier the basis.
    is_extended: bool = False
    is_basis_elsewhere: bool = False
    has_receipt: bool = False
    rounds: int = 0
    agencies: list[str] = field(default_factory=list)
    steps: list[dict[str, str]] = field(default_factory=list)
    finished_at: datetime | None = None
    submitted_at: datetime | None = None
    level: str = ""
    papers: int = 0
    unscanned: int = 0
    is_reused: bool = False
    is_on_paper: bool = False
    is_to_pay: bool = False
    has_result: bool = True
    is_signed: bool = False
    # Fetched at a counter, so somebody had to come.
    is_fetched: bool = False
    ended_at: datetime | None = None
    is_suspended: bool = False
    worked_minutes: int | None = None
    # 1 dissatisfied, 2 satisfied, 3 very satisfied; 0: not answered.
    rating: int = 0
    rated_at: datetime | None = None
    known_on: date | None = None
    moved_on: date | None = None
    position: int = 0


def take(facts: Facts, noted: Noted) -> None:
    """Add what one entry says."""
    if "status" in noted.facts:
        facts.status = int(noted.facts["status"])
    # Submitted, taken in at a counter, or refused there at once.
    if noted.came_at:
        facts.procedure, facts.channel = noted.facts["procedure"], int(noted.facts["channel"])
        _take_filing(facts, noted)
    if noted.named:
        facts.agency = noted.named
    if noted.kind == "dossier.accepted":
        facts.accepted_at, facts.has_receipt = noted.at, bool(noted.facts.get("receipt_id"))
    if noted.kind == "dossier.taken_in":
        # A counter without line enters later what it took in.
        facts.accepted_at, facts.has_receipt = datetime.fromisoformat(noted.facts["accepted_at"]), True
    if noted.kind == "dossier.supplement_requested":
        facts.rounds += 1
    _take_due(facts, noted)
    _take_agency(facts, noted)
    _take_step(facts, noted)
    facts.finished_at = _finished(facts, noted)
    _take_papers(facts, noted)
    _take_end(facts, noted)
    if noted.kind == "survey.answered":
        facts.rating, facts.rated_at = int(noted.facts["rating"]), noted.at
    # A clock that was put back makes no day of before.
    facts.known_on = max(facts.known_on or noted.known_on, noted.known_on)
    if "status" in noted.facts:
        day = local(_effective(facts, noted)).date()
        facts.moved_on = max(facts.moved_on or day, day)
    facts.position = noted.position


def _take_filing(facts: Facts, noted: Noted) -> None:
    said = noted.facts
    facts.submitted_at = noted.came_at
    facts.level = said.get("level", noted.level)
    on_paper = int(said.get("unscanned", 0))
    facts.papers = len(said.get("papers", ())) + on_paper
    facts.unscanned = list(said.get("states", ())).count(0) + on_paper
    facts.is_reused = bool(said.get("reused"))
    facts.is_on_paper = bool(said.get("on_paper"))
    facts.is_to_pay = bool(said.get("to_pay"))
    facts.has_result = not said.get("no_result")


def _take_papers(facts: Facts, noted: Noted) -> None:
    if noted.kind == "dossier.supplemented":
        facts.papers += len(noted.facts.get("papers", ()))
        facts.is_reused = facts.is_reused or bool(noted.facts.get("reused"))
    if noted.kind == "dossier.payment_requested":
        facts.is_to_pay = True


def _take_end(facts: Facts, noted: Noted) -> None:
    kind, said = noted.kind, noted.facts
    if kind in _ENDS or (kind == "dossier.silence" and facts.status == Status.STOPPED):
        facts.ended_at = _effective(facts, noted)
    elif "status" in said and facts.status not in _ENDED:
        facts.ended_at = None
    facts.is_suspended = kind == "dossier.suspended" if "status" in said else facts.is_suspended
    if kind == "dossier.signed":
        facts.is_signed = True
    if kind == "dossier.result_returned":
        facts.is_fetched = said.get("way") == _COUNTER
    if said.get("worked_minutes") is not None:
        facts.worked_minutes = int(said["worked_minutes"])


def _effective(facts: Facts, noted: Noted) -> datetime:
    """When it counts from: entered later, or by silence, before the entry."""
    if noted.kind == "dossier.silence":
        return datetime.fromisoformat(noted.facts["due_at"])
    return noted.came_at or noted.at


def _take_due(facts: Facts, noted: Noted) -> None:
    if noted.kind == "dossier.extended":
        facts.is_extended = True
    named = noted.facts.get("due_at") if noted.kind in _BEGINS_ANEW | _MOVES else None
    if not named:
        return
    if noted.kind in _BEGINS_ANEW:
        facts.is_extended = facts.is_basis_elsewhere = False
    if basis := noted.facts.get("basis_at"):
        facts.basis_at = datetime.fromisoformat(basis)
    elif facts.is_extended:
        facts.is_basis_elsewhere = True
    else:
        facts.basis_at = datetime.fromisoformat(named)


def _take_agency(facts: Facts, noted: Noted) -> None:
    """Who receives, asks for something, or is sent the dossier is somebody the applicant has to deal with."""
    met = noted.named if noted.kind == "dossier.transferred" else noted.agency
    if noted.kind in _ASKS_APPLICANT | {"dossier.transferred"} and met and met not in facts.agencies:
        facts.agencies.append(met)


def _take_step(facts: Facts, noted: Noted) -> None:
    if noted.kind == "dossier.recalled":
        own = [index for index, done in enumerate(facts.steps) if done["officer"] == noted.officer]
        facts.steps = [done for index, done in enumerate(facts.steps) if index not in own[-1:]]
    if not noted.ends_step or facts.finished_at:
        return
    due = noted.step_due
    facts.steps.append(
        {
            "step": str(noted.facts["step"]),
            "officer": noted.officer,
            "unit": noted.unit,
            "agency": noted.agency,
            "kind": noted.kind,
            "at": noted.at.isoformat(),
            "due": due.isoformat() if due else "",
            "class": str(finished_class(due, noted.at)),
        }
    )


def _finished(facts: Facts, noted: Noted) -> datetime | None:
    """The moment of status 9; silence counts from when the time was over, not from when the job saw it."""
    if facts.status not in _DONE:
        return None
    if facts.finished_at or noted.kind != "dossier.silence":
        return facts.finished_at or noted.at
    return datetime.fromisoformat(noted.facts["due_at"])


def finished_class(basis_at: datetime | None, finished_at: datetime) -> Class:
    """Early, on time or late, by the one rule for dossiers; empty without a limit."""
    return class_when_finished(basis_at, finished_at) if basis_at else Class.NONE
