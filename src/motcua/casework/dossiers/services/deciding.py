"""Acts that programs name by what they mean, where the state table has two for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.services import ending, handling, refusing, tasking
from motcua.casework.dossiers.services.acting import Target
from motcua.foundation.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class Decision:
    """`granted`: with the checks of the step that were made, else with what the letter of refusal says."""

    granted: bool
    checks: Sequence[str] = ()
    reason: str = ""
    legal_basis: str = ""


def decide(*, actor: Actor, target: Target, decision: Decision, at: datetime) -> OfficialDocument:
    """Draft what is to be signed: the result, or the letter that refuses it. Raises as either does."""
    if decision.granted:
        return handling.draft_result(actor=actor, target=target, checks=decision.checks, at=at)
    letter = refusing.Refusal(decision.reason, decision.legal_basis)
    return refusing.draft_refusal(actor=actor, target=target, refusal=letter, at=at)


def take_back(*, actor: Actor, target: Target, at: datetime) -> Dossier:
    """Undo the actor's own last act, or the stop of a dossier that was stopped. Raises as `recall`, `recall_stop`.

    What changes in between is told as a stale page by either.
    """
    is_stopped = Dossier.objects.filter(pk=target.dossier_id, status=Status.STOPPED).exists()
    undo = ending.recall_stop if is_stopped else tasking.recall
    return undo(actor=actor, target=target, at=at)


def withdraw(*, actor: Actor, target: Target, reason: str, at: datetime) -> object:
    """By the applicant themselves, or at the counter on their written request, which `reason` names then."""
    if actor.kind == "citizen":
        return ending.withdraw_own(
            actor=actor, dossier_id=target.dossier_id, revision=target.revision, reason=reason, at=at
        )
    return ending.withdraw_dossier(actor=actor, target=target, reason=reason, at=at)
