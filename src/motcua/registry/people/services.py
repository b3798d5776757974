"""Writing people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from motcua.foundation.journal.services import Deed, Happening, record, record_many
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import Refused
from motcua.foundation.kernel.rows import insert_many
from motcua.foundation.kernel.text import fold
from motcua.registry.access.models import Account
from motcua.registry.people.adapters.claims import EidClaims
from motcua.registry.people.errors import ApplicantMismatch
from motcua.registry.people.models import Person


@transaction.atomic
def record_claims(*, account: Account, claims: EidClaims, at: datetime) -> Person:
    """Enter or refresh the citizen behind an eID account, and journal the sign-in.

    A citizen known by number already (entered at a counter) is linked to the account, never doubled; one whose
    number was changed leaves the account to the new number.
    """
    if account.kind != Account.Kind.CITIZEN:
        raise Refused
    Person.objects.filter(account=account).exclude(personal_number=claims.personal_number).update(
        account=None
    )
    citizen, created = Person.objects.update_or_create(
        personal_number=claims.personal_number,
        defaults=asdict(claims) | {"account": account, "verified_at": at},
    )
    record(
        actor=Actor(kind="citizen", account_id=account.id, person_id=citizen.id),
        happening=Happening(
            kind="person.entered" if created else "person.signed_in",
            object_kind="person",
            object_id=citizen.id,
            concerns_id=citizen.id,
            facts={"assurance_level": claims.assurance_level},
        ),
        at=at,
    )
    return citizen


@transaction.atomic
def enter_citizens(
    citizens: Sequence[Person], *, actor: Actor, facts: Mapping[str, Any], at: datetime
) -> None:
    """Enter people without accounts, one statement a table; `facts` go into each one's journal entry."""
    insert_many(Person, citizens)
    record_many(
        Deed(actor, Happening("person.entered", "person", it.id, concerns_id=it.id, facts=facts), at)
        for it in citizens
    )


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
    facts = asdict(applicant) | {"assurance_level": ENTERED_BY_SYSTEM, "verified_at": at}
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
