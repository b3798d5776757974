"""A dossier goes to the agency that is competent for it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from motcua.casework.dossiers.ending_errors import ReasonMissing
from motcua.casework.dossiers.errors import NoSuchAgency
from motcua.casework.dossiers.models import Dossier, Transfer
from motcua.casework.dossiers.services.acting import Acting, Target, acting
from motcua.casework.dossiers.services.settings import setting_of
from motcua.casework.process.services import move_process
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import clean
from motcua.registry.organisations.models import Agency, valid_on
from motcua.registry.organisations.selectors import find_unit


def transfer_dossier(*, actor: Actor, target: Target, agency_id: UUID, reason: str, at: datetime) -> Transfer:
    """Let another agency decide: its officers have the tasks, code and journal stay, the applicant is told.

    The due date stays: the law starts the limit anew only for what the applicant took (supplement, payment; T5, T11),
    and that the first agency was not competent is no such time. Raises ReasonMissing, NoSuchAgency.
    Source: Decree 61/2018/NĐ-CP art. 17 (reception only by the competent agency), 19; vietnam.md 1.3 T11, 2.2.
    """
    words = clean(reason)[:1000]
    if not words:
        raise ReasonMissing(field="reason")
    with acting(code="transfer", actor=actor, target=target, at=at) as step:
        dossier, former = step.dossier, step.dossier.agency
        agency = _found(step, agency_id)
        transfer = Transfer.objects.create(
            dossier=dossier,
            from_agency=former,
            to_agency=agency,
            from_path=dossier.agency_path,
            reason=words,
            made_by=step.actor.person,
            made_at=at,
        )
        dossier.agency, dossier.agency_path = agency, agency.path
        move_process(step.running, setting_of(dossier, at))
        step.changes = {"agency": agency, "agency_path": agency.path, "last_move": None}
        step.facts = {"from": former.code, "to": agency.code, "transfer_id": str(transfer.id)}
        step.details = {"reason": words}
    return transfer


def _found(step: Acting, agency_id: UUID) -> Agency:
    day = timezone.localdate(step.at)
    related = Agency.objects.filter(valid_on(day), pk=agency_id).select_related("parent")
    agency = related.first()
    if (
        not agency
        or agency.path == step.dossier.agency_path
        or not find_unit(agency, "one_stop_desk", on=day)
    ):
        raise NoSuchAgency
    return agency


def list_transfers(dossier: Dossier) -> list[Transfer]:
    """Where the dossier came from, latest first."""
    return list(dossier.transfers.select_related("from_agency", "to_agency").order_by("-made_at", "id"))
