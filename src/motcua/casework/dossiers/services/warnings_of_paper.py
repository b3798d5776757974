"""Paper that does not arrive in time: both counters are told, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.models import Transport
from motcua.casework.dossiers.services.submission import test_fact
from motcua.casework.dossiers.services.warnings import PURPOSE as DEADLINES
from motcua.casework.dossiers.services.warnings import People
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.notifications.contributions import Purpose, register_purpose
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify

PURPOSE = Purpose("paper_overdue", _("Paper on its way did not arrive"), DEADLINES.group, at_once=True)
# In one sweep; the next takes the rest.
BATCH = 500


def register_purposes() -> None:
    register_purpose(PURPOSE)


def warn_of_paper(*, at: datetime) -> int:
    """Tell both counters of paper that should have arrived, BATCH at most; how many. Each in its own transaction."""
    late = Transport.objects.filter(received_at=None, warned_at=None, due_at__lte=at).order_by("due_at")
    return sum(_warn(pk, at=at) for pk in list(late.values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def _warn(transport_id: UUID, *, at: datetime) -> bool:
    rows = Transport.objects.select_for_update(of=("self",)).filter(received_at=None, warned_at=None)
    found = rows.select_related("dossier", "from_agency", "to_agency").filter(pk=transport_id).first()
    if not found:
        return False
    found.warned_at = at
    found.save(update_fields=["warned_at"])
    people = People(at)
    told = people.nearest("reception", found.from_path) | people.nearest("reception", found.to_path)
    notice = _notice(found)
    for actor, account in told.values():
        recipient = Recipient(actor.person, email=account.email, language=account.language)
        notify(
            recipient=recipient, notice=replace(notice, source_key=f"paper:{found.pk}:{actor.person}"), at=at
        )
    dossier = found.dossier
    facts = {"transport": str(found.pk), "what": found.kind, "count": len(told), **test_fact(dossier)}
    happening = Happening(
        "dossier.papers_overdue", "dossier", dossier.pk, concerns_id=dossier.owner_id, facts=facts
    )
    record(actor=SYSTEM, happening=happening, at=at)
    return True


def _notice(transport: Transport) -> Notice:
    return Notice(
        purpose=PURPOSE.code,
        source_key="",
        context={
            "giving": transport.from_agency.name,
            "receiving": transport.to_agency.name,
            "due_at": transport.due_at,
        },
        link=reverse("desk:transport", args=[transport.pk]),
        reference=str(transport.dossier.code),
        concerns=("dossier", transport.dossier_id),
        agency_path=transport.to_path,
    )
