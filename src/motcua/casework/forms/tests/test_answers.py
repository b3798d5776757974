import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.casework.forms.rules.answers import (
    apply_page,
    clean_answers,
    compute,
    known_answers,
    visible_answers,
)
from motcua.casework.forms.rules.checks import check_all, check_page
from motcua.casework.forms.rules.summary import (
    next_page,
    paper_values,
    previous_page,
    summary,
    title,
    visible_pages,
)

from .factories import first_wrong_page
from .pack import TODAY, example, form

# Controls are left out: the kernel's tests speak of them.
letters = st.characters(exclude_categories=("Cs", "Cc", "Cf"))
typed = st.text(letters, max_size=40) | st.sampled_from(
    ["father", "mother", "no", "other", "7", "31", "2026", "6h25"]
)


def raw_of(answers):
    """As a browser would send stored answers of every page again."""
    return {name: [str(value)] for name, value in answers.items()}


def question(name):
    return form().page(form().page_of[name])


def checked(**changes):
    """Problems of the example with some answers changed; None takes one away."""
    answers = {name: value for name, value in (example()["answers"] | changes).items() if value is not None}
    return {name: problem.code for name, problem in check_all(form(), answers, TODAY).items()}


def test_cleaning_removes_what_turns_text_around_and_joins_the_parts_of_a_date():
    page = form().page("birth")
    raw = {
        "birth_place": ["\u202eBệnh viện  A "],
        "birth_date_day": ["5"],
        "birth_date_month": ["3"],
        "birth_date_year": ["2026"],
    }
    assert clean_answers(form(), page, raw) == {"birth_date": "2026-03-05", "birth_place": "Bệnh viện A"}


@pytest.mark.parametrize("text", ["6:25", "06:25", "6h25", "6 giờ 25 phút", "6.25"])
def test_understands_how_people_write_a_time(text):
    assert clean_answers(form(), form().page("birth"), {"birth_time": text}) == {"birth_time": "06:25"}


def test_understands_a_personal_number_and_a_telephone_number_with_blanks():
    assert clean_answers(form(), form().page("father"), {"father_personal_number": "025 094 001936"}) == {
        "father_personal_number": "025094001936"
    }
    assert clean_answers(form(), form().page("receiving"), {"applicant_phone": "0912.345.678"}) == {
        "applicant_phone": "0912345678"
    }


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(form().fields)), typed), st.sampled_from(form().pages))
def test_cleaning_twice_changes_nothing(raw, page):
    once = clean_answers(form(), page, raw)
    assert clean_answers(form(), page, raw_of(once)) == once


date_boxes = [
    f"{name}_{part}" for name in ("birth_date", "mother_birth_date") for part in ("day", "month", "year")
]


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(form().fields) + date_boxes), typed), st.sampled_from(form().pages)
)
def test_no_text_breaks_the_way_from_a_page_to_a_summary(raw, page):
    answers = apply_page(form(), page, example()["answers"], raw, {})
    check_page(form(), page, answers, TODAY)
    check_all(form(), answers, TODAY)
    assert summary(form(), answers, "de")
    assert title(form(), answers, "en")


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(form().fields)), typed), st.sampled_from(form().pages))
def test_what_is_hidden_is_never_stored(raw, page):
    answers = apply_page(form(), page, example()["answers"], raw, {})
    assert visible_answers(form(), answers) == answers


def test_without_a_father_everything_about_him_goes_from_the_draft():
    answers = apply_page(
        form(), form().page("father_named"), example()["answers"], {"father_named": "no"}, {}
    )
    assert not [name for name in answers if name.startswith("father_") and name != "father_named"]
    assert "home_town_from" not in answers
    assert first_wrong_page(form(), answers, TODAY).name == "name"


def test_a_father_who_registers_is_not_asked_whether_there_is_one():
    answers = example()["answers"] | {"relation": "father"}
    del answers["father_named"]
    assert "father_named" not in [page.name for page in visible_pages(form(), answers)]
    assert check_all(form(), answers, TODAY) == {}


