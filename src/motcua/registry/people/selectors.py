"""Reading people."""

from __future__ import annotations

from uuid import UUID

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.contributions import Identity
from motcua.registry.access.models import Account
from motcua.registry.people.models import Citizen


def identify_citizen(account: Account) -> Identity | None:
    citizen = Citizen.objects.filter(account=account).only("id", "full_name").first()
    if not citizen:
        return None
    actor = Actor(kind="citizen", account_id=account.id, person_id=citizen.id)
    return Identity(actor=actor, display_name=citizen.full_name)


def get_citizen(actor: Actor) -> Citizen:
    """The citizen who acts. Raises NotFound for anybody else."""
    citizen = Citizen.objects.filter(pk=actor.person_id).first() if actor.kind == "citizen" else None
    if not citizen:
        raise NotFound
    return citizen


def get_citizen_by_id(citizen_id: UUID) -> Citizen:
    """For services that already checked the actor's right to the dossier. Raises NotFound."""
    citizen = Citizen.objects.filter(pk=citizen_id).first()
    if not citizen:
        raise NotFound
    return citizen


def count_citizens(*, number_prefix: str) -> int:
    """How many people have a personal number that begins so."""
    return Citizen.objects.filter(personal_number__startswith=number_prefix).count()
