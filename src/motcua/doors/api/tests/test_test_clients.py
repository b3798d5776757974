"""A dossier that another system filed to try us: marked wherever it is seen, and counted nowhere."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services import handling
from motcua.casework.dossiers.services.papers import file_of
from motcua.casework.dossiers.tests.factories import CHECKS, MORNING, accepted, seen, submitted, target
from motcua.casework.warehouse.models import Document
from motcua.doors.api.tests.factories import MOTHER, NOBODY, Caller, application
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import follow_once
from motcua.foundation.notifications.models import Message
from motcua.registry.access.tests.client_factories import API_SCOPES, bearer, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller(world):
    scopes = (*API_SCOPES, "dossiers:read-agency")
    made = registered(world.administrator, world.desk.agency, at=MORNING, is_test=True, scopes=scopes)
    return Caller(bearer(*made))


@pytest.fixture
def tried(world, caller):
    """A test dossier, filed."""
    answer = caller.file(application(world.desk, applicant=NOBODY))
    assert answer.status_code == 201, answer.content
    return Dossier.objects.get(pk=answer.json()["id"])


def through(desk, dossier):
    """The whole way to the returned result."""
    handling.accept_dossier(actor=desk.reception, target=target(dossier), at=MORNING)
    handling.hand_over_dossier(actor=desk.reception, target=target(dossier), at=MORNING)
    handling.draft_result(actor=desk.specialist, target=target(dossier), checks=CHECKS, at=MORNING)
    handling.submit_for_signature(actor=desk.specialist, target=target(dossier), at=MORNING)
    handling.sign_result(actor=desk.leader, target=target(dossier), seen_sha256=seen(dossier), at=MORNING)
    handling.return_result(actor=desk.reception, target=target(dossier), at=MORNING)
    dossier.refresh_from_db()
    return dossier


def figures(world, browse):
    """Every figure that counts dossiers: pages that show one, and selectors behind them."""
    officers = (*world.desk.officers, *world.other_desk.officers)
    tomorrow = [MORNING + timedelta(days=days) for days in range(0, 9)]
    pages = [
        browse(None).get(reverse("portal:figures")).context["total"],
        *(browse(officer).get(reverse("desk:signing")).context["queue_title"] for officer in officers),
    ]
    return [
        selectors.count_by_status(),
        [selectors.count_promises(at=at) for at in tomorrow],
        [selectors.list_inbox(officer, at=MORNING).counts for officer in officers],
        selectors.count_reuse(since=MORNING),
        selectors.has_dossiers(),
        Message.objects.count(),
        pages,
    ]


def test_every_selector_that_counts_dossiers_is_among_the_figures():
    """A new one must be added above, or be told here why it is none."""
    counting = [name for name in vars(selectors) if name.startswith(("count_", "has_"))]
    # Whether an agency still has work is no figure: a test dossier is work to be cleared away, too.
    known = {
        "count_by_status",
        "count_promises",
        "count_reuse",
        "has_dossiers",
        "count_open",
    }
    assert set(counting) == known


def test_a_test_dossier_changes_no_figure_on_its_whole_way(world, browse, caller):
    before = figures(world, browse)
    dossier = Dossier.objects.get(pk=caller.file(application(world.desk, applicant=NOBODY)).json()["id"])
    follow_once()
    assert figures(world, browse) == before
    desk = world.desk
    handling.accept_dossier(actor=desk.reception, target=target(dossier), at=MORNING)
    handling.hand_over_dossier(actor=desk.reception, target=target(dossier), at=MORNING)
    handling.draft_result(actor=desk.specialist, target=target(dossier), checks=CHECKS, at=MORNING)
    assert figures(world, browse) == before
    handling.submit_for_signature(actor=desk.specialist, target=target(dossier), at=MORNING)
    assert figures(world, browse) == before
    handling.sign_result(actor=desk.leader, target=target(dossier), seen_sha256=seen(dossier), at=MORNING)
    handling.return_result(actor=desk.reception, target=target(dossier), at=MORNING)
    follow_once()
    assert figures(world, browse) == before


def test_a_real_dossier_changes_them(world, browse):
    before = figures(world, browse)
    submitted(world.desk, world.mother)
    assert figures(world, browse) != before


def test_a_test_takes_no_number_from_the_real_series(world, tried):
    through(world.desk, tried)
    first = accepted(world.desk, world.mother)
    assert tried.code == f"TEST.{first.code}"
    assert first.code.endswith("-0001")


def test_every_entry_says_that_it_was_a_test(world, tried):
    selectors.open_dossier(world.desk.reception, tried.id, at=MORNING)
    through(world.desk, tried)
    entries = Entry.objects.filter(object_id=tried.id)
    assert entries.count() >= 8
    assert all(entry.facts.get("test") is True for entry in entries)


def test_officers_see_that_it_is_a_test(world, browse, tried):
    browser = browse(world.desk.reception)
    assert "Test · " in browser.get(reverse("desk:inbox")).content.decode()
    assert "Test · " in browser.get(reverse("desk:dossier", args=[tried.id])).content.decode()
    assert (
        "Test · "
        in browser.post(reverse("console:search"), {"q": tried.reference}, follow=True).content.decode()
    )


def test_its_papers_and_their_verification_say_it(world, browse, tried):
    through(world.desk, tried)
    for kind in ("receipt", "result"):
        document = tried.documents.get(kind=kind)
        pdf = read_file(file_of(document))
        pages = pypdfium2.PdfDocument(BytesIO(pdf))
        assert "THỬ NGHIỆM" in pages[0].get_textpage().get_text_range()
        assert document.number.startswith("TEST-")
        assert pikepdf.open(BytesIO(pdf)).docinfo is not None
    issued = Document.objects.get(subject=tried.id)
    shown = browse(None).get(reverse("warehouse:verify"), {"code": issued.verification_code})
    assert "A test paper: it proves nothing" in shown.content.decode()


def test_a_test_client_sees_tests_only_and_no_other_client_sees_one(world, caller, tried):
    real = submitted(world.desk, world.mother)
    assert caller.get(f"/dossiers/{tried.id}").json()["test"] is True
    assert caller.get(f"/dossiers/{real.id}").status_code == 404
    scopes = (*API_SCOPES, "dossiers:read-agency")
    other = Caller(bearer(*registered(world.administrator, world.desk.agency, at=MORNING, scopes=scopes)))
    assert other.get(f"/dossiers/{tried.id}").status_code == 404


def test_a_test_client_files_for_nobody_real(world, caller):
    assert caller.file(application(world.desk, applicant=MOTHER)).json()["code"] == "number_refused"
    real = Caller(bearer(*registered(world.administrator, world.desk.agency, at=MORNING)))
    assert real.file(application(world.desk, applicant=NOBODY)).json()["code"] == "number_refused"


def test_nobody_gets_a_message_about_a_test(world, caller):
    nobody = NOBODY | {"telephone": "0912345678", "email": "somebody@example.org"}
    caller.file(application(world.desk, applicant=nobody))
    follow_once()
    assert not Message.objects.exists()


def test_the_database_knows_no_test_without_a_client_and_none_in_the_real_series(world, tried):
    real = accepted(world.desk, world.mother)
    for changes in ({"is_test": True}, {"code": f"TEST.{real.code}"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dossier.objects.filter(pk=real.pk).update(**changes)
