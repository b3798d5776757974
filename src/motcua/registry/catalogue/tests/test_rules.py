from __future__ import annotations

import pytest

from motcua.registry.catalogue.rules.captured import note_parts
from motcua.registry.catalogue.rules.codes import ProcedureCode, parse_code
from motcua.registry.catalogue.rules.doubtful import Doubtful, reconcile
from motcua.registry.catalogue.rules.doubting_limits import stated_limits
from motcua.registry.catalogue.rules.doubting_words import mend_numbers
from motcua.registry.catalogue.rules.entering import NotAValue, entered
from motcua.registry.catalogue.rules.places import place, put, rows_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.001193", ProcedureCode("1.001193")),
        (" 1.001193.000.00.00.H62 ", ProcedureCode("1.001193", "000.00.00.H62", "H62")),
        ("1.012753.h19", ProcedureCode("1.012753", "H19", "H19")),
        ("1.012753.H19.12", ProcedureCode("1.012753", "H19.12", "H19.12")),
        # A unit below is mapped by a table, never by rule.
        ("1.001193.000.00.01.H62", ProcedureCode("1.001193", "000.00.01.H62", "000.00.01.H62")),
    ],
)
def test_every_form_of_a_code_is_read(text, code):
    assert parse_code(text) == code


@pytest.mark.parametrize(
    "text", ["", "1.00119", "1.001193.", "1.001193.H1", "١.001193", "1.001193" + ".A" * 40]
)
def test_what_is_no_code_is_none(text):
    assert parse_code(text) is None


def test_notes_are_taken_apart():
    assert note_parts("20 VNĐ(20.000 đ/tờ khai (Thông tư 1))Nộp tại xã") == (
        "20.000 đ/tờ khai (Thông tư 1)",
        "Nộp tại xã",
    )
    assert note_parts("Miễn phí06 ngày làm việc") == ("", "06 ngày làm việc")
    assert note_parts("Miễn phí((cắt giữa") == ("cắt giữa", "")


def test_limits_are_found_in_words():
    assert stated_limits("Trong thời hạn 05 (năm) ngày làm\nviệc; 20 ngày, kể từ ngày 01/7/2025") == [
        "5wd",
        "20d",
    ]


def test_numbers_that_run_into_each_other_are_taken_apart():
    held = [
        "54/2024/QH15193",
        "2025/NĐ-CP193",
        "2025/NĐ-CPT",
        "202437/2024/QH15",
        "47/2019/TT-BTCL",
        "10/2018/QĐ-TT",
    ]
    assert mend_numbers(held) == [
        "54/2024/QH15",
        "193/2025/NĐ-CP",
        "37/2024/QH15",
        "47/2019/TT-BTC",
        "10/2018/QĐ-TTg",
    ]


def test_a_value_is_put_in_its_place_and_nothing_beside():
    content = {"channels": [{"fee": 1}, {"fee": 2}, {"fee": 3}], "name": "a"}
    where = place("channels", [0, 2], "fee")
    assert (where, rows_of(where)) == ("channels[0,2].fee", (0, 2))
    assert [row["fee"] for row in put(content, where, 9)["channels"]] == [9, 2, 9]
    assert put(content, "name", "b")["name"] == "b"
    # Rows that a newer file no longer has are left out.
    assert put(content, "channels[7].fee", 9) == content


class Held:
    def __init__(self, found, state="open"):
        self.kind, self.place, self.said = found.kind, found.place, found.said
        self.guess, self.why, self.state = found.guess, found.why, state


def test_known_doubts_are_compared_with_those_found():
    fee = Doubtful("fee_thousands", "channels[0].fee", 20, "20.000 đ", 20_000, "words")
    moved = Doubtful("fee_thousands", "channels[1].fee", 20, "20.000 đ", 20_000, "words")
    other = Doubtful("fee_thousands", "channels[0].fee", 30, "", 30_000, "rule")
    guess = Doubtful("fee_thousands", "channels[0].fee", 20, "20.000 đ", None)
    assert reconcile([], [fee]).new == [fee]
    known = Held(fee, "corrected")
    assert reconcile([known], [fee]) == reconcile([], [])
    assert reconcile([known], [moved]).moved == [(known, moved)]
    assert reconcile([known], [other]).reopened == [(known, other)]
    assert reconcile([known], [guess]).guessed == [(known, guess)]
    assert reconcile([known], []).gone == [known]
    gone = Held(fee, "gone")
    assert reconcile([gone], []).gone == [] and reconcile([gone], [fee]).reopened == [(gone, fee)]


@pytest.mark.parametrize(
    ("form", "typed", "value"),
    [
        ("limit", " 5 wd ", "5wd"),
        ("limit", "", ""),
        ("fee", "100.000", 100_000),
        ("fee", "10 USD", "10 USD"),
        ("fee", "province", "province"),
        ("code", "kq.g15.000031", "KQ.G15.000031"),
        ("levels", "province, commune", ["province", "commune"]),
        ("count", "1", 1),
        ("lines", "a\n\n b ", ["a", "b"]),
    ],
)
def test_what_is_typed_becomes_a_value(form, typed, value):
    assert entered(form, typed) == value


@pytest.mark.parametrize(
    ("form", "typed"),
    [("limit", "5 weeks"), ("fee", "viel"), ("fee", "-1"), ("code", "TP"), ("levels", "district"), ("levels", ""),
     ("count", "x"), ("lines", " "), ("text", ""), ("channels", "fax"), ("", "x")],
)  # fmt: skip
def test_what_is_no_value_is_refused(form, typed):
    with pytest.raises(NotAValue):
        entered(form, typed)
