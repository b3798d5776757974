"""Values are written into a file where they stand; the rest of its text stays."""

from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from motcua.casework.packs.rules.editing import with_values
from motcua.casework.packs.rules.limits import following

TEXT = """# who made it
code: "1.004873" # portal
name: {vi: Tên, en: Name, de: Name}
fees:
  - amount_vnd: 8000
    text: {vi: a}
"""


def test_only_what_changes_is_touched():
    made = with_values(TEXT, {("name", "en"): "It, {so} called", ("fees", 0, "amount_vnd"): 9000})
    assert made == TEXT.replace("en: Name", 'en: "It, {so} called"').replace("8000", "9000")


def test_what_is_not_there_is_added_and_none_takes_away():
    made = yaml.safe_load(with_values(TEXT, {("limit", "value"): "3wd", ("fees", 0, "amount_vnd"): None}))
    assert made["limit"] == {"value": "3wd"} and made["fees"] == [{"text": {"vi": "a"}}]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_any_text_comes_back_as_it_was_typed(value):
    made = yaml.safe_load(with_values(TEXT, {("name", "en"): value, ("code",): value}))
    assert made["name"] == {"vi": "Tên", "en": value, "de": "Name"} and made["code"] == value


def test_the_words_of_a_limit_follow_only_where_nobody_changed_them():
    procedure = {
        "limit": {
            "value": "3wd",
            "working_hours": 24,
            "text": {"vi": "03 ngày làm việc. Có thể lâu hơn.", "en": "x"},
        }
    }
    changes = {("limit", "value"): "2wd", ("limit", "text", "en"): "Two days."}
    assert following(procedure, changes) == changes | {
        ("limit", "text", "vi"): "02 ngày làm việc. Có thể lâu hơn.",
        ("limit", "working_hours"): 16,
    }
