"""Drafts at the desk: facts as questions, files as text, uploads, a stale page, the law of a given day."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
import yaml
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING
from motcua.casework.packs.models import VersionDraft
from motcua.casework.packs.rules.draft_files import NAMES, PROCEDURE
from motcua.casework.packs.tests.version_factories import CODE, approved, change, keeper, published, sent
from motcua.casework.packs.versions import services

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
TODAY = MORNING.date()
PUBLIC = f"/procedures/{CODE}/"


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(MORNING, tick=False):
        yield


def english(browse, actor):
    client = browse(actor)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def desk(world, browse):
    return english(browse, world.catalogue)


def begun(desk):
    desk.post(reverse("versions:start", args=[CODE]))
    return VersionDraft.objects.latest("began_at")


def url(name, draft, *more):
    return reverse(f"versions:{name}", args=[draft.pk, *more])


def typed(page):
    """What the page's form would send as it stands."""
    form = page.context["form"]
    return {name: "" if form[name].value() is None else form[name].value() for name in form.fields}


def test_a_limit_changed_as_a_fact_changes_its_words_and_hours_and_leaves_comments(desk):
    draft = begun(desk)
    commented = draft.files[PROCEDURE].replace("sector:", "# asked for by the mayor\nsector:", 1)
    VersionDraft.objects.filter(pk=draft.pk).update(files={**draft.files, PROCEDURE: commented})
    address = url("facts", draft, "limit")
    data = typed(desk.get(address)) | {"procedure-limit-value": "2wd"}
    assert desk.post(address, data).status_code == 302
    draft.refresh_from_db()
    limit = yaml.safe_load(draft.files[PROCEDURE])["limit"]
    assert (limit["value"], limit["working_hours"]) == ("2wd", 16)
    assert limit["text"]["en"].startswith("2 working days.") and limit["text"]["vi"].startswith("02 ngày")
    assert "# asked for by the mayor" in draft.files[PROCEDURE]
    # The steps take longer than that: the draft's page says so, and it is not sent.
    page = desk.get(url("draft", draft)).content.decode()
    assert "the steps take up to 24 working hours" in page and "Error" in page


@pytest.mark.parametrize(
    ("part", "name", "value", "path"),
    [
        ("general", "procedure-lead-en", "New words: “so”, {such} [as] # these", ("lead", "en")),
        ("papers", "procedure-components-0-needed", "upload", ("components", 0, "needed")),
        ("law", "procedure-publication-decision", "12/QĐ-UBND", ("publication", "decision")),
        ("fees", "procedure-fees-0-text-en", "50,000 dong: paid once", ("fees", 0, "text", "en")),
    ],
)
def test_a_fact_is_written_into_the_file_and_nothing_else_changes(desk, part, name, value, path):
    draft = begun(desk)
    address = url("facts", draft, part)
    desk.post(address, typed(desk.get(address)) | {name: value})
    before = yaml.safe_load(draft.files[PROCEDURE])
    draft.refresh_from_db()
    after = yaml.safe_load(draft.files[PROCEDURE])
    place = before
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert after == before


def test_laws_are_edited_a_line_each_and_keep_their_sources(desk):
    draft = begun(desk)
    address = url("facts", draft, "law")
    data = typed(desk.get(address))
    lines = data["procedure-legal_basis"].splitlines()
    data["procedure-legal_basis"] = "\r\n".join([lines[0], "9/2026/NĐ-CP | Nghị định mới"])
    desk.post(address, data)
    draft.refresh_from_db()
    first, new = yaml.safe_load(draft.files[PROCEDURE])["legal_basis"]
    assert first["source"] and new == {"number": "9/2026/NĐ-CP", "name": "Nghị định mới"}


def test_a_stale_page_keeps_what_was_typed_and_shows_what_stands_there(desk, world):
    draft = begun(desk)
    address = url("facts", draft, "general")
    data = typed(desk.get(address)) | {"procedure-lead-en": "Mine"}
    services.save_draft(
        actor=keeper(), draft_id=draft.pk, change=change(draft, ("lead", "en"), "Theirs"), at=MORNING
    )
    page = desk.post(address, data)
    shown = page.content.decode()
    assert page.status_code == 409 and "Mine" in shown and "Theirs" in shown
    assert yaml.safe_load(VersionDraft.objects.get(pk=draft.pk).files[PROCEDURE])["lead"]["en"] == "Theirs"
    assert desk.post(address, data | {"revision": page.context["draft"].revision}).status_code == 302
    draft.refresh_from_db()
    assert yaml.safe_load(draft.files[PROCEDURE])["lead"]["en"] == "Mine"


def test_files_are_saved_even_when_wrong_and_the_line_is_named(desk):
    draft = begun(desk)
    address = url("files", draft)
    data = typed(desk.get(address)) | {f"file-{NAMES.index(PROCEDURE)}": 'code: "1.004873"\r\nname: [\r\n'}
    desk.post(address, data)
    draft.refresh_from_db()
    assert draft.files[PROCEDURE] == 'code: "1.004873"\nname: [\n'
    assert "procedure.yaml:" in desk.get(address).content.decode()


