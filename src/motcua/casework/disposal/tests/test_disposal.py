"""What the schedule lets go is listed, decided by two people and erased; the proof stays, holds prevent it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from motcua.casework.disposal.errors import KeepingUnexplained, ListClosed, NothingToDispose
from motcua.casework.disposal.models import DisposalItem, DisposalList
from motcua.casework.disposal.services import carry_out, decide_list, keep_item, make_lists, propose_list
from motcua.casework.dossiers.models import Component, Dossier
from motcua.casework.dossiers.tests.factories import MORNING, submitted
from motcua.casework.warehouse.disposing import dispose_document
from motcua.casework.warehouse.models import Document
from motcua.casework.warehouse.services import Ending, end_document
from motcua.casework.warehouse.tests.factories import given
from motcua.foundation.files.errors import DisposedFile
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import place_hold
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.ids import new_id
from motcua.registry.access.errors import NotYours

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=5 * 366)
MUCH_LATER = MORNING + timedelta(days=11 * 366)
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def _later():
    with time_machine.travel(LATER, tick=False):
        yield


def withdrawn(world, **changes):
    """A dossier that ended without a result on MORNING."""
    dossier = submitted(world.desk, world.mother)
    Dossier.objects.filter(pk=dossier.pk).update(status=7, updated_at=MORNING, **changes)
    dossier.refresh_from_db()
    return dossier


def listed(world):
    make_lists(at=LATER)
    return DisposalList.objects.get(agency=world.desk.agency)


def approved(world):
    disposal = listed(world)
    propose_list(actor=world.desk.specialist, list_id=disposal.id, reason="Hết hạn", at=LATER)
    return decide_list(actor=world.desk.leader, list_id=disposal.id, is_approved=True, at=LATER)


def test_lists_what_is_over_and_nothing_else(world):
    over, young, held, owners = (withdrawn(world) for _ in range(4))
    Dossier.objects.filter(pk=young.pk).update(updated_at=LATER - timedelta(days=1800))
    running = submitted(world.desk, world.mother)
    place_hold(actor=world.auditor, object_id=held.id, reason="Vụ án", at=MORNING)
    place_hold(actor=world.auditor, object_id=owners.owner_id, reason="Vụ án", at=MORNING)
    assert make_lists(at=LATER) == 0  # the hold lies on the owner of them all
    with transaction.atomic():
        Dossier.objects.filter(pk=over.pk).update(owner_person=world.neighbour.person_id)
    disposal = listed(world)
    assert [it.object_id for it in disposal.items.all()] == [over.id]
    assert running.status == 1
    assert make_lists(at=LATER) == 0


def test_two_people_decide_and_the_content_goes_but_not_the_proof(
    world, browse, django_capture_on_commit_callbacks
):
    dossier = withdrawn(world)
    paper = Component.objects.select_related("file").get(dossier=dossier)
    assert [*Path(settings.FILES_DIR).rglob(f"*{paper.file.sha256}*")]
    disposal = approved(world)
    with django_capture_on_commit_callbacks(execute=True):
        done = carry_out(disposal.id, at=LATER)
    assert (done.state, done.items.get().result) == ("done", "erased")
    assert carry_out(disposal.id, at=LATER).done_at == LATER
    dossier.refresh_from_db()
    paper.file.refresh_from_db()
    assert dossier.answers == {} and dossier.disposed_at == LATER
    with pytest.raises(DisposedFile):
        read_file(paper.file)
    assert not [*Path(settings.FILES_DIR).rglob(f"*{paper.file.sha256}*")]
    entry = Entry.objects.get(kind="dossier.disposed", object_id=dossier.id)
    assert paper.file.sha256 in entry.facts["sha256"] and entry.concerns_id == dossier.owner_id
    browser = browse(world.desk.leader)
    pdf = browser.get(reverse("disposal:certificate", args=[disposal.id]))
    assert pdf.content.startswith(b"%PDF")
    assert browser.get(reverse("desk:paper", args=[dossier.id, paper.pk])).status_code == 410
    page = browser.get(reverse("desk:dossier", args=[dossier.id]), headers=ENGLISH).content.decode()
    assert "What was declared and handed in is erased" in page


def test_who_proposed_does_not_decide_nor_does_who_leads_nothing(world):
    withdrawn(world)
    disposal = listed(world)
    leader, reception = world.desk.leader, world.desk.reception
    propose_list(actor=leader, list_id=disposal.id, reason="Hết hạn", at=LATER)
    for actor, error in (
        (leader, NotYours),
        (reception, NotFound),
        (world.other_desk.leader, NotFound),
        (world.auditor, NotFound),
    ):
        with pytest.raises(error):
            decide_list(actor=actor, list_id=disposal.id, is_approved=True, at=LATER)
    item = disposal.items.get()
    with pytest.raises(ListClosed):
        keep_item(actor=reception, list_id=disposal.id, item_id=item.pk, reason="Vụ án", at=LATER)
    # Nobody decided in time: it is changed and proposed again.
    week = LATER + timedelta(days=8)
    with pytest.raises(KeepingUnexplained):
        keep_item(actor=reception, list_id=disposal.id, item_id=item.pk, reason=" ", at=week)
    keep_item(actor=reception, list_id=disposal.id, item_id=item.pk, reason="Vụ án", at=week)
    with pytest.raises(NothingToDispose):
        propose_list(actor=reception, list_id=disposal.id, reason="Hết hạn", at=week)


def test_the_database_lets_no_list_be_carried_out_that_nobody_approved(world):
    withdrawn(world)
    disposal = listed(world)
    with pytest.raises(IntegrityError, match="decided_by_two"), transaction.atomic():
        DisposalList.objects.filter(pk=disposal.pk).update(state="approved")


def test_a_hold_placed_after_the_approval_still_prevents_it(world):
    dossier = withdrawn(world)
    disposal = approved(world)
    place_hold(actor=world.auditor, object_id=dossier.owner_id, reason="Vụ án", at=LATER)
    assert carry_out(disposal.id, at=LATER).items.get().result == "held"
    dossier.refresh_from_db()
    assert dossier.answers and dossier.disposed_at is None
    assert read_file(Component.objects.get(dossier=dossier).file)


def test_a_paper_that_lies_in_a_warehouse_stays(world):
    dossier = withdrawn(world)
    paper = Component.objects.get(dossier=dossier)
    document = given(world.desk.agency, world.mother.person_id, 5)
    Document.objects.filter(pk=document.pk).update(file=paper.file)
    disposal = approved(world)
    carry_out(disposal.id, at=LATER)
    assert read_file(paper.file)
    assert Entry.objects.get(kind="dossier.disposed").facts["kept"] == 1


def test_what_was_taken_out_stays_and_is_not_listed_again_for_a_year(world, browse):
    withdrawn(world)
    disposal = listed(world)
    browser, item = browse(world.desk.reception), disposal.items.get()
    url = reverse("disposal:keep", args=[disposal.id, item.pk])
    assert browser.post(url, {"reason": ""}).status_code == 422
    assert browser.post(url, {"reason": "Còn khiếu nại"}).status_code == 302
    page = browser.get(reverse("disposal:list", args=[disposal.id]), headers=ENGLISH).content.decode()
    assert "taken out" in page and "Còn khiếu nại" in page and "Propose to erase it" not in page
    DisposalList.objects.all().update(agency=world.other_desk.agency)
    assert make_lists(at=LATER + timedelta(days=300)) == 0
    assert make_lists(at=LATER + timedelta(days=400)) == 1


def test_a_document_in_force_is_never_due_and_one_that_is_over_goes_with_its_dossier(world):
    valid, over = (given(world.desk.agency, world.mother.person_id, number) for number in (1, 2))
    end_document(actor=world.desk.leader, subject=over.subject, ending=Ending("Sai", "QĐ 1"), at=MORNING)
    make_lists(at=MUCH_LATER)
    assert [it.object_id for it in DisposalItem.objects.filter(thing="document.over")] == [over.id]
    before = MUCH_LATER - timedelta(days=3650)
    arguments = {"before": before, "list_id": new_id(), "at": MUCH_LATER}
    assert dispose_document(valid.id, needed=lambda ids: set(), **arguments).result == "not_due"
    # Its dossier still needs the file.
    assert dispose_document(over.id, needed=set, **arguments).result == "needed"
    done = dispose_document(over.id, needed=lambda ids: set(), **arguments)
    assert done.result == "erased" and done.digests == (over.file.sha256,)
    assert dispose_document(over.id, needed=lambda ids: set(), **arguments).result == "not_due"


def test_the_desk_proposes_and_the_leader_decides_on_pages(world, browse):
    withdrawn(world)
    disposal = listed(world)
    desk, leader = browse(world.desk.specialist), browse(world.desk.leader)
    assert (
        "Nothing may go yet"
        in browse(world.other_desk.leader).get(reverse("disposal:lists"), headers=ENGLISH).content.decode()
    )
    propose = reverse("disposal:propose", args=[disposal.id])
    assert desk.post(propose, {"reason": ""}).status_code == 422
    assert desk.post(propose, {"reason": "Hết thời hạn"}).status_code == 302
    decide = reverse("disposal:decide", args=[disposal.id])
    assert desk.get(decide).status_code == 403
    assert "It cannot be undone" in leader.get(decide, headers=ENGLISH).content.decode()
    leader.post(decide, {"decision": "reject"})
    page = leader.get(reverse("disposal:list", args=[disposal.id]), headers=ENGLISH).content.decode()
    assert "Not approved; it can be proposed again" in page
    desk.post(propose, {"reason": "Hết thời hạn"})
    leader.post(decide, {"decision": "approve"})
    disposal.refresh_from_db()
    assert disposal.state == "approved"
