"""Organisations at the counter."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING
from motcua.foundation.journal.models import Entry
from motcua.registry.people.models import Organisation, Representation
from motcua.registry.people.tests.factories import representative

pytestmark = pytest.mark.django_db
FIND, ENTER = "/desk/people/find/", "/desk/people/organisations/enter/"
TODAY = {"begins_day": "10", "begins_month": "3", "begins_year": "2026"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def desk(world, browse):
    return browse(world.desk.reception)


@pytest.fixture
def acting():
    return representative(at=MORNING, personal_number="026088000001", full_name="Lê Văn Thí Dụ")


def page_of(actor):
    return reverse("console:organisation", args=[actor.behalf.organisation_id])


@pytest.mark.parametrize("words", ["9900000023", "nong nghiep mau", "HỢP TÁC XÃ"])
def test_an_organisation_is_found_by_tax_code_or_name_without_accents(desk, acting, words):
    assert page_of(acting) in desk.post(FIND, {"organisation": words}).content.decode()


def test_what_is_not_entered_can_be_entered(desk):
    page = desk.post(FIND, {"organisation": "nobody"}).content.decode()
    assert "No organisation is entered like this" in page and ENTER in page
    assert desk.post(FIND, {"organisation": " "}).status_code == 422
    wrong = desk.post(ENTER, {"kind": "enterprise", "legal_name": "Công ty Mẫu", "tax_code": "9900000017"})
    assert wrong.status_code == 422
    assert "Check the tax code" in wrong.content.decode() and "Công ty Mẫu" in wrong.content.decode()
    entered = desk.post(ENTER, {"kind": "enterprise", "legal_name": "Công ty Mẫu", "tax_code": "9900000016"})
    assert entered.url == reverse("console:organisation", args=[Organisation.objects.get().id])
    again = desk.post(ENTER, {"kind": "enterprise", "legal_name": "Công ty Hai", "tax_code": "9900000016"})
    assert again.status_code == 422


def test_opening_it_is_on_the_record(desk, acting):
    assert "Lê Văn Thí Dụ" in desk.get(page_of(acting)).content.decode()
    entry = Entry.objects.get(kind="organisation.read")
    assert entry.concerns_id == acting.behalf.organisation_id


def test_a_household_business_shows_no_personal_number(desk):
    fields = {"kind": "household_business", "legal_name": "Hộ kinh doanh Mẫu", "tax_code": "025197004187"}
    page = desk.get(desk.post(ENTER, fields).url).content.decode()
    assert "025*********" in page and "025197004187" not in page


def test_a_representative_is_entered_by_number_and_name_and_ended_with_a_reason(desk, acting, world):
    url = page_of(acting)
    typed = {"number": "025197004187", "role": "authorised", **TODAY}
    wrong = desk.post(f"{url}representative/", typed | {"name": "Somebody Else"})
    assert wrong.status_code == 422 and "Nobody is entered with this number" in wrong.content.decode()
    assert desk.post(f"{url}representative/", typed | {"name": "Nguyễn Thị Hồng Nhung"}).url == url
    held = Representation.objects.get(person=world.mother.person_id)
    twice = desk.post(f"{url}representative/", typed | {"name": "Nguyễn Thị Hồng Nhung"})
    assert twice.status_code == 422 and "already" in twice.content.decode()
    end = f"{url}representatives/{held.id}/end/"
    assert end in desk.get(url).content.decode()
    assert desk.post(end, {"reason": ""}).status_code == 422
    assert desk.post(end, {"reason": "Left the cooperative."}).url == url
    held.refresh_from_db()
    assert held.ended_at
    assert end not in desk.get(url).content.decode()


def test_who_answers_for_personal_data_reads_and_enters_nothing(world, browse, acting):
    keeper = browse(world.data_protection)
    page = keeper.get(page_of(acting)).content.decode()
    assert "Lê Văn Thí Dụ" in page and "representative/" not in page
    assert keeper.get(ENTER).status_code == 403
