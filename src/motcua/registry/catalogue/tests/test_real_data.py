"""The real files of the national portal, where they are (MOTCUA_DATA)."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.catalogue.doubts import get_captured
from motcua.registry.catalogue.importing import Order, import_files
from motcua.registry.catalogue.models import Captured, Doubt, Procedure

DATA = Path(os.environ.get("MOTCUA_DATA", settings.PACKS.parent.parent / "shared" / "data"))
FILES = DATA / "procedures_local.jsonl", DATA / "procedures_index.csv"
AT = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
pytestmark = [
    pytest.mark.usefixtures("module_db", "db"),
    pytest.mark.skipif(not all(it.exists() for it in FILES), reason="MOTCUA_DATA has no files of the portal"),
]


@pytest.fixture(scope="module")
def report(module_db):
    return import_files(actor=SYSTEM, order=Order(FILES), at=AT)


def test_every_row_is_read_and_again_nothing_is_written(report):
    assert (report.read, report.created + report.changed) == (1601 + 2642, 2642)
    again = import_files(actor=SYSTEM, order=Order(FILES[::-1]), at=AT)
    assert (again.created, again.changed, again.new_doubts, again.doubts) == (0, 0, 0, report.doubts)


def test_the_known_defects_are_found(report):
    # SOURCES.md: bare figures, customs at the commune, lists in the name.
    least = {
        "unit_missing": 300,
        "level_customs": 100,
        "name_list": 7,
        "result_code": 100,
        "fee_thousands": 90,
    }
    assert {kind: report.doubts[kind] >= count for kind, count in least.items()} == dict.fromkeys(least, True)
    assert set(Doubt.objects.filter(kind="name_list").values_list("procedure", flat=True)) >= {
        "2.001428",
        "3.000226",
    }


def test_nothing_is_lost(report):
    assert Captured.objects.filter(source="local").count() == 1601
    assert not Procedure.objects.filter(captured=None, origin="import").exists()
    kite = get_captured("1.001193")
    assert kite and kite.content["results"][0]["code"].startswith("KQ.G15.") and kite.content["documents"]
