"""What became of a result that went by post: delivered, or back at the counter and handed over again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from motcua.casework.dossiers.errors import ActNotAllowed, WrongWay
from motcua.casework.dossiers.models import Consignment, Dossier, ReturnWay
from motcua.casework.dossiers.note_errors import ReturnReasonMissing, WrongOutcomeDay
from motcua.casework.dossiers.policies import acts_under, can_act
from motcua.casework.dossiers.rules.states import ACTS
from motcua.casework.dossiers.selectors import get_dossier
from motcua.casework.dossiers.services.returning import (
    Returning,
    checked_returning,
    give_to_post,
    return_slip,
)
from motcua.casework.dossiers.services.submission import test_fact
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.text import clean_line
from motcua.registry.catalogue.models import VERSION_CONTENT
from motcua.registry.organisations.delegation.services import hold_delegation

Outcome = Consignment.Outcome
_ENTRIES = {
    Outcome.DELIVERED.value: "dossier.result_delivered",
    Outcome.CAME_BACK.value: "dossier.result_came_back",
}


@dataclass(frozen=True, slots=True)
class Noted:
    """What the carrier said. `outcome`: of Consignment.Outcome; `on`: the day; `reason`: why it came back."""

    outcome: str
    on: date
    reason: str = ""


def may_note(actor: Actor, dossier: Dossier) -> bool:
    """Whether the actor hands over results of the dossier's agency."""
    return actor.is_officer and can_act(actor, ACTS["return-result"], dossier)


def find_consignment(dossier: Dossier) -> Consignment | None:
    """The latest, None where the result never went by post. One query."""
    return dossier.consignments.order_by("-sent_at", "-id").first()


def note_outcome(
    *, actor: Actor, dossier_id: UUID, consignment_id: UUID, noted: Noted, at: datetime
) -> Consignment:
    """Note that a consignment was delivered, or that it came back: then the result waits at the counter again.

    Raises NotFound, Refused, DelegationEnded, ActNotAllowed for what was noted before, WrongOutcomeDay,
    ReturnReasonMissing.
    """
    reason = clean_line(noted.reason)[:500]
    with _sending(actor, dossier_id, at) as (dossier, actor):
        sent = dossier.consignments.select_for_update().filter(pk=consignment_id).first()
        if not sent:
            raise NotFound
        if sent.outcome or noted.outcome not in Outcome.values:
            raise ActNotAllowed
        if not timezone.localdate(sent.sent_at) <= noted.on <= timezone.localdate(at):
            raise WrongOutcomeDay(field="on")
        came_back = noted.outcome == Outcome.CAME_BACK
        if came_back and not reason:
            raise ReturnReasonMissing
        sent.outcome, sent.outcome_on, sent.reason = noted.outcome, noted.on, reason if came_back else ""
        sent.noted_at, sent.noted_by = at, actor.person
        sent.save()
        facts = {"consignment": str(sent.id), "on": noted.on.isoformat()}
        details = {"reason": reason} if came_back else None
        happening = _happening(dossier, _ENTRIES[sent.outcome], facts, details)
        record(actor=actor, happening=happening, at=at)
    return sent


def hand_again(*, actor: Actor, dossier_id: UUID, returning: Returning, at: datetime) -> Dossier:
    """Hand over what came back: at the counter, or by post once more; a slip of return is made.

    Raises NotFound, Refused, DelegationEnded, ActNotAllowed where nothing came back, WrongWay, and as
    `checked_returning`.
    """
    with _sending(actor, dossier_id, at) as (dossier, actor):
        waiting = dossier.consignments.select_for_update().filter(outcome=Outcome.CAME_BACK, settled_at=None)
        back = waiting.first()
        if not back:
            raise ActNotAllowed
        if returning.way not in {ReturnWay.COUNTER, ReturnWay.POST}:
            raise WrongWay
        returned = checked_returning(dossier, returning)
        back.settled_at = at
        back.save(update_fields=["settled_at"])
        facts: dict[str, Any] = {"way": returned.way}
        if returned.way == ReturnWay.POST:
            facts["consignment"] = str(give_to_post(dossier, returned, actor=actor, at=at).id)
        facts["document_id"] = str(return_slip(dossier, returned, actor=actor, at=at).id)
        Dossier.objects.filter(pk=dossier.pk).update(
            **returned.columns, revision=F("revision") + 1, updated_at=at
        )
        record(actor=actor, happening=_happening(dossier, "dossier.result_handed_again", facts), at=at)
    return dossier


@contextmanager
def _sending(actor: Actor, dossier_id: UUID, at: datetime) -> Iterator[tuple[Dossier, Actor]]:
    """The dossier, locked, and the actor as they stand on the record."""
    get_dossier(actor, dossier_id)
    with transaction.atomic():
        related = Dossier.objects.select_for_update(of=("self",)).defer(*VERSION_CONTENT)
        dossier = related.select_related("version__procedure", "agency__parent").get(pk=dossier_id)
        if not may_note(actor, dossier):
            raise Refused
        if lent := acts_under(actor, ACTS["return-result"], dossier):
            hold_delegation(lent.delegation_id, at=at)
            actor = actor.under(lent)
        yield dossier, actor


def _happening(
    dossier: Dossier, kind: str, facts: dict[str, Any], details: dict[str, str] | None = None
) -> Happening:
    return Happening(
        kind=kind,
        object_kind="dossier",
        object_id=dossier.id,
        concerns_id=dossier.owner_id,
        facts=facts | test_fact(dossier),
        details=details,
    )