def test_what_the_state_knows_cannot_be_typed_over():
    given_claims = example()["claims"]
    answers = apply_page(
        form(), form().page("mother"), {"relation": "mother"}, {"mother_name": "Someone Else"}, given_claims
    )
    assert answers["mother_name"] == given_claims["eid.name"]


def test_the_person_signed_in_is_the_mother_only_when_she_says_so():
    claims = example()["claims"]
    assert "mother_name" in known_answers(form(), {"relation": "mother"}, claims)
    known_to_father = known_answers(form(), {"relation": "father"}, claims)
    assert "father_name" in known_to_father and "mother_name" not in known_to_father


def test_a_relation_chosen_by_mistake_leaves_nothing_of_the_person_in_the_wrong_place():
    page, content = form().page("applicant"), example()
    answers = apply_page(form(), page, content["answers"], {"relation": "father"}, content["claims"])
    assert answers["father_name"] == content["claims"]["eid.name"]
    assert "mother_name" not in answers and answers["mother_ethnicity"] == "Kinh"


def test_what_the_state_does_not_say_is_asked():
    claims = {"eid.name": "Nguyễn Thị Hồng Nhung"}
    problems = check_page(form(), form().page("mother"), {"relation": "mother"}, TODAY, claims)
    assert "mother_name" not in problems and problems["mother_birth_date"].code == "required"


def test_a_file_stays_until_another_one_is_sent():
    page = form().page("papers")
    answers = apply_page(form(), page, example()["answers"], {"birth_evidence_kind": "witness"}, {})
    assert answers["birth_evidence"] == example()["answers"]["birth_evidence"]
    assert apply_page(form(), page, answers, {"birth_evidence": "other"}, {})["birth_evidence"] == "other"


def test_the_example_is_complete_and_right():
    assert checked() == {}
    assert first_wrong_page(form(), example()["answers"], TODAY) is None


REQUIRED = [name for name, field in form().fields.items() if field.required and name in example()["answers"]]


@pytest.mark.parametrize("name", REQUIRED)
def test_an_answer_taken_away_is_reported_once_and_its_page_comes_next(name):
    answers = {key: value for key, value in example()["answers"].items() if key != name}
    problems = check_all(form(), answers, TODAY)
    assert problems[name].code == "required"
    # A choice that others hang on makes them unanswered too; all others are missed alone.
    if name != "relation":
        assert list(problems) == [name]
        assert first_wrong_page(form(), answers, TODAY).name == form().page_of[name]


@pytest.mark.parametrize("name", REQUIRED)
def test_the_schema_alone_misses_the_same_answers(name):
    answers = {key: value for key, value in example()["answers"].items() if key != name}
    assert not form().validator.is_valid(answers)


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"birth_date": "2026-03-11"}, {"birth_date": "date_in_future"}),
        ({"birth_date": "2026-03-10"}, {}),
        ({"birth_date": "1850-01-01"}, {"birth_date": "date_too_old"}),
        ({"birth_date": "2026-02-30"}, {"birth_date": "date_invalid"}),
        ({"birth_date": "26-02-03"}, {"birth_date": "date_invalid"}),
        ({"birth_date": "2026-03-"}, {"birth_date": "date_incomplete"}),
        ({"birth_time": "25:00"}, {"birth_time": "time_invalid"}),
        ({"given_name": "Minh 👶 Khôi"}, {"given_name": "sign_in_name"}),
        ({"given_name": "Minh Khôi 2"}, {"given_name": "digit_in_name"}),
        ({"given_name": "'-"}, {"given_name": "no_letter_in_name"}),
        ({"given_name": "H'Hen Y-Moan"}, {}),
        ({"given_name": "Ẫ" * 300}, {}),
        ({"given_name": "Ẫ" * 301}, {"given_name": "too_long"}),
        ({"father_personal_number": "025094"}, {"father_personal_number": "personal_number_form"}),
        ({"father_personal_number": "003094001936"}, {"father_personal_number": "personal_number_province"}),
        ({"father_personal_number": "025194001936"}, {"father_personal_number": "personal_number_sex"}),
        (
            {"father_personal_number": "025095001936"},
            {"father_personal_number": "personal_number_birth_year"},
        ),
        ({"father_personal_number": None}, {}),
        ({"applicant_phone": "12345"}, {"applicant_phone": "phone_invalid"}),
        ({"applicant_phone": "+4930123456"}, {}),
        ({"extract_copies": 21}, {"extract_copies": "number_out_of_range"}),
        ({"extract_copies": 10**30}, {"extract_copies": "number_out_of_range"}),
        ({"extract_copies": "ba"}, {"extract_copies": "number_invalid"}),
        ({"sex": "unknown"}, {"sex": "not_offered"}),
        ({"registration_commune": "Lâm Thao"}, {"registration_commune": "not_offered"}),
        ({"family_name_from": "other"}, {"family_name_other": "required"}),
        ({"relation": "authorised"}, {"authorisation": "required"}),
        ({"unasked": "value"}, {}),
    ],
)
def test_judges_answers_as_the_law_and_common_sense_do(changes, problems):
    assert checked(**changes) == problems


