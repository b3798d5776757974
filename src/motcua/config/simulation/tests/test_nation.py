"""A nation's facts: the same for the same seed, and added up into the tallies to the last dossier."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

pytest.importorskip("chdb", reason="chDB is not installed (MOTCUA_ANALYSIS=1 tools/bootstrap.sh)")

from motcua.config.simulation.nation import writing
from motcua.config.simulation.nation.adding import fill_tallies
from motcua.config.simulation.nation.writing import Nation, Year, write_facts
from motcua.foundation.worktime.calendars import VIETNAM
from motcua.oversight.indicators import facts
from motcua.oversight.indicators.models import (
    Arrivals,
    DayTally,
    Duration,
    Measured,
    MonthTally,
    StockFlow,
    StockNow,
)
from motcua.oversight.indicators.rules.counts import Count
from motcua.oversight.indicators.tallying import Days, stock_at_end_of, stock_now, sums, sums_of_procedures
from motcua.registry.organisations.selectors import get_calendar
from motcua.registry.places.services import load_places

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nation")]

UNTIL, ROWS = date(2026, 11, 1), 6_000
YEAR = Days(date(2025, 11, 1), date(2026, 12, 1))
PROVINCES = [f"/X{number:02d}/" for number in range(3)]
COMMUNES = [f"/X{number % 3:02d}/X{number % 3:02d}.{number:05d}/" for number in range(12)]
WORLD = (
    Nation(PROVINCES, COMMUNES, [number % 3 for number in range(12)]),
    Year.before(UNTIL, get_calendar()),
)


def answer(opened: Any, question: str) -> list[list[str]]:
    text = str(opened.query(question, "TSVRaw"))
    return [line.split("\t") for line in text.split("\n") if line]


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Two files of facts, added up; the session to ask them in."""
    monkeypatch.setattr(writing, "PART", ROWS // 2)
    with facts.session() as opened:
        write_facts(opened, tmp_path, (ROWS, 1), WORLD)
        facts.open_facts(opened, tmp_path)
        fill_tallies(opened)
        yield opened


def test_the_same_seed_gives_the_same_rows(tmp_path: Path):
    prints = []
    with facts.session() as opened:
        for seed, name in ((1, "a"), (1, "b"), (2, "c")):
            (tmp_path / name).mkdir()
            write_facts(opened, tmp_path / name, (1_000, seed), WORLD)
            opened.query("DROP TABLE motcua.world")
            facts.open_facts(opened, tmp_path / name)
            prints.append(
                answer(opened, "SELECT count(), groupBitXor(cityHash64(toString(tuple(*)))) FROM facts")
            )
            opened.query("DROP TABLE motcua.facts")
    assert prints[0] == prints[1] != prints[2]


def test_the_tallies_are_the_facts_added_up(filled: Any):
    told = dict(
        answer(
            filled,
            "SELECT 'submitted', toString(count()) FROM facts UNION ALL"
            " SELECT 'received', toString(countIf(received IS NOT NULL)) FROM facts UNION ALL"
            " SELECT 'finished_late', toString(countIf(class = 'late')) FROM facts UNION ALL"
            " SELECT 'worked_minutes', toString(sum(worked_minutes)) FROM facts UNION ALL"
            " SELECT 'rated', toString(countIf(rating > 0)) FROM facts UNION ALL"
            " SELECT 'refused', toString(countIf(ending = 'refused')) FROM facts UNION ALL"
            " SELECT 'paid_online', toString(sum(paid)) FROM facts",
        )
    )
    found = sums("/", YEAR)[""]
    assert {name: found.of(Count(name)) for name in told} == {
        name: int(value) for name, value in told.items()
    }
    assert found.of(Count.SUBMITTED) == ROWS
    online = answer(filled, "SELECT countIf(received IS NOT NULL) FROM facts WHERE channel = 2")[0][0]
    assert found.of(Count.RECEIVED, 2) == int(online)


def test_every_scope_is_the_sum_of_what_lies_below(filled: Any):
    whole = sums("/", YEAR)[""].by_channel
    parts = [sums(it, YEAR)[""].by_channel for it in PROVINCES]
    own = [sums(it, YEAR, is_own=True)[""].by_channel for it in (*PROVINCES, *COMMUNES)]
    for key, value in whole.items():
        assert sum(it.get(key, 0) for it in parts) == sum(it.get(key, 0) for it in own) == value
    by_procedure = sums_of_procedures("/", YEAR).values()
    assert sum(it.of(Count.FINISHED) for it in by_procedure) == sums("/", YEAR)[""].of(Count.FINISHED)


def test_what_stands_open_is_what_came_and_did_not_go(filled: Any):
    now = WORLD[1].later[2]
    parts = stock_at_end_of(PROVINCES, now).values()
    open_now = stock_now(["/"], at=datetime.combine(now, time(20), VIETNAM))["/"]
    closed = stock_at_end_of(["/"], now)["/"]
    for name in ("waiting", "running", "standing", "ready"):
        assert getattr(open_now, name) == getattr(closed, name) == sum(getattr(it, name) for it in parts)
    assert open_now.running > open_now.late > 0


def test_durations_and_arrivals_count_the_same_dossiers(filled: Any):
    finished = sums("/", YEAR)[""].of(Count.FINISHED)
    assert sum(Duration.objects.filter(scope="/").values_list("count", flat=True)) == finished
    since = "(SELECT max(submitted) FROM facts) - toIntervalDay(63)"
    lately = answer(filled, f"SELECT count() FROM facts WHERE submitted >= {since}")[0][0]
    assert sum(Arrivals.objects.filter(scope="/").values_list("count", flat=True)) == int(lately)


def test_filling_again_replaces(filled: Any):
    models = (DayTally, MonthTally, StockNow, StockFlow, Duration)
    before = [it.objects.count() for it in models]
    fill_tallies(filled)
    assert [it.objects.count() for it in models] == before


def test_asking_is_read_only_and_bounded(tmp_path: Path):
    with facts.session() as opened:
        write_facts(opened, tmp_path, (1_000, 1), WORLD)
    assert (
        facts.analyse("SELECT count() AS dossiers FROM facts", tmp_path, shape="csv") == '"dossiers"\n1000\n'
    )
    for question in (
        "INSERT INTO facts SELECT * FROM facts",
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT 1 INTO OUTFILE '/tmp/out'",
        "SELECT 1 SETTINGS max_execution_time = 0",
        "DROP TABLE facts",
    ):
        with pytest.raises(facts.BadQuestion):
            facts.analyse(question, tmp_path)
    with pytest.raises(facts.BadQuestion, match="imeout"):
        facts.analyse("SELECT count() FROM numbers(100000000000)", tmp_path, limits=facts.Limits(seconds=1))
    with pytest.raises(facts.BadQuestion, match="memory"):
        limits = facts.Limits(memory=100_000_000)
        facts.analyse("SELECT length(groupArray(number)) FROM numbers(100000000)", tmp_path, limits=limits)
    with pytest.raises(facts.NoFacts):
        facts.analyse("SELECT 1", tmp_path / "nowhere")


def test_the_questions_that_the_manual_begins_with_are_answered(settings, tmp_path: Path):
    manual = (settings.PACKS.parent / "docs" / "scenarios.md").read_text(encoding="utf-8")
    with facts.session() as opened:
        write_facts(opened, tmp_path, (ROWS, 1), WORLD)
    for question in manual.partition("```sql")[2].partition("```")[0].split("\n\n"):
        words = question.partition("\n")[2] if question.strip().startswith("--") else question
        assert len(facts.analyse(words, tmp_path, shape="csv").splitlines()) > 1, question


@pytest.mark.skipif(not find_spec("vietnamadminunits"), reason="the data of places are not installed")
def test_the_order_writes_files_tallies_and_a_mark(settings, tmp_path: Path):
    settings.VAR = tmp_path
    # The tests' world has a few places of its own.
    load_places(at=timezone.now())
    order = ("simulate", "--scenario", "nation", "--facts", "--dossiers", "4000", "--until", "2026-11-01")
    output = StringIO()
    call_command(*order, "--yes-this-is-a-test-installation", "--json", stdout=output)
    said = json.loads(output.getvalue())
    assert (said["dossiers"], said["simulated"], said["files"]) == (4000, True, 1)
    assert sums("/", YEAR)[""].of(Count.SUBMITTED) == 4000
    assert len(said["tiles"]) == 5 and all(median <= most for median, most in said["tiles"].values())
    assert json.loads((tmp_path / "facts" / facts.MARKER).read_text())["simulated"]
    with pytest.raises(CommandError, match="test-installation"):
        call_command(*order)
    with pytest.raises(CommandError, match="made-up nation"):
        call_command("analyse", "--export")
    with pytest.raises(CommandError, match="installation of their own"):
        call_command("simulate", "--dossiers", "10", "--yes-this-is-a-test-installation")


@pytest.mark.parametrize(
    "wrong",
    [
        ("--dossiers", "0"),
        ("--dossiers", "10", "--compare"),
        ("--scenario", "nation", "--facts", "--dossiers", "-5"),
        ("--scenario", "nation", "--facts", "--compare"),
        ("--scenario", "nation", "--dossiers", "10"),
    ],
)
def test_a_wrong_order_changes_nothing(wrong: tuple[str, ...], settings, tmp_path: Path):
    settings.VAR = tmp_path
    with pytest.raises(CommandError, match="--"):
        call_command("simulate", *wrong, "--yes-this-is-a-test-installation")
    assert not list(tmp_path.iterdir())


def test_dossiers_and_a_nations_facts_do_not_mix(settings, tmp_path: Path):
    settings.VAR = tmp_path
    Measured.objects.create(dossier_id=uuid4(), procedure="1.000001", channel=2, status=1, position=1)
    with pytest.raises(CommandError, match="has dossiers"):
        order = ("simulate", "--scenario", "nation", "--facts", "--dossiers", "10")
        call_command(*order, "--yes-this-is-a-test-installation")
