"""How people write names of places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.registry.places.rules.words import (
    bare,
    has_accents,
    in_sentence,
    kind_of,
    name_key,
    own_name,
    query_key,
)

SYLLABLES = (
    "Kỳ",
    "Sơn",
    "Lâm",
    "Thao",
    "Xá",
    "Phường",
    "Thị",
    "Trấn",
    "Huyện",
    "Quận",
    "1",
    "04",
    "P.",
    "tp",
    "H'",
)
TYPED = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(SYLLABLES), max_size=8).map(" ".join))


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Phường Kỳ Sơn", "phuong ki son"),
        ("PHƯỜNG  KÌ SƠN", "phuong ki son"),
        ("P.1, Q.3", "phuong 1 quan 3"),
        ("p3 q1 tphcm", "phuong 3 quan 1 thanh pho ho chi minh"),
        ("Phường 04", "phuong 4"),
        ("TT. Lâm Thao", "thi tran lam thao"),
        ("tx Sơn Tây, HN", "thi xa son tai ha noi"),
        ("X. Ea Kao, TP. Buôn Ma Thuột", "xa ea kao thanh pho buon ma thuot"),
        ("Thị trấn N.T Liên Sơn", "thi tran n tinh lien son"),
        ("", ""),
        ("!?", ""),
    ],
)
def test_what_is_typed_is_written_out(typed, key):
    assert query_key(typed) == key


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("phuong ki son tinh phu tho", "ki son phu tho"),
        ("thi tran lam thao huien lam thao", "lam thao lam thao"),
        ("thanh pho viet tri", "viet tri"),
        ("xa thanh phong", "thanh phong"),
        ("quan", "quan"),
    ],
)
def test_words_for_kinds_are_left_out_unless_there_are_no_others(key, name):
    assert bare(key) == name


@given(TYPED)
def test_a_key_of_a_key_is_the_same(typed):
    assert name_key(name_key(typed)) == name_key(typed)
    assert query_key(query_key(typed)) == query_key(typed)


@given(TYPED)
def test_accents_case_and_blanks_make_no_difference(typed):
    assert name_key(f"  {typed} ") == name_key(typed)
    assert name_key("Kỳ Sơn") == name_key("KI  SON") == name_key("kì sơn")


@given(TYPED)
def test_a_name_without_its_kind_is_never_empty_nor_longer(typed):
    key = query_key(typed)
    assert bool(bare(key)) == bool(key) and len(bare(key)) <= len(key)
    assert "  " not in bare(key)


@pytest.mark.parametrize(
    ("name", "kind", "own"),
    [
        ("Thị trấn Lâm Thao", "thị trấn", "Lâm Thao"),
        ("Thành phố Huế", "thành phố", "Huế"),
        ("Đặc khu Côn Đảo", "đặc khu", "Côn Đảo"),
        ("Xã Xã Tắc", "xã", "Xã Tắc"),
        ("Huế", "", "Huế"),
    ],
)
def test_the_kind_is_the_beginning_of_a_name(name, kind, own):
    assert (kind_of(name), own_name(name)) == (kind, own)


def test_small_words():
    assert in_sentence("Thành phố Huế") == "thành phố Huế" and in_sentence("") == ""
    assert has_accents("Tân Thạnh") and not has_accents("Tan Thanh")
