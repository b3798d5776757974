"""The province of the press, played: what is computed equals the scenario's own ledger, and the printed digits."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings

from motcua.config.simulation.province.running import compare_played, ledger_path, play_province

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
DATA = Path(os.environ.get("MOTCUA_DATA", settings.PACKS.parent.parent / "shared" / "data"))
DOSSIERS = 1_500

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("province"),
    pytest.mark.skipif(not find_spec("vietnamadminunits"), reason="the data of places are not installed"),
]


@pytest.mark.parametrize("data", [DATA, Path("/nowhere")], ids=["services of the portal", "made-up services"])
def test_the_computed_figures_are_the_ledger_and_the_press(data: Path, settings, tmp_path: Path):
    if data == DATA and not (data / "procedures_local.jsonl").exists():
        pytest.skip("The data of the national portal are not here (MOTCUA_DATA).")
    settings.VAR = tmp_path
    play_province((DOSSIERS, 1), data, at=AT)
    assert ledger_path().exists()
    found = compare_played()
    assert not found.differences[:20]
    assert [(it.name, it.computed) for it in found.lines if not it.is_equal] == []
    assert found.is_equal and found.compared > 50_000
