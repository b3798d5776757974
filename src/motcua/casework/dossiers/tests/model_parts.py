"""What the model of a dossier is made of: tables of the acts, written down by hand, and what is open or was before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

# By which entry each act is told, and from which statuses it is allowed at a task.
ENTRIES = {
    "accept": "dossier.accepted", "hand-over": "dossier.handed_over", "draft": "dossier.result_drafted",
    "submit": "dossier.submitted_for_signature", "complete": "dossier.task_completed",
    "return": "dossier.task_returned", "sign": "dossier.signed", "hand out": "dossier.result_returned",
    "opinion": "dossier.opinion_given", "claim": "dossier.task_claimed", "assign": "dossier.task_assigned",
    "release": "dossier.task_handed_back", "ask": "dossier.opinion_requested",
    "request": "dossier.supplement_requested", "refuse": "dossier.refused", "pay": "dossier.payment_requested",
    "decline": "dossier.refusal_drafted", "correct": "dossier.data_corrected",
    "transfer": "dossier.transferred",
}  # fmt: skip
STATUSES = {
    "accept": {1}, "hand-over": {2, 4}, "draft": {4}, "submit": {4}, "complete": {4, 9}, "return": {4},
    "sign": {4}, "hand out": {9}, "opinion": {4, 5, 6}, "claim": {1, 2, 4, 9}, "assign": {1, 2, 4, 9},
    "release": {1, 2, 4, 9}, "ask": {4}, "request": {1, 4}, "refuse": {1}, "pay": {2, 4},
    "decline": {4}, "correct": {1, 2, 4}, "transfer": {1, 2, 4},
}  # fmt: skip
KINDS = {
    "accept": {"accept"}, "hand-over": {"accept"}, "draft": {"complete-task"}, "submit": {"complete-task"},
    "complete": {"complete-task"}, "return": {"complete-task", "give-opinion", "sign"}, "sign": {"sign"},
    "hand out": {"return-result"}, "opinion": {"give-opinion"},
    "request": {"accept", "complete-task", "sign"}, "refuse": {"accept"}, "pay": {"accept", "complete-task"},
    "decline": {"complete-task"}, "correct": {"accept", "complete-task"}, "transfer": {"accept", "complete-task"},
}  # fmt: skip
ENDING = {"hand-over", "submit", "complete", "return", "sign", "hand out", "opinion"}
RECALLABLE = {"hand-over", "submit", "complete", "return"}
AFTER = {"accept": 2, "hand-over": 4, "sign": 9, "hand out": 10, "refuse": 3}
PAPERS = {
    "accept": "receipt", "draft": "draft", "decline": "draft", "request": "supplement", "sign": "result",
    "refuse": "refusal", "pay": "payment",
}  # fmt: skip
# Acts without a task: by whom, from where.
FREE = {
    "stop": ("leader", {4, 5, 6}), "recall stop": ("leader", {8}), "confirm": ("reception", {6}),
    "withdraw": ("mother", {1, 2, 4, 5, 6}), "withdraw for": ("reception", {1, 2, 4, 5, 6}),
    "suspend": ("leader", {4}), "resume": ("leader", {8}), "extend": ("leader", {2, 4}), "recompute": ("leader", {2, 4}),
}  # fmt: skip


@dataclass
class Stand:
    """Something open: a task, or a service, message or timer that is waited for. `number` tells it from others."""

    number: int
    step: str
    kind: str
    since: datetime
    due: datetime | None = None
    by: str | None = None
    touched: bool = False
    paused: bool = False
    timers: dict[str, datetime] = field(default_factory=dict)


@dataclass
class Before:
    """How it was before the last act that may be taken back, and what that act opened."""

    by: str
    revision: int
    stand: int
    opened: set[int]
    joined: bool
    status: int
    open: list[Stand]
    arrived: list[str]
    public: str


@dataclass
class Stopped:
    """How it was when it was stopped or suspended (`kind`), and whether its clock ran then. `bring`: until when a
    supplement could be brought, and when its applicant is told again."""

    kind: str
    bring: tuple[datetime, datetime] | None
    at: datetime
    status: int
    open: list[Stand]
    arrived: list[str]
    ran: bool


@dataclass(frozen=True)
class Try:
    """An act somebody tries at an open task. `outcome`: as the way names it; `to`: for whom, of assigning."""

    act: str
    who: str
    step: str
    number: int
    outcome: str = ""
    to: str = ""
