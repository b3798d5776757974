"""Handing over a result: in the warehouse, at the counter, by post."""

from __future__ import annotations

import pytest
from django.urls import reverse

from motcua.casework.dossiers.errors import TrackingMissing, WrongWay
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.note_errors import TrackingWrong
from motcua.casework.dossiers.register import Asked, each_line
from motcua.casework.dossiers.services.handling import return_result
from motcua.casework.dossiers.services.papers import file_of
from motcua.casework.dossiers.services.returning import Returning
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING, snapshot, target
from motcua.casework.dossiers.tests.test_printed_forms import words_of
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db


def hand(world, dossier: Dossier, **returning) -> Dossier:
    return return_result(
        actor=world.desk.reception, target=target(dossier), at=MORNING, returning=Returning(**returning)
    )


@pytest.fixture
def ready(world):
    return factories.signed(world.desk, world.mother, result_by="warehouse", extract_copies=None)


def test_by_post_the_tracking_number_is_on_the_slip_and_in_the_register(world, ready):
    dossier = hand(world, ready, way="post", tracking="eb123456785vn")
    slip = dossier.documents.get(kind="return")
    assert (dossier.return_way, dossier.return_tracking) == ("post", "EB123456785VN")
    assert slip.number == "1/GNKQ-TTPVHCC"
    assert "EB123456785VN" in words_of(read_file(file_of(slip)))
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.result_returned")
    assert (entry.facts["way"], entry.facts["document_id"]) == ("post", str(slip.id))
    day = MORNING.date()
    lines = each_line(world.desk.reception, Asked(world.desk.agency.path, day, day, way="post"))
    assert [line.dossier.return_tracking for line in lines] == ["EB123456785VN"]


def test_at_the_counter_who_took_it_is_named(world, ready):
    dossier = hand(world, ready, way="counter", receiver="  Đỗ Mạnh   Cường ")
    assert dossier.return_receiver == "Đỗ Mạnh Cường"
    assert dossier.documents.get(kind="return").content["receiver"] == "Đỗ Mạnh Cường"


def test_as_asked_into_the_warehouse_makes_no_slip(world, ready):
    dossier = hand(world, ready)
    assert dossier.return_way == "warehouse"
    assert not dossier.documents.filter(kind="return").exists()


@pytest.mark.parametrize(
    ("returning", "error"),
    [
        ({"way": "post"}, TrackingMissing),
        ({"way": "post", "tracking": "A!"}, TrackingWrong),
        ({"way": "post", "tracking": "x" * 41}, TrackingWrong),
        ({"way": "pigeon"}, WrongWay),
    ],
)
def test_refuses_what_is_incomplete_and_changes_nothing(world, ready, returning, error):
    before = snapshot(ready)
    with pytest.raises(error):
        hand(world, ready, **returning)
    assert snapshot(ready) == before


def test_the_page_keeps_what_was_typed_when_the_number_is_missing(world, browse, ready):
    browser = browse(world.desk.reception)
    url = reverse("desk:return", args=[ready.id])
    assert browser.get(url).status_code == 200
    sent = {"way": "post", "receiver": "Ai đó", "revision": target(ready).revision}
    page = browser.post(url, sent)
    assert page.status_code == 422
    assert "Ai đó" in page.content.decode()
    done = browser.post(url, sent | {"tracking": "EB123456785VN", "carrier": "vnpost"})
    assert done.status_code == 302, done.context["form"].errors
    assert Dossier.objects.get(pk=ready.pk).return_tracking == "EB123456785VN"


def test_a_stale_page_is_told_so(world, browse, ready):
    page = browse(world.desk.reception).post(
        reverse("desk:return", args=[ready.id]), {"way": "counter", "revision": "1"}
    )
    assert page.status_code == 422
    assert not Dossier.objects.get(pk=ready.pk).returned_at


def test_the_owner_reads_the_slip(world, browse, ready):
    slip = hand(world, ready, way="counter").documents.get(kind="return")
    browser = browse(world.mother)
    assert slip.number in browser.get(reverse("dossiers:dossier", args=[ready.id])).content.decode()
    assert browser.get(reverse("dossiers:document", args=[ready.id, slip.id])).status_code == 200
