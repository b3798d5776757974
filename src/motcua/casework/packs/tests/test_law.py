"""A procedure's own law: the time for a supplement, a suspension by a special law."""

from __future__ import annotations

import pytest
from django.conf import settings

from motcua.casework.dossiers.rules.law import load_law, supplement_rule, suspension_law
from motcua.casework.packs.rules.findings import finding
from motcua.casework.packs.rules.lint import lint_procedure
from motcua.casework.packs.services import read_pack

WORDS = {"vi": "Điều 1", "en": "Article 1", "de": "Artikel 1"}


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("supplement", {"limit": "20wd", "warn": "5wd"}, ""),
        ("supplement", {"limit": "20wd"}, "needs limit and warn"),
        ("supplement", "20wd", "needs limit and warn"),
        ("supplement", {"limit": "20wd", "warn": "soon"}, "needs limit and warn"),
        ("supplement", {"limit": "20wd", "warn": "5d"}, "in the same unit"),
        ("supplement", {"limit": "5wd", "warn": "5wd"}, "warn must be shorter"),
        ("suspension", {"law": WORDS}, ""),
        ("suspension", {"law": {"vi": "Điều 1"}}, "suspension.law has no words in en, de"),
        ("suspension", "yes", "suspension.law has no"),
    ],
)
def test_the_lint_finds_what_a_procedures_own_law_lacks(key, value, words):
    files = dict(read_pack(settings.PACKS / "vn").procedures["1.001193"])
    faults = lint_procedure(files | {"procedure": files["procedure"] | {key: value}})
    found = [finding(it.rule, it.file, **it.values).problem for it in faults]
    assert any(words in it for it in found) if words else not found


def test_the_packs_law_names_every_ground_in_three_languages_and_its_source():
    law = load_law(settings.PACKS / "vn")
    for grounds in law.grounds.values():
        assert all(set(it.text) == {"vi", "en", "de"} for it in grounds.values())
    assert {"supplement_overdue", "other"} <= set(law.grounds["stopping"])


def test_a_procedures_own_time_goes_before_everybodys():
    law = load_law(settings.PACKS / "vn")
    assert str(supplement_rule(law, {}).limit) == "15wd"
    own = supplement_rule(law, {"supplement": {"limit": "20wd", "warn": "5wd"}})
    assert (str(own.limit), str(own.warn_after)) == ("20wd", "15wd")
    assert (suspension_law({}), suspension_law({"suspension": {"law": WORDS}})) == ({}, WORDS)
