"""The benchmark itself runs and reports every row; times are not judged here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    "home",
    "search procedures",
    "submit",
    "own list (20)",
    "citizen's dossier page",
    "inbox (20)",
    "officer's dossier page",
    "search dossiers",
    "intake at the counter",
    "register (50)",
    "register, a page in the middle",
    "register, one procedure",
    "register, one state",
    "uncollected results",
    "inbox, waiting for applicants",
    "inbox, online, to answer",
    "inbox, overdue",
    "accept, with its receipt",
    "hand over",
    "draft the result",
    "submit for signature",
    "sign",
    "return the result",
    "accept, one of many",
    "hand over, one of many",
    "API submit",
    "API list (20)",
    "API detail",
    "API accept",
    "figures of the year",
    "a measure of the year",
    "dossiers behind a figure",
    "map of the province",
    "operations centre",
    "operations centre, what changed",
    "dossiers likely late",
]


@pytest.mark.xdist_group("bench")
def test_a_small_benchmark_reports_every_row(tmp_path: Path):
    command = [sys.executable, str(ROOT / "bench" / "run.py"), "--quick"]
    command += ["--dossiers", "200", "--requests", "4", "--entries", "5000", "--results", str(tmp_path)]
    others = ("MOTCUA_", "DJANGO_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    done = subprocess.run(
        command,
        env=environment | {"MOTCUA_BENCH_VAR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((tmp_path / "latest.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in found["rows"]] == ROWS
    assert all(set(row["cpu"]) == {"web", "worker", "follow", "database"} for row in found["rows"])
    ground = {row["name"] for row in found["ground"]}
    assert {
        "Journal to indicator, 95 of 100",
        "Replay of the indicators",
        "Tiles: what stands open, 95 of 100",
    } <= ground
    assert set(found["memory"]["200"]) == {"web", "worker", "follow", "database"}
    assert found["machine"]["factor"] > 0
    assert all(name in done.stdout for name in ("submit", "sign", "of 1024 MB"))
