"""Reading people, organisations and who may act for whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Right
from django.utils import timezone

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor, Behalf
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.text import fold
from motcua.registry.access.contributions import Identity
from motcua.registry.access.models import Account
from motcua.registry.people.adapters.card_photo import codes_of
from motcua.registry.people.adapters.provinces import number_provinces
from motcua.registry.people.errors import CARD_FAULTS, BadCardText
from motcua.registry.people.facts import consent_terms
from motcua.registry.people.facts import contact_wait_hours as contact_wait_hours
from motcua.registry.people.models import (
    Consent,
    ContactChange,
    IdentityPaper,
    Mandate,
    Organisation,
    Person,
    Representation,
)
from motcua.registry.people.rules.cards import BadCard, Card, read_card
from motcua.registry.people.rules.numbers import clean_paper_number, clean_tax_code
from motcua.registry.people.services.checks import DESK, KEEPER, require_right

OFFICE, MANDATE = "office", "mandate"


def identify_citizen(account: Account, chosen: str = "") -> Identity | None:
    """The person behind an account. `chosen`: "office:ID" or "mandate:ID", to act for another; checked afresh.

    One query; two when what was chosen does not count any more.
    """
    if chosen and (identity := _identify_for_another(account, chosen)):
        return identity
    citizen = Person.objects.filter(account=account).only("id", "full_name").first()
    if not citizen:
        return None
    actor = Actor(kind="citizen", account_id=account.id, person_id=citizen.id)
    return Identity(actor=actor, display_name=citizen.full_name, has_lapsed=bool(chosen))


def _identify_for_another(account: Account, chosen: str) -> Identity | None:
    kind, _, key = chosen.partition(":")
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    today = timezone.localdate()
    if kind == OFFICE:
        office = offices_in_force(today).filter(pk=wanted, person__account=account).first()
        return _identity(account, office.person, office, office.organisation) if office else None
    mandate = mandates_in_force(today).filter(pk=wanted, agent__account=account).first()
    principal = mandate and (mandate.principal_person or mandate.principal_organisation)
    return _identity(account, mandate.agent, mandate, principal) if mandate and principal else None


def _identity(
    account: Account, person: Person, held: Representation | Mandate, principal: Person | Organisation
) -> Identity:
    actor = Actor(
        kind="citizen",
        account_id=account.id,
        person_id=person.id,
        mandate_id=held.id,
        behalf=_behalf(held, principal),
    )
    return Identity(actor=actor, display_name=person.full_name, acting_for=name_of(principal))


def _behalf(held: Representation | Mandate, principal: Person | Organisation) -> Behalf:
    whose: dict[str, Any] = (
        {"person_id": principal.id}
        if isinstance(principal, Person)
        else {"organisation_id": principal.id, "organisation_kind": principal.kind}
    )
    if isinstance(held, Representation):
        return Behalf(**whose, is_office=True)
    powers = {power for power in ("apply", "see", "receive") if getattr(held, f"may_{power}")}
    return Behalf(
        **whose, procedure=held.procedure_code, dossier_id=held.dossier_id, powers=frozenset(powers)
    )


def name_of(principal: Person | Organisation) -> str:
    return principal.full_name if isinstance(principal, Person) else principal.legal_name


def offices_in_force(today: date) -> QuerySet[Representation]:
    """Representations that count on a day, of organisations that are still there."""
    held = Representation.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=today), valid_from__lte=today, ended_at=None
    )
    alive = held.exclude(organisation__status=Organisation.Status.ENDED)
    return alive.select_related("organisation", "person")


def mandates_in_force(today: date) -> QuerySet[Mandate]:
    """Mandates that count on a day: accepted, not ended, and their principal is still there."""
    held = Mandate.objects.filter(
        ended_at=None, accepted_at__isnull=False, valid_from__lte=today, valid_to__gt=today
    )
    alive = held.exclude(principal_organisation__status=Organisation.Status.ENDED)
    return alive.select_related("principal_person", "principal_organisation", "agent")


@dataclass(frozen=True, slots=True)
class Choice:
    """In whose name somebody may act. `key` is what the session keeps; `held`: by what right."""

    key: str
    name: str
    held: Representation | Mandate


def list_choices(actor: Actor, *, at: datetime) -> list[Choice]:
    """Everybody the person may act for now, organisations they represent first. Two queries."""
    today = timezone.localdate(at)
    offices = offices_in_force(today).filter(person=actor.person_id).order_by("organisation__search_name")
    mandates = mandates_in_force(today).filter(agent=actor.person_id).order_by("valid_to", "id")
    found = [Choice(f"{OFFICE}:{it.id}", it.organisation.legal_name, it) for it in offices]
    return found + [Choice(f"{MANDATE}:{it.id}", name_of(principal_of(it)), it) for it in mandates]


def principal_of(mandate: Mandate) -> Person | Organisation:
    principal = mandate.principal_person or mandate.principal_organisation
    if principal is None:
        raise ValueError("the database keeps no mandate without a principal")
    return principal


def list_mandates(actor: Actor) -> tuple[list[Mandate], list[Mandate]]:
    """Given and held, newest first, ended ones too: of the person, or given by whom they act for. Two queries."""
    related = Mandate.objects.select_related("principal_person", "principal_organisation", "agent")
    related = related.order_by("-given_at", "id")
    behalf = actor.behalf
    if behalf and not behalf.is_office:
        # Who acts by a mandate sees that one, not what else the principal has given.
        return [], list(related.filter(Q(pk=actor.mandate_id)))
    if behalf:
        return list(related.filter(principal_organisation=behalf.organisation_id)[:50]), []
    given = related.filter(principal_person=actor.person_id)[:50]
    return list(given), list(related.filter(agent=actor.person_id)[:50])


def find_basis(basis_id: UUID) -> Representation | Mandate | None:
    """The representation or mandate of this id, in force or not, as a journal entry names it. Two queries at most."""
    offices = Representation.objects.select_related("organisation")
    mandates = Mandate.objects.select_related("principal_person", "principal_organisation")
    return offices.filter(pk=basis_id).first() or mandates.filter(pk=basis_id).first()


def find_last_serial(code: str) -> str:
    """The highest serial (its last six digits) of the personal numbers with this code; empty: there is none.

    Source: Circular 07/2016/TT-BCA, annex.
    """
    numbers = Person.objects.filter(personal_number__startswith=code)
    serials = numbers.annotate(serial=Right("personal_number", 6)).values_list("serial", flat=True)
    return serials.order_by("-serial").first() or ""


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a person or an organisation; empty where there is nothing."""

    full_name: str
    email: str
    telephone: str


