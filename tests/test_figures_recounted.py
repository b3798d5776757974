"""The figures of a simulated province equal the recount from its journal, and what the dossiers themselves say.

At night (MOTCUA_NIGHTLY=1, `make nightly`) of many dossiers.
"""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Count as Number
from django.db.models import Q, Sum
from django.utils import timezone

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.classes import Class
from motcua.casework.dossiers.tests.factories import OPENED
from motcua.casework.dossiers.timing import count_classes
from motcua.config.demo.world import build_world
from motcua.config.simulation.entering import Plan, simulate
from motcua.foundation.journal.selectors import last_position
from motcua.foundation.journal.services import follow_once
from motcua.foundation.kernel.actors import SYSTEM
from motcua.oversight.indicators.models import DayTally, MonthTally, StockNow
from motcua.oversight.indicators.rules.counts import ALL, Count
from motcua.oversight.indicators.services import recompute
from motcua.oversight.indicators.tests.factories import rows, tallies

AT, UNTIL = datetime(2026, 3, 12, 1, tzinfo=UTC), date(2026, 3, 12)
IS_NIGHT = os.environ.get("MOTCUA_NIGHTLY") == "1"
FEW = 200
DOSSIERS = 20_000 if IS_NIGHT else FEW


@pytest.fixture
def simulated(db, settings):
    settings.DEMO = True
    enter(DOSSIERS)


@pytest.fixture
def few(db, settings):
    settings.DEMO = True
    enter(FEW)


def enter(dossiers):
    build_world(at=OPENED)
    simulate(Plan(dossiers, seed=7, until=UNTIL), at=AT)
    began = time.process_time()
    follow_once()
    print(
        f"{last_position()} entries sealed and followed in {time.process_time() - began:.1f} s of processor"
    )


def run(*words):
    output = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("indicators", "recompute", *words, "--json", stdout=output)
    return ended.value.code, json.loads(output.getvalue())


def test_the_figures_equal_the_recount_and_the_dossiers(simulated):
    code, found = run("--check")
    assert (code, found["dossiers"], found["differences"]) == (0, DOSSIERS, [])
    assert found["figures"] == _sums(MonthTally) == _sums(DayTally)
    assert {name: found["figures"][name] for name in _by_dossiers()} == _by_dossiers()
    assert _stock() == _standing()
    today = timezone.localdate().isoformat()
    code, known = run("--on", today)
    assert (code, known["figures"]) == (0, found["figures"])
    code, before = run("--on", "2020-01-01")
    assert (code, set(before["figures"].values())) == (0, {0})
    kept = rows(), tallies()
    recompute(actor=SYSTEM)
    assert (rows(), tallies()) == kept


def test_a_wrong_row_is_found_and_named(few):
    row = DayTally.objects.filter(scope=ALL, received__gt=0).first()
    DayTally.objects.filter(pk=row.pk).update(received=row.received + 1)
    code, found = run("--check")
    (difference,) = found["differences"]
    assert (code, difference["table"], difference["key"][0], difference["key"][-1]) == (
        1, "days", ALL, "received"
    )  # fmt: skip
    assert difference["kept"] == difference["recounted"] + 1


def _sums(model):
    return model.objects.filter(scope=ALL).aggregate(**{str(it): Sum(str(it)) for it in Count})


def _by_dossiers():
    """Counted by the columns of the dossiers, in which the acts leave what they did."""
    classes = count_classes(Q(), at=AT)
    all_ = Dossier.objects
    return {
        "submitted": all_.count(),
        "received": all_.filter(accepted_at__isnull=False).count(),
        "finished": all_.filter(finished_at__isnull=False).count(),
        "finished_early": classes.get(Class.EARLY, 0),
        "finished_on_time": classes.get(Class.ON_TIME, 0),
        "finished_late": classes.get(Class.LATE, 0),
        "refused": all_.filter(status=3).count(),
        "withdrawn": all_.filter(status=7).count(),
        "stopped": all_.filter(status=8).count(),
        "timed": all_.filter(finished_at__isnull=False).count(),
    }


def _stock():
    found = StockNow.objects.filter(scope=ALL).values_list("state").annotate(Sum("count")).order_by()
    return dict(found)


def _standing():
    by = dict(Dossier.objects.values_list("status").annotate(Number("pk")).order_by())
    states = {"waiting": [1], "running": [2, 4], "standing": [5, 6], "ready": [9]}
    return {name: sum(by.get(it, 0) for it in statuses) for name, statuses in states.items()}