def bundle(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return made.getvalue()


def upload(desk, draft, name, content):
    data = {"revision": draft.revision, "upload": SimpleUploadedFile(name, content)}
    desk.post(url("upload", draft), data)
    draft.refresh_from_db()
    return draft


def test_a_downloaded_zip_gives_the_same_files_when_it_is_sent_back(desk):
    draft = begun(desk)
    before, content = draft.files, desk.get(url("download", draft)).content
    assert upload(desk, draft, "x.zip", content).revision == 1
    one = upload(desk, draft, "result.typ", b"= M\xc3\xa3")
    assert one.files == {**before, "result.typ": "= Mã"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", b"x"),
        ("procedure.yaml", b"\xff\xfe"),
        ("x.zip", b"PK\x05\x06" + b"\0" * 18),
        ("bomb.zip", bundle(**{"procedure.yaml": "x" * 5_000_000})),
        ("twice.zip", bundle(**{"a/procedure.yaml": "a: 1", "b/procedure.yaml": "a: 2"})),
    ],
)
def test_a_file_that_is_none_of_a_procedure_changes_nothing(desk, name, content):
    draft = begun(desk)
    before = draft.files
    assert upload(desk, draft, name, content).files == before


def test_review_and_publication_say_what_will_change_and_then_do_it(desk, world, browse):
    draft = sent(world)
    other = english(browse, keeper())
    page = other.get(url("review", draft)).content.decode()
    assert "In words" in page and "<del>" in page
    assert desk.post(url("review", draft), {"revision": draft.revision}).status_code == 403
    back = other.post(url("review", draft), {"revision": draft.revision, "decision": "send_back"})
    assert back.status_code == 422 and "Enter what the author is to change." in back.content.decode()
    other.post(url("review", draft), {"revision": draft.revision, "decision": "approve"})
    draft.refresh_from_db()
    assert draft.state == "approved"
    assert "in force at once" in desk.get(url("publish", draft)).content.decode()
    desk.post(url("publish", draft), {"revision": draft.revision})
    assert "2 working days" in desk.get(PUBLIC).content.decode()


def test_an_approval_by_hand_of_two_at_once_counts_once(world, browse):
    draft = sent(world)
    other = english(browse, keeper())
    sent_once = {"revision": draft.revision, "decision": "approve"}
    assert [other.post(url("review", draft), sent_once).status_code for _ in range(2)] == [302, 302]
    draft.refresh_from_db()
    assert (draft.state, draft.revision) == ("approved", sent_once["revision"] + 1)


def test_the_public_page_shows_the_law_of_a_given_day(world, client):
    soon = TODAY + timedelta(days=30)
    published(world, day=soon)
    page = client.get(PUBLIC, headers=ENGLISH)
    now = page.content.decode()
    assert "3 working days" in now and "something changes" in now and "X-Robots-Tag" not in page
    later = client.get(f"{PUBLIC}?on={soon}", headers=ENGLISH)
    then = later.content.decode()
    assert "2 working days" in then and "You are looking at the law of" in then
    assert later["X-Robots-Tag"] == "noindex"
    assert "/start/" not in then and f"?on={TODAY}" not in then and "The version before" in then
    before = client.get(f"{PUBLIC}?on=2020-01-01", headers=ENGLISH).content.decode()
    assert "nothing was in force" in before
    for wrong in ("soon", "2026-02-30", "20260301", "0000-00-00", "9999-12-31"):
        assert client.get(f"{PUBLIC}?on={wrong}", headers=ENGLISH).status_code == 422


def test_a_preview_shows_the_page_and_the_form_and_lets_nobody_begin(desk, world):
    draft = approved(world)
    page = desk.get(url("preview", draft)).content.decode()
    assert "2 working days" in page and "not published" in page and "/start/" not in page
    form = desk.get(url("preview-form", draft)).content.decode()
    assert "fieldset" in form and "csrfmiddlewaretoken" not in form.split("<main")[1]


def test_the_list_finds_and_filters_and_goes_on_after_a_code(desk, world):
    published(world, day=TODAY + timedelta(days=30))
    listing = reverse("versions:procedures")
    for query in ("q=hon+nhan", "only=announced", "q=1.004873&only=announced"):
        assert CODE in desk.get(f"{listing}?{query}").content.decode()
    row = reverse("versions:history", args=[CODE])
    assert row not in desk.get(f"{listing}?only=review").content.decode()
    assert row not in desk.get(f"{listing}?after={CODE}").content.decode()


def test_the_files_of_a_version_come_as_the_same_zip_each_time_and_are_the_authors_own(desk):
    url = reverse("versions:version-files", args=[CODE, 1])
    first, second = desk.get(url), desk.get(url)
    assert first.content == second.content
    with zipfile.ZipFile(io.BytesIO(first.content)) as archive:
        own = settings.PACKS / "vn" / "procedures" / CODE / "procedure.yaml"
        assert archive.read("procedure.yaml") == own.read_bytes()
    assert desk.get(reverse("versions:version-files", args=[CODE, 99])).status_code == 404
