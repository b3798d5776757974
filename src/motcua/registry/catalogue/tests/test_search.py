from __future__ import annotations

import pytest

from motcua.registry.catalogue.selectors import get_life_event, list_life_events, search_procedures

BIRTH = "1.001193"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _pack(world):
    """The pack is loaded."""


def codes(words, **limits):
    return [procedure.code for procedure in search_procedures(words, **limits).procedures]


@pytest.mark.parametrize(
    "words",
    [
        "Đăng ký khai sinh",
        "dang ky khai sinh",
        "ĐĂNG KÝ KHAI SINH",
        "  đăng   ký khai-sinh ",
        "khai sinh",
        "khai sihn",
        "dang ki khai sinh",
        "giay khai sinh",
        "con tôi mới sinh",
        "vợ tôi mới sinh",
        "em bé",
        "birth certificate",
        "Geburtsurkunde",
        "1.001193",
    ],
)
def test_the_birth_registration_comes_first(words):
    assert codes(words)[0] == BIRTH


@pytest.mark.parametrize(
    ("words", "code"),
    [("ket hon", "1.000894"), ("lay chong", "1.000894"), ("bo toi mat", "1.000656"), ("sao y", "2.000815")],
)
def test_other_procedures_are_found_in_everyday_words(words, code):
    assert code in codes(words)[:3]


@pytest.mark.parametrize("words", ["", "   ", "!!!", "xyzzy quuxfrob", "'; DROP TABLE"])
def test_noise_finds_nothing_and_breaks_nothing(words):
    assert codes(words) == []


@pytest.mark.parametrize("words", ["%", "_", "\\", "khai%sinh", "a" * 5000, "\x00khai sinh"])
def test_signs_that_mean_something_to_the_database_do_no_harm(words):
    search_procedures(words)


def test_no_more_are_given_than_asked_for():
    assert len(codes("dang ky", limit=3)) == 3


def test_a_life_event_is_offered_when_its_words_are_typed():
    assert [event.code for event in search_procedures("sinh con").life_events] == ["birth"]
    assert [event.code for event in search_procedures("ket hon").life_events] == ["marriage"]


def test_a_life_event_leads_with_its_first_procedure():
    event, procedures = get_life_event("birth")
    assert event.names["vi"] == "Sinh con"
    assert procedures[0].code == "2.000986"  # birth, residence and health card in one
    assert procedures[1].code == BIRTH


def test_life_events_keep_the_packs_order_and_name_only_procedures_that_exist():
    events = list_life_events()
    assert [event.code for event in events][:3] == ["birth", "marriage", "house"]
    for event in events:
        assert [it.code for it in get_life_event(event.code)[1]] == event.procedure_codes


def test_searching_takes_two_queries(django_assert_num_queries):
    search_procedures("khai sinh")
    with django_assert_num_queries(2):
        search_procedures("khai sinh")
