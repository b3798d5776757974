import json
import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

# No test here asks for `db`: a question to the database would fail.


def ask(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("deadline", *arguments)
    return capsys.readouterr().out


def test_json_answers_in_the_form_of_the_question(capsys):
    answer = ask(capsys, "2026-03-06T14:10", "3wd", "--json")
    facts = json.loads(answer)
    assert answer.count("\n") == 1
    assert (facts["due"], facts["start"], facts["provisional"]) == (
        "2026-03-11T14:10",
        "2026-03-06T14:10",
        False,
    )
    assert [step["code"] for step in facts["steps"]] == [
        "started",
        "skipped_weekend",
        "skipped_weekend",
        "counted",
        "counted",
        "due",
    ]


def test_the_table_says_what_each_day_counts_and_what_is_left(capsys):
    lines = ask(capsys, "2026-04-29T09:00", "2wd").splitlines()
    assert [" ".join(line.split()) for line in lines] == [
        "Wednesday 29 April 2026 Start 2 left",
        "Thursday 30 April 2026 Day off: Reunification Day",
        "Friday 1 May 2026 Day off: Labour Day",
        "Saturday 2 May 2026 Weekend, not counted",
        "Sunday 3 May 2026 Weekend, not counted",
        "Monday 4 May 2026 Day 1 1 left",
        "Tuesday 5 May 2026 Due 0 left",
        "",
        "2026-04-29T09:00 + 2wd = 2026-05-05T09:00",
    ]


@pytest.mark.parametrize(
    ("arguments", "due"),
    [
        (("2026-03-02T14:00", "3wd", "--civil-code"), "2026-03-05T17:00"),
        (("2026-03-06T16:10", "1wd", "--last-hour-next-day"), "2026-03-10T07:00"),
        (("2026-03-02T14:00:30", "1wd"), "2026-03-03T14:00:30"),
        (("2026-03-06T17:30", "4wh"), "2026-03-09T11:00"),
        (("2026-03-05T15:30", "sameday"), "2026-03-06T17:00"),
        (("2026-03-31T15:30", "1m"), "2026-05-04T15:30"),
    ],
)
def test_counts_by_every_rule(capsys, arguments, due):
    assert json.loads(ask(capsys, *arguments, "--json"))["due"] == due


def test_warns_beyond_the_table_of_holidays(capsys):
    assert "Provisional: the table of holidays ends on 2026-12-31." in ask(capsys, "2026-12-30T09:00", "5wd")


@pytest.mark.parametrize(
    "arguments",
    [
        ("2026-02-30T10:00", "3wd"),
        ("2026-03-02", "3wd"),
        ("2026-03-02T25:00", "3wd"),
        ("2026-03-02T14:00+07:00", "3wd"),
        ("thứ Hai", "3wd"),
        ("\N{GRINNING FACE}", "3wd"),
        ("2026-03-02T14:00", "3 ngày"),
        ("2026-03-02T14:00", "0wd"),
        ("2026-03-02T14:00", "\N{GRINNING FACE}"),
        ("9999-12-01T14:00", "9999m"),
        ("0001-01-01T00:00", "1wd"),
        ("2026-03-02T14:00", "3wd", "--calendar", "../default"),
    ],
)
def test_refuses_bad_input_with_one_line_and_status_2(arguments):
    with pytest.raises(CommandError) as refused:
        call_command("deadline", *arguments)
    assert refused.value.returncode == 2
    assert str(refused.value).count("\n") == 0


def test_needs_no_database_and_leaves_nothing_behind(tmp_path):
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MOTCUA_", "DJANGO_"))}
    answer = subprocess.run(
        [sys.executable, "-m", "motcua.config.cli", "deadline", "2026-03-02T14:00", "3wd", "--json"],
        env=own | {"MOTCUA_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert json.loads(answer.stdout)["due"] == "2026-03-05T14:00"
    assert not list(tmp_path.iterdir())
