"""Organisations and who represents them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.text import clean, clean_line, fold
from motcua.registry.people.adapters.claims import OrganisationClaim
from motcua.registry.people.errors import ImpossibleNumber, NumberTaken, RepresentationOverlaps
from motcua.registry.people.models import Organisation, Person, Representation
from motcua.registry.people.rules.numbers import clean_tax_code
from motcua.registry.people.services.checks import DESK, require_right, require_tax_code

# The eID says who represents an organisation on the day of the sign-in only; each sign-in renews it (decision 0022).
EID_DAYS = 365


def record_office(claim: OrganisationClaim, person: Person, at: datetime) -> dict[str, str]:
    """Enter or refresh an organisation that the eID vouches for, with this person as its legal representative.

    In the caller's transaction and entry: returns the facts for it.
    """
    today = timezone.localdate(at)
    organisation, _is_new = Organisation.objects.get_or_create(
        tax_code=claim.tax_code,
        defaults={
            "kind": claim.kind,
            "legal_name": claim.name,
            "search_name": fold(claim.name),
            "source": Organisation.Source.EID,
            "valid_from": today,
        },
    )
    if organisation.legal_name != claim.name:
        organisation.legal_name, organisation.search_name = claim.name, fold(claim.name)
        organisation.save(update_fields=["legal_name", "search_name"])
    until = today + timedelta(days=EID_DAYS)
    current = Representation.objects.select_for_update().filter(
        Q(valid_to=None) | Q(valid_to__gt=today), organisation=organisation, person=person, ended_at=None
    )
    held = current.filter(valid_from__lte=today).first()
    if not held:
        # One that an officer entered for a later day begins now: the eID says so.
        current.update(ended_at=at)
        held = Representation.objects.create(
            organisation=organisation,
            person=person,
            role=Representation.Role.LEGAL,
            source=Organisation.Source.EID,
            valid_from=today,
            valid_to=until,
        )
    elif held.source == Organisation.Source.EID and held.valid_to != until:
        Representation.objects.filter(pk=held.pk).update(valid_to=until)
    return {"organisation": str(organisation.id), "representation": str(held.id)}


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """An organisation as an officer enters it from its papers; `tax_code` or, for agencies and others, `code`."""

    kind: str
    legal_name: str
    tax_code: str = ""
    code: str = ""
    short_name: str = ""
    address: str = ""
    place_code: str = ""
    email: str = ""
    telephone: str = ""


@transaction.atomic
def enter_organisation(*, actor: Actor, new: NewOrganisation, at: datetime) -> Organisation:
    """Raises Refused, ImpossibleNumber, NumberTaken."""
    require_right(actor, DESK)
    tax_code, code = clean_tax_code(new.tax_code), clean_line(new.code).upper()
    if tax_code or not code:
        require_tax_code(tax_code)
    name = clean_line(new.legal_name)[:300]
    organisation = Organisation(
        kind=new.kind,
        tax_code=tax_code or None,
        code=code or None,
        legal_name=name,
        search_name=fold(name),
        short_name=clean_line(new.short_name)[:100],
        address=clean_line(new.address)[:500],
        place_code=new.place_code,
        email=new.email,
        telephone=clean_line(new.telephone)[:20],
        source=Organisation.Source.OFFICER,
        valid_from=timezone.localdate(at),
    )
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError as error:
        raise _reason(error) from error
    facts = {"kind_of_organisation": organisation.kind}
    happening = Happening(
        "organisation.entered", object_kind="organisation", object_id=organisation.id, facts=facts
    )
    record(actor=actor, happening=happening, at=at)
    return organisation


def _reason(error: IntegrityError) -> Exception:
    if "organisation_code_form" in str(error) or "organisation_has_a_code" in str(error):
        reason = _("Check the code: it begins with Z, or for a state agency with the letter of its branch.")
        return ImpossibleNumber(field="code", reason=reason)
    return NumberTaken()


@dataclass(frozen=True, slots=True)
class NewRepresentation:
    """Who represents what as which (`Representation.Role`), from a day on; `valid_to` is the first day no more."""

    organisation_id: UUID
    person_id: UUID
    role: str
    valid_from: date
    valid_to: date | None = None


@transaction.atomic
def enter_representation(*, actor: Actor, new: NewRepresentation, at: datetime) -> Representation:
    """An officer has checked the papers. Raises Refused, NotFound, RepresentationOverlaps."""
    require_right(actor, DESK)
    people = Person.objects.filter(pk=new.person_id, merged_into=None)
    if not people.exists() or not Organisation.objects.filter(pk=new.organisation_id).exists():
        raise NotFound
    try:
        with transaction.atomic():
            made = Representation.objects.create(
                organisation_id=new.organisation_id,
                person_id=new.person_id,
                role=new.role,
                source=Organisation.Source.OFFICER,
                valid_from=new.valid_from,
                valid_to=new.valid_to,
            )
    except IntegrityError as error:
        raise RepresentationOverlaps from error
    record(actor=actor, happening=_office(made, "representation.entered"), at=at)
    return made


@transaction.atomic
def end_representation(*, actor: Actor, representation_id: UUID, reason: str, at: datetime) -> None:
    """By an officer, by the representative, or by a legal representative acting for the organisation.

    Ended already is fine. Raises Refused, NotFound.
    """
    held = Representation.objects.select_for_update().filter(pk=representation_id).first()
    if not held:
        raise NotFound
    if not _may_end(actor, held):
        raise Refused
    if held.ended_at:
        return
    held.ended_at = at
    held.save(update_fields=["ended_at"])
    happening = _office(held, "representation.ended", {"reason": clean(reason)[:1000]})
    record(actor=actor, happening=happening, at=at)


def _may_end(actor: Actor, held: Representation) -> bool:
    if actor.is_officer:
        return bool(actor.scopes(DESK))
    return actor.kind == "citizen" and (
        held.person_id == actor.person_id or is_legal_representative(actor, held.organisation_id)
    )


def is_legal_representative(actor: Actor, organisation_id: UUID) -> bool:
    """Whether the actor acts for this very organisation, as its legal representative. One query."""
    if not actor.behalf or not actor.behalf.is_office or actor.behalf.organisation_id != organisation_id:
        return False
    offices = Representation.objects.filter(Q(pk=actor.mandate_id), role=Representation.Role.LEGAL)
    return offices.exists()


def _office(held: Representation, kind: str, details: dict[str, Any] | None = None) -> Happening:
    return Happening(
        kind,
        object_kind="representation",
        object_id=held.id,
        concerns_id=held.person_id,
        facts={"organisation": str(held.organisation_id), "role": held.role},
        details=details,
    )
