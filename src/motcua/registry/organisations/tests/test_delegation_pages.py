"""The pages where absences and delegations are entered and ended."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from motcua.registry.organisations.models import Absence, Delegation
from motcua.registry.organisations.tests.factories import again, away, delegated

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
ENGLISH = {"headers": {"accept-language": "en"}}
ABSENCE, LIST, NEW = "/desk/absence/", "/desk/delegations/", "/desk/delegations/new/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def asked(world, **changes):
    return {
        "delegator": str(world.desk.leader.person_id),
        "delegate": str(world.desk.deputy.person_id),
        "authority": "KT",
        "right": "leader",
        "first_day": "10/03/2026",
        "last_day": "2026-03-12",
        "basis_number": "",
        "basis_day": "",
    } | changes


def days(**changes):
    return {"first_day": "2026-03-10", "last_day": "12/03/2026", "reason": "Họp tỉnh"} | changes


def test_an_officer_enters_and_withdraws_their_own_absence(world, browse):
    browser = browse(world.desk.specialist)
    assert browser.post(ABSENCE, days()).status_code == 302
    absence = Absence.objects.get()
    assert (absence.valid_from, absence.valid_to) == (date(2026, 3, 10), date(2026, 3, 13))
    html = text(browser.get(ABSENCE, **ENGLISH))
    assert "Họp tỉnh" in html and f"/desk/absence/{absence.id}/withdraw/" in html
    browser.post(f"/desk/absence/{absence.id}/withdraw/")
    assert f"/desk/absence/{absence.id}/withdraw/" not in text(browser.get(ABSENCE))


def test_a_leader_goes_away_and_delegates_in_one_step(world, browse):
    browser, deputy = browse(world.desk.leader), world.desk.deputy
    html = text(browser.get(ABSENCE))
    assert str(deputy.person_id) in html
    form = days(officer=str(world.desk.leader.person_id), stand_in=str(deputy.person_id))
    assert browser.post(ABSENCE, form).status_code == 302
    granted = Delegation.objects.get()
    assert (granted.authority, granted.valid_from, granted.valid_to) == (
        "KT",
        date(2026, 3, 10),
        date(2026, 3, 13),
    )
    assert again(deputy).holds("leader", world.desk.agency.path)


def test_a_leader_enters_a_subordinates_absence_but_no_stand_in_for_them(world, browse):
    browser, clerk = browse(world.desk.leader), str(world.desk.specialist.person_id)
    wrong = days(officer=clerk, stand_in=str(world.desk.deputy.person_id))
    text(browser.post(ABSENCE, wrong), 422)
    browser.post(ABSENCE, days(officer=clerk))
    assert str(Absence.objects.get().officer_id) == clerk


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"last_day": "2026-03-01"}, "ends before it begins"),
        ({"first_day": "2026-02-01", "last_day": "2026-02-03"}, "not past"),
        ({"first_day": "31/02/2026"}, "31/12/2026"),
        ({"first_day": "0001-01-01"}, "31/12/2026"),
        ({"last_day": "9999-12-31"}, "31/12/2026"),
        ({"officer": "x"}, "officer of the list"),
    ],
)
def test_wrong_days_are_explained_and_what_was_typed_is_kept(world, browse, changes, words):
    form = days(officer=str(world.desk.leader.person_id)) | changes
    html = text(browse(world.desk.leader).post(ABSENCE, form, **ENGLISH), 422)
    assert words in html and "Họp tỉnh" in html
    assert not Absence.objects.exists()


def test_a_second_absence_for_the_same_days_is_refused(world, browse):
    away(world.desk.specialist, at=MORNING)
    html = text(browse(world.desk.specialist).post(ABSENCE, days(), **ENGLISH), 422)
    assert "entered for some of these days already" in html


def test_nobody_sees_the_absences_of_another_agency(world, browse):
    away(world.other_desk.leader, at=MORNING)
    assert "Bùi Mẫu Sơn" not in text(browse(world.desk.leader).get(ABSENCE))
    assert "Bùi Mẫu Sơn" in text(browse(world.administrator).get(ABSENCE))


def test_that_nobody_signs_meanwhile_stands_on_top(world, browse):
    away(world.desk.leader, at=MORNING)
    html = text(browse(world.desk.leader).get(ABSENCE, **ENGLISH))
    assert "Nobody signs meanwhile" in html and NEW in html


def test_delegating_shows_first_what_papers_will_say_and_then_asks_once_more(world, browse):
    browser = browse(world.desk.leader)
    form = asked(world)
    html = text(browser.post(NEW, form | {"preview": "1"}, **ENGLISH))
    assert "KT. CHỦ TỊCH" in html and not Delegation.objects.exists()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', html)[1]
    altered = form | {"last_day": "2026-03-20", "seen": seen, "grant": "1"}
    text(browser.post(NEW, altered))
    assert not Delegation.objects.exists()
    assert browser.post(NEW, form | {"seen": seen, "grant": "1"}).url == LIST
    assert Delegation.objects.get().valid_to == date(2026, 3, 13)
    assert "KT. Chủ tịch, Phó Chủ tịch" in text(browser.get(LIST))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"delegate": ""}, "Choose an officer"),
        ({"delegate": "LEADER"}, "nobody can delegate to themself"),
        ({"delegate": "ELSEWHERE"}, "Choose an officer of the list"),
        ({"delegate": "SPECIALIST"}, "Choose a deputy of the head"),
        ({"authority": "TL"}, "Choose the head of a unit"),
        ({"authority": "TUQ", "last_day": ""}, "Enter the last day"),
        ({"authority": "TUQ"}, "Enter number and day of the document"),
        ({"basis_number": "1/QĐ"}, "Enter number and day of the document, or neither"),
        ({"authority": "Q"}, "Choose how they sign"),
        ({"right": "administrator"}, "Choose a right of the list"),
        ({"right": "specialist"}, "Only a right of one"),
        ({"first_day": "2026-03-09"}, "nothing can be delegated for the past"),
        ({"last_day": "2026-03-01"}, "ends before it begins"),
        ({"delegator": "DEPUTY"}, "Choose an officer of the list"),
        ({"procedures": ["9.999999"]}, "Choose procedures of the list"),
    ],
)
def test_what_cannot_be_delegated_is_explained_at_its_question(world, browse, changes, words):
    people = {
        "LEADER": world.desk.leader,
        "DEPUTY": world.desk.deputy,
        "SPECIALIST": world.desk.specialist,
        "ELSEWHERE": world.other_desk.deputy,
    }
    changed = {
        name: str(people[value].person_id) if isinstance(value, str) and value in people else value
        for name, value in changes.items()
    }
    html = text(
        browse(world.desk.leader).post(NEW, asked(world, **changed) | {"preview": "1"}, **ENGLISH), 422
    )
    assert words in html and 'name="grant"' not in html
    assert not Delegation.objects.exists()


def test_the_same_days_twice_are_refused_when_confirmed(world, browse):
    browser, form = browse(world.desk.leader), asked(world)
    html = text(browser.post(NEW, form | {"preview": "1"}))
    delegated(world.desk, at=MORNING)
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', html)[1]
    html = text(browser.post(NEW, form | {"seen": seen, "grant": "1"}, **ENGLISH), 422)
    assert "delegated to this officer already" in html


def test_an_administrator_delegates_for_the_head_of_a_chosen_agency(world, browse):
    browser, agency = browse(world.administrator), world.desk.agency
    html = text(browser.get(f"{NEW}?agency={agency.id}"))
    assert str(world.desk.leader.person_id) in html and "Q. –" in html
    html = text(browser.post(f"{NEW}?agency={agency.id}", asked(world) | {"preview": "1"}))
    assert "KT. CHỦ TỊCH" in html


def test_a_leader_chooses_no_other_agency(world, browse):
    response = browse(world.desk.leader).get(f"{NEW}?agency={world.other_desk.agency.id}")
    assert response.status_code == 404


def test_a_deputy_sees_what_is_lent_to_them_and_can_neither_lend_nor_end_it(world, browse):
    granted, browser = delegated(world.desk, at=MORNING), browse(world.desk.deputy)
    html = text(browser.get(LIST))
    assert "KT. Chủ tịch" in html and "/revoke/" not in html
    assert browser.get(NEW).status_code == 403
    assert browser.get(f"{LIST}{granted.id}/revoke/").status_code == 404


def test_revoking_asks_for_a_reason(world, browse):
    granted, browser = delegated(world.desk, at=MORNING), browse(world.desk.leader)
    url = f"{LIST}{granted.id}/revoke/"
    assert "Tạ Mẫu Phương" in text(browser.get(url))
    text(browser.post(url, {"reason": " "}), 422)
    assert browser.post(url, {"reason": "Về sớm"}).url == LIST
    assert "Về sớm" in text(browser.get(LIST))
    assert browser.post(url, {"reason": "Về sớm"}).url == LIST


def test_past_delegations_stay_in_the_list(world, browse):
    delegated(world.desk, at=MORNING)
    with time_machine.travel(MORNING + timedelta(days=9), tick=False):
        assert "ended" in text(browse(world.desk.leader).get(LIST, **ENGLISH))
