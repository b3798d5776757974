from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import copy_into_new_writer

from motcua.foundation.signatures import orders, verification
from motcua.foundation.signatures.certificates import authority_name
from motcua.foundation.signatures.examination import examine_pdf
from motcua.foundation.signatures.tests import factories
from motcua.foundation.signatures.tests.factories import (
    AGENCY,
    AT,
    LATER,
    PERSON,
    Stranger,
    draft_pdf,
    signed_pdf,
    trust_roots,
)
from motcua.foundation.signatures.tests.test_pdf import encrypted_pdf
from motcua.foundation.signatures.tests.test_xml import Outsider
from motcua.foundation.signatures.verification import UnreadablePdf, explain, verify_pdf
from motcua.foundation.signatures.xml import examine_xml

PASSED, FAILED, UNDECIDED = "TOTAL-PASSED", "TOTAL-FAILED", "INDETERMINATE"


@pytest.fixture
def trust(signer, signatures_dir):
    return trust_roots(signatures_dir)


@pytest.fixture
def signed(signer):
    return signed_pdf(signer)


def test_passes_what_was_just_signed(signed, trust):
    verdict = verify_pdf(signed, at=LATER, trust=trust)
    (signature,) = verdict.signatures
    assert (verdict.verdict, verdict.complete, verdict.is_valid, verdict.problems) == (PASSED, True, True, ())
    assert (signature.name, signature.organisation, signature.title) == (PERSON, AGENCY, "Chủ tịch")
    assert (signature.intact, signature.unchanged, signature.trusted) == (True, True, True)
    assert signature.covers_whole_file
    assert signature.signed_at == AT + timedelta(hours=1)
    assert verdict == examine_pdf(signed, at=LATER, trust=trust)


def test_trusts_nobody_without_a_trust_list(signed):
    verdict = examine_pdf(signed, at=LATER, trust=[])
    assert (verdict.verdict, verdict.problems) == (UNDECIDED, ("unknown_authority",))
    assert verdict.signatures[0].intact and not verdict.signatures[0].trusted


def test_does_not_trust_a_namesake_of_the_authority(signed, trust):
    namesake = Stranger().root
    verdict = examine_pdf(signed, at=LATER, trust=[namesake])
    assert not verdict.signatures[0].trusted


@pytest.mark.parametrize("days", [-1, 400])
def test_does_not_trust_a_certificate_out_of_its_time(signed, trust, days):
    verdict = examine_pdf(signed, at=AT + timedelta(days=days), trust=trust)
    assert verdict.verdict == UNDECIDED
    assert not verdict.signatures[0].trusted


def test_finds_a_change_of_any_signed_byte(signed, trust):
    gap = _gap(signed)

    @hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(place=st.integers(0, len(signed) - 1).filter(lambda at: at not in gap), bit=st.integers(0, 7))
    def no_change_passes(place: int, bit: int) -> None:
        changed = bytearray(signed)
        changed[place] ^= 1 << bit
        verdict = examine_pdf(bytes(changed), at=LATER, trust=trust)
        assert verdict.verdict != PASSED
        assert not any(signature.intact for signature in verdict.signatures)

    no_change_passes()


def test_finds_something_hidden_in_the_gap_of_the_signature(signed, trust):
    gap = _gap(signed)
    hidden = bytearray(signed)
    hidden[gap.stop - 21 : gap.stop - 1] = b"AB" * 10
    assert examine_pdf(bytes(hidden), at=LATER, trust=trust).problems == ("partial",)


@pytest.mark.parametrize("tail", [b"\n", b"%%EOF\n", b"1 0 obj\n<<>>\nendobj\n", b"\0" * 5000])
def test_finds_appended_bytes(signed, trust, tail):
    verdict = examine_pdf(signed + tail, at=LATER, trust=trust)
    assert verdict.verdict != PASSED
    assert not verdict.complete


def _annotate(writer: IncrementalPdfFileWriter) -> None:
    note = {"/Type": "/Annot", "/Subtype": "/FreeText", "/DA": "/F 12 Tf", "/Contents": "Khác"}
    note_object = generic.DictionaryObject(
        {
            generic.pdf_name(k): generic.pdf_name(v) if v[0] == "/" else generic.pdf_string(v)
            for k, v in note.items()
        }
    )
    note_object["/Rect"] = generic.ArrayObject(map(generic.NumberObject, (50, 600, 300, 700)))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Annots"].append(writer.add_object(note_object))
    writer.update_container(page["/Annots"])


def _add_page(writer: IncrementalPdfFileWriter) -> None:
    page = copy_into_new_writer(writer.prev).root["/Pages"]["/Kids"][0]
    writer.insert_page(
        generic.DictionaryObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/Page"),
                generic.pdf_name("/MediaBox"): page["/MediaBox"],
            }
        )
    )


