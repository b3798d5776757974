from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from motcua.casework.dossiers import tasks
from motcua.casework.dossiers.errors import DraftMissing, TooManyPapers
from motcua.casework.dossiers.forms import form_of
from motcua.casework.dossiers.models import Draft, DraftPaper
from motcua.casework.dossiers.selectors import get_draft, list_draft_papers, list_drafts
from motcua.casework.dossiers.services import drafts
from motcua.casework.dossiers.tests.factories import MORNING, empty_draft, filled_in, picture
from motcua.foundation.files.errors import FileRefused
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import sweep_unused
from motcua.foundation.journal.services import place_hold, release_hold
from motcua.foundation.kernel.actors import ANONYMOUS, SYSTEM
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.retention import load_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world):
    return empty_draft(world.mother)


def add(world, draft, upload, *, actor=None):
    return drafts.add_paper(
        actor=actor or world.mother, draft_id=draft.id, component="birth_evidence", upload=upload, at=MORNING
    )


def save(world, draft, **answers):
    return drafts.save_answers(actor=world.mother, draft_id=draft.id, answers=answers, at=MORNING)


def strangers(world):
    return [world.neighbour, *world.desk.officers, SYSTEM, ANONYMOUS]


def test_what_was_typed_is_kept_even_when_it_is_wrong(world, draft):
    save(world, draft, birth_place="bệnh viện", birth_date="2026-02-31")
    kept = get_draft(world.mother, draft.id)
    assert (kept.answers, kept.updated_at) == (
        {"birth_place": "bệnh viện", "birth_date": "2026-02-31"},
        MORNING,
    )


def test_a_paper_is_kept_with_its_name_and_content(world, draft):
    paper = add(world, draft, picture("ảnh chụp.png"))
    assert (paper.component, paper.file.name, paper.file.media_type) == (
        "birth_evidence",
        "ảnh chụp.png",
        "image/png",
    )


def test_a_hold_on_the_person_keeps_the_paper_they_took_out(world, draft):
    paper = add(world, draft, picture())
    drafts.remove_paper(actor=world.mother, draft_id=draft.id, paper_id=paper.id)
    hold = place_hold(actor=SYSTEM, object_id=world.mother.person_id, reason="Lệnh mẫu", at=MORNING)
    later = MORNING + timedelta(days=30)
    sweep_unused(at=MORNING)
    assert sweep_unused(at=later).held >= 1
    assert StoredFile.objects.filter(pk=paper.file_id).exists()
    release_hold(actor=SYSTEM, hold_id=hold.id, at=later)
    sweep_unused(at=later)
    assert not StoredFile.objects.filter(pk=paper.file_id).exists()


def test_the_same_content_twice_is_one_paper(world, draft):
    first = add(world, draft, picture("a.png"))
    assert add(world, draft, picture("b.png")) == first
    assert len(list_draft_papers(draft)) == 1


def test_a_component_takes_ten_papers_and_not_one_more(world, draft):
    for shade in range(drafts.MAX_PAPERS):
        add(world, draft, picture(shade=shade))
    with pytest.raises(TooManyPapers) as refused:
        add(world, draft, picture(shade=200))
    assert refused.value.fields == {"limit": 10}
    assert len(list_draft_papers(draft)) == 10


def test_a_removed_paper_is_gone_and_may_be_removed_again(world, draft):
    paper = add(world, draft, picture())
    for _ in range(2):
        drafts.remove_paper(actor=world.mother, draft_id=draft.id, paper_id=paper.id)
    assert list_draft_papers(draft) == []


def test_a_paper_of_another_draft_is_not_removed(world, draft):
    other = empty_draft(world.mother)
    paper = add(world, other, picture())
    drafts.remove_paper(actor=world.mother, draft_id=draft.id, paper_id=paper.id)
    assert list_draft_papers(other) == [paper]


def zip_named_pdf():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("macro.exe", b"MZ")
    return SimpleUploadedFile("giay-chung-sinh.pdf", content.getvalue(), content_type="application/pdf")


def too_large():
    upload = SimpleUploadedFile("anh.png", b"x", content_type="image/png")
    upload.too_large = True
    return upload


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (zip_named_pdf, "file_archive_not_allowed"),
        (lambda: SimpleUploadedFile("rong.pdf", b""), "file_empty"),
        (too_large, "file_too_large"),
        (lambda: SimpleUploadedFile("half.png", picture().read()[:60]), "file_unreadable"),
        (
            lambda: SimpleUploadedFile("trang.pdf", b"<html><script>alert(1)</script>"),
            "file_type_not_allowed",
        ),
    ],
    ids=[
        "a zip named .pdf",
        "an empty file",
        "a file that was too large",
        "half a picture",
        "a web page named .pdf",
    ],
)
def test_a_refused_upload_leaves_the_draft_unharmed(world, draft, upload, code):
    save(world, draft, given_name="Minh Khôi")
    good = add(world, draft, picture())
    with pytest.raises(FileRefused) as refused:
        add(world, draft, upload())
    assert refused.value.code == code
    kept = get_draft(world.mother, draft.id)
    assert (kept.answers, list_draft_papers(kept)) == ({"given_name": "Minh Khôi"}, [good])


