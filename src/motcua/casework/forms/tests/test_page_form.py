from typing import ClassVar

import pytest
from django.utils import translation

from motcua.casework.forms.django_forms import Asking, page_form
from motcua.casework.forms.rules.parsing import parse_form
from motcua.foundation.ui.choosing import Choice, Offer
from motcua.foundation.ui.pieces import Shown

from .pack import TODAY, example, form, form_data

COMMUNES = (("08494", "xã Lâm Thao"), ("07900", "phường Việt Trì"))


def ask(page, raw=None, language="en", **changes):
    content = example()
    known = {"answers": content["answers"], "claims": content["claims"], "communes": COMMUNES}
    with translation.override(language):
        made = page_form(form(), form().page(page), Asking(today=TODAY, **(known | changes)), raw)
        made.errors  # noqa: B018  judged while the language is active, as in a view
    return made


def test_shows_what_is_known_and_asks_only_the_rest():
    made = ask("mother")
    assert "mother_name" not in made.fields and "mother_home_town" in made.fields
    assert ("Personal number", "025*********") in [(row.label, row.value) for row in made.known]


def test_says_in_the_persons_language_what_to_do_and_keeps_what_was_typed():
    raw = {
        "given_name": [""],
        "family_name_from": ["father"],
        "home_town_from": [""],
        "ethnicity_from": ["mother"],
    }
    made = ask("name", raw, "vi")
    assert made.errors["given_name"] == ["Ghi chữ đệm và tên của bé"]
    assert made.errors["home_town_from"] == ["Chọn quê quán theo cha hay theo mẹ"]
    assert made["family_name_from"].value() == "father"
    assert made.answers["ethnicity_from"] == "mother"


@pytest.mark.parametrize(("language", "label"), [("vi", "Trần – theo họ cha"), ("de", "Trần – vom Vater")])
def test_choices_carry_the_names_given_before(language, label):
    choices = [
        str(words)
        for _value, words in ask("name", language=language).fields["family_name_from"].widget.choices
    ]
    assert choices[0] == label


def test_a_wrong_date_comes_back_as_it_was_typed():
    raw = {"birth_date_day": ["31"], "birth_date_month": ["2"], "birth_date_year": ["2026"]}
    made = ask("birth", raw)
    assert made["birth_date"].value() == ["31", "2", "2026"]
    assert "birth_date" in made.errors
    again = ask("birth", answers=made.answers)
    assert again["birth_date"].initial == ["31", "02", "2026"]


def test_right_answers_give_the_whole_draft():
    raw = {"sex": ["female"], "birth_date_day": ["5"], "birth_date_month": ["3"], "birth_date_year": ["2026"]}
    raw |= {"birth_time": ["6h25"], "birth_place": ["Trạm y tế xã Lâm Thao"]}
    made = ask("birth", raw)
    assert made.is_valid()
    assert made.answers == example()["answers"] | {"sex": "female", "birth_place": "Trạm y tế xã Lâm Thao"}


def test_a_commune_that_is_not_offered_is_refused():
    raw = {"registration_commune": ["00001"], "applicant_phone": ["0912345678"], "result_by": ["warehouse"]}
    made = ask("receiving", raw)
    assert list(made.errors) == ["registration_commune"]
    assert "registration_commune" not in made.answers


NAMED = {
    "family_name_from": ["other"],
    "given_name": ["Khôi"],
    "home_town_from": ["father"],
    "ethnicity_from": ["mother"],
}


def shown_of(made, key):
    return next(it.shown for group in made.groups for it in group.pieces if it.shown and it.shown.key == key)


def test_a_question_that_hangs_on_one_of_the_same_page_waits_for_its_answer():
    assert shown_of(ask("name"), "family_name_other") == Shown(
        "family_name_other", True, '[["family_name_from", "equals", "other"]]'
    )
    made = ask("name", NAMED | {"family_name_other": ["Lê"]})
    assert (made.is_valid(), shown_of(made, "family_name_other").is_hidden) == (True, False)
    assert "authorisation" not in ask("papers").fields


def test_without_javascript_it_is_asked_on_the_same_page_before_one_goes_on():
    made = ask("name", NAMED | {"unasked": ["family_name_other"]})
    assert (made.is_valid(), made.is_working, made.asks_more) == (True, True, True)
    assert not shown_of(made, "family_name_other").is_hidden
    assert made.answers["given_name"] == "Khôi"
    # It was shown then, and stayed empty.
    assert list(ask("name", NAMED).errors) == ["family_name_other"]


