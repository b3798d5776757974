"""Writing people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.foundation.journal.services import Deed, Happening, record, record_many
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import Refused
from motcua.foundation.kernel.rows import insert_many
from motcua.registry.access.models import Account
from motcua.registry.people.adapters.claims import EidClaims
from motcua.registry.people.contacts import keep_confirmed
from motcua.registry.people.errors import AccountConflict
from motcua.registry.people.models import Person


@transaction.atomic
def record_claims(*, account: Account, claims: EidClaims, at: datetime) -> Person:
    """Enter or refresh the citizen behind an eID account, and journal the sign-in.

    A citizen known by number already (entered at a counter) is linked to the account, never doubled; one whose
    number was changed leaves the account to the new number. What they confirmed as their contact stays. Raises
    AccountConflict when the number belongs to another account: two accounts are never merged by a program.
    """
    if account.kind != Account.Kind.CITIZEN:
        raise Refused
    # Locked: of two accounts that claim a number at once, the second sees the first.
    known = Person.objects.select_for_update().filter(personal_number=claims.personal_number).first()
    if known and known.account_id not in {None, account.pk}:
        raise AccountConflict
    Person.objects.filter(account=account).exclude(personal_number=claims.personal_number).update(
        account=None
    )
    citizen, created = Person.objects.update_or_create(
        personal_number=claims.personal_number,
        defaults=asdict(claims)
        | {"account": account, "verified_at": at}
        | keep_confirmed(claims.personal_number, {"telephone": claims.telephone, "email": claims.email}),
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
