"""What PDF/A-2a and PDF/UA-1 ask for is still there after signing and extending. Source: ISO 19005-2, ISO 14289-1."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from motcua.foundation.signatures.levels import extend_pdf
from motcua.foundation.signatures.tests.authorities import ClockedAuthority
from motcua.foundation.signatures.tests.factories import AT, draft_pdf, signed_pdf


@pytest.fixture(params=["B-B", "B-LTA"])
def root(request, signer, signatures_dir):
    clock = ClockedAuthority(AT)
    clock.believe(signatures_dir)
    clock.at = AT + timedelta(hours=2)
    pdf = extend_pdf(signed_pdf(signer), at=clock.at, level=request.param, stamper=clock)
    return PdfFileReader(BytesIO(pdf)).root


def test_keeps_tags_language_and_title(root):
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "vi-VN"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_keeps_the_output_intent(root):
    intent = root["/OutputIntents"][0]
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].data


def test_keeps_its_identification_and_title_in_the_metadata(root):
    metadata = root["/Metadata"].data.decode()
    assert all(word in metadata for word in ("<pdfaid:part>2", "<pdfaid:conformance>A", "<pdfuaid:part>1"))
    assert "Giấy khai sinh" in metadata
    original = PdfFileReader(BytesIO(draft_pdf())).root["/Metadata"].data
    assert root["/Metadata"].data == original


def test_stays_a_pdf_1_7(root):
    assert root.get("/Version", "/1.7") == "/1.7"
    assert root["/Extensions"]["/ESIC"]["/BaseVersion"] == "/1.7"


def test_every_field_is_printable_and_tagged_or_off_the_page(root):
    """ISO 19005-2 6.3.2; ISO 14289-1 7.18.1."""
    page = root["/Pages"]["/Kids"][0]
    for widget in (one.get_object() for one in page["/Annots"]):
        x0, y0, x1, y1 = map(float, widget["/Rect"])
        assert widget["/F"] & 4 and not widget["/F"] & (1 | 2 | 32)
        assert "/StructParent" in widget or (x0 == x1 < 0 and y0 == y1 < 0)
