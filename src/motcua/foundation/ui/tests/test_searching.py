import pytest

from motcua.foundation.ui import searching
from motcua.foundation.ui.searching import Hit, SearchSource, register_search, search_all


@pytest.fixture(autouse=True)
def no_sources(monkeypatch):
    monkeypatch.setattr(searching, "_sources", [])


def source(title, order, *, area="desk", finds=True, shows=True):
    return SearchSource(
        area=area,
        title=title,
        order=order,
        find=lambda request, words: [Hit(title=words, url="/")] if finds else [],
        shows=lambda request: shows,
    )


def test_groups_come_in_their_order_and_empty_ones_not_at_all(rf):
    for one in (source("B", 2), source("A", 1), source("C", 3, finds=False), source("D", 4, area="portal")):
        register_search(one)
    assert [group.title for group in search_all(rf.get("/"), "desk", "x")] == ["A", "B"]


def test_who_may_see_nothing_of_a_source_is_not_asked_about(rf):
    def never(request, words):
        raise AssertionError("asked")

    register_search(SearchSource("desk", "Secret", never, 1, shows=lambda request: False))
    assert search_all(rf.get("/"), "desk", "x") == []


@pytest.mark.parametrize("words", ["", "  "])
def test_blank_words_ask_nobody(rf, words):
    register_search(source("A", 1))
    assert search_all(rf.get("/"), "desk", words) == []
