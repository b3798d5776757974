"""The pure part: people, answers, moments."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, time
from random import Random

import pytest
import yaml
from django.conf import settings

from motcua.casework.dossiers.rules.cases import case_of
from motcua.casework.forms.rules.answers import compute, visible_answers
from motcua.casework.forms.rules.checks import check_all
from motcua.casework.forms.rules.definition import fill
from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.forms.rules.personal_numbers import find_fault
from motcua.casework.forms.rules.summary import title
from motcua.config.simulation.applications import KINDS, Application, Kind, choose_kind
from motcua.config.simulation.births import Place
from motcua.config.simulation.hours import Period, day_of, is_closed, make_moments, state_of
from motcua.config.simulation.people import make_family, personal_number
from motcua.config.simulation.ways import HOUSE, PLAIN, POSTED, STATES, UNPOSTED, WORKS, Way, acts_of
from motcua.foundation.worktime.calendars import VIETNAM
from motcua.registry.organisations.selectors import get_calendar

ON, UNTIL = date(2026, 3, 10), date(2026, 3, 12)
PLACE = Place("04894", "Phường Kỳ Sơn", "Tỉnh Phú Thọ")


def applications(kind: Kind, count: int, seed: int = 1) -> list[Application]:
    made = []
    for index in range(count):
        random = Random(f"{seed}/{index}")
        made.append(kind.make(random, make_family(random, index, before=ON), PLACE, ON))
    return made


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_the_same_seed_gives_the_same_answers_and_another_one_others(kind: Kind):
    assert applications(kind, 50) == applications(kind, 50)
    assert applications(kind, 8)[7] != applications(kind, 8, seed=2)[7]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_answers_pass_every_check_of_the_form_and_nothing_is_answered_that_is_not_asked(kind: Kind):
    folder = settings.PACKS / "vn" / "procedures" / kind.code
    form = parse_form(json.loads((folder / "form.json").read_text(encoding="utf-8")))
    procedure = yaml.safe_load((folder / "procedure.yaml").read_text(encoding="utf-8"))
    for number, made in enumerate(applications(kind, 200)):
        answers = made.with_papers("0198c0de-0000-7000-8000-000000000001")
        assert check_all(form, answers, ON) == {}, number
        assert visible_answers(form, answers) == answers
        facts = answers | compute(form, answers, ON)
        assert case_of(procedure, facts) == made.case
        assert fill(form.title, "vi", made.named) == title(form, answers, "vi", ON)


def test_half_are_births():
    chosen = Counter(choose_kind(Random(index)).code for index in range(2000))
    assert set(chosen) == {kind.code for kind in KINDS}
    assert 900 < chosen[KINDS[0].code] < 1100


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
    assert set(states) == set(STATES)
    assert sum(map(is_closed, states)) == 84
    assert not {state_of(index, signing=False) for index in range(100)} & {"signing", "signing_claimed"}


def test_every_way_has_acts_of_its_own_in_examination_and_all_of_them_before_the_end():
    for way in (HOUSE, WORKS, POSTED, UNPOSTED):
        verifying = {acts_of("verification", way, turn) for turn in range(20)}
        assert len(verifying) == len(way.examined) + 1
        for state in ("signing", "finished", "returned", "returned_supplemented", "returned_asked"):
            assert set(way.examined) | set(way.drafted) <= set(acts_of(state, way))


@pytest.mark.parametrize("way", [PLAIN, HOUSE, WORKS, POSTED])
@pytest.mark.parametrize("index", range(0, 200, 3))
def test_acts_follow_each_other_in_working_time_before_the_last_day(index: int, way: Way):
    calendar, state, random = get_calendar(), state_of(index, signing=True), Random(index)
    days, acts = Period(UNTIL, 60, calendar).working_days(), acts_of(state, way, index // 40)
    on = day_of(random, index % 100 / 100, state, days, acts)
    moments = make_moments(random, on, acts, calendar, pace=4 if way is PLAIN else 2)
    assert len(moments) == len(acts) + 1
    assert moments == sorted(set(moments))
    assert moments[-1] < datetime.combine(UNTIL, time(), VIETNAM)
    for moment, act in zip(moments[1:], acts, strict=True):
        sessions = calendar.day(moment.date()).sessions
        assert act.startswith("fire@") or any(opens <= moment <= closes for opens, closes in sessions)


def test_some_open_dossiers_are_overdue():
    days = Period(UNTIL, 60, get_calendar()).working_days()
    submitted = [
        day_of(Random(index), 0.5, "verification", days, STATES["verification"]) for index in range(60)
    ]
    assert 2 < sum(day < days[-5] for day in submitted) < 30


def test_a_period_of_days_off_reaches_back_to_working_days():
    days = Period(date(2026, 2, 22), 3, get_calendar()).working_days()  # within the days of Tết
    assert len(days) > 3
    assert days == sorted(days)
