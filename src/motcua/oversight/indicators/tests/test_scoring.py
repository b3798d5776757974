"""Points, scores, totals and levels by the pack's rules and by made-up ones."""

from __future__ import annotations

import copy
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from motcua.oversight.indicators.rules.following import Facts, Noted, take
from motcua.oversight.indicators.rules.periods import BadPeriod, Period, parse_period, period_of
from motcua.oversight.indicators.rules.scoring import (
    CODES,
    HIGHEST,
    BadRules,
    Score,
    measured,
    parse_rules,
    points_of,
    rules_on,
    total,
)
from motcua.oversight.indicators.ruleset import load_rules

RULES = load_rules()[0]
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2026, 3, 9, 9, tzinfo=ZONE)
FRIDAY = datetime(2026, 3, 13, 9, tzinfo=ZONE)
counts = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, 2 * n), st.just(n)))


def raw():
    return yaml.safe_load((settings.PACKS / "vn" / "indicators.yaml").read_text(encoding="utf-8"))


def finished(**changes) -> Facts:
    facts = {
        "channel": 2,
        "status": 9,
        "accepted_at": MONDAY,
        "basis_at": FRIDAY,
        "has_receipt": True,
        "agencies": ["/H44/"],
        "finished_at": MONDAY,
    }
    return Facts(**{**facts, **changes})


def points(facts: Facts) -> dict[str, int | None]:
    return points_of(RULES, measured(facts, facts.steps))


def step(how: str, kind: str = "dossier.task_completed") -> dict[str, str]:
    return {
        "class": how,
        "kind": kind,
        "officer": "",
        "unit": "",
        "agency": "",
        "at": "",
        "due": "",
        "step": "x",
    }


class TestPoints:
    def test_the_pack_has_the_nine_indices_of_the_circular_and_its_levels(self):
        assert tuple(it.code for it in RULES.indices) == CODES
        assert [it.code for it in RULES.indices if it.officers] == [
            "time",
            "units",
            "contacts",
            "agencies",
            "attitude",
        ]
        assert [str(it.least) for it in RULES.agencies] == ["15", "12", "9", "6", "0"]
        assert [str(it.least) for it in RULES.officers] == ["5", "3.5", "0"]

    @pytest.mark.parametrize(
        ("at", "expected"),
        [(FRIDAY.replace(day=12), 2), (FRIDAY.replace(hour=8), 1), (FRIDAY, 1), (FRIDAY.replace(hour=10), 0)],
    )
    def test_time_counts_by_the_class_of_the_dossier(self, at, expected):
        assert points(finished(finished_at=at))["time"] == expected

    @pytest.mark.parametrize(("rounds", "expected"), [(0, 2), (1, 1), (2, 0), (7, 0)])
    def test_every_contact_that_was_needed_costs(self, rounds, expected):
        assert points(finished(rounds=rounds))["contacts"] == expected

    @pytest.mark.parametrize(("count", "expected"), [(0, None), (1, 2), (2, 1), (3, 0), (4, 0)])
    def test_every_agency_the_applicant_dealt_with_costs(self, count, expected):
        assert points(finished(agencies=[f"/H{it}/" for it in range(count)]))["agencies"] == expected

    def test_one_late_step_makes_the_time_of_the_units_late(self):
        assert points(finished(steps=[step("early"), step("late"), step("on_time")]))["units"] == 0
        assert points(finished(steps=[step("early"), step("on_time")]))["units"] == 1
        assert points(finished(steps=[step("early")]))["units"] == 2

    def test_a_step_whose_limit_is_unknown_is_no_data(self):
        assert points(finished(steps=[step("")]))["units"] is None

    def test_the_desk_gives_a_receipt_and_hands_over_in_time(self):
        late = [step("late", "dossier.handed_over")]
        assert points(finished())["one_stop"] == 2
        assert points(finished(steps=late))["one_stop"] == 1
        assert points(finished(has_receipt=False))["one_stop"] == 0
        assert points(finished(accepted_at=None, basis_at=None))["one_stop"] is None

    def test_what_nothing_tells_has_no_points_at_all(self):
        found = points(finished())
        assert [code for code, it in found.items() if it is None] == [
            "units",
            "publicity",
            "attitude",
            "feedback",
        ]

    def test_channel_is_online_or_another(self):
        assert [points(finished(channel=it))["online"] for it in (1, 2, 3)] == [1, 2, 1]

    def test_rules_count_only_in_their_time(self):
        assert rules_on(load_rules(), date(2026, 1, 1)) is RULES
        with pytest.raises(BadRules):
            rules_on(load_rules(), date(2018, 12, 9))


