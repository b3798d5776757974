from datetime import date

from motcua.casework.forms.messages import _MESSAGES, problem_message
from motcua.casework.forms.rules.checks import Problem
from motcua.foundation.ui.formats import NBSP

from .factories import text

VALUES = {"limit": 3, "length": 4, "years": 150, "minimum": 0, "maximum": 20, "char": "👶"}
VALUES |= {"earliest": date(2026, 3, 5), "latest": date(2026, 3, 5), "other": text("The bride")}


def test_every_code_has_a_message_that_can_be_filled():
    for code in _MESSAGES:
        assert "%(" not in problem_message(None, Problem(code, VALUES), "en")


def test_a_message_writes_days_and_other_questions_as_its_reader_does():
    early = Problem("date_too_early", {"earliest": date(2026, 3, 5)})
    same = Problem("same_person", {"other": text("The bride")})
    assert "5 March 2026" in problem_message(None, early, "en").replace(NBSP, " ")
    assert "The bride (de)" in problem_message(None, same, "de")