def get_contact(citizen_id: UUID) -> Contact:
    """Personal: for messages to the person and for their own pages. Raises Person.DoesNotExist."""
    return Contact(*Person.objects.values_list("full_name", "email", "telephone").get(pk=citizen_id))


def get_contacts(citizen_ids: Iterable[UUID]) -> dict[UUID, Contact]:
    """Of many at once, by person; who is not found is not in it. Personal, as one is."""
    rows = Person.objects.filter(pk__in=citizen_ids).values_list("pk", "full_name", "email", "telephone")
    return {pk: Contact(*values) for pk, *values in rows}


def refused_channels(person_id: UUID) -> frozenset[str]:
    """Channels (email, sms) that the person does not want to be told by, by their consents. One query.

    For purposes that came later than their refusal: it switched only what there was then.
    """
    channels = {terms.purpose: terms.channel for terms in consent_terms() if terms.channel}
    rows = Consent.objects.filter(person=person_id, purpose__in=channels).order_by("given_at", "id")
    latest = {row.purpose: row for row in rows}
    return frozenset(channels[name] for name, row in latest.items() if row.withdrawn_at)


def get_organisation_contact(organisation_id: UUID) -> Contact:
    """Where an organisation itself is told what happens. Raises Organisation.DoesNotExist."""
    rows = Organisation.objects.values_list("legal_name", "email", "telephone")
    return Contact(*rows.get(pk=organisation_id))


def get_person(person_id: UUID) -> Person:
    """The person, found by an alias too. Not access-checked. Raises NotFound."""
    person = Person.objects.select_related("merged_into").filter(pk=person_id).first()
    if not person:
        raise NotFound
    return person.merged_into or person


def list_open_changes(person_id: UUID) -> list[ContactChange]:
    """A person's changes of contact under way. Not access-checked."""
    open_ones = ContactChange.objects.filter(person=person_id, done_at=None, stopped_at=None)
    return list(open_ones.order_by("kind"))


def find_citizen_id(personal_number: str) -> UUID | None:
    """Who has exactly this personal number. Not access-checked: who asks records that they searched."""
    found = Person.objects.filter(personal_number=personal_number)
    return found.values_list(Coalesce("merged_into_id", "id"), flat=True).first()


def card_of(text: str, *, today: date) -> Card:
    """What the text of a card's QR code says. Raises BadCardText with the reason."""
    try:
        return read_card(text, number_provinces(), today=today)
    except BadCard as error:
        raise BadCardText(reason=CARD_FAULTS[error.fault]) from error


def card_on(upload: UploadedFile, *, today: date) -> Card:
    """What the card on a photo says: the first of its QR codes that is one.

    Raises BadCardText, and those of `card_photo.codes_of`.
    """
    refused: BadCardText | None = None
    for text in codes_of(upload):
        try:
            return card_of(text, today=today)
        except BadCardText as error:
            refused = refused or error
    raise refused or BadCardText(reason=CARD_FAULTS["not_a_card"])


@dataclass(frozen=True, slots=True)
class Sought:
    """What an officer looks for: a personal number, a passport's number, or a name with the date of birth."""

    number: str = ""
    name: str = ""
    birth_date: date | None = None


