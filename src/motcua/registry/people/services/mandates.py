"""Mandates: the principal gives, the agent accepts, either ends it.

Source: Civil Code 91/2015/QH13, art. 562-569 [M].
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.foundation.files.models import StoredFile
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.text import clean, fold
from motcua.registry.people.errors import (
    MandateNotWhole,
    MandateOver,
    MandateOverlaps,
    MandateToOneself,
    NoSuchAgent,
    NotTransferable,
)
from motcua.registry.people.models import Mandate, Organisation, Person
from motcua.registry.people.services.checks import DESK, require_right
from motcua.registry.people.services.organisations import is_legal_representative
from motcua.registry.people.services.telling import tell_agent, tell_principal

POWERS = ("apply", "see", "receive")


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a mandate is for: one procedure, one dossier, or with neither everything."""

    procedure_code: str = ""
    dossier_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What is given to whom. The agent is named by number and name, so that nobody is found out by guessing.

    powers: some of POWERS. valid_to: the first day on which it does not count any more.
    """

    agent_number: str
    agent_name: str
    purpose: Purpose
    powers: frozenset[str]
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class _Principal:
    person_id: UUID | None = None
    organisation_id: UUID | None = None


@transaction.atomic
def give_mandate(*, actor: Actor, offer: Offer, at: datetime) -> Mandate:
    """Online: for oneself, or for an organisation by its legal representative. Counts once the agent accepts.

    Raises Refused, NotTransferable, NoSuchAgent, MandateToOneself, MandateOverlaps, MandateNotWhole.
    """
    if actor.kind != "citizen":
        raise Refused
    if not actor.behalf:
        principal = _Principal(person_id=actor.person)
    elif actor.behalf.organisation_id and is_legal_representative(actor, actor.behalf.organisation_id):
        principal = _Principal(organisation_id=actor.behalf.organisation_id)
    else:
        raise NotTransferable
    mandate = _build(principal, offer, _agent(offer, with_account=True), actor, at)
    kept = _keep(mandate, actor, at)
    tell_agent("mandate_offered", kept, at=at)
    return kept


@transaction.atomic
def enter_paper_mandate(
    *, actor: Actor, principal: Person | Organisation, offer: Offer, paper: StoredFile, at: datetime
) -> Mandate:
    """At a counter, from the paper that both have signed: counts at once. Raises as `give_mandate` does."""
    require_right(actor, DESK)
    if isinstance(principal, Person):
        giver = _Principal(person_id=principal.id)
    else:
        giver = _Principal(organisation_id=principal.id)
    mandate = _build(giver, offer, _agent(offer, with_account=False), actor, at)
    mandate.paper, mandate.accepted_at = paper, at
    kept = _keep(mandate, actor, at)
    tell_principal("mandate_accepted", kept, at=at)
    return kept


def _agent(offer: Offer, *, with_account: bool) -> Person:
    found = Person.objects.filter(personal_number="".join(offer.agent_number.split())).first()
    person = (found.merged_into or found) if found else None
    if not person or person.search_name != fold(offer.agent_name):
        raise NoSuchAgent
    if with_account and not person.account_id:
        raise NoSuchAgent
    return person


def _build(principal: _Principal, offer: Offer, agent: Person, actor: Actor, at: datetime) -> Mandate:
    if agent.id == principal.person_id:
        raise MandateToOneself
    if not offer.powers or not offer.powers <= set(POWERS):
        raise MandateNotWhole(reason=_("Choose at least one thing that the other may do."))
    if offer.valid_to <= max(offer.valid_from, timezone.localdate(at)):
        raise MandateNotWhole(reason=_("Enter a last day that is not before the first, nor before today."))
    return Mandate(
        principal_person_id=principal.person_id,
        principal_organisation_id=principal.organisation_id,
        agent=agent,
        procedure_code=offer.purpose.procedure_code,
        dossier_id=offer.purpose.dossier_id,
        **{f"may_{power}": power in offer.powers for power in POWERS},
        valid_from=offer.valid_from,
        valid_to=offer.valid_to,
        given_at=at,
        given_by=actor.account,
    )


def _keep(mandate: Mandate, actor: Actor, at: datetime) -> Mandate:
    try:
        with transaction.atomic():
            mandate.save(force_insert=True)
    except IntegrityError as error:
        raise MandateOverlaps from error
    facts = {
        "agent": str(mandate.agent_id),
        "powers": [power for power in POWERS if getattr(mandate, f"may_{power}")],
        "procedure": mandate.procedure_code,
        "until": mandate.valid_to.isoformat(),
        "way": "counter" if mandate.paper_id else "online",
    }
    if mandate.dossier_id:
        facts["dossier"] = str(mandate.dossier_id)
    record(actor=actor, happening=_about(mandate, "mandate.given", facts), at=at)
    return mandate


def _about(mandate: Mandate, kind: str, facts: dict[str, Any], reason: str = "") -> Happening:
    concerns = mandate.principal_person_id or mandate.principal_organisation_id
    details = {"reason": reason} if reason else None
    return Happening(
        kind,
        object_kind="mandate",
        object_id=mandate.id,
        concerns_id=concerns,
        facts=facts,
        details=details,
    )


@transaction.atomic
def accept_mandate(*, actor: Actor, mandate_id: UUID, at: datetime) -> Mandate:
    """The agent, acting for themselves. Accepting again is fine. Raises NotFound, MandateOver."""
    mandate = Mandate.objects.select_for_update().filter(pk=mandate_id, agent=actor.person_id).first()
    if not mandate or actor.kind != "citizen" or actor.behalf:
        raise NotFound
    if mandate.ended_at or mandate.valid_to <= timezone.localdate(at):
        raise MandateOver
    if mandate.accepted_at:
        return mandate
    mandate.accepted_at = at
    mandate.save(update_fields=["accepted_at"])
    happening = _about(mandate, "mandate.accepted", {"agent": str(mandate.agent_id)})
    record(actor=actor, happening=happening, at=at)
    tell_principal("mandate_accepted", mandate, at=at)
    return mandate


@transaction.atomic
def end_mandate(*, actor: Actor, mandate_id: UUID, reason: str, at: datetime) -> Mandate:
    """The principal revokes it or the agent gives it back, with a reason, whether it was accepted or not.

    For an organisation its legal representative, acting for it. The principal is told, and the agent of what the
    principal did. Raises NotFound, MandateOver, MandateNotWhole.
    """
    mandate = Mandate.objects.select_for_update().filter(pk=mandate_id).first()
    if not mandate or not _may_end(actor, mandate):
        raise NotFound
    words = clean(reason)[:1000]
    if not words:
        raise MandateNotWhole(reason=_("Write in one sentence why the mandate ends."))
    if mandate.ended_at or mandate.valid_to <= timezone.localdate(at):
        raise MandateOver
    mandate.ended_at = at
    mandate.save(update_fields=["ended_at"])
    by = "agent" if actor.person_id == mandate.agent_id and not actor.behalf else "principal"
    record(actor=actor, happening=_about(mandate, "mandate.ended", {"by": by}, words), at=at)
    # The principal also when they ended it themselves: it is they who must notice what somebody else did for them.
    tell_principal("mandate_ended", mandate, at=at)
    if by == "principal":
        tell_agent("mandate_ended", mandate, at=at)
    return mandate


def _may_end(actor: Actor, mandate: Mandate) -> bool:
    if actor.kind != "citizen":
        return False
    if mandate.principal_organisation_id and is_legal_representative(
        actor, mandate.principal_organisation_id
    ):
        return True
    return not actor.behalf and actor.person_id in {mandate.agent_id, mandate.principal_person_id}
