"""People whom another system names as applicants."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import fold
from motcua.registry.people.errors import ApplicantMismatch
from motcua.registry.people.models import Person


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person as another system describes them; cleaned and within the bounds of `Person`."""

    personal_number: str
    full_name: str
    birth_date: date
    sex: str
    residence: str
    ethnicity: str = ""
    nationality: str = ""
    telephone: str = ""
    email: str = ""


# Nobody vouched for the person: they did not sign in by eID yet.
ENTERED_BY_SYSTEM = 0


@transaction.atomic
def find_or_enter_applicant(applicant: Applicant, *, actor: Actor, at: datetime) -> Person:
    """The person with this number, entered when they are not known yet; what is known is never overwritten.

    Raises ApplicantMismatch when the number is known with another name or day of birth.
    """
    facts: dict[str, Any] = asdict(applicant) | {"assurance_level": ENTERED_BY_SYSTEM, "verified_at": at}
    facts["search_name"] = fold(applicant.full_name)
    number = facts.pop("personal_number")
    person, created = Person.objects.get_or_create(personal_number=number, defaults=facts)
    if created:
        happening = Happening(
            kind="person.entered",
            object_kind="person",
            object_id=person.id,
            concerns_id=person.id,
            facts={"assurance_level": ENTERED_BY_SYSTEM},
        )
        record(actor=actor, happening=happening, at=at)
    elif fold(person.full_name) != fold(applicant.full_name) or person.birth_date != applicant.birth_date:
        raise ApplicantMismatch
    return person
