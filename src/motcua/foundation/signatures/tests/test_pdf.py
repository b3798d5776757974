from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from motcua.foundation.signatures.examination import examine_pdf
from motcua.foundation.signatures.keys import ExpiredKey
from motcua.foundation.signatures.pdf import CannotSign, sign_pdf
from motcua.foundation.signatures.tests.factories import (
    AT,
    LATER,
    draft_pdf,
    request,
    signed_pdf,
    stamp,
    trust_roots,
)


def test_leaves_the_draft_as_it_was(signer):
    assert signed_pdf(signer).startswith(draft_pdf())


def test_states_the_given_time_place_and_reason(signer):
    signature = PdfFileReader(BytesIO(signed_pdf(signer))).embedded_signatures[0]
    assert signature.self_reported_timestamp == AT + timedelta(hours=1)
    assert signature.sig_object["/Location"] == "Phú Thọ"
    assert signature.sig_object["/Reason"] == "Ký giấy khai sinh"


def test_is_a_pades_baseline_signature(signer):
    signature = PdfFileReader(BytesIO(signed_pdf(signer))).embedded_signatures[0]
    attributes = {attribute["type"].native for attribute in signature.signer_info["signed_attrs"]}
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert {"content_type", "message_digest", "signing_certificate_v2"} <= attributes
    assert "signing_time" not in attributes
    assert [one.subject.native["common_name"] for one in signature.other_embedded_certs] == ["Demo CA"]


def test_shows_the_stamp_where_it_was_asked_for(signer):
    widget = PdfFileReader(BytesIO(signed_pdf(signer))).root["/Pages"]["/Kids"][0]["/Annots"][0]
    assert [float(number) for number in widget["/Rect"]] == [320, 100, 520, 170]
    assert _picture(signed_pdf(signer)) != _picture(draft_pdf())


def test_reads_the_stamp_out(signer):
    root = PdfFileReader(BytesIO(signed_pdf(signer))).root
    form = root["/StructTreeRoot"]["/K"][0]["/K"][-1]
    widget = form["/K"]["/Obj"]
    assert form["/S"] == "/Form"
    assert widget["/TU"] == "Chữ ký số của Nguyễn Thị Hồng Vân"
    assert widget["/StructParent"] in list(root["/StructTreeRoot"]["/ParentTree"]["/Nums"])


def test_keeps_what_pdf_a_asks_for(signer):
    reader = PdfFileReader(BytesIO(signed_pdf(signer)))
    assert "/Version" not in reader.root
    assert draft_pdf().count(b"<pdfaid:part>2") == signed_pdf(signer).count(b"<pdfaid:part>2") == 1
    assert reader.root["/Pages"]["/Kids"][0]["/Annots"][0]["/F"] & 4


def test_lets_a_second_signature_follow(signer, signatures_dir):
    twice = sign_pdf(signed_pdf(signer), signer=signer, request=request(field_name="Agency"))
    verdict = examine_pdf(twice, at=LATER, trust=trust_roots(signatures_dir))
    assert verdict.is_valid
    assert [signature.covers_whole_file for signature in verdict.signatures] == [False, True]


def test_refuses_a_stamp_on_a_certified_file(signer):
    with pytest.raises(CannotSign, match="first signature"):
        sign_pdf(signed_pdf(signer), signer=signer, request=request(field_name="Agency", stamp_pdf=stamp()))


def test_refuses_a_used_field_name(signer):
    with pytest.raises(CannotSign):
        sign_pdf(signed_pdf(signer), signer=signer, request=request())


def test_refuses_what_was_changed_since_an_earlier_signature(signer):
    changed = bytearray(signed_pdf(signer))
    changed[len(draft_pdf()) // 2] ^= 1
    with pytest.raises(CannotSign, match="changed"):
        sign_pdf(bytes(changed), signer=signer, request=request(field_name="Agency"))


@pytest.mark.parametrize("pdf", [b"", b"PK\x03\x04", b"%PDF-1.7\n", draft_pdf()[:5000]])
def test_refuses_what_is_no_sound_pdf(signer, pdf):
    with pytest.raises(CannotSign):
        sign_pdf(pdf, signer=signer, request=request())


def test_refuses_an_encrypted_draft(signer):
    with pytest.raises(CannotSign, match="password"):
        sign_pdf(encrypted_pdf(), signer=signer, request=request())


@pytest.mark.parametrize("at", [AT - timedelta(days=1), AT + timedelta(days=366)])
def test_refuses_a_certificate_that_is_not_valid(signer, at):
    with pytest.raises(ExpiredKey):
        sign_pdf(draft_pdf(), signer=signer, request=request(at=at))


@pytest.mark.conformance
@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig (poppler-utils) is not installed")
def test_poppler_accepts_the_signature_and_finds_a_changed_byte(signer, tmp_path):
    whole = signed_pdf(signer)
    changed = bytearray(whole)
    changed[changed.index(b"/MediaBox") + 12] ^= 1
    assert _pdfsig(whole, tmp_path) == ["Signature is Valid."]
    assert _pdfsig(bytes(changed), tmp_path) == ["Digest Mismatch."]


def _picture(pdf: bytes) -> bytes:
    """The first page where the stamp is to be, drawn as a viewer does."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    page = document[0].render().to_pil()
    return page.crop((320, page.height - 170, 520, page.height - 100)).tobytes()


def encrypted_pdf() -> bytes:
    writer = copy_into_new_writer(PdfFileReader(BytesIO(draft_pdf())))
    writer.encrypt(owner_pass="owner", user_pass="user")
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _pdfsig(pdf: bytes, folder) -> list[str]:
    path = folder / "signed.pdf"
    path.write_bytes(pdf)
    told = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    return [line.split("Validation: ")[1] for line in told.splitlines() if "Signature Validation" in line]
