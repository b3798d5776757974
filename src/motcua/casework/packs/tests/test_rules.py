"""Every rule of the lint: what is broken is told with its file and line; the good pack has nothing."""

from __future__ import annotations

from datetime import date

import pytest

from motcua.casework.packs.linting import lint_files
from motcua.casework.packs.rules.rulebook import RULES
from motcua.casework.packs.tests.broken import BROKEN, Broken, sample

TODAY = date(2026, 3, 10)
# Told of folders on a disk, or of what is in no file of a procedure: test_reading, test_worked, test_cases,
# test_imported, test_tables.
ELSEWHERE = {"not-a-file", "too-many-files", "worked-example", "case", "not-a-procedure", "common-file"} | {
    f"table{it}" for it in ("", "-gap", "-overlap", "-idle-row")
}
ASKED_FOR = {"template-broken"}


def test_the_good_pack_has_no_findings():
    assert lint_files(sample(), today=TODAY, templates=True) == []


def test_every_rule_is_broken_once():
    assert sorted(it.rule for it in BROKEN) == sorted(set(RULES) - ELSEWHERE)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda it: it.rule)
def test_what_is_broken_is_told_with_file_and_line(broken: Broken):
    files = broken.files()
    found = lint_files(files, today=TODAY, templates=broken.rule in ASKED_FOR)
    told = [(it.file, it.line) for it in found if it.rule == broken.rule]
    assert (broken.told or broken.file, broken.line(files)) in told, [str(it) for it in found]
    (said, *_rest) = [it for it in found if it.rule == broken.rule]
    assert said.level == RULES[broken.rule].level and said.problem and said.mend
