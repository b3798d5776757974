"""Search and choose, as a browser without scripts uses it."""

import pytest
from django import forms

from motcua.foundation.ui.choosing import Choice, Offer, Search, SearchChoiceWidget, read_search

PLACES = {"1": "Ba Đình", "2": "Ba Vì", "3": "Hoàn Kiếm"}


def find(words):
    return Offer(tuple(Choice(code, name) for code, name in PLACES.items() if words.lower() in name.lower()))


def read(known=None, **raw):
    return read_search("home", raw, find, known=known)


def test_words_that_fit_several_ask():
    found = read(home_words="ba")
    assert found.is_open and [it.value for it in found.offer.choices] == ["1", "2"]


def test_a_choice_from_the_list_of_these_words_counts():
    assert read(home="2", home_words="ba", home_asked="ba").value == "2"


def test_a_choice_from_the_list_of_other_words_does_not():
    assert read(home="1", home_words="vì", home_asked="ba").value == "2"
    assert read(home="3", home_words="ba", home_asked="hoàn").is_open


def test_the_only_one_that_fits_is_taken():
    assert read(home_words="hoàn").value == "3"


@pytest.mark.parametrize("forged", ["9", "<script>", ""])
def test_what_was_not_offered_cannot_be_sent(forged):
    assert read(home=forged, home_words="ba", home_asked="ba").value == ""
    assert read(home=forged).value == ""


def test_what_was_chosen_before_stays_without_words():
    known = Choice("7", "Elsewhere")
    assert read(known, home="7") == Search("7", "", Offer((known,)))
    assert read(known, home_words="").value == ""


def test_words_are_searched_once_and_never_too_long():
    asked = []
    read_search("home", {"home_words": ["x" * 5000]}, lambda words: asked.append(words) or Offer())
    assert asked == ["x" * 100]


def test_the_box_shows_words_and_choices_with_the_one_chosen():
    class Form(forms.Form):
        home = forms.CharField(
            widget=SearchChoiceWidget(Search("2", 'ba"<b>', find("ba")), "/places/suggest/?for=home")
        )

    page = str(Form()["home"])
    assert "ba&quot;&lt;b&gt;" in page and "<b>" not in page
    assert page.count('type="radio"') == 2 and page.count(" checked") == 1
    assert 'name="find" value="home"' in page and 'hx-get="/places/suggest/?for=home"' in page
