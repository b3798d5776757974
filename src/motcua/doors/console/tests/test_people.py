"""People at the counter, as officers see them."""

from __future__ import annotations

import io
from datetime import date

import pytest
import segno
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING, picture, submitted
from motcua.foundation.journal.models import Entry
from motcua.registry.people.models import Mandate, Person
from motcua.registry.people.services import NewPerson, enter_person

pytestmark = pytest.mark.django_db
NUMBER = "025197004187"
CARD = f"{NUMBER}||Nguyễn Thị Hồng Nhung|14081997|Nữ|Khu 4, xã Lâm Thao|15032021"
NEW_CARD = "025190000099||Lò Thị Mẫu|12081990|Nữ|Bản Mẫu|15032021"
FIND = "/desk/people/find/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def desk(world, browse):
    return browse(world.desk.reception)


def text_of(response):
    return response.content.decode()


def typed(**changes):
    plain = {
        "kind": "citizen",
        "full_name": "Lò Thị Mẫu",
        "birth_date_0": "12",
        "birth_date_1": "8",
        "birth_date_2": "1990",
        "sex": "female",
        "personal_number": "025190000099",
    }
    named = {"day": "birth_date_day", "month": "birth_date_month", "year": "birth_date_year"}
    day, month, year = (plain.pop(f"birth_date_{n}") for n in range(3))
    return plain | {named["day"]: day, named["month"]: month, named["year"]: year} | changes


@pytest.mark.parametrize("query", [{"number": NUMBER}, {"number": "025 197 004 187"}, {"card": CARD}])
def test_somebody_who_is_entered_is_found_and_no_address_holds_the_number(desk, world, query):
    response = desk.post(FIND, query)
    assert response.url == reverse("console:person", args=[world.mother.person_id])


def test_a_photo_of_the_card_finds_its_holder(desk, world):
    content = io.BytesIO()
    segno.make(CARD).save(content, kind="png", scale=5)
    response = desk.post(FIND, {"photo": SimpleUploadedFile("card.png", content.getvalue())})
    assert response.url == reverse("console:person", args=[world.mother.person_id])


def test_a_card_of_somebody_new_fills_in_and_says_that_it_proves_nothing(desk):
    page = text_of(desk.post(FIND, {"card": NEW_CARD}))
    assert "it fills in, it proves nothing" in page
    assert 'value="Lò Thị Mẫu"' in page
    assert 'value="025190000099"' in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"card": "https://example.org/"}, "not a citizen card"),
        ({"card": NEW_CARD.replace("12081990", "12081991")}, "does not fit"),
        ({"number": ""}, "Enter the number"),
        ({"name": "Lò Thị Mẫu"}, "Enter day, month and year"),
    ],
)
def test_what_cannot_be_looked_for_is_said(desk, query, words):
    response = desk.post(FIND, query)
    assert response.status_code == 422
    assert words in text_of(response)


def test_a_name_alone_with_the_birth_date_finds_without_accents_and_masked(desk):
    query = {"name": "nguyen thi hong nhung", "born_day": "14", "born_month": "8", "born_year": "1997"}
    page = text_of(desk.post(FIND, query))
    assert "025*********" in page
    assert NUMBER not in page


def test_nobody_is_found_and_one_way_leads_on(desk):
    page = text_of(desk.post(FIND, {"number": "025190000099"}))
    assert "Nobody is entered like this" in page
    assert reverse("console:people-enter") in page


def test_a_person_is_entered_and_then_shown(desk):
    response = desk.post(reverse("console:people-enter"), typed())
    person = Person.objects.get(personal_number="025190000099")
    assert response.url == reverse("console:person", args=[person.id])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"personal_number": "025090000099"}, "other sex"),
        ({"personal_number": NUMBER, "birth_date_year": "1997"}, "under this number already"),
        ({"full_name": ""}, "Enter the full name"),
        (
            {"kind": "foreigner", "personal_number": "", "paper_number": "!", "paper_country": "D"},
            "5 to 20 letters",
        ),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(desk, changes, words):
    response = desk.post(reverse("console:people-enter"), typed(**changes))
    page = text_of(response)
    assert response.status_code == 422
    assert words in page
    assert changes.get("full_name", "Lò Thị Mẫu") in page


