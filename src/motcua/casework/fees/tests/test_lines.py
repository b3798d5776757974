from __future__ import annotations

from datetime import date, timedelta

import pytest
import yaml
from django.conf import settings

from motcua.casework.fees.rules.lines import fee_lines

BORN = date(2026, 3, 5)


@pytest.fixture(scope="module")
def procedure():
    path = settings.PACKS / "vn" / "procedures" / "1.001193" / "procedure.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def amounts(procedure, answers, on):
    return [line.amount_vnd for line in fee_lines(procedure, answers, on=on)]


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, [0]), (60, [0]), (61, [None]), (400, [None])],
    ids=["on the day of birth", "on day 60", "on day 61", "a year later"],
)
def test_registration_costs_nothing_within_sixty_days(procedure, days, expected):
    assert amounts(procedure, {"birth_date": BORN.isoformat()}, BORN + timedelta(days=days)) == expected


def test_a_fee_the_province_sets_says_so_instead_of_an_amount(procedure):
    (line,) = fee_lines(procedure, {"birth_date": BORN.isoformat()}, on=BORN + timedelta(days=61))
    assert "Hội đồng nhân dân" in line.text["vi"]


def test_extracts_are_counted(procedure):
    answers = {"birth_date": BORN.isoformat(), "extract_copies": 3}
    assert amounts(procedure, answers, BORN) == [0, 24_000]


@pytest.mark.parametrize("copies", [0, None, "", "three"])
def test_no_extracts_cost_nothing(procedure, copies):
    assert amounts(procedure, {"birth_date": BORN.isoformat(), "extract_copies": copies}, BORN) == [0]


@pytest.mark.parametrize(
    "answers", [{}, {"birth_date": ""}, {"birth_date": "5.3.2026"}, {"birth_date": None}]
)
def test_a_fee_that_hangs_on_an_unanswered_date_is_not_named(procedure, answers):
    assert amounts(procedure, answers, BORN) == []


def test_a_procedure_without_fees_has_none():
    assert fee_lines({}, {}, on=BORN) == []


NAME = {"vi": "Lệ phí", "en": "Charge", "de": "Gebühr"}
POOR = {"value": "poor", "name": {"vi": "hộ nghèo", "en": "poor household", "de": "armer Haushalt"}}


def lines(answers, channel="online", **fee):
    found = {"name": NAME, "amount_vnd": 7_000} | fee
    return fee_lines({"fees": [found]}, answers, on=BORN, channel=channel)


@pytest.mark.parametrize(("channel", "count"), [("online", 1), ("counter", 0), ("post", 0)])
def test_a_fee_of_one_channel_costs_nothing_by_another(channel, count):
    assert len(lines({}, channel, channels=["online"])) == count


@pytest.mark.parametrize(("work", "count"), [("new", 1), ("repair", 0), (None, 0)])
def test_a_fee_under_a_condition_is_named_only_when_it_holds(work, count):
    answers = {"work": work} if work else {}
    assert len(lines(answers, **{"if": {"field": "work", "equals": "new"}})) == count


def test_a_fee_per_person_counts_the_rows_of_a_group():
    (line,) = lines({"members": [{}, {}, {}]}, per="members")
    assert (line.count, line.amount_vnd) == (3, 21_000)


@pytest.mark.parametrize(
    ("claimed", "amount"), [("poor", 0), ("none", 7_000), (None, 7_000), ("rich", 7_000)]
)
def test_a_ground_that_frees_is_named_and_makes_it_nothing(claimed, amount):
    (line,) = lines({"ground": claimed}, exemptions={"field": "ground", "grounds": [POOR]})
    assert line.amount_vnd == amount
    assert (line.exempt == POOR["name"]) is (amount == 0)


def test_an_exemption_frees_of_a_fee_the_province_sets_too():
    exemptions = {"field": "ground", "grounds": [POOR]}
    (line,) = fee_lines(
        {"fees": [{"name": NAME, "set_by": "province", "text": NAME, "exemptions": exemptions}]},
        {"ground": "poor"},
        on=BORN,
    )
    assert line.amount_vnd == 0


def test_a_fee_without_a_code_goes_by_its_place_in_the_list():
    found = fee_lines({"fees": [{"name": NAME}, {"name": NAME, "code": "extract"}]}, {}, on=BORN)
    assert [line.code for line in found] == ["1", "extract"]
