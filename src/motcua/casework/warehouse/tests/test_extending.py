"""Signed papers get time stamps and revocation data after they were issued, and stay the same papers."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.casework.warehouse import selectors, tasks
from motcua.casework.warehouse.models import Document, EarlierFile
from motcua.casework.warehouse.services import extend_document
from motcua.casework.warehouse.tests.factories import AT, issued, signed_pdf, unsigned_pdf
from motcua.foundation.files.services import read_file, sweep_unused
from motcua.foundation.journal.models import Entry
from motcua.foundation.signatures.levels import CannotExtend
from motcua.foundation.signatures.tests.factories import ClockedAuthority
from motcua.foundation.signatures.timestamps import NoTimeStamp
from motcua.registry.organisations.models import Officer

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def _wanted(settings):
    settings.SIGNATURE_LEVEL = "B-LTA"


@pytest.fixture
def clock(world, settings, monkeypatch, tmp_path):
    """A trusted time-stamp authority; it tells the time at which the test is."""
    shutil.copytree(settings.SIGNATURES_DIR, tmp_path / "signatures")
    settings.SIGNATURES_DIR = tmp_path / "signatures"
    authority = ClockedAuthority(AT - timedelta(days=1))
    authority.at = AT
    authority.believe(settings.SIGNATURES_DIR)
    monkeypatch.setattr("motcua.foundation.signatures.levels.time_stamper", lambda: authority)
    return authority


@pytest.fixture
def paper(world):
    return signed_pdf(Officer.objects.get(pk=world.desk.leader.person_id).signing_key)


@pytest.fixture
def document(world, paper):
    return issued(world.desk.agency, paper)


def test_a_signed_paper_is_to_be_extended_in_the_act_that_issued_it(document):
    (job,) = ProcrastinateJob.objects.filter(task_name="warehouse.extend_document")
    assert job.args == {"document_id": str(document.id)}


def test_nothing_is_to_be_extended_where_b_b_is_enough(settings, world, paper):
    settings.SIGNATURE_LEVEL = "B-B"
    issued(world.desk.agency, paper)
    assert not ProcrastinateJob.objects.filter(task_name="warehouse.extend_document").exists()
    assert selectors.list_documents_to_extend(at=AT) == []


def test_the_extended_file_begins_with_the_signed_one(document, paper, clock):
    extended = extend_document(document.id, at=AT)
    content = read_file(extended.file)
    assert content.startswith(paper) and content != paper
    assert (extended.level, extended.sealed_until) == ("B-LTA", clock.certificate.not_valid_after_utc)
    assert selectors.verify_stored(extended, at=AT + 1.5 * YEAR).is_valid


def test_both_files_are_known_as_the_same_paper(document, paper, clock, client):
    extended = extend_document(document.id, at=AT)
    for content in (paper, read_file(extended.file)):
        assert selectors.find_document_of_file(content) == document
        upload = SimpleUploadedFile("paper.pdf", content, content_type="application/pdf")
        with time_machine.travel(AT, tick=False):
            page = client.post(
                "/verify/", {"file": upload}, headers={"accept-language": "en"}
            ).content.decode()
        assert "Genuine and unchanged" in page
        assert "37/2026" in page
    assert "Proven to have existed at" in page
    assert "PAdES B-LTA" in page


def test_a_strangers_file_is_no_paper_of_ours(document):
    assert selectors.find_document_of_file(unsigned_pdf()) is None


def test_a_job_that_runs_twice_extends_once(document, clock):
    first = extend_document(document.id, at=AT)
    second = extend_document(document.id, at=AT)
    assert first.file_id == second.file_id
    assert EarlierFile.objects.filter(document=document).count() == 1
    (entry,) = Entry.objects.filter(kind="document.extended", object_id=document.id)
    assert entry.facts["level"] == "B-LTA"
    assert entry.facts["earlier_sha256"] == document.file.sha256


def test_of_two_workers_at_once_only_one_replaces_the_file(document, clock, monkeypatch):
    """The second began from the same file, and asked for its stamps while the first committed."""
    from motcua.casework.warehouse import services

    real = services.extend_pdf

    def slow(pdf, *, at, level):
        monkeypatch.setattr(services, "extend_pdf", real)
        extend_document(document.id, at=at)
        return real(pdf, at=at, level=level)

    monkeypatch.setattr(services, "extend_pdf", slow)
    extend_document(document.id, at=AT)
    assert EarlierFile.objects.filter(document=document).count() == 1
    assert Entry.objects.filter(kind="document.extended", object_id=document.id).count() == 1


def test_an_authority_that_is_down_leaves_everything_as_it_was_for_a_later_try(document, settings):
    settings.TSA_URL = "http://127.0.0.1:1/"
    with pytest.raises(NoTimeStamp) as refused:
        extend_document(document.id, at=AT)
    unchanged = Document.objects.get(pk=document.id)
    assert (unchanged.file_id, unchanged.level) == (document.file_id, "B-B")
    waits = [_wait(refused.value, attempts) for attempts in (0, 1, 10)]
    assert waits == sorted(waits) and waits[0] < waits[1] < waits[2]


def test_a_file_that_cannot_be_extended_is_not_tried_first_again(world, document, clock):
    other = issued(
        world.desk.agency,
        unsigned_pdf(),
        number="38/2026",
        verification_code="AAAA-AAAA-AA",
        issued_at=AT - YEAR,
    )
    assert selectors.list_documents_to_extend(at=AT) == [other.id, document.id]
    with pytest.raises(CannotExtend):
        extend_document(other.id, at=AT)
    assert selectors.list_documents_to_extend(at=AT) == [document.id, other.id]
    assert _wait(CannotExtend(reason=""), 0) is None


def test_a_paper_is_renewed_within_a_year_of_the_end_of_its_seal(document, clock, settings):
    extended = extend_document(document.id, at=AT)
    assert selectors.list_documents_to_extend(at=AT + timedelta(days=300)) == []
    later = AT + timedelta(days=400)
    assert selectors.list_documents_to_extend(at=later) == [document.id]
    clock.__init__(later - timedelta(days=1), name="Next")
    clock.at = later
    clock.believe(settings.SIGNATURES_DIR)
    renewed = extend_document(document.id, at=later)
    assert read_file(renewed.file).startswith(read_file(extended.file))
    assert renewed.sealed_until > extended.sealed_until
    assert selectors.list_documents_to_extend(at=later) == []


@pytest.mark.parametrize("level", ["B-T", "B-LT"])
def test_a_paper_that_needs_no_archive_time_stamp_is_not_listed_every_night(document, settings, level):
    settings.SIGNATURE_LEVEL = level
    assert selectors.list_documents_to_extend(at=AT) == [document.id]
    Document.objects.filter(pk=document.id).update(level=level, sealed_until=AT + YEAR)
    assert selectors.list_documents_to_extend(at=AT + 2 * YEAR) == []


def test_after_an_authority_that_was_down_the_others_come_first(world, document, settings):
    other = issued(world.desk.agency, unsigned_pdf(), number="38/2026", verification_code="AAAA-AAAA-AA")
    settings.TSA_URL = "http://127.0.0.1:1/"
    with pytest.raises(NoTimeStamp):
        extend_document(document.id, at=AT)
    assert selectors.list_documents_to_extend(at=AT) == [other.id, document.id]


def test_every_night_what_is_due_is_put_in_line_once(document):
    for _ in range(2):
        tasks.extend_documents(timestamp=0)
    jobs = ProcrastinateJob.objects.filter(task_name="warehouse.extend_document", queueing_lock__isnull=False)
    assert [job.args for job in jobs] == [{"document_id": str(document.id)}]


def _wait(error, attempts):
    decision = tasks.extend_document.get_retry_exception(exception=error, job=_Job(attempts))
    return decision and decision.retry_decision.retry_at


class _Job:
    def __init__(self, attempts):
        self.attempts = attempts
        self.id = 1


def test_every_file_of_a_paper_is_in_use(document, clock):
    before = document.file_id
    extended = extend_document(document.id, at=AT)
    assert selectors.files_in_use({before, extended.file_id}) == {before, extended.file_id}
    assert sweep_unused(at=AT + 50 * YEAR, dry_run=True).unused == 0