def test_who_looks_the_same_is_shown_and_the_officer_decides(desk):
    desk.post(reverse("console:people-enter"), typed())
    again = typed(personal_number="025190000098")
    page = text_of(desk.post(reverse("console:people-enter"), again))
    assert "Is it one of these?" in page
    assert 'type="checkbox" name="is_another"' in page
    assert desk.post(reverse("console:people-enter"), again | {"is_another": "on"}).status_code == 302


def test_a_persons_page_shows_dossiers_of_the_officers_agencies_only(world, desk, browse):
    dossier = submitted(world.desk, world.mother)
    url = reverse("console:person", args=[world.mother.person_id])
    here, elsewhere = text_of(desk.get(url)), text_of(browse(world.other_desk.reception).get(url))
    assert str(dossier.id) in here
    assert str(dossier.id) not in elsewhere
    assert NUMBER not in here + elsewhere
    assert Entry.objects.filter(kind="person.read", concerns_id=world.mother.person_id).count() == 2


def test_a_newborns_number_is_entered_on_its_page(world, desk):
    new = NewPerson(kind="newborn", full_name="Lò Mẫu Bé", birth_date=date(2026, 3, 5), sex="female")
    child = enter_person(actor=world.desk.reception, new=new, at=MORNING)
    url = reverse("console:person-number", args=[child.id])
    refused = desk.post(url, {"number": "025190000097"})
    assert refused.status_code == 422
    assert "another year" in text_of(refused)
    desk.post(url, {"number": "025326000097"})
    child.refresh_from_db()
    assert (child.kind, child.personal_number) == ("citizen", "025326000097")


def mandate_typed(**changes):
    plain = {
        "agent_number": "025188002233",
        "agent_name": "Đinh Văn Láng Giềng",
        "powers": ["apply", "see"],
        "last_day_day": "31",
        "last_day_month": "12",
        "last_day_year": "2026",
        "paper": picture("giay-uy-quyen.png"),
    }
    return plain | changes


def test_a_mandate_on_paper_counts_at_once(world, desk):
    url = reverse("console:person-mandate", args=[world.mother.person_id])
    assert desk.post(url, mandate_typed()).status_code == 302
    given = Mandate.objects.get()
    assert (given.agent_id, given.principal_person_id) == (world.neighbour.person_id, world.mother.person_id)
    assert given.accepted_at is not None
    assert given.paper_id is not None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agent_number": NUMBER, "agent_name": "Nguyễn Thị Hồng Nhung"}, "to yourself"),
        ({"agent_name": "Ai Khác"}, "Check both"),
        ({"last_day_year": "2025"}, "not before the first"),
        ({"paper": ""}, "Add the signed paper"),
        ({"procedure_code": "khai sinh"}, "Enter a code"),
    ],
)
def test_a_paper_mandate_that_cannot_be_is_refused(world, desk, changes, words):
    response = desk.post(
        reverse("console:person-mandate", args=[world.mother.person_id]), mandate_typed(**changes)
    )
    assert response.status_code == 422
    assert words in text_of(response)
    assert not Mandate.objects.exists()


def test_two_entries_are_merged_after_a_tick(world, desk, browse):
    desk.post(reverse("console:people-enter"), typed())
    kept = Person.objects.get(personal_number="025190000099")
    desk.post(
        reverse("console:people-enter"),
        typed(
            kind="foreigner", personal_number="", paper_number="C00000001", paper_country="D", is_another="on"
        ),
    )
    gone = Person.objects.get(kind="foreigner")
    keeper, url = browse(world.data_protection), reverse("console:person-merge", args=[kept.id])
    page = {"other": f"https://motcua.example/desk/people/{gone.id}/", "reason": "Đã nhập tịch."}
    assert keeper.post(url, page).status_code == 422
    assert keeper.post(url, page | {"certain": "on"}).status_code == 302
    gone.refresh_from_db()
    assert gone.merged_into_id == kept.id
    assert keeper.post(url, page | {"certain": "on"}).status_code == 422
