"""Attacks on signed PDFs that are known by name. Whatever is done, the file is never valid and nothing breaks.

Shadow attacks: Mainka, Mladenov, Rohlmann, "Shadow Attacks" (NDSS 2021). Wrapping, forgery, incremental saving:
Mladenov and others, "1 Trillion Dollar Refund" (CCS 2019). Certification: "Breaking the Specification" (S&P 2021).
"""

from __future__ import annotations

import re
import zlib
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from motcua.foundation.signatures.examination import examine_pdf
from motcua.foundation.signatures.levels import extend_pdf
from motcua.foundation.signatures.pdf import sign_pdf
from motcua.foundation.signatures.tests.authorities import ClockedAuthority
from motcua.foundation.signatures.tests.factories import (
    AT,
    LATER,
    Stranger,
    draft_pdf,
    request,
    signed_pdf,
    trust_roots,
)
from motcua.foundation.signatures.trust import read_trust_list
from motcua.foundation.signatures.verification import verify_pdf
from motcua.foundation.signatures.writing import PlainWriter

_RANGE = re.compile(rb"/ByteRange\s*\[\s*0 (\d+) (\d+) (\d+)\s*\]")


@pytest.fixture
def trust(signer, signatures_dir):
    return trust_roots(signatures_dir)


@pytest.fixture
def signed(signer):
    return signed_pdf(signer)


@pytest.fixture
def refuse(trust):
    def check(pdf):
        verdict = examine_pdf(pdf, at=LATER, trust=trust)
        assert not verdict.is_valid, verdict
        return verdict

    return check


def _written(writer):
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _page(writer):
    return writer.root["/Pages"]["/Kids"][0]


