"""Bounds of dates, people named twice, people of the other sex, communes that must differ."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.casework.forms.django_forms import Asking, page_form
from motcua.casework.forms.rules.checks import check_all, check_page, open_pages
from motcua.casework.forms.rules.days import day_of, day_range
from motcua.casework.forms.rules.definition import BadForm
from motcua.casework.forms.rules.parsing import parse_form

from .factories import ask, text

TODAY = date(2026, 3, 10)
# A man of 1998, a woman of 2000, as their numbers say.
HIS, HERS = "025098000111", "025300000222"
HE = {"full_name": "Nguyễn Mẫu Nam", "personal_number": HIS}
SHE = {"full_name": "Trần Thị Mẫu", "personal_number": HERS}
EID_OF_HER = {"eid.name": SHE["full_name"], "eid.personal_number": HERS, "eid.residence_commune": "08494"}
DAY = {"type": "string", "format": "date"}
PEOPLE = ["full_name", "personal_number"]


def form_data(**changes):
    """Two who marry, who comes along, where and when. changes: keys of single questions."""
    sides = [{"value": it, "label": text(it)} for it in ("groom", "bride")]
    member = {"type": "object", "additionalProperties": False, "required": ["who"]}
    questions = [
        ask("side", "radio", required=text("Choose"), options=sides),
        *(
            ask(
                name,
                "person",
                required=text("Enter"),
                prefill="eid",
                known={"field": "side", "equals": name},
                parts=PEOPLE,
                sex=sex,
                differs_from=[other],
            )
            for name, sex, other in (("groom", "male", "bride"), ("bride", "female", "groom"))
        ),
        ask(
            "guests",
            "repeated",
            item_label=text("Guest"),
            minimum=0,
            maximum=9,
            fields=[ask("who", "person", required=text("Enter"), parts=PEOPLE, differs_from=["groom"])],
        ),
        ask("registration_commune", "commune", differs_from=["eid.residence_commune"]),
        ask("from_place", "place", differs_from=["registration_commune"]),
        ask("any_day", "date"),
        ask("begins", "date", earliest="today", latest="today+2y"),
        ask("ends", "date", earliest="begins"),
        ask("signed", "date", earliest="2020-01-01", latest="today"),
    ]
    for item in questions:
        item.update(changes.get(item["name"], {}))
    properties = {
        "side": {"type": "string", "enum": ["groom", "bride"]},
        **{name: {"$ref": "#/$defs/person"} for name in ("groom", "bride")},
        "guests": {
            "type": "array",
            "minItems": 0,
            "maxItems": 9,
            "items": {**member, "properties": {"who": {"$ref": "#/$defs/person"}}},
        },
        **{it: {"type": "string", "pattern": "^[0-9]{5}$"} for it in ("registration_commune", "from_place")},
        **dict.fromkeys(("any_day", "begins", "ends", "signed"), DAY),
    }
    schema = {"type": "object", "additionalProperties": False, "required": ["side", "groom", "bride"]}
    titles = {"title": text("A marriage"), "short": text("A marriage")}
    page = {"name": "all", "part": 1, **titles, "groups": [{"fields": questions}]}
    return {
        "schema": {**schema, "properties": properties},
        "title": text("A marriage"),
        "declaration": text("True"),
        "parts": [text("All")],
        "pages": [page],
    }


FORM = parse_form(form_data())


def codes(claims=None, **answers):
    whole = {"side": "groom", "groom": HE, "bride": SHE} | answers
    return {key: it.code for key, it in check_all(FORM, whole, TODAY, claims).items()}


def test_two_different_people_of_the_right_sex_may_marry():
    assert codes() == {}
    assert codes(EID_OF_HER, side="bride") == {}


def test_nobody_marries_themselves():
    found = codes(bride=HE)
    assert found == {
        "groom-personal_number": "same_person",
        "bride-personal_number": "personal_number_sex",
    }
    # She is known by her eID, and what a program says of her does not count; he is named with her number.
    assert "groom-personal_number" in codes(EID_OF_HER, side="bride", groom=SHE, bride={})


def test_a_groom_whose_number_is_a_womans_is_refused_where_it_was_typed():
    other = SHE | {"personal_number": "025300000999"}
    assert codes(groom=other) == {"groom-personal_number": "personal_number_sex"}


def test_whom_the_eid_gives_as_a_woman_cannot_be_the_groom():
    answers = {"side": "groom", "bride": {"full_name": "Ai Đó", "personal_number": "025300000999"}}
    assert codes(EID_OF_HER, **answers, groom={}) == {"groom-personal_number": "known_other_sex"}
    page = page_form(FORM, FORM.page("all"), Asking(today=TODAY, claims=EID_OF_HER), {"side": ["groom"]})
    assert not page.is_valid()
    assert any("eID" in it["text"] for it in page.error_items)


def test_a_list_of_people_names_nobody_twice():
    one, two = {"full_name": "Một", "personal_number": "025198000333"}, {"full_name": "Hai"}
    assert codes(guests=[{"who": one}, {"who": two}, {"who": two}]) == {}
    again = [{"who": one}, {"who": two}, {"who": one | {"full_name": "Ba"}}]
    assert codes(guests=again) == {"guests-2-who-personal_number": "same_person"}
    problem = check_page(FORM, FORM.page("all"), {"guests": again}, TODAY)["guests-2-who-personal_number"]
    assert problem.values["other"]["en"] == "Guest 1"


def test_who_is_in_a_list_may_have_to_differ_from_somebody_outside_it():
    assert codes(guests=[{"who": HE}]) == {"guests-0-who-personal_number": "same_person"}


def test_communes_that_must_differ():
    moves = {"registration_commune": "08494", "from_place": "08494"}
    assert codes(**moves) == {"from_place": "same_commune"}
    assert codes(EID_OF_HER, side="bride", registration_commune="08494") == {
        "registration_commune": "same_commune_as_residence"
    }
    assert codes(EID_OF_HER, side="bride", registration_commune="04894") == {}


@pytest.mark.parametrize(
    ("name", "day", "code"),
    [
        ("any_day", "1899-12-31", "date_too_early"),
        ("any_day", "1900-01-01", None),
        ("any_day", "2046-03-10", None),
        ("any_day", "2046-03-11", "date_too_late"),
        ("any_day", "9999-12-31", "date_too_late"),
        ("begins", "2026-03-09", "date_too_early"),
        ("begins", "2026-03-10", None),
        ("begins", "2028-03-10", None),
        ("begins", "2028-03-11", "date_too_late"),
        ("signed", "2019-12-31", "date_too_early"),
        ("signed", "2026-03-10", None),
        ("signed", "2026-03-11", "date_in_future"),
    ],
)
def test_a_date_lies_within_its_bounds(name, day, code):
    assert codes(**{name: day}) == ({name: code} if code else {})


def test_a_date_may_be_bound_by_another():
    assert codes(begins="2026-04-02", ends="2026-04-01") == {"ends": "date_too_early"}
    assert codes(begins="2026-04-02", ends="2026-04-02") == {}
    assert codes(ends="1990-01-01") == {}
    assert open_pages(FORM, {"begins": "2026-04-02", "ends": "2026-04-01"}, TODAY) == ["all"]


def test_a_leap_day_has_a_birthday_every_year():
    assert day_of("today-1y", {}, date(2028, 2, 29)) == date(2027, 2, 28)


@settings(deadline=None)
@given(
    st.text(max_size=12) | st.from_regex(r"today[+-]\d{1,3}[dy]", fullmatch=True), st.dates(date(2000, 1, 1))
)
def test_no_bound_breaks_the_check(bound, today):
    today = min(today, date(2200, 1, 1))
    earliest, latest = day_range(bound, "", {}, today)
    assert earliest and latest


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"begins": {"earliest": "tomorrow"}}, "no date asked before"),
        ({"begins": {"latest": "ends"}}, "no date asked before"),
        ({"begins": {"latest": "side"}}, "no date asked before"),
        ({"groom": {"differs_from": ["nobody"]}}, "no other question"),
        ({"groom": {"differs_from": ["groom"]}}, "no other question"),
        ({"groom": {"differs_from": ["eid.residence_commune"]}}, "no other question"),
        ({"from_place": {"differs_from": ["groom"]}}, "no other question"),
        ({"groom": {"sex": "other"}}, "male or female"),
        ({"groom": {"parts": ["full_name"]}}, "needs the part"),
        ({"groom": {"parts": [*PEOPLE, "sex"]}}, "asks for the sex"),
        ({"any_day": {"differs_from": ["begins"]}}, "not a known key"),
        ({"side": {"earliest": "today"}}, "not a known key"),
    ],
)
def test_says_which_rule_cannot_be_used(changes, reason):
    with pytest.raises(BadForm) as caught:
        parse_form(form_data(**changes))
    assert reason in caught.value.reason
