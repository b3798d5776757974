from __future__ import annotations

import pypdfium2
import pytest

from motcua.foundation.signatures.stamp import render_stamp
from motcua.foundation.signatures.tests.factories import AGENCY, AT, PERSON


def _text(pdf: bytes) -> str:
    return " ".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded().split())


def test_says_who_signed_for_whom_and_when():
    stamp = render_stamp(signer_name=PERSON, title="Chủ tịch", agency=AGENCY, at=AT, size_mm=(70, 25))
    told = _text(stamp)
    assert f"Người ký: {PERSON}" in told
    assert f"Cơ quan: {AGENCY}" in told
    assert "Thời gian ký: 15.09.2025 14:05:00 +07:00" in told


def test_leaves_out_an_empty_title():
    stamp = render_stamp(signer_name=PERSON, title="", agency=AGENCY, at=AT, size_mm=(70, 25))
    assert "Chức vụ" not in _text(stamp)


@pytest.mark.parametrize("size_mm", [(70, 25), (50, 20), (90, 30)])
def test_keeps_a_long_agency_inside_one_page_of_the_asked_size(size_mm):
    stamp = render_stamp(
        signer_name=PERSON, title="Chủ tịch", agency=f"{AGENCY}, " * 4, at=AT, size_mm=size_mm
    )
    (page,) = pypdfium2.PdfDocument(stamp)
    assert page.get_size() == pytest.approx([side * 72 / 25.4 for side in size_mm], abs=0.1)
    assert "+07:00" in _text(stamp)
