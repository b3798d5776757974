"""Filling in a form with people and lists in a browser without scripts, on one device and on two."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from motcua.casework.dossiers import forms
from motcua.casework.dossiers.errors import DraftChanged, NothingNewer
from motcua.casework.dossiers.models import Draft
from motcua.casework.dossiers.selectors import get_draft
from motcua.casework.dossiers.services import drafts
from motcua.casework.dossiers.services.drafts import SentPage, page_digest
from motcua.casework.dossiers.tests.factories import CODE, MORNING, empty_draft, picture
from motcua.casework.forms.tests.factories import ANSWERS, form
from motcua.registry.catalogue.models import ProcedureVersion

pytestmark = pytest.mark.django_db
LAND = frozenset({"sites", "price"})


@pytest.fixture
def draft(world, monkeypatch):
    """A draft of a made-up form that asks everything."""
    made = empty_draft(world.mother)
    monkeypatch.setitem(forms._parsed, made.version.digest, form())
    return made


def sent(count=1, **typed):
    return {
        "sites-count": str(count),
        "sites-0-use": "field",
        "sites-0-area": "120,5",
        "price": "1.000",
    } | typed


def post(browser, draft, page, data):
    return browser.post(f"/drafts/{draft.id}/{page}/", data)


def value(page, name):
    """What stands in a box of the page, "" for nothing; None without the box."""
    box = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    found = box and re.search(r'value="([^"]*)"', box[0])
    return found[1] if found else ("" if box else None)


def test_one_more_item_loses_nothing_that_was_typed(world, draft, browse):
    answer = post(browse(world.mother), draft, "land", sent(add="sites", price="12x"))
    page = answer.content.decode()
    assert answer.status_code == 200 and "thing to correct" not in page
    assert (value(page, "sites-0-area"), value(page, "price"), value(page, "sites-1-area")) == (
        "120,5",
        "12x",
        "",
    )
    assert value(page, "sites-count") == "2"
    kept = get_draft(world.mother, draft.id).answers
    assert (kept["sites"], kept["price"]) == ([{"use": "field", "area": 120.5}], "12x")


def test_an_item_taken_out_leaves_the_others(world, draft, browse):
    two = sent(2, **{"sites-1-area": "7", "sites-1-use": "field"})
    page = post(browse(world.mother), draft, "land", two | {"remove": "sites-0"}).content.decode()
    assert (value(page, "sites-0-area"), value(page, "sites-1-area")) == ("7", None)
    assert get_draft(world.mother, draft.id).answers["sites"] == [{"use": "field", "area": 7}]


def test_an_error_in_an_item_is_said_there_and_linked_from_the_top(world, draft, browse):
    answer = post(
        browse(world.mother), draft, "land", sent(**{"sites-0-use": "house", "sites-0-floors": "0"})
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#id_sites-0-floors">Site 1' in page and 'id="id_sites-0-floors"' in page


def test_a_list_left_empty_is_linked_as_a_whole(world, draft, browse):
    page = post(browse(world.mother), draft, "land", {"sites-count": "1", "price": "5"}).content.decode()
    assert 'href="#id_sites"' in page and 'id="id_sites"' in page


def test_a_right_page_leads_on_and_shows_what_was_computed(world, draft, browse):
    browser = browse(world.mother)
    answer = post(browser, draft, "land", sent())
    assert (answer.status_code, answer["Location"]) == (302, f"/drafts/{draft.id}/papers/")
    page = browser.get(f"/drafts/{draft.id}/land/").content.decode()
    assert re.search(r'Total area</dt><dd class="strong"[^>]*>120\.5</dd>', page)


def test_somebody_named_before_is_filled_in_by_a_button(world, draft, browse):
    drafts.save_answers(
        actor=world.mother, draft_id=draft.id, answers={"applicant": ANSWERS["applicant"]}, at=MORNING
    )
    browser = browse(world.mother)
    assert 'value="sites-0-owner:applicant"' in browser.get(f"/drafts/{draft.id}/land/").content.decode()
    answer = post(browser, draft, "land", sent(same="sites-0-owner:applicant"))
    kept = get_draft(world.mother, draft.id).answers
    assert answer.status_code == 200
    # As the eID says it, whatever was stored.
    assert kept["sites"][0]["owner"]["full_name"] == "Nguyễn Thị Hồng Nhung"
    assert "sex" not in kept["sites"][0]["owner"]


@pytest.mark.parametrize(
    "pressed",
    [
        {"add": "price"},
        {"remove": "sites-99"},
        {"remove": "sites"},
        {"same": "sites-0-owner:nobody"},
        {"same": "price:applicant"},
        {"same": "x"},
        {"sites-count": "999999999999"},
        {"sites-count": "-1"},
    ],
)
def test_no_button_that_is_not_on_the_page_breaks_it(world, draft, browse, pressed):
    assert post(browse(world.mother), draft, "land", sent() | pressed).status_code in {200, 302, 422}


def test_several_files_are_kept_and_shown(world, draft, browse):
    browser = browse(world.mother)
    files = {"photos": [picture("a.png"), picture("b.png", shade=9)], "later": "1"}
    assert post(browser, draft, "papers", files).status_code == 302
    page = browser.get(f"/drafts/{draft.id}/check/").content.decode()
    assert "a.png, b.png" in page


# Two devices.
def save(world, draft, sites, seen):
    page = SentPage(LAND, seen)
    return drafts.save_answers(
        actor=world.mother, draft_id=draft.id, answers={"sites": sites}, at=MORNING, page=page
    )


def test_the_later_of_two_devices_overwrites_no_item_unasked(world, draft):
    seen = page_digest({}, LAND)
    save(world, draft, [{"use": "field"}], seen)
    with pytest.raises(DraftChanged):
        save(world, draft, [{"use": "house"}], seen)
    assert get_draft(world.mother, draft.id).answers["sites"] == [{"use": "field"}]
    # The same once more is no conflict, and who has seen it may replace it.
    save(world, draft, [{"use": "field"}], seen)
    save(world, draft, [{"use": "house"}], page_digest({"sites": [{"use": "field"}]}, LAND))
    assert get_draft(world.mother, draft.id).answers["sites"] == [{"use": "house"}]


def test_the_second_device_is_told_and_keeps_what_was_typed(world, draft, browse):
    browser = browse(world.mother)
    first = browser.get(f"/drafts/{draft.id}/land/").content.decode()
    second = sent(**{"sites-0-area": "999", "seen": value(first, "seen")})
    assert post(browser, draft, "land", sent(seen=value(first, "seen"))).status_code == 302
    answer = post(browser, draft, "land", second)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert value(page, "sites-0-area") == "999" and "120.5" in page
    assert get_draft(world.mother, draft.id).answers["sites"][0]["area"] == 120.5
    assert post(browser, draft, "land", second | {"seen": value(page, "seen")}).status_code == 302
    assert get_draft(world.mother, draft.id).answers["sites"][0]["area"] == 999


def test_continue_leads_to_the_page_where_one_stopped(world, draft, browse):
    browser, resume = browse(world.mother), f"/drafts/{draft.id}/"
    assert browser.get(resume)["Location"].endswith("/check/")
    post(browser, draft, "land", sent(price="x"))
    assert browser.get(resume)["Location"].endswith("/land/")
    post(browser, draft, "land", sent())
    assert browser.get(resume)["Location"].endswith("/papers/")
    assert resume in browser.get("/").content.decode()


# A new version of the procedure.
@pytest.fixture
def newer(world, draft, monkeypatch):
    """From tomorrow on, the procedure has another version with the same form."""
    day = MORNING.date() + timedelta(days=1)
    old = ProcedureVersion.objects.get(procedure=CODE)
    ProcedureVersion.objects.filter(pk=old.pk).update(valid_to=day)
    made = ProcedureVersion.objects.create(
        procedure_id=CODE, number=2, valid_from=day, definition=old.definition, digest="f" * 64
    )
    monkeypatch.setitem(forms._parsed, made.digest, form())
    return made


def test_a_draft_keeps_its_version_until_the_person_takes_it_over(world, draft, newer, browse):
    drafts.save_answers(actor=world.mother, draft_id=draft.id, answers=ANSWERS, at=MORNING)
    with time_machine.travel(MORNING + timedelta(days=1), tick=False):
        browser = browse(world.mother)
        assert f"/drafts/{draft.id}/renew/" in browser.get(f"/drafts/{draft.id}/land/").content.decode()
        assert Draft.objects.get(pk=draft.pk).version_id == draft.version_id
        assert browser.post(f"/drafts/{draft.id}/renew/").status_code == 302
    taken = Draft.objects.get(pk=draft.pk)
    assert taken.version_id == newer.pk
    # Papers belong to no answer of a draft, and who she is the eID says.
    assert {**taken.answers, "applicant": None} == {**ANSWERS, "applicant": None} and taken.page == "people"


def test_there_is_nothing_to_take_over_while_the_version_is_valid(world, draft):
    with pytest.raises(NothingNewer):
        drafts.renew_draft(actor=world.mother, draft_id=draft.id, at=MORNING)
