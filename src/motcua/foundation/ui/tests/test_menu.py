import pytest
from django.test import RequestFactory

from motcua.foundation.ui import contributions
from motcua.foundation.ui.contributions import MenuEntry, menu_for, register_menu


@pytest.fixture(autouse=True)
def empty_menu(monkeypatch):
    monkeypatch.setattr(contributions, "_entries", [])


def request(path="/inbox/"):
    return RequestFactory().get(path)


def test_entries_come_in_their_order_and_only_once():
    late, early = MenuEntry("desk", "Later", "inbox", 2), MenuEntry("desk", "First", "missing", 1)
    for entry in (late, early, late):
        register_menu(entry)
    assert [item.label for item in menu_for(request(), "desk")] == ["First", "Later"]


def test_an_entry_is_hidden_from_who_may_not_use_it():
    register_menu(MenuEntry("desk", "Work", "inbox", 1, shows=lambda request: False))
    assert menu_for(request(), "desk") == ()


def test_an_area_does_not_show_entries_of_another():
    register_menu(MenuEntry("portal", "Work", "inbox", 1))
    assert menu_for(request(), "desk") == ()


def test_the_figure_and_the_current_page_are_those_of_the_request():
    register_menu(MenuEntry("desk", "Mine", "inbox", 1, group="Work", count=lambda request: 37))
    register_menu(MenuEntry("desk", "Unit", "inbox", 2, query="box=unit"))
    mine, unit = menu_for(request("/inbox/?box=unit"), "desk")
    assert (mine.count, mine.current, mine.group) == (37, False, "Work")
    assert (unit.url, unit.current, unit.count) == ("/inbox/?box=unit", True, None)


def test_a_portal_entry_stays_current_on_the_pages_below_it():
    register_menu(MenuEntry("portal", "Work", "inbox", 1))
    assert menu_for(request("/inbox/3/"), "portal")[0].current


def test_the_rail_marks_what_a_page_below_belongs_to():
    register_menu(MenuEntry("desk", "Work", "inbox", 1))
    register_menu(MenuEntry("desk", "Dossiers", "missing", 2, below=("/inbox/dossiers/", "/inbox/papers/")))
    where = {}
    for path in ("/inbox/", "/inbox/3/", "/inbox/papers/3/", "/elsewhere/"):
        where[path] = [
            (item.label, item.is_above) for item in menu_for(request(path), "desk") if item.current
        ]
    assert where == {
        "/inbox/": [("Work", False)],
        "/inbox/3/": [("Work", True)],
        "/inbox/papers/3/": [("Dossiers", True)],
        "/elsewhere/": [],
    }


def test_an_entry_stays_current_when_its_page_is_filtered():
    register_menu(MenuEntry("desk", "Mine", "inbox", 1))
    assert menu_for(request("/inbox/?due=today"), "desk")[0].current
