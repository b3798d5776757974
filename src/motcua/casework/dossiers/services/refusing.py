"""The letter that refuses after examination: a result like any other, drafted, signed, returned (vietnam.md 1.3 T7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from motcua.casework.dossiers.errors import GroundMissing
from motcua.casework.dossiers.models import OfficialDocument
from motcua.casework.dossiers.services.acting import Target, acting
from motcua.casework.dossiers.services.papers import make_refusal
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import clean


@dataclass(frozen=True, slots=True)
class Refusal:
    """`reason`: why it is not granted; `legal_basis`: articles it rests on. Both stand in the letter."""

    reason: str
    legal_basis: str


def draft_refusal(*, actor: Actor, target: Target, refusal: Refusal, at: datetime) -> OfficialDocument:
    """Draft the letter of refusal as the next edition of the result; what follows is the way of any result.

    Raises GroundMissing, CannotRender. Source: Decree 61/2018/NĐ-CP art. 19(8).
    """
    reason, basis = clean(refusal.reason)[:2000], clean(refusal.legal_basis)[:1000]
    if not reason:
        raise GroundMissing(field="reason")
    if not basis:
        raise GroundMissing(field="legal_basis")
    with acting(code="draft-refusal", actor=actor, target=target, at=at) as step:
        document = make_refusal(step.dossier, {"reason": reason, "legal_basis": basis}, actor=actor, at=at)
        step.facts = {
            "document_id": str(document.id),
            "edition": document.edition,
            "sha256": document.stored.sha256,
        }
        step.details = {"reason": reason, "legal_basis": basis}
    return document
