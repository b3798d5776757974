"""`motcua indicators`: what it prints, and with which status it ends."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from motcua.casework.dossiers.tests.factories import MORNING
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import follow_once, replay
from motcua.foundation.kernel.actors import SYSTEM
from motcua.oversight.indicators.consumers import NAME
from motcua.oversight.indicators.errors import FrozenBefore, NotFollowedYet, PeriodNotOver
from motcua.oversight.indicators.models import Frozen, Measured
from motcua.oversight.indicators.selectors import Whose, evaluate
from motcua.oversight.indicators.services import freeze, of_json
from motcua.oversight.indicators.tests.factories import QUARTER, finished

pytestmark = pytest.mark.django_db
AFTER = QUARTER.ends + timedelta(days=5)


def run(*words: str) -> str:
    output = StringIO()
    call_command("indicators", *words, stdout=output)
    return output.getvalue()


def named(world) -> tuple[str, ...]:
    return ("--agency", world.desk.agency.code, "--period", "2026-Q1")


class TestShow:
    def test_prints_one_json_object_on_one_line(self, world):
        finished(world)
        printed = run("show", *named(world), "--json")
        assert printed.count("\n") == 1
        found = json.loads(printed)
        assert (found["dossiers"], found["total"], found["of"], found["frozen"]) == (1, "10.0", 12, None)
        assert (found["lowest_level"], found["highest_level"], found["behind"]) == ("fair", "excellent", 0)
        scores = {it["code"]: it["score"] for it in found["indices"]}
        assert (scores["time"], scores["attitude"]) == ("1.0", None)

    def test_says_it_in_words(self, world):
        finished(world)
        printed = run("show", *named(world))
        assert "1 dossiers finished" in printed
        assert "Total: 10.0 of 12 points" in printed

    @pytest.mark.parametrize(
        "words", [("--agency", "H99.99", "--period", "2026"), ("--agency", "H44", "--period", "x")]
    )
    def test_ends_with_2_for_an_unknown_agency_or_period(self, world, words):
        with pytest.raises(CommandError) as raised:
            run("show", *words)
        assert raised.value.returncode == 2


class TestRecompute:
    def test_follows_again_and_says_how_far(self, world):
        finished(world)
        Measured.objects.all().update(rounds=9)
        with pytest.raises(SystemExit) as ended:
            run("recompute", "--json")
        assert ended.value.code == 0
        assert set(Measured.objects.values_list("rounds", flat=True)) == {0}
        assert Entry.objects.filter(kind="journal.replayed", facts__consumer="indicators.evaluation").exists()


class TestFreeze:
    def test_published_figures_stay_when_a_dossier_is_corrected_later(self, world, browse):
        dossier = finished(world)
        with time_machine.travel(AFTER, tick=False):
            run("freeze", *named(world), "--json")
            Measured.objects.filter(pk=dossier.pk).update(time_points=0)
            found = json.loads(run("show", *named(world), "--json"))
            page = browse(world.desk.leader).get("/desk/evaluation/", {"period": "2026-Q1"}).content.decode()
        assert (found["total"], found["frozen"]["total"]) == ("9.0", "10.0")
        assert "differ from the published ones, which stay" in page
        assert "10.0 of 12 points" in page
        entry = Entry.objects.get(kind="evaluation.frozen")
        assert entry.facts == {"agency": world.desk.agency.code, "period": "2026-Q1", "dossiers": 1}

    def test_what_was_published_reads_back_as_it_was_counted(self, world):
        finished(world)
        frozen = freeze(actor=SYSTEM, agency=world.desk.agency, period=QUARTER, at=AFTER)
        frozen.refresh_from_db()
        assert of_json(frozen.figures["agency"]) == evaluate(Whose(world.desk.agency.path), QUARTER)
        assert set(frozen.figures["officers"]) == {str(it.person_id) for it in world.desk.officers}

    def test_refuses_a_period_that_is_not_over_and_one_published_before(self, world):
        follow_once()
        by = {"actor": SYSTEM, "agency": world.desk.agency, "period": QUARTER}
        with pytest.raises(PeriodNotOver):
            freeze(**by, at=MORNING)
        freeze(**by, at=AFTER)
        with pytest.raises(FrozenBefore):
            freeze(**by, at=AFTER)
        assert Frozen.objects.count() == Entry.objects.filter(kind="evaluation.frozen").count() == 1

    def test_refuses_while_the_journal_is_ahead(self, world):
        finished(world)
        replay(actor=SYSTEM, consumer=NAME, at=AFTER)
        with pytest.raises(NotFollowedYet):
            freeze(actor=SYSTEM, agency=world.desk.agency, period=QUARTER, at=AFTER)

    def test_the_command_ends_with_1_when_it_is_refused(self, world):
        follow_once()
        with time_machine.travel(MORNING, tick=False), pytest.raises(CommandError) as raised:
            run("freeze", *named(world), "--json")
        assert raised.value.returncode == 1

    def test_the_database_publishes_a_period_once(self, world):
        follow_once()
        frozen = freeze(actor=SYSTEM, agency=world.desk.agency, period=QUARTER, at=AFTER)
        with pytest.raises(IntegrityError), transaction.atomic():
            Frozen.objects.create(
                agency_path=frozen.agency_path, agency_name="x", period="2026-Q1", figures={}, frozen_at=AFTER
            )
