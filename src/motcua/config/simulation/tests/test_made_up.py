"""The pure part: people, answers, moments."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from random import Random

import pytest
from django.conf import settings

from motcua.casework.forms.rules.checks import check_all
from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.forms.rules.personal_numbers import find_fault
from motcua.config.simulation.births import PROCEDURE, Place, make_answers
from motcua.config.simulation.hours import STATES, Period, day_of, make_moments, state_of
from motcua.config.simulation.people import make_family, personal_number
from motcua.foundation.worktime.calendars import VIETNAM
from motcua.registry.organisations.selectors import get_calendar

ON, UNTIL = date(2026, 3, 10), date(2026, 3, 12)
PLACE = Place("04894", "Phường Kỳ Sơn", "Tỉnh Phú Thọ")


def answers(index: int, seed: int = 1) -> dict[str, object]:
    random = Random(f"{seed}/{index}")
    return make_answers(random, make_family(random, index, before=ON), PLACE, on=ON)


def test_the_same_seed_gives_the_same_answers_and_another_one_others():
    assert [answers(index) for index in range(50)] == [answers(index) for index in range(50)]
    assert answers(7) != answers(7, seed=2)


def test_answers_pass_every_check_of_the_form():
    path = settings.PACKS / "vn" / "procedures" / PROCEDURE / "form.json"
    form = parse_form(json.loads(path.read_text(encoding="utf-8")))
    paper = {"birth_evidence": "0198c0de-0000-7000-8000-000000000001"}
    for index in range(300):
        assert check_all(form, answers(index) | paper, ON) == {}, index


def test_personal_numbers_are_right_in_structure_belong_to_no_country_and_do_not_repeat():
    families = [make_family(Random(index), index, before=ON) for index in range(300)]
    people = [person for family in families for person in (family.mother, family.father)]
    for person in people:
        assert find_fault(person.personal_number, birth=person.birth_date, sex=person.sex) is None
        assert person.personal_number.startswith("999")
    assert len({person.personal_number for person in people}) == len(people)
    assert personal_number(1_000_000, "female", 1996) != personal_number(0, "female", 1996)


def test_every_made_up_name_carries_the_mark():
    for index in range(50):
        family = make_family(Random(index), index, before=ON)
        for name in (family.mother.full_name, family.father.full_name, family.child_given_name):
            assert "Mẫu" in name.split()


def test_every_state_occurs_and_most_dossiers_are_returned():
    states = [state_of(index, signing=True) for index in range(100)]
    assert set(states) == set(STATES) == set(states[:60])
    assert states.count("returned") == 88
    assert "signing" not in {state_of(index, signing=False) for index in range(100)}


@pytest.mark.parametrize("index", range(100))
def test_acts_follow_each_other_in_working_time_before_the_last_day(index: int):
    calendar, state = get_calendar(), state_of(index, signing=True)
    days = Period(UNTIL, 60, calendar).working_days()
    moments = make_moments(Random(index), day_of(index, 100, state, days), state, calendar)
    assert len(moments) == STATES[state]
    assert moments == sorted(set(moments))
    assert moments[-1] < datetime.combine(UNTIL, time(), VIETNAM)
    for moment in moments[1:]:
        sessions = calendar.day(moment.date()).sessions
        assert any(opens <= moment <= closes for opens, closes in sessions)


def test_a_period_of_days_off_reaches_back_to_working_days():
    days = Period(date(2026, 2, 22), 3, get_calendar()).working_days()  # within the days of Tết
    assert len(days) > 3
    assert days == sorted(days)