def _with_overlay(pdf: bytes) -> bytes:
    """A draft whose first page shows one more object, as an attacker would prepare it."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = _page(writer)
    shown = generic.StreamObject(stream_data=b"1 1 1 rg 0 0 600 800 re f")
    content = page.raw_get("/Contents")
    page["/Contents"] = generic.ArrayObject([content, writer.add_object(shown)])
    writer.update_container(page)
    return _written(writer)


# Shadow attacks


def test_shadow_hide_the_overlay_is_taken_away_after_signing(signer, refuse):
    signed = sign_pdf(_with_overlay(draft_pdf()), signer=signer, request=request())
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    overlay = _page(writer)["/Contents"].raw_get(1)
    overlay.get_object()._data = b" "
    writer.mark_update(overlay)
    stream = generic.StreamObject(stream_data=b" ")
    writer.objects[(overlay.generation, overlay.idnum)] = stream
    assert refuse(_written(writer)).problems == ("added",)


def test_shadow_replace_a_font_draws_other_letters_after_signing(signed, refuse):
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    fonts = _page(writer)["/Resources"]["/Font"]
    name = next(iter(fonts))
    font = fonts[name]
    font[pdf_name("/Encoding")] = pdf_name("/Identity-V")
    writer.update_container(font)
    assert refuse(_written(writer)).problems == ("added",)


def test_shadow_hide_and_replace_another_page_waits_in_the_file(signer, refuse):
    writer = IncrementalPdfFileWriter(BytesIO(draft_pdf()))
    hidden = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/MediaBox"): _page(writer)["/MediaBox"],
            pdf_name("/Parent"): writer.root.raw_get("/Pages"),
        }
    )
    reference = writer.add_object(hidden)
    signed = sign_pdf(_written(writer), signer=signer, request=request())
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    pages = writer.root["/Pages"]
    pages["/Kids"] = generic.ArrayObject([generic.IndirectObject(reference.idnum, 0, writer)])
    writer.update_container(pages)
    assert refuse(_written(writer)).problems == ("added",)


def test_shadow_a_table_alone_turns_to_a_signed_but_hidden_object(signer, refuse):
    """Nothing but a cross-reference table is added; the other object lies inside what was signed."""
    number = IncrementalPdfFileWriter(BytesIO(draft_pdf())).root["/Pages"]["/Kids"].raw_get(0).idnum
    shadow = b"%d 0 obj\n<</Type/Page/MediaBox[0 0 9 9]>>\nendobj\n" % number
    writer = IncrementalPdfFileWriter(BytesIO(draft_pdf()))
    stream = generic.StreamObject(stream_data=shadow)
    writer.root["/PieceInfo"] = writer.add_object(stream)
    writer.update_root()
    signed = sign_pdf(_written(writer), signer=signer, request=request())
    refuse(_append_table(signed, number, signed.index(shadow)))


def _append_table(pdf: bytes, number: int, offset: int) -> bytes:
    previous = pdf[pdf.rindex(b"startxref") + 9 :].split()[0]
    root = re.findall(rb"/Root (\d+ 0 R)", pdf)[-1]
    size = max(int(one) for one in re.findall(rb"/Size (\d+)", pdf))
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, offset)
    trailer = b"trailer\n<</Size %d/Root %s/Prev %s>>\n" % (size, root, previous)
    return pdf + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(pdf)


# Hidden updates: a table that only some readers find (poppler, pdfium), behind the end of what was signed


def _hidden_update(pdf: bytes) -> bytes:
    """Another first page, and a table for it; without the line that ends a file."""
    reader = PdfFileReader(BytesIO(pdf))
    page, root = reader.root["/Pages"]["/Kids"].raw_get(0).idnum, reader.trailer.raw_get("/Root").idnum
    start, size = len(pdf) + 1, int(reader.trailer["/Size"])
    body = b"%d 0 obj\n<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]>>\nendobj\n" % (
        page,
        reader.root.raw_get("/Pages").idnum,
    )
    table = b"xref\n%d 1\n%010d 00000 n \n" % (page, start)
    trailer = b"trailer\n<</Size %d/Root %d 0 R/Prev %d>>\n" % (size, root, reader.last_startxref)
    return pdf + b"\n" + body + table + trailer + b"startxref\n%d" % (start + len(body))


def _with_store(pdf: bytes, signer) -> bytes:
    """With a security store, which anybody may add."""
    writer = PlainWriter(BytesIO(pdf))
    certificate = Certificate.load(signer.certificate.public_bytes(Encoding.DER))
    DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=[certificate])
    return _written(writer)


@pytest.mark.parametrize("end", [b"", b"\n", b" %%EOF\n", b"\n %%EOF\n", b"\n%%EOF x\n", b"\n%%EOF\n\n\n"])
@pytest.mark.parametrize("level", ["B-B", "B-B with a store", "B-T", "B-LT", "B-LTA"])
def test_a_hidden_update_is_found_at_every_level(signed, signer, clock, signatures_dir, level, end):
    kept = signed if level.startswith("B-B") else extend_pdf(signed, at=clock.at, level=level, stamper=clock)
    pdf = _with_store(signed, signer) if "store" in level else kept
    trust = read_trust_list(signatures_dir)
    assert examine_pdf(pdf, at=clock.at, trust=trust).is_valid
    verdict = examine_pdf(_hidden_update(pdf) + end, at=clock.at, trust=trust)
    assert not verdict.is_valid
    assert verdict.verdict == "TOTAL-FAILED"


@pytest.mark.parametrize(
    "rest", [b"\n%word\n", b"\n\n\n", bytes(2000), b"\nstartxref\n0\n%%EOF\n", b"PK\x03\x04"]
)
@pytest.mark.parametrize("level", ["B-T", "B-LTA"])
def test_nothing_stands_behind_the_end_of_an_extended_file(signed, clock, signatures_dir, level, rest):
    pdf = extend_pdf(signed, at=clock.at, level=level, stamper=clock)
    assert not examine_pdf(pdf + rest, at=clock.at, trust=read_trust_list(signatures_dir)).is_valid


# Wrapping: the signed bytes are moved away, others take their place


def _with_range(pdf: bytes, numbers: bytes) -> bytes:
    """Another byte range of the same length in the file, where it fits, so that all else stays in its place."""
    found = _RANGE.search(pdf)
    text = b"/ByteRange [" + numbers + b"]"
    return pdf[: found.start()] + text.ljust(found.end() - found.start()) + pdf[found.end() :]


def _numbers(pdf: bytes) -> tuple[int, int, int]:
    return tuple(map(int, _RANGE.search(pdf).groups()))


def test_wrapping_the_second_part_is_moved_behind_new_content(signed, refuse):
    length, resumed, rest = _numbers(signed)
    evil = b"\n9999 0 obj\n<</Evil true>>\nendobj\n"
    moved = signed + evil + signed[resumed : resumed + rest]
    refuse(_with_range(moved, b"0 %d %d %d" % (length, len(signed) + len(evil), rest)))


@pytest.mark.parametrize(
    "numbers",
    [
        b"0 0 0 0",
        b"0 1 1 1",
        b"-1 9 9 9",
        b"0 9 9 999999999",
        b"0 99999999999999 9 9",
        b"5 9 99 9",
        b"0 9",
        b"0 9 99 9 9 9",
        b"a b c d",
        b"",
        b"0.5 1 2 3",
    ],
)
def test_wrapping_an_odd_byte_range_is_refused(signed, refuse, numbers):
    refuse(_with_range(signed, numbers))


def test_wrapping_the_range_leaves_the_head_of_the_file_out(signed, refuse):
    length, resumed, rest = _numbers(signed)
    assert refuse(_with_range(signed, b"8 %d %d %d" % (length - 8, resumed, rest))).problems


def test_wrapping_the_range_ends_before_the_file_does(signed, refuse):
    length, resumed, rest = _numbers(signed)
    assert refuse(_with_range(signed, b"0 %d %d %d" % (length, resumed, rest - 9))).problems


# Forgery: the signature itself is taken away or emptied


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        (rb"/ByteRange\s*\[[^]]*\]", b""),
        (rb"/Contents\s*<[0-9a-fA-F]+>", b"/Contents null"),
        (rb"/Contents\s*<[0-9a-fA-F]+>", b"/Contents <00>"),
        (rb"/Contents\s*<[0-9a-fA-F]+>", b"/Contents <>"),
        (rb"/SubFilter\s*/ETSI.CAdES.detached", b"/SubFilter /adbe.x509.rsa_sha1"),
        (rb"/SubFilter\s*/ETSI.CAdES.detached", b"/SubFilter 7"),
        (rb"/SubFilter\s*/ETSI.CAdES.detached", b"/SubFilter /ETSI.RFC3161"),
    ],
)
def test_forgery_a_signature_without_its_parts_is_refused(signed, refuse, part, instead):
    found = re.search(part, signed)
    refuse(signed[: found.start()] + instead.ljust(found.end() - found.start()) + signed[found.end() :])


def test_forgery_a_signature_of_another_file_is_refused(signer, signed, refuse):
    other = sign_pdf(draft_pdf(), signer=signer, request=request(place="Hà Nội"))
    mine, theirs = (re.search(rb"/Contents\s*<([0-9a-fA-F]+)>", pdf) for pdf in (signed, other))
    assert len(mine[1]) == len(theirs[1])
    verdict = refuse(signed[: mine.start(1)] + theirs[1] + signed[mine.end(1) :])
    assert verdict.problems == ("changed",)


def test_certification_a_note_and_another_signature_cannot_be_slipped_over_it(signed, refuse):
    """A second, invisible signature is allowed; what it brings along is not."""
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    note = {
        "/Type": pdf_name("/Annot"),
        "/Subtype": pdf_name("/FreeText"),
        "/DA": generic.pdf_string("/F 9 Tf"),
    }
    annotation = generic.DictionaryObject({pdf_name(key): value for key, value in note.items()})
    annotation["/Rect"] = generic.ArrayObject(map(generic.NumberObject, (50, 600, 300, 700)))
    _page(writer)["/Annots"].append(writer.add_object(annotation))
    writer.update_container(_page(writer)["/Annots"])
    stranger = Stranger()
    assert "added" in refuse(stranger.sign(_written(writer))).problems


# Time stamps


@pytest.fixture
def clock(signer, signatures_dir):
    authority = ClockedAuthority(AT)
    authority.believe(signatures_dir)
    authority.at = AT + timedelta(hours=2)
    return authority


@pytest.fixture
def extended(signed, clock):
    return extend_pdf(signed, at=clock.at, level="B-LTA", stamper=clock)


def test_a_time_stamp_of_other_bytes_proves_nothing(extended, clock, signatures_dir):
    tokens = list(re.finditer(rb"/Contents\s*<([0-9a-fA-F]{1000,})>", extended))
    other = clock.stamp(sha256(b"something else").digest()).hex().encode()
    last = tokens[-1]
    swapped = extended[: last.start(1)] + other.ljust(len(last[1]), b"0") + extended[last.end(1) :]
    verdict = examine_pdf(swapped, at=clock.at, trust=read_trust_list(signatures_dir))
    assert verdict.time_stamps[-1].problem == "changed"
    assert verdict.level == "B-LT"


@pytest.mark.parametrize("junk", [b"00", b"3003020101", b"zz"])
def test_a_broken_time_stamp_proves_nothing(extended, clock, signatures_dir, junk):
    last = list(re.finditer(rb"/Contents\s*<([0-9a-fA-F]{1000,})>", extended))[-1]
    broken = extended[: last.start(1)] + junk.ljust(len(last[1]), b"0") + extended[last.end(1) :]
    verdict = examine_pdf(broken, at=clock.at, trust=read_trust_list(signatures_dir))
    assert verdict.level in {"", "B-B", "B-T", "B-LT"}


def test_a_change_behind_the_last_time_stamp_is_found(extended, clock, signatures_dir):
    writer = IncrementalPdfFileWriter(BytesIO(extended))
    page = _page(writer)
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 500 500 re f"))
    writer.update_container(page)
    verdict = examine_pdf(_written(writer), at=clock.at, trust=read_trust_list(signatures_dir))
    assert verdict.problems == ("added",)


# Endless files; the time is bounded by the process that examines (see test_verification.py)


def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    block = bytes(1024 * 1024)
    return b"".join([*(packer.compress(block) for _ in range(megabytes)), packer.flush()])


def _objects(*bodies: bytes) -> bytes:
    pdf, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, len(pdf))
    return pdf + head + table + trailer


_SIGNATURE = b"<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 9 9 9]/Contents<00>>>"
_STREAM = b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream"
_BIG = _bomb(600)


@pytest.mark.parametrize(
    "bodies",
    [
        (b"<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>", b"<</FT/Sig/T(a)/Kids[2 0 R]>>"),
        (b"<</Type/Catalog/AcroForm<</Fields 2 0 R>>>>", b"2 0 R"),
        (b"<</Type/Catalog/AcroForm 2 0 R>>", b"3 0 R", b"2 0 R"),
        (
            b"<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>",
            b"<</Parent 2 0 R/FT/Sig/T(a)/V 3 0 R>>",
            _SIGNATURE,
        ),
        (
            b"<</Type/Catalog/Pages 1 0 R/AcroForm<</Fields[2 0 R]>>>>",
            b"<</FT/Sig/T(a)/V 3 0 R>>",
            _SIGNATURE,
        ),
        (
            b"<</Type/Catalog/DSS<</CRLs[4 0 R]/Certs[4 0 R]>>/AcroForm<</Fields[2 0 R]>>>>",
            b"<</FT/Sig/T(a)/V 3 0 R>>",
            _SIGNATURE,
            _STREAM % (len(_BIG), _BIG),
        ),
        (b"<</Type/Catalog/DSS 1 0 R/AcroForm<</Fields[2 0 R]>>>>", b"<</FT/Sig/T(a)/V 3 0 R>>", _SIGNATURE),
    ],
    ids=["own child", "own value", "ring", "own parent", "own pages", "zip bomb", "own store"],
)
def test_an_endless_file_is_given_up(bodies):
    pdf = _objects(*bodies)
    verdict = verify_pdf(pdf, at=LATER, trust=[])
    assert not verdict.is_valid
    assert verdict.verdict != "TOTAL-PASSED"


def test_a_ring_of_tables_is_given_up(signed):
    start = signed.rindex(b"startxref")
    previous = int(signed[start + 9 :].split()[0])
    ring = signed + b"xref\n0 0\ntrailer\n<</Size 9/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF" % (
        len(signed),
        len(signed),
    )
    assert previous < len(signed)
    assert not verify_pdf(ring, at=LATER, trust=[]).is_valid