def test_what_is_wrong_besides_is_said_together_with_the_new_question():
    made = ask("name", NAMED | {"given_name": [""], "unasked": ["family_name_other", "nobody"]})
    assert (list(made.errors), made.asks_more) == (["given_name"], True)


def test_a_question_that_stays_hidden_is_not_asked():
    raw = NAMED | {"family_name_from": ["father"], "unasked": ["family_name_other"]}
    made = ask("name", raw | {"family_name_other": ["Lê"]})
    assert (made.is_valid(), made.is_working) == (True, False)
    assert "family_name_other" not in made.answers


def test_a_suggestion_can_be_changed():
    answers = {name: value for name, value in example()["answers"].items() if name != "applicant_phone"}
    assert ask("receiving", answers=answers)["applicant_phone"].initial == "0912345678"


def test_the_paper_is_previewed():
    assert ask("name").preview == ("The certificate will say", "TRẦN MINH KHÔI")
    assert ask("birth").preview is None


def test_hints_cannot_carry_markup():
    assert "<" not in str(ask("mother").fields["mother_home_town"].help_text)


class SomePlaces:
    """Two communes of one name, and one for a former ward."""

    suggest_url = "/places/suggest/"
    known: ClassVar = {"08494": "Xã Lâm Thao, tỉnh Phú Thọ", "09529": "Xã Lâm Thao, tỉnh Bắc Ninh"}

    def offer(self, words, only):
        fitting = [code for code, name in self.known.items() if words.lower() in name.lower()]
        return Offer(
            tuple(Choice(code, self.known[code]) for code in fitting if only is None or code in only)
        )

    def names(self, codes):
        return {code: self.known[code] for code in codes if code in self.known}


def with_place():
    """The pack's form, in which the child's place of birth is a place."""
    data = form_data()
    for group in next(page for page in data["pages"] if page["name"] == "birth")["groups"]:
        for item in group["fields"]:
            if item["name"] == "birth_place":
                item["kind"] = "place"
    data["schema"]["properties"]["birth_place"] = {"type": "string", "pattern": "^[0-9]{5}$"}
    return parse_form(data)


def ask_place(raw=None, answers=None):
    definition = with_place()
    asking = Asking(today=TODAY, answers=answers or {}, places=SomePlaces())
    with translation.override("en"):
        made = page_form(definition, definition.page("birth"), asking, raw)
        made.errors  # noqa: B018
    return made


RIGHT = {
    "sex": ["female"],
    "birth_date_day": ["5"],
    "birth_date_month": ["3"],
    "birth_date_year": ["2026"],
    "birth_time": ["6h25"],
}


def test_a_place_is_found_by_words_and_chosen_from_a_list():
    asked = ask_place(RIGHT | {"birth_place_words": ["lâm thao"]})
    assert asked.errors["birth_place"] == ["Choose one of the places found."]
    assert "birth_place" not in asked.answers and 'value="09529"' in str(asked["birth_place"])
    chosen = RIGHT | {
        "birth_place_words": ["lâm thao"],
        "birth_place_asked": ["lâm thao"],
        "birth_place": ["09529"],
    }
    assert ask_place(chosen).answers["birth_place"] == "09529"
    assert not ask_place(chosen).errors


def test_find_shows_what_fits_and_judges_nothing():
    asked = ask_place({"birth_place_words": ["lâm thao"], "find": ["birth_place"]})
    assert asked.is_working and not asked.errors


def test_a_place_that_does_not_exist_is_not_taken():
    asked = ask_place(RIGHT | {"birth_place": ["99999"]})
    assert "birth_place" not in asked.answers and "birth_place" in asked.errors
    assert "no place fits" in ask_place(RIGHT | {"birth_place_words": ["zzz"]}).errors["birth_place"][0]


def test_a_place_chosen_before_is_shown_by_its_name():
    shown = str(ask_place(answers={"birth_place": "08494"})["birth_place"])
    assert "Xã Lâm Thao, tỉnh Phú Thọ" in shown and " checked" in shown


def test_many_communes_are_searched_instead_of_listed():
    communes = [(f"{code:05}", f"Xã {code}") for code in range(30)] + [("08494", "Xã Lâm Thao")]
    last = form().pages[-1].name
    made = ask(last, communes=communes, places=SomePlaces(), claims={"eid.residence_commune": "08494"})
    shown = str(made["registration_commune"])
    assert "<select" not in shown and "Xã Lâm Thao" in shown and "desk=1" in shown
    assert "<select" in str(ask(last, places=SomePlaces())["registration_commune"])
