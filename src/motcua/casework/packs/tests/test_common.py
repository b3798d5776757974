"""A pack's words and guides are checked before they are loaded."""

from __future__ import annotations

import pytest

from motcua.casework.packs.opening import open_pack
from motcua.casework.packs.rules.common import lint_essential, lint_everyday, lint_guides, lint_synonyms

TEXTS = {"vi": "a", "en": "a", "de": "a"}


def test_our_own_have_no_findings(settings):
    pack = open_pack(settings.PACKS / "vn")
    files = pack.common
    assert set(files) == {"synonyms", "everyday", "guides"}
    assert not [it for it in pack.findings if it.file.removesuffix(".yaml") in files]
    assert len(files["everyday"]["procedures"]) >= 150


@pytest.mark.parametrize(
    ("lint", "content", "said"),
    [
        (lint_everyday, {"procedures": {"1.00119": {"vi": ["a"]}}}, "no code"),
        (lint_everyday, {"procedures": {"1.001193": {"fr": ["a"]}}}, "by language"),
        (lint_everyday, {"procedures": {"1.001193": {"vi": [80]}}}, "quotes"),
        (
            lint_essential,
            {"groups": {1: {}}, "services": [{"group": 2, "codes": [], "name": TEXTS}]},
            "group 2",
        ),
        (
            lint_essential,
            {"groups": {1: {}}, "services": [{"group": 1, "codes": [1], "name": TEXTS}]},
            "no code",
        ),
        (lint_synonyms, {"groups": [{"words": {"vi": ["một"]}}]}, "no synonym"),
        (lint_synonyms, {"groups": ["x"]}, "by language"),
        (lint_guides, {"guides": [{"code": "a", "name": TEXTS, "text": TEXTS}]}, "no question"),
        (lint_guides, {"guides": [{"code": "a", "name": {"vi": "a"}, "text": TEXTS}]}, "vi, en and de"),
        (
            lint_guides,
            {"guides": [{"code": "a", "questions": [{"code": "q", "text": TEXTS, "if": {"p": "x"}}]}]},
            "no question before offers",
        ),
    ],
)
def test_says_what_is_wrong(lint, content, said):
    assert any(said in finding for finding in lint(content))


@pytest.mark.parametrize("text", ["a: [", "- a", "a: !!python/object:os.system x", "[" * 100_000])
def test_refuses_what_cannot_be_read_or_explodes(tmp_path, text):
    (tmp_path / "everyday.yaml").write_text(text, encoding="utf-8")
    assert [it.level for it in open_pack(tmp_path).findings if it.file == "everyday.yaml"] == ["error"]


@pytest.mark.parametrize("name", ["synonyms", "everyday", "guides", "essential"])
@pytest.mark.parametrize("text", ["guides: [x]\ngroups: 3\nprocedures: [y]\nservices: 4", "- a", "7"])
def test_another_shape_is_told_and_breaks_nothing(tmp_path, name, text):
    (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert {it.level for it in open_pack(tmp_path).findings if it.file == f"{name}.yaml"} == {"error"}
