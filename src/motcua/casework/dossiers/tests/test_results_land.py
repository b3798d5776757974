"""Where results land, and what is said of them there until they count no longer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.services import handling
from motcua.casework.dossiers.tests.factories import MORNING, returned, signed, target
from motcua.casework.warehouse.errors import EndedBefore, EndingIncomplete, NoSuchReplacement
from motcua.casework.warehouse.models import Document
from motcua.casework.warehouse.services import Ending, end_document
from motcua.casework.warehouse.tests.factories import given
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
ENDING = Ending(reason="Sai ngày sinh của mẹ.", ground="Quyết định 12/QĐ-UBND")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=2), tick=False):
        yield


@pytest.fixture
def read(browse):
    def page(actor, name="list", *args):
        response = browse(actor).get(reverse(f"documents:{name}", args=args), headers=ENGLISH)
        assert response.status_code == 200
        return response.content.decode()

    return page


def test_a_result_is_found_once_it_was_returned_and_says_whose_it_is(world, read):
    dossier = signed(world.desk, world.mother)
    assert "There is no document here yet." in read(world.mother)

    handling.return_result(actor=world.desk.reception, target=target(dossier), at=MORNING)
    page = read(world.mother)
    assert "Giấy khai sinh" in page and "In force" in page and "Opened by nobody else" in page
    # The child has no entry of its own: its certificate lies with who registered it, and is about the child.
    assert "Trần Minh Khôi" in page
    document = Document.objects.get(subject=dossier.id)
    assert document.owner_id == world.mother.person_id
    assert document.about == "Trần Minh Khôi"


def test_a_revoked_document_says_so_to_its_owner_and_to_who_checks_it(world, read, client):
    dossier = returned(world.desk, world.mother)
    document = Document.objects.get(subject=dossier.id)
    end_document(actor=world.desk.leader, subject=dossier.id, ending=ENDING, at=MORNING)
    page = read(world.mother, "document", document.id)
    assert "Revoked on" in page and "Sai ngày sinh của mẹ." in page and "12/QĐ-UBND" in page
    found = client.get("/verify/", {"code": document.verification_code}, headers=ENGLISH).content.decode()
    assert "it counts no longer" in found and "Revoked on" in found
    assert "Sai ngày sinh" not in found
    assert Document.objects.get(pk=document.pk).state_on(date(2030, 1, 1)) == "revoked"


def test_ending_a_document_is_an_entry_with_reason_and_ground(world):
    dossier = returned(world.desk, world.mother)
    document = end_document(actor=world.desk.specialist, subject=dossier.id, ending=ENDING, at=MORNING)
    entry = Entry.objects.get(object_id=document.id, kind="document.revoked")
    assert (entry.concerns_id, entry.facts) == (world.mother.person_id, {"dossier": str(dossier.id)})
    assert entry.detail.values == {"reason": ENDING.reason, "ground": ENDING.ground}
    with pytest.raises(EndedBefore):
        end_document(actor=world.desk.leader, subject=dossier.id, ending=ENDING, at=MORNING)


def test_a_document_is_replaced_by_one_of_the_same_owner_and_kind(world, read, client):
    dossier = returned(world.desk, world.mother)
    old = Document.objects.get(subject=dossier.id)
    given(world.desk.agency, world.neighbour.person_id, 61)
    new = given(world.desk.agency, world.mother.person_id, 62)
    for number in ("61/2026", old.number, "none"):
        with pytest.raises(NoSuchReplacement):
            ending = Ending("Cải chính.", "QĐ 5", replaced_by=number)
            end_document(actor=world.desk.leader, subject=dossier.id, ending=ending, at=MORNING)
    ending = Ending("Cải chính.", "QĐ 5", replaced_by="62/2026")
    ended = end_document(actor=world.desk.leader, subject=dossier.id, ending=ending, at=MORNING)
    assert (ended.state, ended.replaced_by_id) == ("replaced", new.id)
    assert "by No. 62/2026" in read(world.mother, "document", old.id)
    found = client.get("/verify/", {"code": old.verification_code}, headers=ENGLISH).content.decode()
    assert "by No. 62/2026" in found


def test_nobody_else_ends_a_document(world):
    dossier = returned(world.desk, world.mother)
    for actor in (
        world.desk.reception,
        world.other_desk.leader,
        world.auditor,
        world.administrator,
        world.mother,
    ):
        with pytest.raises(NotFound):
            end_document(actor=actor, subject=dossier.id, ending=ENDING, at=MORNING)
    with pytest.raises(EndingIncomplete):
        end_document(actor=world.desk.leader, subject=dossier.id, ending=Ending(" ", "QĐ"), at=MORNING)


def test_the_officer_ends_it_on_the_dossiers_page_and_what_was_typed_stays(world, browse):
    dossier = returned(world.desk, world.mother)
    browser, page = browse(world.desk.leader), reverse("desk:dossier", args=[dossier.id])
    url = reverse("desk:end-result", args=[dossier.id])
    assert url in browser.get(page).content.decode()
    assert url not in browse(world.desk.reception).get(page).content.decode()
    answer = browser.post(url, {"reason": "Sai tên.", "ground": "", "replaced_by": ""}, headers=ENGLISH)
    assert answer.status_code == 422 and "Sai tên." in answer.content.decode()
    form = {"reason": "Sai tên.", "ground": "QĐ 7", "replaced_by": "99/2026"}
    answer = browser.post(url, form, headers=ENGLISH)
    assert answer.status_code == 422 and "none in force has the number 99/2026" in answer.content.decode()
    assert browser.post(url, form | {"replaced_by": ""})["Location"] == page
    shown = browser.get(page, headers=ENGLISH).content.decode()
    assert "Revoked" in shown and "QĐ 7" in shown and url not in shown
