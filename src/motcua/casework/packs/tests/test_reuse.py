"""What a procedure says of papers that the State has already."""

from __future__ import annotations

import pytest
from django.conf import settings

from motcua.casework.packs.rules.findings import finding
from motcua.casework.packs.rules.lint import lint_procedure
from motcua.casework.packs.rules.shape import lint_shape
from motcua.casework.packs.services import read_pack

KIND = "KQ.G15.000077"
NEEDED = {"needed": "upload", "field": "birth_evidence"}


@pytest.mark.parametrize(
    ("component", "result", "words"),
    [
        ({"field": "birth_evidence", "accepts": ["G15"]}, {}, "G15 is no code"),
        ({"accepts": [KIND], "needed": "state_has"}, {}, "no field asks for it"),
        ({}, {"valid": {"months": 0}}, "valid.months cannot be 0"),
        ({}, {"valid": "6m"}, "valid must be a table"),
        ({}, {"valid_for": "6m"}, "nobody reads valid_for"),
        ({}, {"about": "nobody"}, "names nobody, which the form does not have"),
        ({}, {"about": "given_name"}, ""),
        ({"field": "birth_evidence", "accepts": [KIND]}, {"valid": {"months": 6}}, ""),
    ],
)
def test_the_lint_finds_what_cannot_be_used_again(component, result, words):
    files = dict(read_pack(settings.PACKS / "vn").procedures["1.001193"])
    procedure = dict(files["procedure"])
    own = {"code": "c", "name": procedure["name"], "kinds": ["pdf"], **(component or NEEDED)}
    procedure["components"] = [{"needed": "upload"} | own]
    procedure["results"] = [procedure["results"][0] | result]
    faults = list(lint_shape("procedure", "procedure.yaml", procedure))
    faults = faults or list(lint_procedure(files | {"procedure": procedure}))
    found = [finding(it.rule, it.file, **it.values).problem for it in faults]
    assert any(words in it for it in found) if words else not found
