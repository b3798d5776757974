"""People at the counter: entered, given a number, recognised as one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import Refused
from motcua.registry.people import services
from motcua.registry.people.errors import CannotMerge, ImpossibleNumber, LooksTheSame, NotABirth, NumberTaken
from motcua.registry.people.models import IdentityPaper, Person
from motcua.registry.people.selectors import Sought, find_citizen_id, find_people, open_person
from motcua.registry.people.services import NewPaper, NewPerson
from motcua.registry.people.tests.factories import citizen

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
BORN = date(1990, 8, 12)


def enter(actor, *, is_another=False, **changes):
    plain = {
        "kind": "citizen",
        "full_name": "Lò Thị Mẫu",
        "birth_date": BORN,
        "sex": "female",
        "personal_number": "025190000099",
    }
    return services.enter_person(actor=actor, new=NewPerson(**plain | changes), at=AT, is_another=is_another)


def foreigner(actor, number="C0000 0001", **changes):
    paper = NewPaper(number=number, country="d")
    changes = {"full_name": "Erika Beispiel", "paper": paper, "nationality": "Đức"} | changes
    return enter(actor, kind="foreigner", personal_number="", **changes)


def newborn(actor):
    return enter(
        actor, kind="newborn", personal_number="", full_name="Lò Mẫu Bé", birth_date=date(2026, 3, 5)
    )


def kinds_about(person):
    return list(
        Entry.objects.filter(concerns_id=person.id).order_by("sequence").values_list("kind", flat=True)
    )


def test_a_citizen_is_entered_and_the_journal_says_so_without_the_number(world):
    person = enter(world.desk.reception)
    entry = Entry.objects.get(object_id=person.id)
    assert (entry.kind, entry.concerns_id) == ("person.entered", person.id)
    assert "025190000099" not in str(entry.facts)


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("", "12 digits"),
        ("025090000099", "other sex"),
        ("025191000099", "another year"),
        ("003190000099", "province"),
    ],
)
def test_an_impossible_number_is_refused_in_plain_words(world, number, word):
    with pytest.raises(ImpossibleNumber, match=word):
        enter(world.desk.reception, personal_number=number)


def test_a_number_is_nobodys_twice(world):
    enter(world.desk.reception)
    with pytest.raises(NumberTaken):
        enter(world.desk.reception, full_name="Ai Khác")


def test_who_looks_the_same_is_asked_about(world):
    first = enter(world.desk.reception)
    with pytest.raises(LooksTheSame) as asked:
        enter(world.desk.reception, full_name="LO THI MAU", personal_number="025190000098")
    assert asked.value.fields["people"] == [first.id]
    other = enter(world.desk.reception, personal_number="025190000098", is_another=True)
    assert other.id != first.id


def test_a_foreigner_is_known_by_a_passport(world):
    person = foreigner(world.desk.reception)
    paper = person.papers.get()
    assert (person.personal_number, paper.number, paper.country) == (None, "C00000001", "D")
    assert find_people(world.desk.reception, Sought(number="c0000-0001"), at=AT) == [person]


def test_a_passport_is_nobodys_twice(world):
    foreigner(world.desk.reception)
    with pytest.raises(NumberTaken):
        foreigner(world.desk.reception, full_name="Someone Else")
    assert Person.objects.filter(full_name="Someone Else").count() == 0


def test_a_passport_number_of_letters_only_is_refused(world):
    with pytest.raises(ImpossibleNumber, match="letters and figures"):
        foreigner(world.desk.reception, number="ABCDEF", paper=NewPaper(number="ABCDEF", country="D"))


def test_a_foreigner_without_number_and_paper_is_refused(world):
    with pytest.raises(ImpossibleNumber):
        foreigner(world.desk.reception, paper=None)


@pytest.mark.parametrize(
    "changes", [{"personal_number": None}, {"kind": "newborn"}, {"merged_into_id": "self"}]
)
def test_the_database_keeps_no_person_whose_kind_and_number_contradict(world, changes):
    person = enter(world.desk.reception)
    if "merged_into_id" in changes:
        changes = {"merged_into_id": person.id}
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(**changes)


def test_a_newborn_gets_its_number_later(world):
    child = newborn(world.desk.reception)
    assert child.personal_number is None
    with pytest.raises(ImpossibleNumber, match="another year"):
        services.give_number(actor=world.desk.reception, person_id=child.id, number="025190000097", at=AT)
    numbered = services.give_number(
        actor=world.desk.reception, person_id=child.id, number="025 326 000097", at=AT
    )
    assert (numbered.kind, numbered.personal_number) == ("citizen", "025326000097")
    assert kinds_about(child) == ["person.entered", "person.numbered"]
    with pytest.raises(NotABirth):
        services.give_number(actor=world.desk.reception, person_id=child.id, number="025326000096", at=AT)


def test_only_who_serves_at_a_counter_enters_and_finds_people(world):
    for actor in (world.mother, world.desk.leader, world.operator):
        with pytest.raises(Refused):
            enter(actor)
        with pytest.raises(Refused):
            find_people(actor, Sought(number="025197004187"), at=AT)
        with pytest.raises(Refused):
            open_person(actor, world.mother.person, at=AT)


def test_a_search_by_number_is_on_the_record_found_or_not_and_keeps_no_number(world):
    find_people(world.desk.reception, Sought(number="025197004187"), at=AT)
    find_people(world.desk.reception, Sought(number="025197004188"), at=AT)
    entries = Entry.objects.filter(kind="person.searched").order_by("sequence")
    assert [entry.concerns_id for entry in entries] == [world.mother.person_id, None]
    assert all("0251" not in str(entry.facts) for entry in entries)


def test_opening_a_person_is_on_the_record(world):
    open_person(world.desk.reception, world.mother.person, at=AT)
    entry = Entry.objects.get(kind="person.read")
    assert (entry.concerns_id, entry.person_id) == (world.mother.person_id, world.desk.reception.person_id)


def test_two_entries_of_one_person_become_one(world):
    entered = newborn(world.desk.reception)
    twin = enter(
        world.desk.reception,
        full_name="Lò Mẫu Bé",
        birth_date=date(2026, 3, 5),
        personal_number="025326000097",
        is_another=True,
    )
    merge = {"actor": world.data_protection, "kept_id": entered.id, "gone_id": twin.id, "at": AT}
    with pytest.raises(CannotMerge, match="one sentence"):
        services.merge_people(**merge, reason=" ")
    kept = services.merge_people(**merge, reason="Cùng một giấy chứng sinh.")
    assert (kept.personal_number, kept.kind) == ("025326000097", "citizen")
    assert find_citizen_id("025326000097") == kept.id
    assert open_person(world.desk.reception, twin.id, at=AT).person == kept
    assert "person.merged" in kinds_about(kept)


def test_two_people_with_numbers_of_their_own_are_not_merged(world):
    first, second = (
        enter(world.desk.reception),
        enter(world.desk.reception, personal_number="025190000098", is_another=True),
    )
    with pytest.raises(CannotMerge, match="two people"):
        services.merge_people(
            actor=world.data_protection, kept_id=first.id, gone_id=second.id, reason="Nhầm.", at=AT
        )


def test_only_the_keeper_of_the_register_merges(world):
    with pytest.raises(Refused):
        services.merge_people(
            actor=world.desk.reception,
            kept_id=world.mother.person,
            gone_id=world.neighbour.person,
            reason="Nhầm.",
            at=AT,
        )


def test_a_foreigner_who_signs_in_is_found_by_the_passport_entered_at_the_counter(world):
    from motcua.registry.people.adapters.claims import PassportClaim

    entered = foreigner(world.desk.reception)
    actor = citizen(
        at=AT,
        personal_number="",
        full_name="ERIKA BEISPIEL",
        birth_date=BORN,
        kind="foreigner",
        paper=PassportClaim("C00000001", "D"),
    )
    assert actor.person_id == entered.id
    assert IdentityPaper.objects.count() == 1
