"""Telling who is concerned by a mandate. No names: whoever reads a lock screen learns nothing."""

from __future__ import annotations

from datetime import datetime

from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.registry.people.models import Mandate, Organisation, Person

PURPOSES = ("mandate_offered", "mandate_accepted", "mandate_ended")


def tell_agent(purpose: str, mandate: Mandate, *, at: datetime) -> None:
    """In the caller's transaction."""
    _tell(purpose, mandate, "agent", Person.objects.get(pk=mandate.agent_id), at)


def tell_principal(purpose: str, mandate: Mandate, *, at: datetime) -> None:
    """In the caller's transaction; an organisation is told at its own address."""
    principal = mandate.principal_person or mandate.principal_organisation
    if principal:
        _tell(purpose, mandate, "principal", principal, at)


def _tell(purpose: str, mandate: Mandate, side: str, found: Person | Organisation, at: datetime) -> None:
    name = found.full_name if isinstance(found, Person) else found.legal_name
    notice = Notice(
        purpose,
        f"{purpose}:{mandate.id}:{side}",
        context={"name": name},
        link="/mandates/",
        concerns=("mandate", mandate.id),
    )
    recipient = Recipient(found.id, email=found.email, phone=found.telephone)
    notify(recipient=recipient, notice=notice, at=at)
