"""Papers digitised at the desk: asked for, done by a job, confirmed, certified. A stand-in reads the scans."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.casework.dossiers.digitising_errors import (
    ConfirmedMeanwhile,
    NotCompared,
    NotDigitisedYet,
    PaperChanged,
    WrongValues,
)
from motcua.casework.dossiers.models import Component, Digitisation
from motcua.casework.dossiers.selectors import files_in_use
from motcua.casework.dossiers.services import digitising, drafts
from motcua.casework.dossiers.services.copies import Copying, certify_copy
from motcua.casework.dossiers.services.extracted import Confirmation, confirm_values, seen_mark
from motcua.casework.dossiers.services.intake import Intake, start_intake, take_in
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tasks import digitise as job
from motcua.casework.dossiers.tests.factories import CODE, MORNING, birth_answers, filled_in
from motcua.foundation.files.digitising_errors import NoReader
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import read_file, store_bytes
from motcua.foundation.files.tests.scan_factories import READS, photo, stand_in
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.signatures.levels import examine_own
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.organisations.models import Officer

pytestmark = pytest.mark.django_db
PAPER = "birth_evidence"
LINES = (
    "GIẤY CHỨNG SINH",
    "Số: 0123/2026-BVPS",
    "Họ và tên mẹ: Nguyễn Thị Hồng Hạnh",
    "Số định danh cá nhân: 001194012346",
)
READ = {"number": "0123/2026-BVPS", "mother_name": "Nguyễn Thị Hồng Hạnh", "mother_number": "001194012346"}
LATER = MORNING + timedelta(hours=1)


def scan(name: str = "scan.jpg", **options) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo(**options), content_type="image/jpeg")


@pytest.fixture(autouse=True)
def reader(tmp_path, monkeypatch):
    """Makes another stand-in than the one that reads LINES; its programs are looked for on the PATH."""

    def make(**options) -> None:
        folder = tmp_path / f"bin{len(list(tmp_path.iterdir()))}"
        monkeypatch.setenv("PATH", stand_in(folder, **({"words": LINES} | options)))

    make()
    return make


@pytest.fixture
def dossier(world):
    draft = filled_in(world.desk, world.mother)
    drafts.remove_paper(actor=world.mother, draft_id=draft.id, paper_id=draft.papers.get().pk)
    drafts.add_paper(actor=world.mother, draft_id=draft.id, component=PAPER, upload=scan(), at=MORNING)
    return submit_dossier(actor=world.mother, draft_id=draft.id, at=MORNING)


@pytest.fixture
def clerk(world):
    return world.desk.reception


def ask(actor, subject) -> Digitisation:
    return digitising.ask(actor=actor, subject=subject, component=PAPER, at=MORNING)


def run(row: Digitisation) -> Digitisation:
    digitising.run(row.pk, now=lambda: LATER)
    row.refresh_from_db()
    return row


def done(actor, subject) -> Digitisation:
    return run(ask(actor, subject))


def confirm(actor, row, values, *, seen: str | None = None) -> Digitisation:
    confirmation = Confirmation(values, seen_mark(row) if seen is None else seen)
    return confirm_values(
        actor=actor, subject=row.subject, component=PAPER, confirmation=confirmation, at=LATER
    )


def certify(actor, row, *, copied_from="original", seen="", compared=True) -> Digitisation:
    copying = Copying(copied_from, seen or row.file.sha256, compared)
    return certify_copy(actor=actor, subject=row.subject, component=PAPER, copying=copying, at=LATER)


def test_a_job_makes_it_searchable_and_what_was_handed_in_stays(clerk, dossier):
    original = dossier.components.get().file
    row = done(clerk, dossier.id)
    assert (row.state, row.pages, row.pages_done, row.has_words) == ("done", 1, 1, True)
    assert read_file(row.file).startswith(b"%PDF-")
    assert row.file.name == f"{dossier.reference}.{PAPER}.pdf"
    assert read_file(original) == read_file(dossier.components.get().file)
    entry = Entry.objects.get(kind="dossier.paper_digitised")
    assert entry.facts == {"component": PAPER, "pages": 1, "sha256": row.file.sha256, "of": [original.sha256]}
    assert entry.concerns_id == dossier.owner_id


def test_asking_twice_and_running_twice_make_one_result(clerk, dossier):
    first = ask(clerk, dossier.id)
    assert ask(clerk, dossier.id).pk == first.pk
    assert ProcrastinateJob.objects.filter(task_name="dossiers.digitise").count() == 1
    made = run(first).file_id
    assert run(first).file_id == made
    assert ask(clerk, dossier.id).state == "done"
    assert Entry.objects.filter(kind="dossier.paper_digitised").count() == 1


def test_a_run_that_was_killed_is_done_anew(clerk, dossier):
    row = ask(clerk, dossier.id)
    Digitisation.objects.filter(pk=row.pk).update(state="running", pages=3, pages_done=2)
    assert (run(row).state, row.pages, row.pages_done) == ("done", 1, 1)


def test_one_whose_job_was_lost_can_be_asked_for_again(clerk, dossier):
    row = ask(clerk, dossier.id)
    Digitisation.objects.filter(pk=row.pk).update(state="running")
    later = MORNING + digitising.STUCK_AFTER + timedelta(minutes=1)
    assert ask(clerk, dossier.id).state == "running"
    again = digitising.ask(actor=clerk, subject=dossier.id, component=PAPER, at=later)
    assert (again.pk, again.state) == (row.pk, "waiting")


def test_of_two_runs_at_once_one_keeps_its_result(clerk, dossier, monkeypatch):
    row = ask(clerk, dossier.id)
    digitise = digitising.digitising.digitise

    def overtaken(parts, *, told):
        monkeypatch.setattr(digitising.digitising, "digitise", digitise)
        digitising.run(row.pk, now=lambda: MORNING)
        return digitise(parts, told=told)

    monkeypatch.setattr(digitising.digitising, "digitise", overtaken)
    assert run(row).finished_at == MORNING
    assert StoredFile.objects.filter(belongs_to=dossier.id, is_upload=False).count() == 1


def test_what_fails_is_told_in_words_and_can_be_tried_again(clerk, dossier, reader):
    reader(does="exit 2")
    row = done(clerk, dossier.id)
    assert (row.state, row.problem, row.file) == ("failed", "scan_unreadable", None)
    reader()
    again = ask(clerk, dossier.id)
    assert (again.pk, again.state, again.problem) == (row.pk, "waiting", "")
    assert run(again).state == "done"


def test_after_the_last_try_the_clerk_reads_that_it_failed(clerk, dossier, monkeypatch):
    row = ask(clerk, dossier.id)

    def out_of_disk(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(digitising.digitising, "digitise", out_of_disk)
    for attempts, state in ((0, "running"), (1, "running"), (2, "failed")):
        context = type("Context", (), {"job": type("Job", (), {"attempts": attempts})})
        with pytest.raises(OSError, match="disk"):
            job.func(context, digitisation_id=str(row.pk))
        row.refresh_from_db()
        assert row.state == state


def test_a_machine_that_reads_no_scans_says_so_before_anything_waits(
    clerk, dossier, tmp_path, monkeypatch, browse
):
    monkeypatch.setattr("motcua.foundation.files.adapters.ocrmypdf._program", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    with pytest.raises(NoReader):
        ask(clerk, dossier.id)
    assert not Digitisation.objects.exists()
    page = browse(clerk).get(reverse("desk:digitising", args=[dossier.id]))
    assert "Scans cannot be read here" in page.content.decode()
    assert "<button" not in page.content.decode().split("<main")[1].split("</main")[0]


def test_only_who_receives_at_the_agency_digitises(world, dossier):
    for actor, error in (
        (world.desk.specialist, Refused),
        (world.mother, Refused),
        (world.other_desk.reception, NotFound),
        (world.neighbour, NotFound),
    ):
        with pytest.raises(error):
            ask(actor, dossier.id)


def at_counter(world):
    """A draft at the first commune's counter, with a scan."""
    clerk = world.desk.reception
    version = get_version(CODE, at=MORNING.date())
    draft = start_intake(actor=clerk, version=version, intake=Intake(world.mother.person_id), at=MORNING)
    drafts.add_paper(actor=clerk, draft_id=draft.id, component=PAPER, upload=scan(), at=MORNING)
    return drafts.save_answers(actor=clerk, draft_id=draft.id, answers=birth_answers(world.desk), at=MORNING)


