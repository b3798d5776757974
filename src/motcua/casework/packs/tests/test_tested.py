"""`tests.yaml`: the pack's own cases hold, and what does not is told with file, line, expected and got."""

from __future__ import annotations

import shutil

import pytest
from django.conf import settings

from motcua.casework.packs.opening import BadPack
from motcua.casework.packs.testing import try_pack

PACK = settings.PACKS / "vn"
FOLDERS = sorted(it.parent for it in (PACK / "procedures").glob("*/procedure.yaml"))
USUAL = """
- name: usual
  submitted: Tue 2026-03-10 09:00
  expect: {fee: 24000}
"""


@pytest.fixture(scope="module")
def tried():
    return list(try_pack(PACK))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda it: it.name)
def test_every_modelled_procedure_has_three_cases_and_they_hold(tried, folder):
    own = [it for it in tried if it.procedure == folder.name]
    assert len(own) >= 3
    assert [(it.file, it.line, it.problem, it.mismatches) for it in own if not it.holds] == []


@pytest.fixture
def folder(tmp_path):
    """A pack with one procedure."""
    names = ("catalogue.yaml", "life_events.yaml")
    for name in names:
        shutil.copy(PACK / name, tmp_path / name)
    for name in ("processes", "calendars", "procedures/1.001193"):
        shutil.copytree(PACK / name, tmp_path / name)
    return tmp_path / "procedures" / "1.001193"


def one(folder, text):
    (folder / "tests.yaml").write_text(text, encoding="utf-8")
    (found,) = try_pack(folder)
    return found


def test_what_comes_out_otherwise_is_told_with_its_line(folder):
    found = one(folder, USUAL.replace("24000", "9000"))
    ((line, mismatch),) = found.mismatches
    assert (found.case, line, mismatch.what, mismatch.expected, mismatch.got) == (
        "usual",
        4,
        "fee",
        9000,
        24000,
    )


def test_an_answer_that_the_form_refuses_is_told_though_nobody_asked(folder):
    found = one(folder, USUAL.replace("submitted", "answers: {relation: null}\n  submitted"))
    assert [it.what for _, it in found.mismatches] == ["refused"]


def test_a_file_that_is_no_yaml_is_a_finding_of_the_lint(folder):
    with pytest.raises(BadPack, match=r"tests\.yaml:2"):
        one(folder, "{")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1", 1, "must be a list of cases"),
        (USUAL.replace("Tue", "Wed"), 3, "2026-03-10 is a Tue, not a Wed"),
        (USUAL.replace("fee:", "charge:"), 4, "nobody compares this"),
        (USUAL.replace("submitted", "channel: pigeon\n  submitted"), 3, "pigeon"),
        (USUAL.replace("submitted", "then: 1\n  submitted"), 3, "is not a known key"),
        (USUAL.replace("submitted", "takes: {signing: moon}\n  submitted").replace("fee: 24000", "path: []"), 3, "no outcome moon"),
        (USUAL.replace("fee: 24000", "due: soon"), 4, "no moment"),
    ],
)  # fmt: skip
def test_a_case_that_cannot_be_tried_says_where_and_why(folder, text, line, words):
    found = one(folder, text)
    assert words in found.problem
    assert found.line == line
