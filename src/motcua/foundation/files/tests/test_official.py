from __future__ import annotations

import json
import shutil
import subprocess
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from django.core.exceptions import ImproperlyConfigured
from pypdfium2.raw import FPDFCatalog_IsTagged

from motcua.foundation.files.errors import CannotRender
from motcua.foundation.files.fonts import printable
from motcua.foundation.files.official import qr_svg, render_official, signature_box

AT = datetime(2026, 3, 2, 2, 5, tzinfo=UTC)
REPOSITORY = Path(__file__).parents[5]
FORM_01 = REPOSITORY / "packs" / "vn" / "forms" / "form-01.typ"
IMPORT = '#import "@motcua/official:1.0.0": *\n#show: official.with(title: "Thử", paper: "a4")\n'


def receipt(**changes: Any) -> dict[str, Any]:
    data = json.loads((Path(__file__).parent / "form-01.json").read_text(encoding="utf-8"))
    data["lookup"]["qr"] = qr_svg(data["lookup"]["url"])
    return data | changes


def text_of(pdf: bytes) -> str:
    """Words of all pages, one space between; marks that only allow a line break are left out."""
    document = pdfium.PdfDocument(pdf)
    words = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return " ".join(words.replace("\u200b", "").split())


@pytest.fixture
def template(tmp_path):
    def write(body: str, *, head: str = IMPORT) -> Path:
        path = tmp_path / "paper.typ"
        path.write_text(head + body, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def form_01() -> bytes:
    return render_official(FORM_01, receipt(), at=AT)


class TestConformance:
    def test_declares_pdf_a_2a_and_pdf_ua_1(self, form_01):
        for mark in (
            b"<pdfaid:part>2</pdfaid:part>",
            b"<pdfaid:conformance>A</pdfaid:conformance>",
            b"<pdfuaid:part>1</pdfuaid:part>",
        ):
            assert mark in form_01

    def test_has_title_language_and_tags(self, form_01):
        document = pdfium.PdfDocument(form_01)
        assert document.get_metadata_value("Title") == (
            "Giấy tiếp nhận hồ sơ và hẹn trả kết quả H99.25.12-260302-0001"
        )
        assert FPDFCatalog_IsTagged(document.raw)
        assert b"/Lang(vi-VN)" in form_01

    def test_is_in_the_language_asked_for(self, template):
        pdf = render_official(template("= Hello"), {}, at=AT, language="en")
        assert b"/Lang(en)" in pdf

    @pytest.mark.conformance
    @pytest.mark.skipif(not shutil.which("pdffonts"), reason="poppler-utils is not installed")
    def test_embeds_every_font_with_its_unicode_map(self, form_01, tmp_path):
        path = tmp_path / "form.pdf"
        path.write_bytes(form_01)
        lines = subprocess.run(
            ["pdffonts", path], capture_output=True, text=True, check=True
        ).stdout.splitlines()[2:]
        assert lines
        for line in lines:
            assert "Tinos" in line
            assert line.split()[-5:-2] == ["yes", "yes", "yes"], line

    def test_the_same_data_and_instant_give_the_same_bytes(self, form_01):
        assert render_official(FORM_01, receipt(), at=AT) == form_01


class TestForm01:
    def test_prints_every_field(self, form_01):
        text = text_of(form_01)
        data = receipt()
        person, proxy = data["applicant"], data["mandatary"]
        wanted = [
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
            "Hạ Hòa, ngày 02 tháng 3 năm 2026",
            "Số: 01/HH-TTPVHCC",
            "Thời gian nhận hồ sơ: 09 giờ 05 phút, ngày 02 tháng 3 năm 2026",
            "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 02 tháng 3 năm 2026",
            "Số lượng hồ sơ: 1 (bộ)",
            *(person[key] for key in ("name", "id_number", "address", "phone", "email")),
            *(proxy[key] for key in ("name", "id_number", "paper")),
            *(component["name"] for component in data["components"]),
            *(
                data[key]
                for key in ("code", "desk", "procedure", "limit", "return_way", "fee", "book", "book_line")
            ),
            *(data[key] for key in ("submitter", "receiver")),
            data["lookup"]["url"],
        ]
        assert [words for words in wanted if words not in text] == []

    def test_stands_on_one_a5_page(self, form_01):
        document = pdfium.PdfDocument(form_01)
        assert len(document) == 1
        assert document[0].get_size() == pytest.approx((419.53, 595.28), abs=0.1)

    def test_leaves_dotted_lines_for_what_is_not_known(self):
        text = text_of(render_official(FORM_01, receipt(due_at=None, mandatary=None), at=AT))
        assert "Thời gian trả kết quả giải quyết hồ sơ: ...." in text
        assert "Người được ủy quyền" not in text

    def test_a_name_of_300_letters_fits_with_and_without_spaces(self):
        for name in ("Nguyễn " * 43, "Ngô" * 100):
            data = receipt(submitter=name)
            data["applicant"]["name"] = name
            pdf = render_official(FORM_01, data, at=AT)
            assert name.replace(" ", "") in text_of(pdf).replace(" ", "")
            for page in pdfium.PdfDocument(pdf):
                words = page.get_textpage()
                boxes = [words.get_charbox(index) for index in range(words.count_chars())]
                assert max(box[2] for box in boxes) <= (148 - 10) * 72 / 25.4
                assert min(box[1] for box in boxes) > 0

    def test_thirty_components_go_on_the_next_page_and_the_signature_keeps_its_place(self):
        data = receipt(
            components=[{"name": f"Giấy tờ số {n}", "count": n, "form": "Bản sao"} for n in range(1, 31)]
        )
        pdf = render_official(FORM_01, data, at=AT)
        document = pdfium.PdfDocument(pdf)
        assert len(document) == 2
        assert _box_of(document[1], data["receiver"])[3] < signature_box("a5")[1]


def _box_of(page: pdfium.PdfPage, words: str) -> tuple[float, float, float, float]:
    text = page.get_textpage()
    start, length = text.search(words).get_next()
    boxes = [text.get_charbox(index) for index in range(start, start + length)]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


class TestSignaturePlace:
    @pytest.mark.parametrize("paper", ["a4", "a5"])
    @pytest.mark.parametrize("side", ["left", "right"])
    def test_lies_between_the_title_and_the_name_of_the_signer(self, template, paper, side):
        body = (
            '#lorem(40) #sign-off((titles: ("Trái",), name: "Ông Trái"), '
            '(titles: ("TM. Phải", "Chủ tịch"), name: "Bà Phải"))'
        )
        head = IMPORT.replace('"a4"', f'"{paper}"')
        page = pdfium.PdfDocument(render_official(template(body, head=head), {}, at=AT))[0]
        title, signer = ("TRÁI", "Ông Trái") if side == "left" else ("CHỦ TỊCH", "Bà Phải")
        x0, y0, x1, y1 = signature_box(paper, side)
        left, _, right, top = _box_of(page, signer)
        assert y0 - 6 < top <= y0
        assert (left + right) / 2 == pytest.approx((x0 + x1) / 2, abs=1)
        if side == "right":
            assert y1 <= _box_of(page, title)[1] + 1

    def test_one_signer_stands_on_the_right(self, template):
        body = '#sign-off((titles: ("Chủ tịch",), name: "Bà Phải"))'
        page = pdfium.PdfDocument(render_official(template(body), {}, at=AT))[0]
        assert _box_of(page, "Bà Phải")[0] > signature_box("a4")[0]


class TestHostileData:
    HOSTILE = (
        '#evil[] *bold* _it_ $x$ `raw` <label> @ref \\#panic("x") // gone /* gone */ '
        '[x] {1+1} #sys.inputs -- "q"'
    )

    def test_prints_markup_as_text(self, template):
        pdf = render_official(template("#data.name"), {"name": self.HOSTILE}, at=AT)
        assert self.HOSTILE in text_of(pdf)

    def test_prints_json_breakers_as_text(self, template):
        name = '"}, "x": {"a\\u0041\\n'
        assert name in text_of(render_official(template("#data.name"), {"name": name}, at=AT))

    @pytest.mark.parametrize(
        ("given", "printed"),
        [
            ("An 😀 Bình", "An □ Bình"),
            ("👩\u200d👧\ufe0f", "□\u200d□"),
            ("漢字", "□□"),
            ("العربية", "□□□□□□□"),
            ("\ue000", "□"),
            ("a\u202eb\x00c", "abc"),
            ("Nguye\u0302\u0303n", "Nguyễn"),
            ("e\u1abf", "e"),
            ("a\tb", "a b"),
            ("שלום", "שלום"),
        ],
    )
    def test_prints_a_box_for_what_the_font_cannot(self, template, given, printed):
        assert printable(given) == printed
        render_official(template("#data.name"), {"name": given}, at=AT)

    def test_the_fonts_have_every_letter_of_vietnamese_and_of_the_peoples_of_vietnam(self):
        vowels = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
        letters = "".join(vowel + tone for vowel in vowels for tone in ("", "̀", "̉", "̃", "́", "̣"))
        assert "□" not in printable(letters + "đĐčČƀɃñÑĭĬŏŎŭŬ₫–—…“”‘’•×²³°§½")

    def test_5000_letters_without_a_space_stay_on_the_paper(self, template):
        pdf = render_official(template("#data.name"), {"name": "ế" * 5000}, at=AT)
        assert text_of(pdf).count("ế") == 5000

    def test_a_line_break_in_a_value_stays_one(self, template):
        page = pdfium.PdfDocument(render_official(template("#data.name"), {"name": "một\nhai"}, at=AT))[0]
        assert _box_of(page, "hai")[3] < _box_of(page, "một")[1]


class TestRendering:
    def test_moments_arrive_in_local_time_and_dates_as_they_are(self, template):
        body = "#moment(data.at) · #day(data.on) · #day(data.october)"
        data = {
            "at": datetime(2026, 1, 31, 18, 4, tzinfo=UTC),
            "on": date(2026, 2, 28),
            "october": date(2026, 10, 5),
        }
        assert text_of(render_official(template(body), data, at=AT)) == (
            "01 giờ 04 phút, ngày 01 tháng 02 năm 2026 · "
            "ngày 28 tháng 02 năm 2026 · ngày 05 tháng 10 năm 2026"
        )

    def test_follows_a_template_that_was_changed(self, template):
        path = template("một")
        render_official(path, {}, at=AT)
        template("hai")
        assert text_of(render_official(path, {}, at=AT)) == "hai"

    def test_says_what_is_wrong_with_a_template(self, template):
        with pytest.raises(CannotRender) as refusal:
            render_official(template("#data.nothing"), {}, at=AT)
        assert "paper.typ: dictionary does not contain key" in str(refusal.value)

    def test_says_that_a_template_is_missing(self, tmp_path):
        with pytest.raises(CannotRender):
            render_official(tmp_path / "nothing.typ", {}, at=AT)

    def test_does_not_fetch_packages(self, template):
        with pytest.raises(CannotRender) as refusal:
            render_official(template('#import "@preview/cetz:0.3.0"'), {}, at=AT)
        assert "internet" in str(refusal.value)

    def test_cannot_read_outside_of_the_folder_of_the_template(self, template):
        with pytest.raises(CannotRender):
            render_official(template('#read("../../../../../../../../etc/hostname")'), {}, at=AT)

    def test_refuses_to_print_without_fonts(self, settings, tmp_path, template):
        settings.FONTS_DIR = tmp_path / "none"
        with pytest.raises(ImproperlyConfigured):
            render_official(template("một"), {}, at=AT)

    def test_refuses_values_that_no_paper_can_show(self, template):
        with pytest.raises(TypeError):
            render_official(template("một"), {"x": object()}, at=AT)

    def test_many_threads_can_print_at_once(self, template):
        path, found = template("#data.n"), {}

        def work(number: int) -> None:
            found[number] = text_of_locked(render_official(path, {"n": str(number)}, at=AT))

        lock = threading.Lock()

        def text_of_locked(pdf: bytes) -> str:
            with lock:
                return text_of(pdf)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == {number: str(number) for number in range(12)}


class TestQr:
    def test_is_an_svg_that_scales(self):
        svg = qr_svg("https://example.vn/verify/ABC")
        assert svg.startswith("<svg xmlns=")
        assert "viewBox" in svg
        assert "height=" not in svg
        assert "style" not in svg

    def test_differs_by_text(self):
        assert qr_svg("a") != qr_svg("b")
