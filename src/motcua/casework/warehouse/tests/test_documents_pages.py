"""My documents: what a person finds there, and who else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.warehouse.tests.factories import AT as MORNING
from motcua.casework.warehouse.tests.factories import given
from motcua.foundation.journal.models import Entry
from motcua.registry.people.services import Purpose
from motcua.registry.people.tests.factories import citizen, mandate, representative

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=2), tick=False):
        yield


@pytest.fixture
def read(browse):
    def page(actor, name="list", *args, status=200, **query):
        response = browse(actor).get(reverse(f"documents:{name}", args=args), query, headers=ENGLISH)
        assert response.status_code == status
        return response.content.decode()

    return page


def test_another_citizen_finds_neither_document_nor_file(world, read, browse):
    document = given(world.desk.agency, world.mother.person_id, 1)
    assert "1/2026" not in read(world.neighbour)
    read(world.neighbour, "document", document.id, status=404)
    read(world.neighbour, "file", document.id, status=404)
    for officer in (world.desk.leader, world.other_desk.leader, world.auditor):
        for name in ("document", "file"):
            assert browse(officer).get(reverse(f"documents:{name}", args=[document.id])).status_code == 403


def test_words_are_found_without_accents_and_kinds_are_chosen(world, read):
    given(world.desk.agency, world.mother.person_id, 1)
    given(world.desk.agency, world.mother.person_id, 2, kind="KQ.G15.000032", name="Giấy xác nhận tình trạng")
    page = read(world.mother, q="TINH TRANG")
    assert "2/2026" in page and "1/2026" not in page
    assert "1/2026" in read(world.mother, kind="KQ.G15.000031")
    assert "None of the documents fits." in read(world.mother, q="ho chieu")


def test_the_wallet_shows_what_is_in_force_with_a_picture_that_names_nobody(world, read):
    given(world.desk.agency, world.mother.person_id, 1)
    given(world.desk.agency, world.mother.person_id, 2, valid_to=MORNING.date())
    given(world.desk.agency, world.mother.person_id, 3, is_test=True)
    page = read(world.mother, "wallet")
    assert "1/2026" in page and "2/2026" not in page and "3/2026" not in page
    assert page.count('class="result__qr"') == 1 and "AAAA-AAAA-01" in page
    assert "No document of yours is in force" in read(world.neighbour, "wallet")


def test_the_wallet_goes_on_after_ten(world, read):
    for number in range(1, 13):
        given(world.desk.agency, world.mother.person_id, number)
    first = read(world.mother, "wallet")
    following = first.split('href="?after=')[1].split('"')[0]
    second = read(world.mother, "wallet", after=following.replace("%3A", ":").replace("%2B", "+"))
    assert first.count('class="result__qr"') == 10 and second.count('class="result__qr"') == 2


def test_pages_follow_each_other_without_gap_or_repetition(world, read, browse):
    for number in range(1, 24):
        given(world.desk.agency, world.mother.person_id, number)
    first = read(world.mother)
    assert "23/2026" in first and ">Giấy khai sinh 3/2026<" not in first
    link = first.split('href="?')[1].split('"')[0].replace("&amp;", "&")
    second = browse(world.mother).get(f"{reverse('documents:list')}?{link}").content.decode()
    for number in (1, 2, 3):
        assert f"Giấy khai sinh {number}/2026" in second
    assert "Giấy khai sinh 4/2026" not in second


@pytest.mark.parametrize("after", ["x", "2026-03-10T09:00:00_x", "2026-03-10T09:00:00+07:00_nothing", "_"])
def test_an_odd_place_in_the_list_shows_its_beginning(world, read, after):
    given(world.desk.agency, world.mother.person_id, 1)
    assert "1/2026" in read(world.mother, after=after)


def test_a_document_says_when_it_expires_and_that_it_has(world, read):
    given(world.desk.agency, world.mother.person_id, 1, valid_to=MORNING.date() + timedelta(days=1))
    given(world.desk.agency, world.mother.person_id, 2, valid_to=MORNING.date())
    page = read(world.mother)
    assert "In force until before" in page
    assert "Expired" in page


def test_the_file_comes_to_be_kept_or_to_be_printed(world, browse):
    document = given(world.desk.agency, world.mother.person_id, 1)
    url = reverse("documents:file", args=[document.id])
    kept = browse(world.mother).get(url)
    assert kept["Content-Disposition"].startswith("attachment")
    assert b"".join(kept.streaming_content).startswith(b"%PDF")
    assert browse(world.mother).get(f"{url}?show")["Content-Disposition"].startswith("inline")
    # One's own reading is nobody's business.
    assert not Entry.objects.filter(object_id=document.id, kind="document.read").exists()


def test_a_foreigners_document_lies_with_them(world, read):
    foreigner = citizen(at=MORNING, personal_number=None, kind="foreigner", full_name="Max Mustermann")
    given(world.desk.agency, foreigner.person_id, 1)
    assert "1/2026" in read(foreigner)


def test_an_organisations_documents_are_seen_by_who_acts_for_it(world, browse):
    head = representative(at=MORNING, personal_number="026088000001", full_name="Lê Văn Thí Dụ")
    document = given(world.desk.agency, head.behalf.organisation_id, 1)
    browser = browse(head)
    assert browser.get(reverse("documents:document", args=[document.id])).status_code == 404
    session = browser.session
    session["acting_as"] = f"office:{head.mandate_id}"
    session.save()
    assert browser.get(reverse("documents:document", args=[document.id])).status_code == 200


def held(world, *powers, procedure="", at=MORNING):
    return mandate(world.mother, world.neighbour, at=at, powers=frozenset(powers), purpose=Purpose(procedure))


def acting(browse, actor, given_mandate):
    browser = browse(actor)
    session = browser.session
    session["acting_as"] = f"mandate:{given_mandate.id}"
    session.save()
    return browser


def test_a_mandate_to_receive_opens_them_and_the_owner_sees_who_read(world, browse, read):
    document = given(world.desk.agency, world.mother.person_id, 1)
    browser = acting(browse, world.neighbour, held(world, "receive"))
    assert browser.get(reverse("documents:file", args=[document.id])).status_code == 200
    entry = Entry.objects.get(object_id=document.id, kind="document.read")
    assert entry.concerns_id == world.mother.person_id and entry.mandate_id
    assert "Opened a document of yours" in read(world.mother, "document", document.id)
    assert "Last opened by somebody else" in read(world.mother)


@pytest.mark.parametrize(("powers", "procedure"), [(["see", "apply"], ""), (["receive"], "1.001193")])
def test_a_narrower_mandate_opens_none(world, browse, powers, procedure):
    document = given(world.desk.agency, world.mother.person_id, 1)
    browser = acting(browse, world.neighbour, held(world, *powers, procedure=procedure))
    assert browser.get(reverse("documents:document", args=[document.id])).status_code == 404
    assert b"1/2026" not in browser.get(reverse("documents:list")).content
