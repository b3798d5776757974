"""Codes of results, states of signatures and of digitisation."""

from __future__ import annotations

import pytest

from motcua.casework.warehouse.rules import digitisation, kinds, signatures


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("KQ.G15.000031", None),
        ("KQ.H17.000039", "unknown"),
        ("KQ.G15.31", "malformed"),
        ("KQ.X15.000031", "malformed"),
        ("kq.G15.000031", "malformed"),
        ("KQ.G15.000031\n", "malformed"),
        ("refusal", "malformed"),
        ("", "malformed"),
    ],
)
def test_a_result_code_is_taken_or_refused_with_its_reason(code, problem):
    assert kinds.problem_of(code, frozenset({"KQ.G15.000031"})) == problem


@pytest.mark.parametrize(
    ("facts", "state", "reuse"),
    [
        ({"has_file": False, "is_reused": False, "is_result": True}, 0, 0),
        ({"has_file": True, "is_reused": False, "is_result": False}, 1, 0),
        ({"has_file": True, "is_reused": True, "is_result": False}, 2, 1),
        ({"has_file": True, "is_reused": True, "is_result": True}, 3, 2),
    ],
)
def test_states_of_digitisation_are_those_of_the_national_portal(facts, state, reuse):
    assert digitisation.state_of(**facts) == state
    assert digitisation.reuse_code(state) == reuse


@pytest.mark.parametrize(
    ("is_valid", "problems", "state"),
    [
        (True, (), "valid"),
        (False, ("unsigned",), "unsigned"),
        (False, ("certificate_expired",), "expired"),
        (False, ("certificate_expired", "changed"), "broken"),
        (False, ("unknown_authority",), "undecided"),
    ],
)
def test_one_word_says_what_the_signatures_are_worth(is_valid, problems, state):
    assert signatures.state_of(is_valid=is_valid, problems=problems) == state
