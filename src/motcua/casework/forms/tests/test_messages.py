from motcua.casework.forms.messages import _MESSAGES, problem_message
from motcua.casework.forms.rules.checks import Problem

VALUES = {"limit": 3, "length": 4, "years": 150, "minimum": 0, "maximum": 20, "char": "👶"}


def test_every_code_has_a_message_that_can_be_filled():
    for code in _MESSAGES:
        assert "%(" not in problem_message(None, Problem(code, VALUES), "en")
