import re
from pathlib import Path

import polib
import pytest
from django.utils import translation

from motcua.casework.forms.messages import _MESSAGES, problem_message
from motcua.casework.forms.rules.checks import Problem

LOCALE = Path(__file__).parents[1] / "locale"
PLACEHOLDER = re.compile(r"%\(\w+\)[ds]")
VALUES = {"limit": 3, "length": 4, "years": 150, "minimum": 0, "maximum": 20, "char": "👶"}


def test_every_code_has_a_message_that_can_be_filled():
    for code in _MESSAGES:
        assert "%(" not in problem_message(None, Problem(code, VALUES), "en")


@pytest.mark.parametrize("language", ["vi", "de"])
def test_every_message_is_translated_with_the_same_placeholders(language):
    catalogue = polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))
    words = {entry.msgid: entry.msgstr for entry in catalogue}
    for message in _MESSAGES.values():
        with translation.override("en"):
            english = str(message)
        assert sorted(PLACEHOLDER.findall(words[english])) == sorted(PLACEHOLDER.findall(english))
        assert words[english]