def test_names_the_character_that_does_not_belong_into_a_name():
    answers = example()["answers"] | {"given_name": "Minh👶"}
    assert check_all(form(), answers, TODAY)["given_name"].values == {"char": "👶"}
    answers["given_name"] = "Minh\u200d Khôi"
    assert check_all(form(), answers, TODAY)["given_name"].values == {"char": "U+200D"}


def test_the_states_own_data_is_not_held_against_the_person():
    answers = example()["answers"] | {"mother_personal_number": "025198004187"}
    assert "mother_personal_number" in check_all(form(), answers, TODAY)
    claims = example()["claims"] | {"eid.personal_number": "025198004187"}
    assert check_all(form(), answers, TODAY, claims) == {}


def test_the_childs_name_is_made_of_the_fathers_family_name_and_the_given_name():
    assert compute(form(), example()["answers"])["child_name"] == "Trần Minh Khôi"
    mother = example()["answers"] | {"family_name_from": "mother"}
    assert title(form(), mother, "vi") == "Đăng ký khai sinh cho Nguyễn Minh Khôi"
    other = mother | {"family_name_from": "other", "family_name_other": "Trần Nguyễn"}
    assert compute(form(), other)["child_name"] == "Trần Nguyễn Minh Khôi"


def test_the_summary_puts_every_answer_into_words_and_hides_personal_numbers():
    content = example()
    sections = summary(form(), content["answers"], "en", content["names"], content["claims"])
    rows = {(section.page, row.field): row for section in sections for row in section.rows}
    assert [section.title for section in sections][1:4] == [
        "Mother",
        "The father on the certificate",
        "Father",
    ]
    assert rows["birth", "sex"].value == "Male"
    assert rows["birth", "birth_date"].value == "5\u00a0March\u00a02026"
    assert rows["name", "family_name_from"].value == "Trần – the father's"
    assert rows["name", ""].value == "TRẦN MINH KHÔI"
    assert rows["mother", "mother_personal_number"].value == "025*********"
    assert rows["mother", "mother_personal_number"].full == "025197004187"
    assert rows["mother", "mother_name"].known and not rows["father", "father_name"].known
    assert rows["receiving", "registration_commune"].value == "xã Lâm Thao, tỉnh Phú Thọ"
    assert {field for _page, field in rows} >= set(content["answers"])


def test_pages_follow_each_other_and_hidden_ones_are_passed_over():
    page = form().page
    answers = {"relation": "mother", "father_named": "no"}
    assert next_page(form(), answers, page("father_named")) == page("birth")
    assert previous_page(form(), answers, page("birth")) == page("father_named")
    assert previous_page(form(), answers, page("applicant")) is None
    assert next_page(form(), answers, page("receiving")) is None
    # From a hidden one, to which an old address may lead, the way goes on.
    assert next_page(form(), answers, page("father")) == page("birth")
    assert previous_page(form(), answers, page("father")) == page("father_named")


def test_a_paper_gets_stored_values_computed_ones_and_words():
    values = paper_values(form(), example()["answers"], "vi")
    assert values["answers"]["sex"] == "male"
    assert values["words"]["sex"] == "Nam"
    assert values["computed"]["child_home_town"] == "xã Lâm Thao, tỉnh Phú Thọ"
