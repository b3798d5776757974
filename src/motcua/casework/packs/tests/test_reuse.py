"""What a procedure says of papers that the State has already."""

from __future__ import annotations

import pytest
from django.conf import settings

from motcua.casework.packs.rules.lint import lint_procedure
from motcua.casework.packs.services import read_pack

KIND = "KQ.G15.000077"


@pytest.mark.parametrize(
    ("component", "result", "words"),
    [
        ({"field": "birth_evidence", "accepts": ["G15"]}, {}, "is no result code"),
        ({"accepts": [KIND]}, {}, "no field asks for it"),
        ({}, {"valid": {"months": 0}}, "valid.months"),
        ({}, {"valid": "6m"}, "valid.months"),
        ({}, {"valid_for": "6m"}, "nobody reads valid_for"),
        ({}, {"about": "nobody"}, "about names 'nobody'"),
        ({}, {"about": "given_name"}, ""),
        ({"field": "birth_evidence", "accepts": [KIND]}, {"valid": {"months": 6}}, ""),
    ],
)
def test_the_lint_finds_what_cannot_be_used_again(component, result, words):
    files = dict(read_pack(settings.PACKS / "vn").procedures["1.001193"])
    procedure = dict(files["procedure"])
    procedure["components"] = [{"code": "c", "name": procedure["name"]} | component]
    procedure["results"] = [procedure["results"][0] | result]
    found = list(lint_procedure(files | {"procedure": procedure}))
    assert any(words in finding for finding in found) if words else not found
