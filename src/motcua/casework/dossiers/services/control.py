"""The process control slip (form 05) of a dossier, from its journal alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from motcua.casework.dossiers.errors import ActNotAllowed
from motcua.casework.dossiers.forms import procedure_of, steps_of
from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.policies import readable, reads_as_own
from motcua.casework.dossiers.rules.control import Moved, Noted, moves
from motcua.casework.dossiers.selectors import Happened, list_history
from motcua.casework.dossiers.services.papers import form_head, local_minute, next_form_number
from motcua.casework.dossiers.services.submission import test_fact
from motcua.foundation.journal.selectors import positions_of
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.registry.catalogue.models import VERSION_CONTENT
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import get_reception_unit, officer_name


def list_moves(dossier: Dossier) -> list[Moved]:
    """The lines of form 05, oldest first: the latest 200 acts. Four queries."""
    return _moves(dossier, list_history(dossier, with_readings=False))


def _moves(dossier: Dossier, history: list[Happened]) -> list[Moved]:
    positions = positions_of(it.entry.id for it in history)
    noted = [
        Noted(
            kind=it.entry.kind,
            at=it.entry.at,
            actor_kind=it.entry.actor_kind,
            who=f"{it.by} ({it.unit})" if it.unit else it.by,
            facts=it.entry.facts,
            position=positions.get(it.entry.id),
        )
        for it in history
    ]
    names = {code: step.names["vi"] for code, step in steps_of(dossier.version).steps.items()}
    return moves(noted, names, timezone.get_default_timezone())


def make_control_slip(*, actor: Actor, dossier_id: UUID, at: datetime) -> OfficialDocument:
    """Form 05 as of now, as a new edition; the number stays that of the first. Its PDF is made when it is asked for.

    Raises NotFound, Refused for who reads the dossier only as somebody who was asked, ActNotAllowed before acceptance.
    Source: Circular 03/2025/TT-VPCP, form 05.
    """
    with transaction.atomic():
        related = Dossier.objects.select_for_update(of=("self",)).defer(*VERSION_CONTENT)
        found = related.select_related("version__procedure", "agency").filter(readable(actor), pk=dossier_id)
        dossier = found.first()
        if not dossier:
            raise NotFound
        if not actor.is_officer or not reads_as_own(actor, dossier):
            raise Refused
        if not dossier.accepted_at:
            raise ActNotAllowed
        document = _enter(dossier, actor, at)
        record(
            actor=actor,
            happening=Happening(
                kind="dossier.form_made",
                object_kind="dossier",
                object_id=dossier.id,
                concerns_id=dossier.owner_id,
                facts={
                    "form": "05",
                    "document_id": str(document.id),
                    "edition": document.edition,
                    **test_fact(dossier),
                },
            ),
            at=at,
        )
    return document


def _enter(dossier: Dossier, actor: Actor, at: datetime) -> OfficialDocument:
    before = dossier.documents.filter(kind=OfficialDocument.Kind.CONTROL).order_by("-edition").first()
    unit = get_reception_unit(dossier.agency)
    number = before.number if before else next_form_number(dossier, unit, form="05", prefix="PKS-", at=at)
    return OfficialDocument.objects.create(
        dossier=dossier,
        kind=OfficialDocument.Kind.CONTROL,
        edition=before.edition + 1 if before else 1,
        number=number,
        content={
            **form_head(dossier, unit, number, at=at),
            **control_facts(dossier),
            "maker": officer_name(actor.person_id),
        },
        made_at=at,
        made_by=actor.person,
    )


def control_facts(dossier: Dossier) -> dict[str, Any]:
    """What form 05 says beside its head; see packs/vn/forms/form-05.typ."""
    history = list_history(dossier, with_readings=False)
    return {
        "procedure": procedure_of(dossier)["name"]["vi"],
        "competent": dossier.agency.name,
        "cooperating": _cooperating(dossier, history),
        "received_at": local_minute(dossier.accepted_at),
        "due_at": local_minute(dossier.due_at),
        "moves": [
            {
                "giver": it.giver,
                "receiver": it.receiver,
                "at": local_minute(it.at),
                "entry": str(it.position or ""),
                "result": it.result,
                "remark": it.remark,
            }
            for it in _moves(dossier, history)
        ],
    }


def _cooperating(dossier: Dossier, history: list[Happened]) -> list[str]:
    """Units and agencies that were asked, and other agencies whose officers acted; in the order they came in."""
    acted = {it.entry.agency_id for it in history if it.entry.agency_id} - {dossier.agency_id}
    names = dict(
        Agency.objects.filter(pk__in=acted).exclude(path=dossier.agency_path).values_list("pk", "name")
    )
    found = [
        it.entry.facts.get("asked_of") or names.get(it.entry.agency_id or dossier.agency_id, "")
        for it in history
    ]
    return list(dict.fromkeys(name for name in found if name))
