"""What a paper seems to say, by the pack's patterns."""

from __future__ import annotations

import pytest
from django.conf import settings

from motcua.casework.dossiers.rules.extracting import (
    kind_of,
    level,
    load_kinds,
    parse_kinds,
    propose,
    value_fault,
)

KINDS = load_kinds(settings.PACKS / "vn")
BIRTH = [
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "GIẤY CHỨNG SINH",
    "Số: 0123/2026-BVPS",
    "Họ và tên mẹ: Nguyễn Thị Hồng Hạnh",
    "Ngày sinh: 12/03/1994. Số định danh cá nhân: 001194012345",
    "Đã sinh con vào lúc 08 giờ 35 phút, ngày 2 tháng 3 năm 2026",
    "Tại: Bệnh viện Phụ sản Hà Nội",
    "Hà Nội, ngày 03 tháng 3 năm 2026",
]


def proposed(lines, component="birth_evidence"):
    kind = kind_of(KINDS, component, [lines])
    assert kind
    return {name: it.value for name, it in propose(kind, [lines]).items()}


def test_finds_numbers_names_dates_and_places_each_with_its_line():
    kind = kind_of(KINDS, "birth_evidence", [[], BIRTH])
    found = propose(kind, [[], BIRTH])
    assert {name: it.value for name, it in found.items()} == {
        "number": "0123/2026-BVPS",
        "mother_name": "Nguyễn Thị Hồng Hạnh",
        "mother_number": "001194012345",
        "born_on": "02/03/2026",
        "issuer": "Bệnh viện Phụ sản Hà Nội",
        "issued_on": "03/03/2026",
    }
    assert (found["mother_number"].line, found["mother_number"].page) == (BIRTH[4], 2)


def test_forgives_accents_that_were_read_wrong_and_letters_taken_for_digits():
    lines = ["GIAY CHUNG SINH", "Ho và tên me: Trần Thị Bích", "Sô dịnh danh cá nhân: OO1 194 O1234S"]
    assert proposed(lines)["mother_name"] == "Trần Thị Bích"
    assert proposed(lines)["mother_number"] == "001194012345"


def test_takes_a_value_that_stands_on_the_next_line():
    assert proposed(["Giấy chứng sinh", "Họ và tên mẹ:", "Lê Thu Hà"])["mother_name"] == "Lê Thu Hà"


def test_proposes_nothing_that_is_not_there():
    assert proposed(["Giấy chứng sinh", "Số định danh cá nhân: không rõ", "Số: không"]) == {}


def test_knows_a_paper_by_its_title_before_the_component_it_was_handed_in_for():
    assert kind_of(KINDS, "birth_evidence", [["Giấy khai sinh"]]).code == "birth_certificate"
    assert kind_of(KINDS, "birth_evidence", [["..."]]).code == "birth_evidence"
    assert kind_of(KINDS, "drawings", [["..."]]) is None


def test_folding_keeps_every_letter_at_its_place():
    assert level("Đặng Thị Ỷ") == "dang thi y"
    assert level("Đặng") == "dang"


@pytest.mark.parametrize(
    ("form", "value", "fault"),
    [
        ("personal_number", "001194012345", None),
        ("personal_number", "00119401234", "number_form"),
        ("personal_number", "003194012345", "number_made_up"),
        ("date", "02/03/2026", None),
        ("date", "31/02/2026", "date"),
        ("date", "2026", "date"),
        ("text", "x" * 301, "long"),
        ("name", "Lê Thu Hà", None),
    ],
)
def test_says_what_cannot_be_right_about_a_value(form, value, fault):
    assert value_fault(form, value) == fault


def test_the_pack_names_components_that_its_procedures_have():
    words = "\n".join(
        path.read_text() for path in (settings.PACKS / "vn" / "procedures").glob("*/procedure.yaml")
    )
    expected = {code for kind in KINDS for code in kind.components} - {"birth_certificate"}
    assert {code for code in expected if f"field: {code}\n" not in words} == set()


def test_refuses_a_form_that_nobody_reads():
    row = {"name": "x", "form": "colour", "after": ["x"], "label": {}}
    with pytest.raises(ValueError, match="colour"):
        parse_kinds({"kinds": [{"code": "x", "name": {}, "title": [], "components": [], "fields": [row]}]})