def test_what_was_digitised_at_the_counter_stays_with_the_dossier(world, clerk):
    draft = at_counter(world)
    row = done(clerk, draft.id)
    assert row.state == "done"
    with pytest.raises(NotFound):
        ask(world.other_desk.reception, draft.id)
    dossier = take_in(actor=clerk, draft_id=draft.id, at=LATER)
    held = digitising.find_held(clerk, dossier.id)
    paper = digitising.find_scan(held, PAPER)
    assert digitising.is_current(digitising.find_digitised(held, PAPER), paper)
    assert dossier.components.get().digitisation == 1


def test_a_draft_that_is_thrown_away_takes_it_along(world, clerk):
    draft = at_counter(world)
    waiting = ask(clerk, draft.id)
    drafts.discard_draft(actor=clerk, draft_id=draft.id)
    digitising.run(waiting.pk, now=lambda: LATER)
    assert not Digitisation.objects.exists()


def test_what_was_made_of_other_files_counts_no_more(world, clerk):
    draft = at_counter(world)
    row = done(clerk, draft.id)
    drafts.add_paper(actor=clerk, draft_id=draft.id, component=PAPER, upload=scan(ink=60), at=MORNING)
    for act in (lambda: confirm(clerk, row, READ), lambda: certify(clerk, row)):
        with pytest.raises(PaperChanged):
            act()
    again = digitising.ask(actor=clerk, subject=draft.id, component=PAPER, at=LATER)
    assert again.pk != row.pk
    with pytest.raises(NotDigitisedYet):
        confirm(clerk, again, READ)
    assert run(again).state == "done"


