"""`motcua indicators show --measures` and `--index`."""

from __future__ import annotations

import json
from datetime import date, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from motcua.foundation.worktime.calendars import VIETNAM
from motcua.oversight.indicators.tests.factories import make_day_tally

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(datetime(2026, 6, 10, 9, tzinfo=VIETNAM), tick=False):
        yield


def run(*words: str) -> str:
    output = StringIO()
    call_command("indicators", "show", *words, stdout=output)
    return output.getvalue()


def counted(world):
    make_day_tally(world.desk.agency.path, date(2026, 3, 17), channel=2, received_offered=2)
    make_day_tally(world.desk.agency.path, date(2026, 3, 18), channel=1, received_offered=1)


def test_one_json_object_with_exact_numbers(world):
    counted(world)
    words = ("--measures", "--agency", world.desk.agency.code, "--period", "2026-03", "--json")
    printed = run(*words, "--code", "online_rate")
    assert printed.count("\n") == 1
    found = json.loads(printed)
    (figure,) = found["measures"]
    assert (found["scope"], found["period"]) == (world.desk.agency.path, "2026-03")
    assert (figure["numerator"], figure["denominator"], figure["value"]) == (2, 3, "0.666666666667")
    assert (figure["row"], figure["first"], figure["until"]) == ("IV.3", "2026-03-01", "2026-04-01")
    assert len(json.loads(run(*words))["measures"]) == 33


@pytest.mark.parametrize(
    ("period", "sides"),
    [
        ("2026-03-17", (2, 2)),
        ("2026-03-18", (0, 1)),
        ("2026-Q1", (2, 3)),
        ("2026", (2, 3)),
        ("2026-02", (0, 0)),
    ],
)
def test_periods(world, period, sides):
    counted(world)
    words = ("--measures", "--agency", world.desk.agency.path, "--period", period, "--code", "online_rate")
    (figure,) = json.loads(run(*words, "--json"))["measures"]
    assert (figure["numerator"], figure["denominator"]) == sides


def test_in_words_with_definition_source_and_why(world):
    counted(world)
    printed = run("--measures", "--agency", world.desk.agency.code, "--period", "2026-03", "--by", "channel")
    assert "IV.3 Online dossiers (online_rate): 66.67 % (2 / 3)" in printed
    assert "Dossiers submitted online, of all received" in printed
    assert "Quyết định 766/QĐ-TTg, IV.3" in printed
    assert "    2: 100.00 % (2 / 2)" in printed
    assert "no data. Online payment is not connected yet." in printed


def test_as_it_was_known_on_a_day(world):
    counted(world)
    words = ("--measures", "--agency", world.desk.agency.code, "--period", "2026-03", "--code", "online_rate")
    (figure,) = json.loads(run(*words, "--on", "2026-03-17", "--json"))["measures"]
    assert figure["denominator"] == 2


def test_the_index_with_points_and_bands(world):
    counted(world)
    words = ("--index", "--agency", world.desk.agency.code, "--period", "2026-03")
    index = json.loads(run(*words, "--json"))["index"]
    rows = {row["row"]: row for group in index["groups"] for row in group["rows"]}
    assert (rows["IV.3"]["points"], rows["IV.3"]["max"], rows["IV.5"]["points"]) == ("2.67", "4.00", None)
    assert index["band"] is None
    printed = run(*words)
    assert "IV.3 Dossiers by way of submission: 2.67 / 4.00 · 66.67 % (2 / 3)" in printed
    assert "points that have data; the whole lies between" in printed
    assert "Band: open: from Weak to" in printed


@pytest.mark.parametrize(
    "words",
    [
        ("--measures", "--period", "2026-02-30"),
        ("--measures", "--period", "2026", "--agency", "H99.99"),
        ("--measures", "--period", "2026", "--agency", "/H99/"),
        ("--measures", "--period", "2026", "--code", "nothing"),
        ("--measures", "--period", "2026", "--on", "yesterday"),
        ("--index", "--period", "2020"),
        ("--period", "2026"),
    ],
)
def test_ends_with_2_for_what_is_not_there(world, words):
    with pytest.raises(CommandError) as raised:
        run(*words)
    assert raised.value.returncode == 2