def test_only_a_citizen_can_begin(world):
    before = Draft.objects.count()
    for actor in [*world.desk.officers, SYSTEM, ANONYMOUS]:
        with pytest.raises(DraftMissing):
            empty_draft(actor)
    assert Draft.objects.count() == before


def test_for_everybody_else_a_draft_does_not_exist(world, draft):
    paper = add(world, draft, picture())
    for actor in strangers(world):
        with pytest.raises(DraftMissing):
            get_draft(actor, draft.id)
        with pytest.raises(DraftMissing):
            drafts.save_answers(actor=actor, draft_id=draft.id, answers={}, at=MORNING)
        with pytest.raises(DraftMissing):
            add(world, draft, picture(shade=9), actor=actor)
        with pytest.raises(DraftMissing):
            drafts.remove_paper(actor=actor, draft_id=draft.id, paper_id=paper.id)
        with pytest.raises(DraftMissing):
            drafts.discard_draft(actor=actor, draft_id=draft.id)
        assert list_drafts(actor) == []
    assert list_draft_papers(get_draft(world.mother, draft.id)) == [paper]


def test_a_discarded_draft_is_gone_with_its_papers(world, draft):
    add(world, draft, picture())
    drafts.discard_draft(actor=world.mother, draft_id=draft.id)
    assert not DraftPaper.objects.filter(draft=draft.id).exists()
    with pytest.raises(DraftMissing):
        get_draft(world.mother, draft.id)


def test_an_unknown_draft_is_missing(world):
    with pytest.raises(DraftMissing):
        get_draft(world.mother, new_id())


def test_a_page_sent_from_one_device_keeps_what_another_saved_meanwhile(world, draft):
    save(world, draft, birth_place="Bệnh viện A", given_name="Minh")
    drafts.save_answers(
        actor=world.mother,
        draft_id=draft.id,
        answers={"birth_place": "Bệnh viện B", "given_name": "as the other device still had it"},
        at=MORNING,
        page=drafts.SentPage({"birth_place"}),
    )
    assert get_draft(world.mother, draft.id).answers == {"birth_place": "Bệnh viện B", "given_name": "Minh"}


def test_a_draft_that_nobody_saves_for_long_goes_unless_it_is_held(world, draft):
    add(world, draft, picture())
    other = empty_draft(world.neighbour)
    place_hold(actor=SYSTEM, object_id=other.id, reason="Quyết định mẫu số 1", at=MORNING)
    assert drafts.discard_idle_drafts(before=MORNING) == 0
    assert drafts.discard_idle_drafts(before=MORNING + timedelta(seconds=1)) == 1
    assert not DraftPaper.objects.filter(draft=draft.id).exists()
    assert get_draft(world.neighbour, other.id) == other


def test_the_nightly_job_discards_drafts_idle_for_the_packs_period(world, draft):
    days = load_rules(settings.RETENTION_FILE)["draft.idle"].days
    for later, is_there in ((timedelta(days=days), True), (timedelta(days=days, seconds=1), False)):
        with time_machine.travel(MORNING + later, tick=False):
            tasks.discard_idle_drafts(timestamp=0)
        assert Draft.objects.filter(pk=draft.pk).exists() == is_there


def test_a_page_that_other_answers_made_empty_leads_on(world, browse):
    draft = filled_in(world.desk, world.mother, father_named="no")
    answer = browse(world.mother).get(f"/drafts/{draft.id}/father/")
    assert (answer.status_code, answer["Location"]) == (302, f"/drafts/{draft.id}/birth/")


def test_what_is_calculated_is_told_while_somebody_types_and_nothing_is_kept(world, browse):
    allowance = empty_draft(world.mother, code="1.001776")
    page = form_of(allowance.version).page_of["monthly_amount"]
    client, address = browse(world.mother), f"/drafts/{allowance.id}/{page}/"
    shown = client.get(address).content.decode()
    assert f'data-values="{address}values/"' in shown
    assert 'data-value="monthly_amount" hidden' in shown
    save(world, allowance, for_whom="self", beneficiary_birth_date="1985-02-17")
    before = get_draft(world.mother, allowance.id).answers
    told = client.post(f"{address}values/", {"group": "disabled_severe"}).json()
    assert (told["coefficient"], told["monthly_amount"]) == ("2", "1,000,000\u00a0đ")
    nothing = client.post(f"{address}values/", {"group": "nonsense"}).json()
    assert set(nothing.values()) == {""}
    assert get_draft(world.mother, allowance.id).answers == before
    assert browse(world.neighbour).post(f"{address}values/", {}).status_code == 404