def test_only_confirmed_values_are_kept_and_the_correction_stands(world, clerk, dossier):
    row = done(clerk, dossier.id)
    assert row.values is None
    values = READ | {"mother_number": "001194012345", "issuer": " ", "made_up": "x"}
    confirmed = confirm(clerk, row, values)
    assert confirmed.values == READ | {"mother_number": "001194012345"}
    assert (confirmed.confirmed_by, confirmed.confirmed_at) == (clerk.person_id, LATER)
    entry = Entry.objects.get(kind="dossier.values_confirmed")
    assert entry.facts["corrected"] == ["mother_number"]
    assert "001194012345" not in str(entry.facts)
    assert entry.detail.values["mother_number"] == "001194012345"


def test_a_value_that_cannot_be_right_is_not_confirmed(clerk, dossier):
    row = done(clerk, dossier.id)
    with pytest.raises(WrongValues) as refused:
        confirm(clerk, row, {"mother_number": "0011940", "issued_on": "31/02/2026"})
    assert refused.value.fields["faults"] == {"mother_number": "number_form", "issued_on": "date"}
    row.refresh_from_db()
    assert row.values is None


def test_who_confirms_after_a_colleague_is_told(clerk, dossier):
    row = done(clerk, dossier.id)
    confirm(clerk, row, READ)
    with pytest.raises(ConfirmedMeanwhile):
        confirm(clerk, row, READ, seen="")


