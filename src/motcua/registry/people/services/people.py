"""Natural persons: entered by their eID or at a counter, given a number, recognised as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from motcua.foundation.journal.services import (
    Happening,
    Line,
    encode_actor,
    encode_facts,
    record,
    record_lines,
)
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.rows import encode_moment, encode_uuid, insert_many
from motcua.foundation.kernel.text import clean, clean_line, fold
from motcua.registry.access.models import Account
from motcua.registry.people.adapters.claims import EidClaims
from motcua.registry.people.contacts import keep_confirmed
from motcua.registry.people.contributions import move_all
from motcua.registry.people.errors import (
    AccountConflict,
    CannotMerge,
    ImpossibleNumber,
    LooksTheSame,
    NotABirth,
    NumberTaken,
)
from motcua.registry.people.models import IdentityPaper, Person
from motcua.registry.people.rules.numbers import clean_paper_number, is_paper_number
from motcua.registry.people.services.checks import DESK, KEEPER, require_possible, require_right
from motcua.registry.people.services.organisations import record_office

_OF_ACCOUNT = ("paper", "organisation")


@transaction.atomic
def record_claims(*, account: Account, claims: EidClaims, at: datetime) -> Person:
    """Enter or refresh the person behind an eID account, and journal the sign-in.

    Somebody known already (entered at a counter; by number, a foreigner without one by passport) is linked to the
    account, never doubled; one whose number was changed leaves the account to the new number. What they confirmed as
    their contact stays. An organisation's account makes its holder a representative. Raises AccountConflict when the
    number belongs to another account: two accounts are never merged by a program.
    """
    if account.kind != Account.Kind.CITIZEN:
        raise Refused
    known = _known(claims)
    if known and known.account_id not in {None, account.pk}:
        raise AccountConflict
    others = Person.objects.filter(account=account)
    (others.exclude(pk=known.pk) if known else others).update(account=None)
    person = known or Person()
    described = {name: value for name, value in asdict(claims).items() if name not in _OF_ACCOUNT}
    described["personal_number"] = claims.personal_number or person.personal_number
    described["search_name"] = fold(claims.full_name)
    if known:
        described |= keep_confirmed(known.pk, {"telephone": claims.telephone, "email": claims.email})
    for name, value in (described | {"account": account, "verified_at": at}).items():
        setattr(person, name, value)
    person.save(force_insert=known is None)
    if claims.paper:
        IdentityPaper.objects.update_or_create(
            kind=IdentityPaper.Kind.PASSPORT,
            country=claims.paper.country,
            number=claims.paper.number,
            defaults={"person": person},
        )
    actor = Actor(kind="citizen", account_id=account.id, person_id=person.id)
    facts: dict[str, Any] = {"assurance_level": claims.assurance_level}
    if claims.organisation:
        facts |= record_office(claims.organisation, person, at)
    kind = "person.signed_in" if known else "person.entered"
    record(actor=actor, happening=_about(person.id, kind, facts), at=at)
    return person


def _known(claims: EidClaims) -> Person | None:
    """Who has this number or passport; an alias stands for the person it was merged into. Locked."""
    people = Person.objects.select_related("merged_into").select_for_update(of=("self",))
    found = people.filter(personal_number=claims.personal_number).first() if claims.personal_number else None
    if not found and claims.paper:
        paper = {"papers__country": claims.paper.country, "papers__number": claims.paper.number}
        found = people.filter(papers__kind=IdentityPaper.Kind.PASSPORT, **paper).first()
    return (found.merged_into or found) if found else None


def _about(person_id: UUID, kind: str, facts: Mapping[str, Any], reason: str = "") -> Happening:
    details = {"reason": reason} if reason else None
    return Happening(
        kind, object_kind="person", object_id=person_id, concerns_id=person_id, facts=facts, details=details
    )


@transaction.atomic
def enter_citizens(
    citizens: Sequence[Person], *, actor: Actor, facts: Mapping[str, Any], at: datetime
) -> None:
    """Enter people without accounts, one statement a table; `facts` go into each one's journal entry.

    citizens: of the model, or plain rows of it.
    """
    for citizen in citizens:
        citizen.search_name = fold(citizen.full_name)
    insert_many(Person, citizens)
    doer, said, moment = encode_actor(actor), encode_facts(facts), encode_moment(at)
    ids = [encode_uuid(it.id) for it in citizens]
    record_lines(Line("person.entered", doer, "person", it, it, at, moment, said) for it in ids)


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A foreigner's paper as typed. `country`: as printed in it, one to three letters."""

    number: str
    country: str
    kind: str = IdentityPaper.Kind.PASSPORT
    issued: date | None = None
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody as an officer describes them. `personal_number` is needed for a citizen, a paper for a foreigner who
    has none; a newborn has neither."""

    kind: str
    full_name: str
    birth_date: date
    sex: str
    personal_number: str = ""
    paper: NewPaper | None = None
    residence: str = ""
    telephone: str = ""
    nationality: str = ""


@transaction.atomic
def enter_person(*, actor: Actor, new: NewPerson, at: datetime, is_another: bool = False) -> Person:
    """Enter somebody at a counter. `is_another`: the officer has looked at who seems the same, and it is not them.

    Raises Refused, ImpossibleNumber, NumberTaken, LooksTheSame (with the ids of who does).
    """
    require_right(actor, DESK)
    person = _build(new, at)
    same = Person.objects.filter(
        search_name=person.search_name, birth_date=person.birth_date, merged_into=None
    )
    ids = [] if is_another else list(same.order_by("id").values_list("id", flat=True)[:10])
    if person.personal_number and Person.objects.filter(personal_number=person.personal_number).exists():
        raise NumberTaken
    if ids:
        raise LooksTheSame(people=ids)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            if new.paper:
                _build_paper(person, new.paper).save(force_insert=True)
    except IntegrityError as error:
        raise NumberTaken from error
    record(actor=actor, happening=_about(person.id, "person.entered", {"kind_of_person": person.kind}), at=at)
    return person


def _build(new: NewPerson, at: datetime) -> Person:
    number = "".join(new.personal_number.split())
    if new.kind == Person.Kind.NEWBORN:
        number = ""
    elif number or new.kind == Person.Kind.CITIZEN or not new.paper:
        require_possible(number, birth=new.birth_date, sex=new.sex)
    name = clean_line(new.full_name)[:300]
    return Person(
        kind=new.kind,
        personal_number=number or None,
        full_name=name,
        search_name=fold(name),
        birth_date=new.birth_date,
        sex=new.sex,
        nationality=clean_line(new.nationality)[:50] or ("" if new.kind == "foreigner" else "Việt Nam"),
        telephone=clean_line(new.telephone)[:20],
        residence=clean_line(new.residence)[:500],
        assurance_level=0,
        verified_at=at,
    )


def _build_paper(person: Person, new: NewPaper) -> IdentityPaper:
    number, country = clean_paper_number(new.number), clean_line(new.country).upper()
    if not is_paper_number(number):
        reason = _("Enter the number as it stands in the passport: 5 to 20 letters and figures.")
        raise ImpossibleNumber(field="paper_number", reason=reason)
    if not (country.isascii() and country.isalpha() and len(country) <= 3):
        reason = _("Enter the country as the passport prints it: one to three letters, for example D or FRA.")
        raise ImpossibleNumber(field="paper_country", reason=reason)
    if new.issued and new.expires and new.expires <= new.issued:
        raise ImpossibleNumber(field="paper_expires", reason=_("The paper ends before it begins."))
    return IdentityPaper(
        person=person,
        kind=new.kind,
        number=number,
        country=country,
        issued=new.issued,
        expires=new.expires,
    )


@transaction.atomic
def give_number(*, actor: Actor, person_id: UUID, number: str, at: datetime) -> Person:
    """A newborn child gets its personal number and is a citizen like others.

    Raises Refused, NotFound, NotABirth, ImpossibleNumber, NumberTaken.
    """
    require_right(actor, DESK)
    person = Person.objects.select_for_update().filter(pk=person_id, merged_into=None).first()
    if not person:
        raise NotFound
    if person.kind != Person.Kind.NEWBORN:
        raise NotABirth
    plain = "".join(number.split())
    require_possible(plain, birth=person.birth_date, sex=person.sex)
    person.personal_number, person.kind = plain, Person.Kind.CITIZEN
    try:
        with transaction.atomic():
            person.save(update_fields=["personal_number", "kind"])
    except IntegrityError as error:
        raise NumberTaken from error
    record(actor=actor, happening=_about(person.id, "person.numbered", {}), at=at)
    return person


@transaction.atomic
def merge_people(*, actor: Actor, kept_id: UUID, gone_id: UUID, reason: str, at: datetime) -> Person:
    """Two entries are one human being: everything moves to `kept`, the other stays as an alias of it.

    What registered rooms keep under the id moves with it (dossiers, drafts, documents); the journal keeps both ids.
    Raises Refused, NotFound, CannotMerge.
    """
    require_right(actor, KEEPER)
    words = clean(reason)[:1000]
    people = Person.objects.select_for_update().filter(pk__in=[kept_id, gone_id], merged_into=None)
    found = {person.id: person for person in people.order_by("pk")}
    if len(found) != 2:
        raise NotFound
    kept, gone = found[kept_id], found[gone_id]
    _require_one(kept, gone, words)
    account, number, kind = gone.account, gone.personal_number, gone.kind
    # Given up first: what is unique cannot be in two places, not even for a moment.
    moves_number = number is not None and kept.personal_number is None
    gone.account, gone.merged_into = None, kept
    if moves_number:
        gone.personal_number = None
        gone.kind = Person.Kind.FOREIGNER if kind == Person.Kind.FOREIGNER else Person.Kind.CITIZEN
        kept.personal_number, kept.kind = number, kind
    gone.save(update_fields=["account", "merged_into", "personal_number", "kind"])
    kept.account = kept.account or account
    kept.save(update_fields=["account", "personal_number", "kind"])
    Person.objects.filter(merged_into=gone).update(merged_into=kept)
    facts = {"alias": str(gone.id), "moved": _move(gone, kept)}
    record(actor=actor, happening=_about(kept.id, "person.merged", facts, words), at=at)
    return kept


def _require_one(kept: Person, gone: Person, reason: str) -> None:
    if not reason:
        raise CannotMerge(reason=_("Write in one sentence why both are the same person."))
    if kept.personal_number and gone.personal_number:
        raise CannotMerge(reason=_("Each has a number of their own: they are two people."))
    if kept.account_id and gone.account_id:
        raise CannotMerge(reason=_("Both have signed in with an eID account of their own."))
    if kept.birth_date != gone.birth_date:
        raise CannotMerge(reason=_("They were born on different days. Have the wrong date corrected first."))


def _move(gone: Person, kept: Person) -> dict[str, int]:
    """Papers, offices and mandates of this room, then what other rooms keep."""
    own = {
        "papers": gone.papers.update(person=kept),
        # What both have would stand twice: the alias's ends where it is.
        "representations": _move_rows(gone.representations.filter(ended_at=None), "person", kept),
        "mandates": _move_rows(gone.mandates_held.filter(ended_at=None), "agent", kept)
        + _move_rows(gone.mandates_given.filter(ended_at=None), "principal_person", kept),
    }
    return own | move_all(gone.id, kept.id)


def _move_rows(rows: Any, field: str, kept: Person) -> int:
    """Rows that fit beside those of `kept`; a mandate between both, or one that both have, stays with the alias."""
    moved = 0
    for row in rows:
        setattr(row, field, kept)
        try:
            with transaction.atomic():
                row.save(update_fields=[field])
                moved += 1
        except IntegrityError:
            continue
    return moved