class TestScores:
    @given(counts)
    def test_a_score_is_the_mean_with_one_decimal_half_upward(self, given_counts):
        found = Score("time", *given_counts).mean
        assert found is not None
        assert abs(Fraction(*given_counts) - Fraction(found)) <= Fraction(1, 20)
        assert 0 <= found <= HIGHEST
        assert -found.as_tuple().exponent == 1

    def test_half_a_tenth_is_rounded_upward(self):
        assert Score("time", 5, 4).mean == Decimal("1.3")

    def test_without_dossiers_there_is_no_score(self):
        assert Score("time", 0, 0).mean is None
        assert total([Score(code, 0, 0) for code in CODES], RULES.agencies) is None

    @given(st.lists(st.one_of(st.just((0, 0)), counts), min_size=9, max_size=9))
    def test_the_level_lies_between_what_the_missing_indices_could_make_of_it(self, pairs):
        scores = [Score(code, *pair) for code, pair in zip(CODES, pairs, strict=True)]
        reached = total(scores, RULES.agencies)
        if reached is None:
            assert not any(count for _, count in pairs)
            return
        order = [it.code for it in RULES.agencies]
        assert order.index(reached.highest_level.code) <= order.index(reached.lowest_level.code)
        assert (reached.of, reached.highest) == (2 * sum(1 for _, count in pairs if count), 18)
        assert 0 <= reached.points <= reached.of
        if reached.of == reached.highest:
            assert reached.level is not None

    def test_all_indices_full_are_excellent(self):
        reached = total([Score(code, 2, 1) for code in CODES], RULES.agencies)
        assert reached and reached.level and reached.level.code == "excellent"

    def test_a_level_stays_open_while_missing_indices_could_decide_it(self):
        scores = [Score("time", 2, 1), Score("units", 2, 1), *(Score(it, 0, 0) for it in CODES[2:])]
        reached = total(scores, RULES.agencies)
        assert reached and reached.level is None
        assert (reached.lowest_level.code, reached.highest_level.code) == ("weak", "excellent")

    def test_a_level_is_said_when_nothing_missing_could_change_it(self):
        scores = [*(Score(it, 2, 1) for it in CODES[:8]), Score("online", 0, 0)]
        reached = total(scores, RULES.agencies)
        assert reached and reached.level and reached.level.code == "excellent"


class TestRules:
    @pytest.mark.parametrize(
        "break_it",
        [
            lambda row: row["indices"].pop(),
            lambda row: row["indices"].reverse(),
            lambda row: row["indices"][0].update(measure="luck"),
            lambda row: row["indices"][0].update(measure="none"),
            lambda row: row["indices"][5].update(measure="class"),
            lambda row: row["indices"][0]["points"].update({3: {"is": ["early"], "text": {}}}),
            lambda row: row["indices"][0]["points"][2].update(at_most=1),
            lambda row: row["levels"]["agencies"].reverse(),
        ],
    )
    def test_refuses_rules_that_cannot_be_counted_by(self, break_it):
        data = copy.deepcopy(raw())
        break_it(data["rules"][0])
        with pytest.raises(BadRules):
            parse_rules(data)


