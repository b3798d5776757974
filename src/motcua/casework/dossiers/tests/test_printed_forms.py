"""The print of every one-stop form: its fields, its sheet, its second language, what is very long in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pypdfium2 as pdfium
import pytest
import yaml
from django.conf import settings
from pypdfium2.raw import FPDFCatalog_IsTagged

from motcua.casework.dossiers.services.printing import BLANK, FORMS, Look, look_of, print_form
from motcua.casework.dossiers.tests.form_facts import FACTS

AT = datetime(2026, 3, 10, 2, 5, tzinfo=UTC)
A4, A5 = (595.28, 841.89), (419.53, 595.28)
ACROSS = (A4[1], A4[0])
SHEETS = {"register": ACROSS, "handover": A4, "letter": A4}
ALONE = {"register", "handover"}
FOLDER = settings.PACKS / "vn" / "forms"
LONG = "Nguyễn Đặng Hoàng Thục Quyên " * 10 + "Kết thúc tên"
# Values that no form prints as they stand: what they lead to is printed instead.
UNPRINTED = {"superior", "agency", "issued_on", "sets", "at_request", "stopped_on", "lookup", "qr"}
UNPRINTED |= {"registered_on", "accepted_on", "title"}


def words_of(pdf: bytes) -> str:
    document = pdfium.PdfDocument(pdf)
    words = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return "".join(words.replace("\u200b", "").split())


def texts(value: Any) -> Iterator[str]:
    """Every text among facts that is printed as it is."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name not in UNPRINTED:
                yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", value):
        yield value


@pytest.fixture(scope="module")
def printed() -> dict[str, bytes]:
    return {form: print_form(form, facts, at=AT) for form, facts in FACTS.items()}


def test_every_form_has_facts_to_be_tried_with():
    assert set(FACTS) == set(FORMS)


@pytest.mark.parametrize("form", FORMS)
def test_prints_every_fact(form, printed):
    text = words_of(printed[form]).upper()
    assert [it for it in texts(FACTS[form]) if "".join(it.split()).upper() not in text] == []
    assert "CỘNGHÒAXÃHỘICHỦNGHĨAVIỆTNAM" in text
    assert "LÂMTHAO,NGÀY10THÁNG3NĂM2026" in text


@pytest.mark.parametrize("form", FORMS)
def test_is_archivable_and_accessible_in_vietnamese(form, printed):
    pdf = printed[form]
    for mark in (b"<pdfaid:part>2<", b"<pdfaid:conformance>A<", b"<pdfuaid:part>1<", b"/Lang(vi-VN)"):
        assert mark in pdf
    document = pdfium.PdfDocument(pdf)
    assert FPDFCatalog_IsTagged(document.raw)
    assert document.get_metadata_value("Title")


@pytest.mark.parametrize("form", FORMS)
def test_stands_on_one_sheet_of_the_size_the_law_names(form, printed):
    document = pdfium.PdfDocument(printed[form])
    assert len(document) == 1
    assert document[0].get_size() == pytest.approx(SHEETS.get(form, A5), abs=0.1)


@pytest.mark.parametrize("form", sorted(set(FORMS) - {"register"}))
def test_can_be_printed_on_a4(form):
    pdf = print_form(form, FACTS[form], at=AT, look=Look(paper="a4"))
    assert pdfium.PdfDocument(pdf)[0].get_size() == pytest.approx(A4, abs=0.1)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("form", FORMS)
def test_says_it_in_a_second_language_beside_the_vietnamese(form, language, printed):
    pdf = print_form(form, FACTS[form], at=AT, look=Look(second=language))
    text, alone = words_of(pdf), words_of(printed[form])
    label = (
        {"en": "Result", "de": "Ergebnis"} if form == "receipt" else {"en": "Procedure", "de": "Verfahren"}
    )
    assert label[language] in text
    assert label[language] not in alone
    assert f"/Lang({language})".encode() in pdf
    assert len(pdfium.PdfDocument(pdf)) <= 2


def test_every_word_of_the_templates_is_translated():
    known = yaml.safe_load((FOLDER / "words.yaml").read_text(encoding="utf-8"))
    assert all(set(it) == {"en", "de"} and all(it.values()) for it in known.values())
    used: set[str] = set()
    for form in ("form", *FORMS.values(), *BLANK.values()):
        text = (FOLDER / f"{form}.typ").read_text(encoding="utf-8")
        used |= set(re.findall(r'\b(?:say|signing)\("([^"]+)"', text))
        used |= set(re.findall(r'title: "([^"]+)"', text))
        for heads in re.findall(r"heads: \(([^()]*)\)", text):
            used |= set(re.findall(r'"([^"]+)"', heads))
    assert used == set(known)


def _with_long_names(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            name: LONG
            if name in {"name", "applicant", "submitter", "addressee", "giver"} and isinstance(part, str)
            else _with_long_names(part)
            for name, part in value.items()
        }
    return [_with_long_names(part) for part in value] if isinstance(value, list) else value


def _stays_on_its_pages(pdf: bytes) -> None:
    for page in pdfium.PdfDocument(pdf):
        words, (width, _height) = page.get_textpage(), page.get_size()
        boxes = [words.get_charbox(index) for index in range(words.count_chars())]
        assert max(box[2] for box in boxes) <= width - 20
        assert min(box[0] for box in boxes) >= 20
        assert min(box[1] for box in boxes) > 10


