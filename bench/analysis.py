"""A nation's facts: how long they take to write and to add up, tiles over them, and free analysis, with memory.

`python -m bench.analysis [--facts N]` makes an installation of its own and removes it; `make load` does so, too.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FACTS = 33_000_000
QUESTIONS = {
    "by way of submission": "SELECT channel, count() FROM facts GROUP BY channel",
    "on time by province": (
        "SELECT province, count(), countIf(\"class\" != 'late') FROM facts WHERE finished IS NOT NULL"
        " GROUP BY province"
    ),
    "median and 80 of 100 by procedure": (
        "SELECT procedure, quantile(0.5)(worked_minutes), quantile(0.8)(worked_minutes) FROM facts GROUP BY procedure"
    ),
    "by agency, procedure and month": (
        "SELECT count() FROM (SELECT agency, procedure, toStartOfMonth(submitted), count() FROM facts GROUP BY 1, 2, 3)"
    ),
    "satisfied by agency": (
        "SELECT agency, countIf(rating > 1) / countIf(rating > 0) AS s FROM facts GROUP BY agency ORDER BY s"
    ),
}
_TILE = 100


def measure(facts: int, say: Callable[[str], object]) -> bool:
    """Whether every tile kept its goal."""
    var = Path(os.environ.get("MOTCUA_BENCH_VAR", ROOT / "var" / "load")).absolute().with_name("nation")
    _stop(var)
    try:
        _run(var, "migrate", "--verbosity", "0")
        written, _seconds, memory = _run(
            var, "simulate", "--scenario", "nation", "--facts", "--dossiers", str(facts), "--json",
            "--yes-this-is-a-test-installation",
        )  # fmt: skip
        kept = _tell(json.loads(written), memory, say)
        for name, question in QUESTIONS.items():
            _said, seconds, memory = _run(var, "analyse", question, "--format", "csv", "--memory", "6000")
            say(f"Analysis, {name}: {seconds:.1f} s with the start of the command, {memory:,.0f} MB at most")
    finally:
        _stop(var)
    return kept


def _tell(found: dict[str, Any], memory: float, say: Callable[[str], object]) -> bool:
    millions = found["dossiers"] / 1e6
    seconds, megabytes = found["seconds"], found["bytes"] / 1e6
    say(f"{found['dossiers']:,} dossiers' facts: {seconds['files']} s, {megabytes:,.0f} MB of Parquet")
    say(
        f"Added up: {seconds['tallies']} s, {sum(found['rows'].values()):,} rows,"
        f" {found['table_bytes'] / 1e6 / millions:,.0f} MB a million dossiers; {memory:,.0f} MB of memory at most"
    )
    kept = True
    for name, (median, most) in found["tiles"].items():
        kept &= most <= _TILE
        verdict = "OK" if most <= _TILE else "over"
        say(f"Tile, {name}: median {median} ms, 95 of 100 {most} ms ≤ {_TILE}: {verdict}")
    return kept


def _run(var: Path, *arguments: str) -> tuple[str, float, float]:
    """What a `motcua` command printed, its seconds, the megabytes of its process at most."""
    others = ("MOTCUA_", "DJANGO_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    environment |= {"MOTCUA_VAR": str(var), "MOTCUA_MAKE_SECRETS": "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    begun = time.perf_counter()
    command = [sys.executable, "-m", "motcua.config.cli", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        said = process.stdout.read() if process.stdout else ""
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"motcua {' '.join(arguments)} ended with {process.returncode}")
    return said, time.perf_counter() - begun, usage.ru_maxrss / 1024


def _stop(var: Path) -> None:
    """End the database that the commands started, and remove everything."""
    sys.path[:0] = [str(ROOT / "src")]
    from motcua.foundation.postgres import cluster, server

    server.stop(var)
    shutil.rmtree(cluster.locate(var).home, ignore_errors=True)
    shutil.rmtree(var, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=FACTS)
    return 0 if measure(parser.parse_args().facts, print) else 1


if __name__ == "__main__":
    sys.exit(main())
