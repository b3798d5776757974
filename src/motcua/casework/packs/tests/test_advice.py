"""Help beside every question, and plain words, as the pack's lint advises."""

from __future__ import annotations

import pytest
import yaml
from django.conf import settings

from motcua.casework.packs.rules.advice import advise_procedure, check_text, parse_plain
from motcua.casework.packs.services import advise_pack, read_pack

PACK = settings.PACKS / "vn"
PLAIN = parse_plain(
    {
        "languages": {
            it: {"longest_sentence": 5, "avoid": {"hereby": "leave it out"}} for it in ("vi", "en", "de")
        }
    }
)


def question(**more):
    return {"name": "given_name", "kind": "text", "label": {"vi": "Tên", "en": "Name", "de": "Name"}} | more


def advised(*fields):
    form = {"pages": [{"name": "child", "groups": [{"fields": list(fields)}]}]}
    return list(advise_procedure({"procedure": {}, "form": form}, PLAIN))


def test_our_own_procedures_have_help_beside_every_question_and_plain_words():
    assert list(advise_pack(read_pack(PACK))) == []


def test_a_question_without_help_in_a_language_is_named_also_in_a_list():
    hint = {"vi": "Ghi tên.", "en": "The name."}
    part = question(name="who", hint=hint)
    found = advised(
        question(),
        question(name="x", hint=hint | {"de": "Der Name."}),
        question(kind="repeated", fields=[part]),
    )
    start = ("pages", 0, "groups", 0, "fields")
    assert [it.at for it in found] == [
        (*start, 0, "name"),
        (*start, 2, "name"),
        (*start, 2, "fields", 0, "name"),
    ]
    assert found[2].values == {"name": "who", "languages": "de"}


def test_what_is_calculated_needs_no_help():
    assert advised(question(kind="calculated")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One two three four five. One two.", []),
        ("One two three four five six.", ["a sentence of 6 words, 5 at most: One two three four five six.…"]),
        ("I hereby ask.", ["“hereby”: say “leave it out”"]),
        ("Therehereby.", []),
        ("", []),
    ],
)
def test_long_sentences_and_words_to_avoid_are_found(text, found):
    assert [why for _rule, why in check_text(text, "en", PLAIN)] == found


def test_what_the_law_words_is_left_alone():
    law = {"vi": "x", "en": "I hereby declare.", "de": "x"}
    files = {"procedure": {"legal_basis": [law], "lead": law}, "form": {"declaration": law}}
    assert [it.at[0] for it in advise_procedure(files, PLAIN)] == ["lead"]


def test_a_language_without_a_length_is_refused():
    data = yaml.safe_load((PACK / "plain_language.yaml").read_text(encoding="utf-8"))
    del data["languages"]["de"]["longest_sentence"]
    with pytest.raises(ValueError, match="de needs longest_sentence"):
        parse_plain(data)