@transaction.atomic
def find_people(actor: Actor, sought: Sought, *, at: datetime) -> list[Person]:
    """Who it may be, at most 20. A search is an entry, found or not; what was typed is not kept.

    Raises Refused for who does not serve at a counter.
    """
    require_right(actor, DESK, KEEPER)
    if not sought.number:
        named = Person.objects.filter(Q(birth_date=sought.birth_date), search_name=fold(sought.name))
        same = list(named.filter(merged_into=None).order_by("id")[:20]) if sought.name else []
        return _searched(actor, same, "name", at)
    number = clean_paper_number(sought.number)
    if number.isdecimal() and len(number) == 12:
        found = list(Person.objects.filter(personal_number=number).select_related("merged_into"))
    else:
        papers = IdentityPaper.objects.filter(number=number).select_related("person__merged_into")
        found = [paper.person for paper in papers.order_by("id")[:20]]
    people = [person.merged_into or person for person in found]
    return _searched(actor, people, "number", at)


def _searched(actor: Actor, people: list[Person], by: str, at: datetime) -> list[Person]:
    concerned = people[0].id if len(people) == 1 else None
    facts = {"by": by, "found": str(concerned) if concerned else None, "count": len(people)}
    about = Happening("person.searched", "person", concerned or new_id(), concerns_id=concerned, facts=facts)
    record(actor=actor, happening=about, at=at)
    return people


@dataclass(frozen=True, slots=True)
class Opened:
    """A person with what belongs to them in this room."""

    person: Person
    papers: list[IdentityPaper]
    offices: list[Representation]
    mandates: list[Mandate]


@transaction.atomic
def open_person(actor: Actor, person_id: UUID, *, at: datetime) -> Opened:
    """The record of a person, found by an alias too; the reading is journalled. Raises Refused, NotFound."""
    require_right(actor, DESK, KEEPER)
    person = get_person(person_id)
    record(
        actor=actor,
        happening=Happening("person.read", "person", person.id, concerns_id=person.id),
        at=at,
    )
    today = timezone.localdate(at)
    involved = Q(agent=person) | Q(principal_person=person)
    return Opened(
        person=person,
        papers=list(person.papers.order_by("id")),
        offices=list(offices_in_force(today).filter(person=person).order_by("id")),
        mandates=list(mandates_in_force(today).filter(involved).order_by("valid_to", "id")),
    )


def find_organisations(actor: Actor, words: str) -> list[Organisation]:
    """By exact tax code or code, else by all the words of the name without regard to accents; at most 20.

    Raises Refused for who does not serve at a counter. One query.
    """
    require_right(actor, DESK, KEEPER)
    typed, terms = words.strip()[:300], fold(words).split()
    if not terms:
        return []
    named = Q(pk__isnull=False)
    for term in terms:
        named &= Q(search_name__contains=term)
    exact = Q(tax_code=clean_tax_code(typed)) | Q(code=typed.upper())
    return list(Organisation.objects.filter(exact | named).order_by("search_name", "id")[:20])


def organisation_names(ids: Collection[UUID]) -> dict[UUID, str]:
    """Legal names by id. One query, none without ids."""
    if not ids:
        return {}
    return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "legal_name"))


def tracked_ids(person_id: UUID, *, on: date) -> set[UUID]:
    """Whose readings a person may follow: their own entry, those merged into it, organisations they represent by office
    on that day. One query."""
    aliases = Person.objects.filter(merged_into=person_id).order_by().values_list("pk")
    offices = offices_in_force(on).filter(person=person_id).order_by().values_list("organisation_id")
    return {person_id} | {pk for (pk,) in aliases.union(offices)}


@dataclass(frozen=True, slots=True)
class OpenedOrganisation:
    """An organisation with who represents it, those in force first; ended ones too."""

    organisation: Organisation
    representations: list[Representation]


@transaction.atomic
def open_organisation(actor: Actor, organisation_id: UUID, *, at: datetime) -> OpenedOrganisation:
    """The record of an organisation; the reading is journalled. Raises Refused, NotFound."""
    require_right(actor, DESK, KEEPER)
    organisation = get_organisation(organisation_id)
    happening = Happening("organisation.read", "organisation", organisation.id, concerns_id=organisation.id)
    record(actor=actor, happening=happening, at=at)
    held = organisation.representations.select_related("person")
    return OpenedOrganisation(organisation, list(held.order_by("-ended_at", "role", "valid_from", "id")[:50]))


def get_organisation(organisation_id: UUID) -> Organisation:
    """Not access-checked. Raises NotFound."""
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if not organisation:
        raise NotFound
    return organisation


def get_representation(organisation_id: UUID, representation_id: UUID) -> Representation:
    """Of this organisation, in force or not. Not access-checked. Raises NotFound."""
    found = Representation.objects.filter(organisation=organisation_id, pk=representation_id).first()
    if not found:
        raise NotFound
    return found


def people_named(ids: Iterable[UUID]) -> list[Person]:
    """People by their ids, for a list that shows them masked. One query."""
    return list(Person.objects.filter(pk__in=list(ids)).order_by("id"))


def files_in_use(ids: Collection[UUID]) -> set[UUID]:
    """Those of the stored files that are papers of mandates."""
    return set(Mandate.objects.filter(paper__in=ids).values_list("paper_id", flat=True)) - {None}