@pytest.mark.parametrize("form", FORMS)
def test_a_name_of_300_letters_fits(form):
    assert len(LONG) >= 300
    pdf = print_form(form, _with_long_names(FACTS[form]), at=AT)
    assert len(pdfium.PdfDocument(pdf)) <= 2
    assert "".join(LONG.split()) in words_of(pdf)
    _stays_on_its_pages(pdf)


ESSAY = "Lý do dài của cơ quan: " + "giấy tờ chưa khớp với dữ liệu dân cư; " * 26 + "hết."
REASONS = {"reason", "ground", "legal_basis", "arose", "remark"}
TOO_MUCH = {
    "supplement": {
        "items": [
            {"text": f"Nội dung thứ {number}: ảnh rõ cả bốn góc của giấy tờ", "reason": f"Thiếu góc {number}"}
            for number in range(1, 41)
        ]
    },
    "receipt": {
        "components": [
            {"name": f"Giấy tờ thứ {number}", "count": 1, "form": "Bản điện tử"} for number in range(1, 41)
        ]
    },
    "control": {"moves": FACTS["control"]["moves"] * 40},
}


def overfull(form: str) -> dict[str, Any]:
    """A name of 300 letters, reasons of 1,000, forty items."""
    facts = _with_long_names(FACTS[form]) | TOO_MUCH.get(form, {})
    return {name: ESSAY if name in REASONS else value for name, value in facts.items()}


# The register and the hand-over slip are A4 alone: no narrower sheet is offered.
@pytest.mark.parametrize(
    ("form", "paper"),
    [(form, paper) for form in FORMS if form not in ALONE for paper in ("a5", "a4")] + [("handover", "a4")],
)
def test_what_is_too_long_goes_on_over_pages_with_nothing_lost(form, paper):
    assert len(ESSAY) >= 1_000
    facts = overfull(form)
    for second in ("", "de"):
        pdf = print_form(form, facts, at=AT, look=Look(second, paper))  # type: ignore[arg-type]
        text = words_of(pdf).upper()
        assert [it for it in texts(facts) if "".join(it.split()).upper() not in text] == []
        _stays_on_its_pages(pdf)
        for page in pdfium.PdfDocument(pdf):
            assert _overlaps(page) == 0


def test_every_item_of_form_02_has_its_own_line_and_reason():
    pdf = print_form("supplement", FACTS["supplement"], at=AT)
    lines = [
        " ".join(it.split())
        for it in pdfium.PdfDocument(pdf)[0].get_textpage().get_text_bounded().split("\n")
    ]
    assert "1 Ảnh giấy chứng sinh rõ cả bốn góc Thiếu góc dưới" in lines
    assert "2 Giấy xác nhận" in lines
    assert "Lý do: Ảnh mờ" in lines
    assert any(it.startswith("Nội dung mới phát sinh sau lần yêu cầu trước: Giấy chứng sinh") for it in lines)


def test_a_form_02_from_before_is_printed_as_it_was():
    facts = {name: it for name, it in FACTS["supplement"].items() if name not in {"arose", "lookup"}}
    text = words_of(print_form("supplement", facts | {"items": ["Ảnh rõ hơn"]}, at=AT))
    assert "Ảnhrõhơn" in text and "mớiphátsinh" not in text


def _with_long_codes(value: Any) -> Any:
    """As long as a code may be: 35 letters of the agency, the day, eight figures."""
    if isinstance(value, Mapping):
        code = "H44.25.123456789.ABCDEFGHIJKLMNOPQR-260310-00000042"
        return {name: code if name == "code" else _with_long_codes(part) for name, part in value.items()}
    return [_with_long_codes(part) for part in value] if isinstance(value, list) else value


def _overlaps(page: pdfium.PdfPage) -> int:
    """Letters that stand on others. Kerning and accents bring neighbours together, but by less than 2.5 points."""
    words = page.get_textpage()
    letters = (it for it in range(words.count_chars()) if words.get_text_range(it, 1).strip(" \r\n\u200b"))
    boxes = sorted(words.get_charbox(index) for index in letters)
    found = 0
    for place, (x0, y0, x1, y1) in enumerate(boxes):
        for left, low, right, high in boxes[place + 1 :]:
            if left > x1:
                break
            found += min(x1, right) - max(x0, left) > 2.5 and min(y1, high) - max(y0, low) > 2
    return found


@pytest.mark.parametrize("paper", ["", "a4"])
@pytest.mark.parametrize("form", FORMS)
def test_no_words_are_printed_over_others(form, paper):
    facts = _with_long_codes(FACTS[form])
    for page in pdfium.PdfDocument(print_form(form, facts, at=AT, look=Look("en", paper))):
        assert _overlaps(page) == 0


def test_a_register_of_hundreds_repeats_its_head_on_every_page():
    entries = FACTS["register"]["entries"] * 300
    document = pdfium.PdfDocument(print_form("register", FACTS["register"] | {"entries": entries}, at=AT))
    assert len(document) > 10
    for page in document:
        assert "Phương thức nhận kết quả" in " ".join(page.get_textpage().get_text_bounded().split())


def test_a_look_that_is_not_offered_is_left_out():
    assert look_of("fr", "a3") == Look()
    assert look_of("de", "a4") == Look("de", "a4")
