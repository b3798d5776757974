"""The state table: which act leads from which status to which, and who may do it. Pure.

Statuses are the ten synchronisation statuses of the national portal; transitions per Decree 118/2025/NĐ-CP and
the portal's interface (vietnam.md 1.1, 1.2). Acts that later issues bring are rows to be added here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Status(IntEnum):
    SUBMITTED = 1
    ACCEPTED = 2
    REFUSED = 3
    IN_PROCESS = 4
    SUPPLEMENT_REQUESTED = 5
    FINANCIAL_OBLIGATION = 6
    WITHDRAWN = 7
    STOPPED = 8
    FINISHED = 9
    RETURNED = 10


@dataclass(frozen=True, slots=True)
class Act:
    """`step` is the process step the dossier must stand at; `outcome` completes its task (empty: stays open)."""

    code: str
    entry: str
    right: str
    step: str
    sources: frozenset[Status]
    target: Status | None
    outcome: str = ""


_ACTS = (
    Act(
        "accept", "dossier.accepted", "reception", "reception", frozenset({Status.SUBMITTED}), Status.ACCEPTED
    ),
    Act(
        "hand-over",
        "dossier.handed_over",
        "reception",
        "reception",
        frozenset({Status.ACCEPTED}),
        Status.IN_PROCESS,
        "accept",
    ),
    Act(
        "draft-result",
        "dossier.result_drafted",
        "specialist",
        "verification",
        frozenset({Status.IN_PROCESS}),
        None,
    ),
    Act(
        "submit-for-signature",
        "dossier.submitted_for_signature",
        "specialist",
        "verification",
        frozenset({Status.IN_PROCESS}),
        None,
        "submit",
    ),
    # Whose name the paper carries: who stands in for an absent leader signs in their own, and the other way round.
    Act("name-signer", "dossier.signer_named", "leader", "signing", frozenset({Status.IN_PROCESS}), None),
    Act(
        "sign", "dossier.signed", "leader", "signing", frozenset({Status.IN_PROCESS}), Status.FINISHED, "sign"
    ),
    Act(
        "return-task",
        "dossier.task_returned",
        "leader",
        "signing",
        frozenset({Status.IN_PROCESS}),
        None,
        "return",
    ),
    Act(
        "return-result",
        "dossier.result_returned",
        "reception",
        "returning",
        frozenset({Status.FINISHED}),
        Status.RETURNED,
        "returned",
    ),
)
ACTS = {act.code: act for act in _ACTS}


def is_allowed(act: Act, *, status: Status, step: str | None) -> bool:
    """Whether the dossier stands where this act may be done. The right is checked beside it."""
    return status in act.sources and step == act.step


def allowed_acts(*, status: Status, step: str | None) -> list[Act]:
    """Acts the dossier's place allows, in the table's order."""
    return [act for act in _ACTS if is_allowed(act, status=status, step=step)]
