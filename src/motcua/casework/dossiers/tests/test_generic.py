"""A procedure that has only its list of components, from the form to the returned result."""

from __future__ import annotations

from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdfium2 import PdfDocument

from motcua.casework.dossiers.errors import ActNotAllowed, ChecksMissing, DraftIncomplete, NoRoomToSign
from motcua.casework.dossiers.forms import form_of
from motcua.casework.dossiers.services import drafts, handling
from motcua.casework.dossiers.services.papers import find_draft
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.services.uploading import upload_result
from motcua.casework.dossiers.tests.factories import MORNING, handed_over, picture, seen, snapshot, target
from motcua.casework.warehouse.models import Document
from motcua.foundation.files.errors import FileRefused
from motcua.foundation.files.services import read_file
from motcua.registry.catalogue.selectors import get_version

pytestmark = pytest.mark.django_db
ADOPTION = "2.001255"


def pdf(
    *, pages: int = 2, size: tuple[float, float] = (595.28, 841.89), turned: int = 0
) -> SimpleUploadedFile:
    document, content = PdfDocument.new(), BytesIO()
    for _ in range(pages):
        document.new_page(*size).set_rotation(turned)
    document.save(content)
    return SimpleUploadedFile("ket-qua.pdf", content.getvalue(), content_type="application/pdf")


def begun(world):
    version = get_version(ADOPTION, at=MORNING.date())
    return drafts.start_draft(actor=world.mother, version=version, at=MORNING)


def filled_in(world, **changes):
    draft = begun(world)
    answers = {
        "applicant": {
            "full_name": "Nguyễn Thị Hồng Nhung",
            "birth_date": "1997-08-14",
            "residence": "Khu 4, xã Lâm Thao",
        },
        "applicant_phone": "0912345678",
        "subject": "Xin đăng ký lại việc nuôi con nuôi, bản chính đã mất.",
        "registration_commune": world.desk.agency.place_code,
        "result_by": "warehouse",
    }
    answers |= changes
    for shade in (0, 1):
        drafts.add_paper(
            actor=world.mother,
            draft_id=draft.id,
            component="paper_declaration",
            upload=picture(f"to-khai-{shade}.png", shade=shade),
            at=MORNING,
        )
    answers = {name: value for name, value in answers.items() if value is not None}
    return drafts.save_answers(actor=world.mother, draft_id=draft.id, answers=answers, at=MORNING)


def examined(world):
    """Accepted and handed over: the specialist's turn."""
    dossier = submit_dossier(actor=world.mother, draft_id=filled_in(world).id, at=MORNING)
    handling.accept_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    handling.hand_over_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    return dossier


def upload(world, dossier, file, checks=("0", "1")):
    return upload_result(
        actor=world.desk.specialist, target=target(dossier), upload=file, checks=checks, at=MORNING
    )


def test_asks_for_each_component_under_its_own_name(world):
    form = form_of(get_version(ADOPTION, at=MORNING.date()))
    asked = form.fields["paper_declaration"]
    assert (asked.label["de"], asked.several) == ("Antrag auf erneute Eintragung der Adoption", True)
    assert form.fields["subject"].max_length == 1000


@pytest.mark.parametrize(
    "missing", [{"subject": None}, {"subject": "x" * 1001}, {"owner": {"full_name": "Ai"}}]
)
def test_is_not_submitted_incomplete(world, missing):
    with pytest.raises(DraftIncomplete):
        submit_dossier(actor=world.mother, draft_id=filled_in(world, **missing).id, at=MORNING)


def test_goes_the_whole_way_with_an_uploaded_result_that_lands_in_the_warehouse(world, browse, client):
    dossier = examined(world)
    assert len(dossier.answers["paper_declaration"]) == 2
    assert {it.name for it in dossier.components.all()} == {"Tờ khai đăng ký lại việc nuôi con nuôi"}
    draft = upload(world, dossier, pdf())
    assert (draft.edition, draft.content["signature"]["page"]) == (1, 2)
    again = upload(world, dossier, pdf(pages=1))
    assert (again.edition, again.number) == (2, draft.number)
    handling.submit_for_signature(actor=world.desk.specialist, target=target(dossier), at=MORNING)
    result = handling.sign_result(
        actor=world.desk.leader, target=target(dossier), seen_sha256=seen(dossier), at=MORNING
    )
    handling.return_result(actor=world.desk.reception, target=target(dossier), at=MORNING)
    dossier.refresh_from_db()
    assert dossier.status == 10
    document = Document.objects.get(subject=dossier.id)
    assert (document.kind, document.number) == ("KQ.G15.000002", draft.number)
    assert (document.owner_id, document.file, document.delivered_at) == (
        world.mother.person_id, result.stored, MORNING,
    )  # fmt: skip
    signed, uploaded = read_file(result.stored), read_file(find_draft(dossier).stored)
    assert signed.startswith(uploaded) and b"/ByteRange" in signed[len(uploaded) :]
    with time_machine.travel(MORNING, tick=False):
        page = browse(world.mother).get("/documents/", headers={"accept-language": "en"}).content.decode()
        assert document.number in page and "In force" in page
        verdict = client.get("/verify/", {"code": document.verification_code}).content.decode()
    assert document.number in verdict


REFUSED = {
    "a picture": (lambda: picture("ket-qua.pdf"), FileRefused),
    "an empty file": (lambda: SimpleUploadedFile("ket-qua.pdf", b""), FileRefused),
    "a turned last page": (lambda: pdf(turned=90), NoRoomToSign),
    "a page too small to sign": (lambda: pdf(size=(200, 300)), NoRoomToSign),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_refuses_as_a_result(world, fault):
    make, error = REFUSED[fault]
    dossier = examined(world)
    before = snapshot(dossier)
    with pytest.raises(error):
        upload(world, dossier, make())
    assert snapshot(dossier) == before


def test_is_not_uploaded_before_everything_is_checked(world):
    dossier = examined(world)
    with pytest.raises(ChecksMissing):
        upload(world, dossier, pdf(), checks=["0"])


def test_a_result_with_a_template_is_not_uploaded_and_one_without_is_not_rendered(world):
    with pytest.raises(ActNotAllowed):
        upload(world, handed_over(world.desk, world.mother), pdf(), checks=["0", "1", "2"])
    dossier = examined(world)
    with pytest.raises(ActNotAllowed):
        handling.draft_result(
            actor=world.desk.specialist, target=target(dossier), checks=["0", "1"], at=MORNING
        )


def test_the_desk_uploads_and_the_leader_sees_the_page_to_sign(world, browse):
    dossier = examined(world)
    clerk = browse(world.desk.specialist)
    page = clerk.get(f"/desk/dossiers/{dossier.id}/").content.decode()
    assert 'name="result"' in page and "upload-result" in page
    sent = {"revision": target(dossier).revision, "check": ["0", "1"], "result": pdf()}
    assert clerk.post(f"/desk/dossiers/{dossier.id}/acts/upload-result/", sent).status_code == 302
    draft = find_draft(dossier)
    picture_of = clerk.get(f"/desk/dossiers/{dossier.id}/documents/{draft.id}/page.png")
    assert picture_of["Content-Type"] == "image/png"
    handling.submit_for_signature(actor=world.desk.specialist, target=target(dossier), at=MORNING)
    signing = browse(world.desk.leader).get(f"/desk/signing/?dossier={dossier.id}").content.decode()
    assert draft.file.sha256 in signing