def _overwrite_text(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 500 500 re f"))
    writer.update_container(page)


def _rename(writer: IncrementalPdfFileWriter) -> None:
    writer.document_meta.title = "Giấy khác"
    writer.update_root()


@pytest.mark.parametrize("change", [_annotate, _add_page, _overwrite_text, _rename])
def test_finds_a_later_revision(signed, trust, change):
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    change(writer)
    output = BytesIO()
    writer.write(output)
    verdict = examine_pdf(output.getvalue(), at=LATER, trust=trust)
    (signature,) = verdict.signatures
    assert (verdict.verdict, verdict.problems) == (FAILED, ("added",))
    assert signature.intact and not signature.unchanged and not signature.covers_whole_file


def test_finds_a_truncated_file(signed, trust):
    verdict = examine_pdf(signed[:-300], at=LATER, trust=trust)
    assert (verdict.verdict, verdict.problems) == (FAILED, ("changed",))


def test_judges_a_strangers_file(trust):
    stranger = Stranger()
    pdf = stranger.sign(draft_pdf())
    assert examine_pdf(pdf, at=LATER, trust=[stranger.root]).is_valid
    verdict = examine_pdf(pdf, at=LATER, trust=trust)
    assert (verdict.verdict, verdict.problems) == (UNDECIDED, ("unknown_authority",))
    assert verdict.signatures[0].intact and verdict.signatures[0].unchanged


@pytest.mark.parametrize(
    ("weakness", "problem"),
    [
        ({"digest": "sha1"}, "weak_algorithm"),
        ({"key": rsa.generate_private_key(65537, 1024)}, "weak_algorithm"),
        ({"purposes": (ExtendedKeyUsageOID.SERVER_AUTH,)}, "wrong_key_usage"),
        ({"days": 10}, "certificate_expired"),
    ],
)
def test_does_not_pass_an_unfit_signature(weakness, problem):
    stranger = replace(Stranger(), **weakness)
    verdict = examine_pdf(stranger.sign(draft_pdf()), at=LATER, trust=[stranger.root])
    assert (verdict.verdict, verdict.problems) == (UNDECIDED, (problem,))
    assert not verdict.signatures[0].trusted


def test_needs_every_signature_to_hold(signer, trust):
    stranger = Stranger()
    twice = stranger.sign(signed_pdf(signer))
    verdict = examine_pdf(twice, at=LATER, trust=trust)
    assert [signature.trusted for signature in verdict.signatures] == [True, False]
    assert verdict.verdict == UNDECIDED
    assert examine_pdf(twice, at=LATER, trust=[*trust, stranger.root]).is_valid


def test_does_not_pass_over_an_unknown_kind_of_signature(signed, trust):
    odd = signed.replace(b"/ETSI.CAdES.detached", b"/ETSI.CAdES.somehow_")
    assert examine_pdf(odd, at=LATER, trust=trust).problems == ("unsupported",)


@pytest.mark.parametrize(
    ("pdf", "problem"),
    [(draft_pdf(), "unsigned"), (encrypted_pdf(), "encrypted"), (b"%PDF-1.7 and no more", "unreadable")],
)
def test_says_why_it_cannot_judge(pdf, problem):
    verdict = verify_pdf(pdf, at=LATER, trust=[])
    assert (verdict.verdict, verdict.problems, verdict.signatures) == (UNDECIDED, (problem,), ())


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04" + bytes(100), bytes(range(256)) * 8])
def test_refuses_what_is_no_pdf(data):
    with pytest.raises(UnreadablePdf):
        verify_pdf(data, at=LATER, trust=[])


@given(data=st.binary(max_size=300))
@hypothesis_settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_never_passes_random_bytes(data):
    assert examine_pdf(b"%PDF-1.7\n" + data, at=LATER, trust=[]).verdict == UNDECIDED


def test_does_not_examine_a_huge_file(monkeypatch):
    monkeypatch.setattr(verification, "MAX_BYTES", 100)
    assert verify_pdf(draft_pdf(), at=LATER, trust=[]).problems == ("too_large",)


def test_gives_up_a_file_that_takes_too_much_work():
    bomb = b"%PDF-1.7\n" + b"[" * 40_000_000
    verdict = verify_pdf(bomb, at=LATER, trust=[])
    assert (verdict.verdict, verdict.problems) == (UNDECIDED, ("too_costly",))


def test_gives_up_a_file_that_takes_too_long(monkeypatch, signed, trust):
    monkeypatch.setattr(verification, "MAX_SECONDS", 0.01)
    assert verify_pdf(signed, at=LATER, trust=trust).problems == ("too_costly",)


def test_gives_up_after_five_seconds_of_the_processor():
    assert orders.MAX_CPU_SECONDS <= 5
    assert verification.MAX_SECONDS <= 15


@pytest.mark.parametrize("unseen", ["\x1b", "\n", "\u202e", "\u2028", "\u2029", "\x9b"])
def test_names_have_no_characters_that_act_on_a_terminal_or_page(unseen, monkeypatch):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"An{unseen} Bình")])
    monkeypatch.setattr(
        factories, "authority_name", lambda text: name if text == "Somebody" else authority_name(text)
    )
    stranger = Stranger()
    xml = Outsider(stranger).sign()
    for verdict in (
        examine_pdf(stranger.sign(draft_pdf()), at=LATER, trust=[]),
        examine_xml(xml, at=LATER, trust=[]),
    ):
        assert verdict.signatures[0].name == "An Bình"


def test_explains_every_problem_in_a_sentence():
    assert str(explain("added")) == "Something was added to the file after it was signed."


def _gap(pdf: bytes) -> range:
    """Where the digits of the only signature are."""
    length, resumed = map(int, re.search(rb"/ByteRange\s*\[\s*0 (\d+) (\d+)", pdf).groups())
    return range(length, resumed)