class TestPeriods:
    @pytest.mark.parametrize(
        ("text", "first", "last"),
        [
            ("2026", "2026-01-01", "2026-12-31"),
            ("2026-Q3", "2026-07-01", "2026-09-30"),
            ("2026-02", "2026-02-01", "2026-02-28"),
        ],
    )
    def test_reads_months_quarters_and_years(self, text, first, last):
        period = parse_period(text)
        assert (str(period.begins.date()), str((period.ends - MONDAY.resolution).date())) == (first, last)
        assert period.code == text

    @pytest.mark.parametrize(
        "text", ["", "2026-Q5", "2026-13", "2026-Q", "26", "2026-1", "٢٠٢٦", "2026-Q1\n", "x"]
    )
    def test_refuses_what_is_no_period(self, text):
        with pytest.raises(BadPeriod):
            parse_period(text)

    @given(st.dates(date(2018, 1, 1), date(2099, 12, 31)), st.sampled_from([1, 3, 12]))
    def test_a_day_lies_in_its_period_and_periods_follow_without_gap(self, day, months):
        period = period_of(day, months)
        assert period.begins.date() <= day < period.ends.date()
        assert period.shifted(1).begins == period.ends
        assert period.shifted(1).shifted(-1) == period == parse_period(period.code)

    def test_the_period_is_that_of_vietnam(self):
        assert Period(date(2026, 3, 1), 1).begins == datetime(2026, 3, 1, tzinfo=ZONE)


class TestFollowing:
    def noted(self, kind, at=MONDAY, position=1, *, officer="a", agency="/H44/", named="", due=None, **facts):
        return Noted(f"dossier.{kind}", at, position, facts, officer, "u", agency, named, due)

    def test_an_apology_leaves_the_basis_and_a_restart_names_a_new_one(self):
        facts = Facts()
        take(facts, self.noted("accepted", status=2, due_at=FRIDAY.isoformat()))
        take(facts, self.noted("extended", due_at=FRIDAY.replace(day=20).isoformat()))
        assert (facts.basis_at, facts.is_basis_elsewhere) == (FRIDAY, False)
        take(facts, self.noted("resumed", due_at=FRIDAY.replace(day=24).isoformat()))
        assert facts.is_basis_elsewhere
        take(facts, self.noted("supplemented", due_at=FRIDAY.replace(day=27).isoformat()))
        assert (facts.basis_at, facts.is_basis_elsewhere) == (FRIDAY.replace(day=27), False)

    def test_what_is_taken_back_was_not_done(self):
        facts, done = Facts(), {"step": "draft", "next_step": "sign"}
        take(facts, self.noted("task_completed", officer="a", **done))
        take(facts, self.noted("task_completed", officer="b", **done))
        take(facts, self.noted("recalled", officer="a", status=4, next_step="draft"))
        assert [it["officer"] for it in facts.steps] == ["b"]

    def test_silence_counts_from_when_the_time_was_over(self):
        facts = Facts(status=4)
        take(
            facts, self.noted("silence", FRIDAY, officer="", agency="", status=10, due_at=MONDAY.isoformat())
        )
        assert facts.finished_at == MONDAY

    def test_an_opinion_that_opens_no_step_is_no_step(self):
        facts = Facts()
        take(facts, self.noted("opinion_given", status=4))
        assert facts.steps == []

    def test_an_agency_the_applicant_never_met_does_not_count(self):
        facts = Facts()
        take(facts, self.noted("accepted", status=2))
        take(facts, self.noted("opinion_given", agency="/H44/H44.1/", status=4))
        take(facts, self.noted("supplement_requested", agency="/H44/H44.2/", status=5))
        take(facts, self.noted("transferred", named="/H44/H44.3/", status=4))
        assert (facts.agencies, facts.agency) == (["/H44/", "/H44/H44.2/", "/H44/H44.3/"], "/H44/H44.3/")
