"""The birth certificate as a PDF. Skipped where the fonts, which the set-up brings, are missing."""

import json

import pypdfium2
import pytest
import typst

from motcua.casework.forms.rules.summary import paper_values

from .pack import BIRTH, REPOSITORY, example, form, read_yaml

FONTS = [REPOSITORY / "build" / "fonts", REPOSITORY / "node_modules" / "@expo-google-fonts" / "tinos"]
QR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path d="M0 0h1v1H0z"/></svg>'
MM = 72 / 25.4


@pytest.fixture(scope="module")
def fonts():
    found = [folder for folder in FONTS if any(folder.rglob("*.ttf"))]
    if not found:
        pytest.skip("The font Tinos is not installed; `make demo` or `npm ci` brings it.")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=found[:1])


@pytest.fixture
def certificate(fonts):
    def render(**changes):
        content = example()
        data = paper_values(form(), content["answers"] | changes, "vi", content["names"]) | content["result"]
        data["verify"]["qr"] = QR
        pdf = typst.compile(
            BIRTH / "result.typ",
            root=BIRTH,
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data)},
            pdf_standards=["a-2a", "ua-1"],
        )
        return pypdfium2.PdfDocument(pdf)

    return render


def words(document):
    return " ".join(document[0].get_textpage().get_text_bounded().split())


def test_says_what_was_registered(certificate):
    document = certificate()
    text = words(document)
    assert len(document) == 1
    assert document.get_metadata_value("Title") == "Giấy khai sinh Trần Minh Khôi"
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "TRẦN MINH KHÔI",
        "Ngày năm, tháng ba, năm hai nghìn không trăm hai mươi sáu",
        "Số định danh cá nhân: Chưa cấp",
        "NGUYỄN THỊ HỒNG NHUNG",
        "TRẦN QUỐC BẢO",
        "Ngày, tháng, năm đăng ký: 10/03/2026",
        "mã 7K4M-2QXD-9R",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("date", "in_words"),
    [
        ("2004-04-01", "Ngày một, tháng tư, năm hai nghìn không trăm linh bốn"),
        ("2015-10-21", "Ngày hai mươi mốt, tháng mười, năm hai nghìn không trăm mười lăm"),
        ("1994-11-15", "Ngày mười lăm, tháng mười một, năm một nghìn chín trăm chín mươi tư"),
        ("2000-12-30", "Ngày ba mươi, tháng mười hai, năm hai nghìn"),
        ("1900-01-10", "Ngày mười, tháng một, năm một nghìn chín trăm"),
    ],
)
def test_writes_the_date_of_birth_in_words(certificate, date, in_words):
    assert in_words in words(certificate(birth_date=date))


def test_leaves_the_fathers_lines_empty_when_he_is_not_established(certificate):
    mother = {"family_name_from": "mother", "home_town_from": "mother", "ethnicity_from": "mother"}
    text = words(certificate(father_named="no", **mother))
    assert "NGUYỄN MINH KHÔI" in text and "TRẦN QUỐC BẢO" not in text


@pytest.mark.parametrize("name", ["Nguyễn Trần Hoàng Phương " * 12, "Ẫ" * 300])
def test_names_and_places_of_three_hundred_characters_stay_on_the_page_and_off_the_signature(
    certificate, name
):
    name = name[:300].strip()
    long = [
        key for key in example()["answers"] if key.endswith(("_name", "_town", "_residence", "birth_place"))
    ]
    document = certificate(**dict.fromkeys(long, name))
    assert len(document) == 1
    assert "7K4M-2QXD-9R" in words(document)
    assert not text_in_signature_box(document)


def test_the_place_of_the_signature_is_empty_and_between_title_and_name(certificate):
    document = certificate()
    assert not text_in_signature_box(document)
    left, bottom, right, top = signature_box()
    page = document[0].get_textpage()
    assert "CHỦ TỊCH" in page.get_text_bounded(left, top, right, top + 10 * MM)
    assert "Phan Thị Thanh Hà" in page.get_text_bounded(left, bottom - 10 * MM, right, bottom)


def signature_box():
    place = read_yaml("procedures/1.001193/procedure.yaml")["result"]["signature"]
    assert place["page"] == 1
    return tuple(edge * MM for edge in place["box_mm"])


def text_in_signature_box(document):
    left, bottom, right, top = signature_box()
    return document[0].get_textpage().get_text_bounded(left, bottom, right, top).strip()
