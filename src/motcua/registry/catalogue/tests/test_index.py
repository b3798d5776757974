"""What people type finds what they mean: rules alone, without a database."""

from __future__ import annotations

import pytest

from motcua.registry.catalogue.rules.codes import code_beginning
from motcua.registry.catalogue.rules.facets import Facts, Narrowing, audience_of, counts, fits
from motcua.registry.catalogue.rules.found_by import prior_of, texts_of
from motcua.registry.catalogue.rules.guides import walk
from motcua.registry.catalogue.rules.index import Entry, Index
from motcua.registry.catalogue.rules.spelling import slips, without_telex, words_of
from motcua.registry.catalogue.rules.synonyms import Synonyms

SYNONYMS = Synonyms.of(
    {
        "groups": [
            {"words": {"vi": ["giấy phép lái xe", "bằng lái", "gplx"], "en": ["driving licence"]}},
            {"words": {"vi": ["cấp lại", "mất", "bị mất"]}},
            {"words": {"vi": ["sổ đỏ", "giấy chứng nhận quyền sử dụng đất"]}},
        ],
        "small": {"vi": ["thủ tục", "tôi muốn", "đăng ký"], "en": ["how do i"]},
    }
)
NAMES = {
    "birth": "Đăng ký khai sinh",
    "birth-abroad": "Đăng ký khai sinh có yếu tố nước ngoài",
    "licence": "Cấp giấy phép lái xe",
    "licence-again": "Cấp lại giấy phép lái xe",
    "land": "Cấp lại giấy chứng nhận quyền sử dụng đất",
    "map": "Phê duyệt sơ đồ mạng lưới",
    "secret": "Bảo vệ bí mật nhà nước",
    "marriage": "Đăng ký kết hôn",
}
EVERYDAY = {"birth": ["con tôi mới sinh"], "marriage": ["lấy vợ"]}


def index(**priors: float) -> Index:
    entries = [
        Entry(key, texts_of([name], EVERYDAY.get(key, ()), ["Hộ tịch"], []), priors.get(key, 0.0))
        for key, name in NAMES.items()
    ]
    return Index(entries, SYNONYMS)


INDEX = index()


def first(words: str, **how: bool) -> str:
    found = INDEX.ask(words, **how)
    return found[0].key if found else ""


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("khai sinh", "birth"),
        ("con toi moi sinh", "birth"),
        ("khai sinh nước ngoài", "birth-abroad"),
        ("khai sihn", "birth"),
        ("khaisinh", "birth"),
        ("khai sinhf", "birth"),
        ("ket hoon", "marriage"),
        ("mất bằng lái", "licence-again"),
        ("GPLX", "licence"),
        ("driving licence", "licence"),
        ("tôi muốn đăng ký kết hôn", "marriage"),
        ("sổ đỏ", "land"),
        ("so do", "land"),
        ("bí mật", "secret"),
    ],
)
def test_finds(words, key):
    assert first(words) == key


@pytest.mark.parametrize("words", ["khai s", "kha", "kết h"])
def test_an_unfinished_word_finds_while_typing(words):
    assert first(words, typing=True) in {"birth", "marriage"}


@pytest.mark.parametrize("words", ["", "  ", "xyzzy quuxfrob", "!!!", "\x00", "thủ tục xyzzyqq"])
def test_noise_finds_nothing(words):
    assert first(words) == ""


def test_an_accent_tells_words_apart_that_are_written_alike_without():
    assert first("sơ đồ") == "map"


def test_between_equals_what_is_used_most_comes_first():
    assert index().ask("nước ngoài khai sinh")[0].key == "birth-abroad"
    used = index(**{"licence-again": prior_of(["commune"], 10_000), "licence": prior_of(["commune"], 3)})
    assert used.ask("giấy phép lái xe")[0].key in {"licence", "licence-again"}
    assert prior_of(["commune"], 10_000) > prior_of(["commune"], 10) > prior_of(["commune"], 0)


def test_other_spelling_is_offered_of_known_words_only():
    assert INDEX.spelled_otherwise("khaiiii sinnnh") == "khai sinh"
    assert INDEX.spelled_otherwise("khai sinh") == ""


@pytest.mark.parametrize(
    ("typed", "beginning"),
    [
        ("1.001193", "1.001193"),
        ("1.001193.000.00.00.H62", "1.001193"),
        ("1.012753.H19", "1.012753"),
        ("mã 1.001456 000 00 00 H03", "1.001456"),
        ("3000348", "3.000348"),
        ("1.0011", "1.0011"),
        ("cấp 4", ""),
        ("0912345678", ""),
        ("người 80 tuổi", ""),
        ("10.001193", ""),
    ],
)
def test_reads_codes_in_any_form(typed, beginning):
    assert code_beginning(typed) == beginning


def test_marks_count_wherever_they_were_typed():
    assert words_of("hoà") == words_of("hòa") == words_of("hoa\u0300")
    assert words_of("đất")[0] != words_of("dất")[0]


def test_telex_and_slips_are_read():
    assert without_telex("ddaats") == "dat"
    assert "sinh" in slips("sihn") and "sinh" in slips("snh") and "sinh" in slips("sinnh")


def test_counts_say_what_each_choice_would_leave():
    facts = [
        Facts("Hộ tịch", ("commune",), ("people",), True),
        Facts("Hộ tịch", ("province", "commune"), ("people", "businesses"), False),
        Facts("Thuế", ("ministry",), audience_of(["Doanh nghiệp", "Tổ chức X"]), False),
    ]
    counted = counts(facts, Narrowing(sector="Hộ tịch"))
    assert counted["sector"] == {"Hộ tịch": 2, "Thuế": 1}
    assert counted["level"] == {"commune": 2, "province": 1}
    assert [fits(it, Narrowing(audience="organisations")) for it in facts] == [False, False, True]
    assert audience_of([]) == ("people",)


GUIDE = {
    "questions": [
        {"code": "who", "answers": [{"code": "a", "procedures": ["1.000001"]}, {"code": "b"}]},
        {"code": "more", "if": {"who": "b"}, "answers": [{"code": "x", "procedures": ["1.000002"]}]},
        {"code": "last", "answers": [{"code": "y", "procedures": ["1.000001", "1.000003"]}]},
    ]
}


def test_a_guide_asks_only_what_follows_from_the_answers():
    assert walk(GUIDE, {}).question == GUIDE["questions"][0]
    assert walk(GUIDE, {"who": "b"}).question == GUIDE["questions"][1]
    assert walk(GUIDE, {"who": "a"}).question == GUIDE["questions"][2]
    end = walk(GUIDE, {"who": "a", "more": "x", "last": "y"})
    assert end.question is None and end.codes == ["1.000001", "1.000003"]


def test_an_answer_that_is_not_offered_is_asked_again():
    assert walk(GUIDE, {"who": "'; DROP"}).question == GUIDE["questions"][0]
