"""Worked examples as data: what is wrong in a file is told with its place, all at once."""

from __future__ import annotations

import copy
from datetime import datetime

import pytest
from django.conf import settings

from motcua.casework.packs.examples.cast import example_files, filled_in, read_example
from motcua.casework.packs.rules.worked import BadExample, parse_example, parse_moment
from motcua.casework.packs.services import lint_examples, read_pack
from motcua.foundation.worktime.calendars import VIETNAM

WORDS = {"vi": "Lời", "en": "Words"}
PLAIN = {
    "title": WORDS,
    "law": ["T8"],
    "story": WORDS,
    "reckoning": WORDS,
    "procedure": "2.001255",
    "acts": [
        {"at": "Tue 2026-03-10 08:00", "who": "applicant", "does": "submit", "then": {"status": 1}},
        {"at": "Tue 2026-03-10 09:00", "who": "reception", "does": "accept", "then": {"due": "none"}},
    ],
}


def test_who_says_when_it_is_due_says_that_the_original_date_is_the_same():
    example = parse_example("plain", PLAIN)
    assert example.acts[1].holds == {"due": None, "original_due": None}
    assert example.acts[0].at == datetime(2026, 3, 10, 8, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mon 2026-03-10 08:00", "2026-03-10 is a Tue, not a Mon"),
        ("2026-03-10 08:00", "is no moment such as Fri"),
        ("Tue 2026-13-10 08:00", "month must be in"),
        (None, "is no moment such as Fri"),
    ],
)
def test_a_moment_says_its_weekday_and_it_is_checked(text, words):
    with pytest.raises(ValueError, match=words):
        parse_moment(text)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (("story", {"vi": "Lời"}), "story: has no words in en"),
        (("law", []), "law: name at least one rule"),
        (("procedure", 2.001255), "procedure: is not a code such as 1.001193, in quotes"),
        (("as_if", {"limt": "3wd"}), "as_if: limt is not one of counting, limit"),
        (("acts", []), "acts: is no list of acts"),
        (("colour", "red"), "colour: nobody reads it"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(change, finding):
    with pytest.raises(BadExample) as error:
        parse_example("plain", PLAIN | dict([change]))
    assert any(it.startswith(finding) for it in error.value.findings)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"does": "accpet"}, "acts[1].does: 'accpet' is not one of accept, answer-opinion"),
        ({"who": "mayor"}, "acts[1].who: 'mayor' is not one of"),
        ({"at": "Wed 2026-03-10 09:00"}, "acts[1].at: 2026-03-10 is a Tue, not a Wed"),
        ({"with": {"reason": "x"}}, "acts[1].with: accept takes nothing, not reason"),
        ({"then": {"due": "soon"}}, "acts[1].then.due: 'soon' is no moment"),
        ({"then": {"class": "fine"}}, "acts[1].then.class: 'fine' is not one of early"),
        ({"then": {"status": 11}}, "acts[1].then.status: 11 is not one of 1, 10, 2"),
        ({"then": {"colour": "red"}}, "acts[1].then.colour: is not one of"),
        ({"because": "x"}, "acts[1].because: stands only with refused"),
        ({"refused": "x", "then": {"papers": []}}, "acts[1].then.papers: is a list, and none where"),
        ({"at": "Tue 2026-03-10 07:00"}, "acts[1].at: is earlier than the act before"),
    ],
)
def test_what_is_wrong_in_an_act_is_named_with_its_place(change, finding):
    data = copy.deepcopy(PLAIN)
    data["acts"][1] |= change
    with pytest.raises(BadExample) as error:
        parse_example("plain", data)
    assert [it for it in error.value.findings if it.startswith(finding)], error.value.findings


def test_a_dossier_begins_with_its_submission():
    with pytest.raises(BadExample, match=r"acts\[0\].does: a dossier begins with submit"):
        parse_example("plain", PLAIN | {"acts": PLAIN["acts"][1:]})


def test_the_lint_of_a_pack_names_the_file(tmp_path, monkeypatch):
    pack = read_pack(settings.PACKS / "vn")
    folder = tmp_path / "tests" / "examples"
    folder.mkdir(parents=True)
    (folder / "broken.yaml").write_text("acts: [", encoding="utf-8")
    (folder / "unknown.yaml").write_text(str(PLAIN | {"procedure": "9.999999"}), encoding="utf-8")
    monkeypatch.setattr("motcua.casework.packs.linting.example_files", lambda path: example_files(tmp_path))
    object.__setattr__(pack, "path", tmp_path)
    found = list(lint_examples(pack))
    assert (found[0].file, found[0].problem[:14]) == ("tests/examples/broken.yaml", "cannot be read")
    assert found[1].file == "tests/examples/unknown.yaml" and "nothing in" in found[1].problem


def test_the_packs_own_examples_say_how_their_forms_are_filled_in():
    pack = settings.PACKS / "vn"
    for path in example_files(pack):
        assert filled_in(pack, read_example(path)).papers, path
