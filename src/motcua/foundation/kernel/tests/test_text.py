from hypothesis import given
from hypothesis import strategies as st

from motcua.foundation.kernel.text import clean, clean_line, fold, inert, mask_number, sort_key


def test_folding_forgives_accents_case_and_spacing():
    assert fold("  Đăng ký\tKHAI SINH ") == fold("dang ky khai sinh") == "dang ky khai sinh"


def test_folding_keeps_procedure_codes_whole():
    assert fold("Mã 1.001193") == "ma 1.001193"


@given(st.text())
def test_folding_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


def test_names_sort_in_vietnamese_order():
    names = ["Đào", "Dung", "Ân", "Anh", "Ánh", "Ăn", "Bé"]
    assert sorted(names, key=sort_key) == ["Anh", "Ánh", "Ăn", "Ân", "Bé", "Dung", "Đào"]


def test_cleaning_drops_what_could_turn_text_around_and_keeps_emoji():
    assert clean("Nguyễn\u202e Văn\x00 A 👶") == "Nguyễn Văn A 👶"


def test_no_cell_is_a_formula():
    assert [inert(it) for it in ("=1+1", "@a", "-2", "An", "")] == ["'=1+1", "'@a", "'-2", "An", ""]


@given(st.text())
def test_cleaning_is_idempotent(text):
    assert clean(clean(text)) == clean(text)


def test_a_line_has_no_line_breaks():
    assert clean_line("Nguyễn \r\n  Văn A ") == "Nguyễn Văn A"


def test_a_masked_number_shows_three_digits():
    assert mask_number("046123456789") == "046*********"
