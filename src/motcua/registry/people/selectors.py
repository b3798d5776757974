"""Reading people."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.contributions import Identity
from motcua.registry.access.models import Account
from motcua.registry.people.models import Person


def identify_citizen(account: Account) -> Identity | None:
    citizen = Person.objects.filter(account=account).only("id", "full_name").first()
    if not citizen:
        return None
    actor = Actor(kind="citizen", account_id=account.id, person_id=citizen.id)
    return Identity(actor=actor, display_name=citizen.full_name)


def count_citizens(*, number_prefix: str) -> int:
    """How many people have a personal number that begins so."""
    return Person.objects.filter(personal_number__startswith=number_prefix).count()


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a citizen, as the eID last said it; empty where there is nothing."""

    full_name: str
    email: str
    telephone: str


def get_contact(citizen_id: UUID) -> Contact:
    """Personal: for messages to the person and for their own pages. Raises Person.DoesNotExist."""
    return Contact(*Person.objects.values_list("full_name", "email", "telephone").get(pk=citizen_id))


def find_citizen_id(personal_number: str) -> UUID | None:
    """Who has exactly this personal number. Not access-checked: who asks records that they searched."""
    return Person.objects.filter(personal_number=personal_number).values_list("id", flat=True).first()
