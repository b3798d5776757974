"""Lists, people, addresses, amounts and computed values, from what a browser sends to what a paper says."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.casework.forms.django_forms import Asking, page_form
from motcua.casework.forms.rules.answers import apply_page, compute, leaves, visible_answers
from motcua.casework.forms.rules.checks import check_all, check_page
from motcua.casework.forms.rules.cleaning import clean_value, flat
from motcua.casework.forms.rules.definition import BadForm, Field
from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.forms.rules.rows import (
    people_named,
    with_item,
    with_person,
    without_empty,
    without_item,
)
from motcua.casework.forms.rules.summary import paper_values, summary, title
from motcua.foundation.ui.pieces import Shown

from .factories import ANSWERS, FORM, form, form_data, text

TODAY = date(2026, 3, 10)
NAMES = {"08494": "Xã Lâm Thao, tỉnh Phú Thọ", "a": "a.jpg", "b": "b.jpg"}
LABEL = text("Any")


def raw_of(answers):
    return {key: value for name, it in answers.items() for key, value in flat(name, it).items()}


def sent(page, raw, answers=None, claims=None):
    return apply_page(form(), form().page(page), answers or {}, raw, claims or {})


def codes(answers, claims=None):
    return {key: problem.code for key, problem in check_all(form(), answers, TODAY, claims).items()}


def changed(**changes):
    return {key: value for key, value in (deepcopy(ANSWERS) | changes).items() if value is not None}


def site(**changes):
    """The example with its first site changed."""
    first = {key: value for key, value in (ANSWERS["sites"][0] | changes).items() if value is not None}
    return changed(sites=[first, ANSWERS["sites"][1]])


# What pages send, page by page, is what is stored.
def test_a_whole_form_comes_through_its_pages_as_it_was():
    answers, raw = {}, raw_of(ANSWERS)
    for page in form().pages:
        answers = apply_page(form(), page, answers, raw, {})
    assert answers == ANSWERS
    assert codes(answers) == {}


words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Z")), min_size=1, max_size=12)
people = st.fixed_dictionaries(
    {"full_name": words}, optional={"birth_date": st.dates().map(str), "personal_number": words}
)
sites = st.fixed_dictionaries(
    {"use": st.sampled_from(["house", "field"])},
    optional={
        "area": st.integers(0, 10**9) | st.integers(1, 10**9).map(lambda it: it / 100),
        "owner": people,
        "where": st.fixed_dictionaries({}, optional={"line": words, "commune": words}).filter(bool),
    },
)
wholes = st.fixed_dictionaries(
    {},
    optional={
        "applicant": people,
        "sites": st.lists(sites, min_size=1, max_size=4),
        "price": st.integers(0, 10**14),
        "photos": st.lists(words, min_size=1, max_size=10),
    },
)


@settings(deadline=None)
@given(wholes)
def test_answers_to_form_to_answers_changes_nothing(answers):
    once = {}
    for page in form().pages:
        once = apply_page(form(), page, once, raw_of(answers), {})
    again = {}
    for page in form().pages:
        again = apply_page(form(), page, again, raw_of(once), {})
    assert again == once
    assert visible_answers(form(), once) == once


keys = st.sampled_from(
    [*sorted(raw_of(ANSWERS)), "sites-7-use", "sites-x-use", "sites-0", "sites", "applicant"]
)
typed = st.text(max_size=20) | st.sampled_from(["-1", "99999999999", "1.234,5", "house", "0", "08494"])


@settings(deadline=None)
@given(st.dictionaries(keys, st.lists(typed, max_size=3)))
def test_no_text_breaks_the_way_from_a_page_to_a_paper(raw):
    answers = {}
    for page in form().pages:
        answers = apply_page(form(), page, answers, raw, {"eid.name": "Ai Đó"})
        check_page(form(), page, answers, TODAY)
    check_all(form(), answers, TODAY)
    summary(form(), answers, "de")
    paper_values(form(), answers, "vi")
    title(form(), answers, "en", TODAY)


json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*sorted(form().fields), "other"]), json))
def test_no_json_of_a_program_breaks_the_check_and_none_outside_the_schema_passes(answers):
    problems = check_all(form(), answers, TODAY)
    if not problems:
        assert form().validator.is_valid(visible_answers(form(), answers))


def test_hostile_depth_and_size_are_refused_unread():
    deep = []
    for _ in range(5000):
        deep = [deep]
    assert codes(changed(sites=deep)) == {"": "too_large"}
    assert codes(changed(sites=[{"use": "house"}] * 6000)) == {"": "too_large"}


def test_an_item_in_which_nothing_was_typed_does_not_count():
    raw = raw_of({"sites": ANSWERS["sites"]}) | {"sites-count": ["3"], "sites-2-area": [" "]}
    assert sent("land", raw)["sites"] == ANSWERS["sites"]


@pytest.mark.parametrize(
    ("typed_in", "value"),
    [("120,5", 120.5), ("120.5", 120.5), ("1.200", 1200), ("1.200,50", 1200.5), ("1 200", 1200), ("x", "x")],
)
def test_understands_how_people_write_an_area(typed_in, value):
    assert clean_value(Field("area", "number", LABEL, fractions=True), {"area": typed_in}, "area") == value


@pytest.mark.parametrize("fractions", [True, False])
@pytest.mark.parametrize(("digits", "is_number"), [(13, True), (40, True), (41, False)])
def test_a_typed_number_that_is_too_large_stays_one_so_that_its_range_is_told(fractions, digits, is_number):
    typed_in = "9" * digits
    cleaned = clean_value(Field("area", "number", LABEL, fractions=fractions), {"area": typed_in}, "area")
    assert cleaned == (int(typed_in) if is_number else typed_in)


@pytest.mark.parametrize(
    ("typed_in", "value"),
    [
        ("1500000", 1500000),
        ("1.500.000 đ", 1500000),
        ("1,500,000 VND", 1500000),
        ("1,5", "1,5"),
        ("-5", "-5"),
    ],
)
def test_understands_how_people_write_an_amount(typed_in, value):
    assert clean_value(Field("price", "money", LABEL), {"price": typed_in}, "price") == value


@pytest.mark.parametrize(
    ("answers", "problems"),
    [
        (changed(sites=None), {"sites": "too_few"}),
        (changed(sites=[{"use": "field"}] * 5), {"sites": "too_many"}),
        (changed(sites="house"), {"sites": "invalid"}),
        (changed(sites=["house"]), {"sites-0": "invalid"}),
        (site(use="castle"), {"sites-0-use": "not_offered"}),
        (site(floors=None), {"sites-0-floors": "required"}),
        (site(floors=0), {"sites-0-floors": "number_out_of_range"}),
        (site(floors=2.5), {"sites-0-floors": "number_invalid"}),
        (site(floors=10**30), {"sites-0-floors": "number_out_of_range"}),
        (site(floors=-(10**400)), {"sites-0-floors": "number_out_of_range"}),
        (site(floors=float("nan")), {"sites-0-floors": "number_invalid"}),
        (site(floors=True), {"sites-0-floors": "number_invalid"}),
        (site(area=120.555), {"sites-0-area": "fraction_invalid"}),
        (site(area=-1), {"sites-0-area": "number_too_small"}),
        (site(colour="red"), {"sites-0": "invalid"}),
        (site(owner={"full_name": "Ai"}), {"sites-0-owner-birth_date": "required"}),
        (
            site(owner={"full_name": "Ai", "birth_date": "2027-01-01"}),
            {"sites-0-owner-birth_date": "date_in_future"},
        ),
        (site(where={"line": "Khu 4"}), {"sites-0-where-commune": "required"}),
        (site(where={"commune": "x"}), {"sites-0-where-commune": "not_offered"}),
        (changed(helper={"full_name": "Ai", "sex": "male"}), {"helper": "invalid"}),
        (changed(helper={"personal_number": "025197004187"}), {"helper-full_name": "required"}),
        (changed(home={"commune": "08494"}), {"home-line": "required"}),
        (changed(price="1,5"), {"price": "money_invalid"}),
        (changed(price=None), {"price": "required"}),
        (changed(photos="a"), {"photos": "invalid"}),
        (changed(photos=[]), {}),
        (changed(plan=None), {"plan": "required"}),
    ],
)
def test_says_where_an_answer_is_wrong(answers, problems):
    assert codes(answers) == problems


def test_a_personal_number_is_held_against_the_same_person():
    who = {"full_name": "Ai", "birth_date": "1997-08-14", "personal_number": "025094001936"}
    assert codes(site(owner=who)) == {"sites-0-owner-personal_number": "personal_number_birth_year"}
    applicant = who | {"birth_date": "1994-11-02", "sex": "female"}
    assert codes(changed(applicant=applicant)) == {"applicant-personal_number": "personal_number_sex"}


def test_a_question_in_an_item_hangs_on_its_own_item():
    answers = visible_answers(
        form(), changed(sites=[{"use": "field", "floors": 2}, {"use": "house", "floors": 3}])
    )
    assert answers["sites"] == [{"use": "field"}, {"use": "house", "floors": 3}]


def test_a_question_is_shown_by_a_computed_value():
    assert "plan" in visible_answers(form(), ANSWERS)
    assert "plan" not in visible_answers(form(), site(area=1))


def test_computes_sums_over_items_counts_ages_and_looked_up_values():
    expected = {
        "total_area": 220.5,
        "how_many": 2,
        "band": "large",
        "age": 35,
        "half": 3000000,
        "left": 1500000,
    }
    assert compute(form(), ANSWERS, TODAY) == expected
    empty = {"total_area": "", "how_many": 0, "band": "", "age": "", "half": "", "left": ""}
    assert compute(form(), {}, TODAY) == empty
    assert compute(form(), ANSWERS)["age"] == ""


def test_cents_do_not_get_lost_in_a_sum():
    answers = changed(sites=[{"use": "field", "area": 0.1}, {"use": "field", "area": 0.2}])
    assert compute(form(), answers)["total_area"] == 0.3


@pytest.mark.parametrize("price", [-1e26, 1e308, 10**40])
def test_nothing_is_computed_of_what_is_no_quantity(price):
    assert compute(form(), changed(price=price))["left"] == ""
    assert check_all(form(), changed(price=price), TODAY)


CLAIMS = {"eid.name": "Nguyễn Thị Mẫu", "eid.birth_date": "1990-03-11", "eid.sex": "female"}


def test_of_a_person_the_known_parts_are_taken_from_the_eid_and_the_rest_is_asked():
    raw = {"applicant-full_name": "Someone Else", "applicant-residence": "Khu 4"}
    answers = sent("people", raw, claims=CLAIMS)
    assert answers["applicant"] == {
        "full_name": "Nguyễn Thị Mẫu",
        "birth_date": "1990-03-11",
        "sex": "female",
        "residence": "Khu 4",
    }
    assert check_page(form(), form().page("people"), {}, TODAY, CLAIMS) == {}
    assert "applicant-sex" in check_page(form(), form().page("people"), {}, TODAY, {"eid.name": "Ai"})


# Adding, removing, filling in: nothing typed gets lost.
RAW = raw_of(ANSWERS) | {"other": ["x"], "sites-1-where-commune_words": ["lâm th"]}
SITES = form().fields["sites"]


def test_each_item_asks_by_its_own_answers_also_beside_an_empty_one():
    raw = {"sites-count": ["2"], "sites-1-use": ["house"], "add": ["sites"]}
    page = page_form(form(), form().page("land"), Asking(today=TODAY), raw)
    assert page.is_valid() and page.is_working
    items = next(it for group in page.groups for it in group.pieces if it.kind == "list").pieces
    shown = [it.shown for item in items for it in item.pieces if it.shown]
    assert shown == [
        Shown(f"sites-{at}-floors", at != 1, f'[["sites-{at}-use", "equals", "house"]]') for at in range(3)
    ]
    stored = page_form(form(), form().page("land"), Asking(today=TODAY, answers=ANSWERS))
    kept = [it.shown for group in stored.groups for it in group.pieces[0].pieces for it in it.pieces]
    assert [it.is_hidden for it in kept if it] == [False, True]


def test_one_more_item_keeps_everything_typed_and_stops_at_the_most():
    more = with_item(SITES, RAW)
    assert more == RAW | {"sites-count": ["3"]}
    assert with_item(SITES, with_item(SITES, with_item(SITES, more)))["sites-count"] == ["4"]


def test_an_item_taken_out_moves_the_others_up_with_all_they_hold():
    fewer = without_item(SITES, RAW, 0)
    assert sent("land", fewer)["sites"] == ANSWERS["sites"][1:]
    assert fewer["sites-0-where-commune_words"] == ["lâm th"] and fewer["other"] == ["x"]
    assert without_item(SITES, RAW, 7) == RAW


@given(st.lists(st.sampled_from([{}, {"use": ["house"]}, {"area": ["5"]}]), max_size=5))
def test_empty_items_are_dropped_and_no_other(items):
    raw = {f"sites-{at}-{name}": value for at, it in enumerate(items) for name, value in it.items()}
    kept = without_empty(SITES, raw | {"sites-count": [str(len(items))]})
    assert clean_value(SITES, kept, "sites") == clean_value(
        SITES, raw | {"sites-count": [str(len(items))]}, "sites"
    )
    assert kept["sites-count"] == [str(sum(map(bool, items)))]


def test_everybody_named_can_be_named_again():
    named = people_named(form().fields, ANSWERS)
    assert {key: who["full_name"] for key, who in named.items()} == {
        "applicant": "Nguyễn Thị Mẫu",
        "sites-1-owner": "Trần Văn Mẫu",
    }
    raw = with_person({"sites-0-owner-personal_number": "1", "x": "y"}, "sites-0-owner", named["applicant"])
    assert raw["sites-0-owner-full_name"] == ["Nguyễn Thị Mẫu"] and "sites-0-owner-personal_number" not in raw


def test_a_person_whom_nobody_named_can_be_is_not_offered_one():
    def offered(spouse):
        data = form_data()
        field_of(data, "helper").update(spouse)
        answers = {"applicant": {"full_name": "Ai Đó"}}
        page = page_form(
            parse_form(data), parse_form(data).page("people"), Asking(today=TODAY, answers=answers)
        )
        return [same.value for group in page.groups for it in group.pieces for same in it.same]

    assert "helper:applicant" in offered({})
    assert "helper:applicant" not in offered({"same": False})


# Reading.
def test_a_summary_shows_people_and_items_as_sections_of_their_own():
    sections = {
        it.title: [(row.field, row.label, row.value) for row in it.rows]
        for it in summary(form(), ANSWERS, "en", NAMES)
    }
    assert list(sections) == ["Applicant", "People", "Land", "Site 1", "Site 2", "Papers"]
    assert sections["People"] == [("home", "Home", "Khu 4, Xã Lâm Thao, tỉnh Phú Thọ")]
    assert sections["Site 1"] == [
        ("sites-0-use", "Use", "a house"),
        ("sites-0-area", "Area", "120.5"),
        ("sites-0-floors", "Floors", "2"),
        ("sites-0-where", "Where", "Xã Lâm Thao, tỉnh Phú Thọ"),
    ]
    assert ("sites-1-owner-full_name", "Owner: Full name", "Trần Văn Mẫu") in sections["Site 2"]
    assert sections["Land"] == [
        ("total_area", "Total area", "220.5"),
        ("price", "Price", "1,500,000\u00a0đ"),
        ("left", "Left", "1,500,000\u00a0đ"),
    ]
    assert sections["Papers"][1] == ("photos", "Photos", "a.jpg, b.jpg")


def test_a_person_called_as_the_page_is_shares_its_heading():
    content = deepcopy(FORM)
    page = next(it for it in content["pages"] if it["short"]["en"] == "People")
    page["short"] = {"vi": "Applicant", "en": "Applicant", "de": "Applicant"}
    sections = summary(parse_form(content), ANSWERS, "en", NAMES)
    titles = [it.title for it in sections]
    assert titles.count("Applicant") == 1 and "People" not in titles


def test_a_person_alone_in_an_item_has_no_frame_within_the_frame():
    form = deepcopy(FORM)
    for page in parse_form(form).pages:
        shown = page_form(parse_form(form), page, Asking(today=date(2026, 3, 10), answers=ANSWERS))
        for piece in (piece for group in shown.groups for piece in group.pieces if piece.kind == "list"):
            assert not any(len(it.pieces) == 1 and it.pieces[0].kind == "block" for it in piece.pieces)


def test_a_personal_number_is_masked_wherever_it_stands():
    number = "025094001936"
    answers = site(owner={"full_name": "Ai", "birth_date": "1994-11-02", "personal_number": number})
    answers["applicant"] = answers["applicant"] | {"personal_number": number}
    shown = [row for it in summary(form(), answers, "vi", NAMES) for row in it.rows]
    assert not [row for row in shown if number in row.value]
    assert len([row for row in shown if number in row.full]) == 2


def test_what_the_eid_gave_counts_as_known_part_by_part():
    rows = {
        row.field: row.known
        for it in summary(form(), ANSWERS, "en", NAMES, {"eid.name": "x"})
        for row in it.rows
    }
    assert rows["applicant-full_name"] and not rows["applicant-sex"]


def test_a_paper_gets_lists_and_people_as_data():
    words_of = paper_values(form(), ANSWERS, "vi", NAMES, TODAY)["words"]
    assert words_of["sites"][1]["owner"]["full_name"] == "Trần Văn Mẫu"
    assert words_of["sites"][0]["area"] == "120,5"
    assert words_of["home"] == {
        "line": "Khu 4",
        "commune": "Xã Lâm Thao, tỉnh Phú Thọ",
        "full": "Khu 4, Xã Lâm Thao, tỉnh Phú Thọ",
    }


def test_a_title_names_parts_of_people_and_computed_values():
    assert title(form(), ANSWERS, "en") == "Land of Nguyễn Thị Mẫu: 220.5 m2"
    assert title(form(), {}, "en") == "Land of …: … m2"


def test_leaves_are_found_at_any_depth():
    found = {key: value for key, item, value in leaves(form().fields, ANSWERS) if item.kind == "place"}
    assert found == {"home-commune": "08494", "sites-0-where-commune": "08494"}


# Forms that are wrong.
def field_of(data, name):
    fields = [it for page in data["pages"] for group in page["groups"] for it in group["fields"]]
    return next(
        it
        for it in [*fields, *(part for it in fields for part in it.get("fields", []))]
        if it["name"] == name
    )


SPOILT = {
    "more items than the schema": (lambda it: field_of(it, "sites").update(maximum=5), "maxItems 5"),
    "a list within a list": (lambda it: field_of(it, "owner").update(kind="repeated"), "repeated: cannot"),
    "a file in an item": (lambda it: field_of(it, "owner").update(kind="file"), "file: cannot stand"),
    "a part that is none": (lambda it: field_of(it, "helper").update(parts=["full_name", "shoe"]), "'shoe'"),
    "a required part not asked": (
        lambda it: field_of(it, "helper").update(parts=["sex"]),
        "'full_name' is required",
    ),
    "a calculated field of nothing": (
        lambda it: field_of(it, "total_area").update(name="area2"),
        "nothing computed",
    ),
    "a switch that is none": (lambda it: field_of(it, "helper").update(same="no"), "must be true or false"),
    "an unknown format": (lambda it: field_of(it, "total_area").update(format="roman"), "'roman'"),
    "a condition on what comes later": (
        lambda it: field_of(it, "helper").update(show_if={"field": "total_area", "at_least": 1}),
        "needs 'sites'",
    ),
    "a condition on an age today": (
        lambda it: field_of(it, "plan").update(show_if={"field": "age", "at_least": 1}),
        "needs 'today'",
    ),
    "a lookup without a table": (lambda it: it.update(tables={}), "at least one item"),
    "steps that fall": (
        lambda it: it["tables"].update(bands=[{"from": 2, "value": 1}, {"from": 1, "value": 1}]),
        "must rise",
    ),
    "a sum of nothing known": (lambda it: it["computed"][0].update(sum=["sites.size"]), "'sites.size'"),
    "two rules at once": (lambda it: it["computed"][0].update(count="sites"), "exactly one of"),
    "a word that belongs to another rule": (
        lambda it: it["computed"][0].update(by="price"),
        "'by' does not belong",
    ),
    "a page where drafts are submitted": (
        lambda it: it["pages"][0].update(name="submit"),
        "'submit' cannot be",
    ),
    "a page without an address": (
        lambda it: it["pages"][0].update(name="Ai là ai"),
        "cannot be the name of a page",
    ),
    "a name that could be an address": (lambda it: field_of(it, "use").update(name="us-e"), "us-e"),
    "an item's question the schema lacks": (lambda it: field_of(it, "use").update(name="usage"), "'usage'"),
    "money that is a text": (
        lambda it: it["schema"]["properties"].update(price={"type": "string"}),
        "integer",
    ),
    "several files as one": (lambda it: field_of(it, "photos").update(several=False), "type string"),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_refuses_a_form_with(fault):
    spoil, reason = SPOILT[fault]
    data = form_data()
    spoil(data)
    with pytest.raises(BadForm, match=reason):
        parse_form(data)


def test_the_schema_of_a_parsed_form_stands_alone():
    assert "person" not in FORM["schema"].get("$defs", {})
    assert {"person", "address"} <= set(form().schema["$defs"])


@pytest.mark.parametrize("area", [10**40, -(10**40), 1e308, 10**14])
def test_no_number_is_too_large_to_compute_with(area):
    """Programs send numbers that nobody has looked at yet."""
    assert "total_area" in compute(form(), site(area=area), TODAY)
    assert codes(site(area=area))