def test_the_database_keeps_no_value_that_nobody_confirmed(clerk, dossier):
    row = done(clerk, dossier.id)
    for changes in ({"values": READ}, {"copy_number": "1"}, {"state": "failed"}, {"pages_done": 9}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Digitisation.objects.filter(pk=row.pk).update(**changes)


def test_a_copy_is_signed_numbered_and_says_what_it_is(world, clerk, dossier, tmp_path):
    row = done(clerk, dossier.id)
    for wrong, error in (({"compared": False}, NotCompared), ({"seen": "0" * 64}, PaperChanged)):
        with pytest.raises(error):
            certify(clerk, row, **wrong)
    copied = certify(clerk, row)
    assert certify(clerk, row).copy_id == copied.copy_id
    assert copied.copy_number == "1/2026-BSĐT"
    signed = read_file(copied.copy)
    assert signed.startswith(read_file(row.file))
    (found,) = examine_own(signed, at=LATER).signatures
    assert found.intact and found.unchanged
    assert found.name == Officer.objects.get(pk=clerk.person_id).full_name
    entry = Entry.objects.get(kind="dossier.copy_certified")
    assert (entry.facts["from"], entry.facts["number"]) == ("original", "1/2026-BSĐT")
    assert files_in_use([copied.copy_id, row.file_id]) == {copied.copy_id, row.file_id}
    if shutil.which("pdfsig"):
        (tmp_path / "copy.pdf").write_bytes(signed)
        told = subprocess.run(["pdfsig", "-nocert", tmp_path / "copy.pdf"], capture_output=True, text=True)
        assert "Signature is Valid" in told.stdout
        shown = subprocess.run(["pdftotext", tmp_path / "copy.pdf", "-"], capture_output=True, text=True)
        assert "BẢN SAO ĐIỆN TỬ TỪ BẢN CHÍNH" in shown.stdout


def test_who_has_no_certificate_signs_no_copy(clerk, dossier, browse):
    row = done(clerk, dossier.id)
    Officer.objects.filter(pk=clerk.person_id).update(signing_key="")
    page = browse(clerk).get(reverse("desk:digitising-copy", args=[dossier.id, PAPER]))
    assert "You have no certificate that can sign" in page.content.decode()
    row.refresh_from_db()
    assert row.copy is None


def test_a_clerk_goes_all_the_way_by_the_pages(world, clerk, dossier, browse):
    browser = browse(clerk)
    listing, paper = (
        reverse("desk:digitising", args=[dossier.id]),
        reverse("desk:digitising-paper", args=[dossier.id, PAPER]),
    )
    assert "Not digitised yet" in browser.get(listing).content.decode()
    assert browser.post(listing).status_code == 302
    waiting = browser.get(paper).content.decode()
    assert "data-refresh" in waiting and "Waiting to be digitised" in waiting
    row = Digitisation.objects.get()
    Digitisation.objects.filter(pk=row.pk).update(state="running", pages=12, pages_done=5)
    assert "Being digitised: 5 of 12 pages" in browser.get(paper).content.decode()
    assert not Entry.objects.filter(kind="dossier.read").exists()
    run(row)
    shown = browser.get(paper).content.decode()
    assert "001194012346" in shown and "Read on page 1:" in shown
    assert Entry.objects.filter(kind="dossier.read").count() == 1
    values = reverse("desk:digitising-values", args=[dossier.id, PAPER])
    refused = browser.post(values, READ | {"mother_number": "12", "seen": ""})
    assert refused.status_code == 422
    assert 'value="12"' in refused.content.decode() and "12 digits" in refused.content.decode()
    assert browser.post(values, READ | {"seen": ""}).status_code == 302
    copy = reverse("desk:digitising-copy", args=[dossier.id, PAPER])
    assert browser.post(copy, {"seen": row.file.sha256}).status_code == 422
    sent = {"seen": row.file.sha256, "compared": "on", "copied_from": "certified"}
    assert browser.post(copy, sent).status_code == 302
    assert "1/2026-BSĐT" in browser.get(paper).content.decode()
    desk = browser.get(reverse("desk:dossier", args=[dossier.id])).content.decode()
    assert "Electronic copy 1/2026-BSĐT" in desk
    picture = browser.get(reverse("desk:digitising-page", args=[dossier.id, PAPER, 1]))
    assert picture.content.startswith(b"\x89PNG")


def test_who_may_open_a_paper_opens_what_was_made_of_it(world, clerk, dossier, browse):
    done(clerk, dossier.id)
    url = reverse("desk:digitising-searchable", args=[dossier.id, PAPER])
    assert browse(world.desk.leader).get(url).status_code == 200
    assert Entry.objects.filter(kind="dossier.file_read", person_id=world.desk.leader.person_id).exists()
    assert browse(world.other_desk.leader).get(url).status_code == 404
    copied = reverse("desk:digitising-copied", args=[dossier.id, PAPER])
    assert browse(clerk).get(copied).status_code == 404


def test_a_failure_stands_on_the_page_with_what_to_do(clerk, dossier, reader, browse):
    reader(does=f"exit 15; {READS}")
    done(clerk, dossier.id)
    page = browse(clerk).get(reverse("desk:digitising-paper", args=[dossier.id, PAPER])).content.decode()
    assert "Scan it again at 300 dpi" in page and "Digitise once more" in page


def test_papers_used_again_say_so_and_are_not_scanned(world, clerk, dossier):
    Component.objects.filter(dossier=dossier).update(digitisation=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Component.objects.filter(dossier=dossier).update(digitisation=4)
    done(clerk, dossier.id)
    assert dossier.components.get().digitisation == 1


def test_a_large_file_name_and_a_png_go_the_same_way(clerk, dossier):
    """A file of another kind handed in for the same component is a further page of it."""
    more = store_bytes(content=photo(form="PNG"), name="2.png", media_type="image/png", belongs_to=dossier.id)
    Component.objects.create(dossier=dossier, code=PAPER, name="Giấy chứng sinh", file=more)
    row = ask(clerk, dossier.id)
    assert len(row.sources) == 2
    assert io.BytesIO(read_file(run(row).file)).read(5) == b"%PDF-"
