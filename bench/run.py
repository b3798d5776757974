"""`make bench`: measure this machine, then motcua on it, and compare with the budget.

Figures as JSON lie in bench/results/latest.json; `--help` names the options.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from rich import box  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from bench import report as reports  # noqa: E402
from bench.installation import Installation  # noqa: E402
from bench.machine import calibrate  # noqa: E402

if TYPE_CHECKING:
    from bench.ground import Figure
    from bench.scenario import Scenario

SIZES, REQUESTS, ENTRIES = [1_000, 10_000], 105, 1_000_000
QUICK_SIZES, QUICK_REQUESTS, QUICK_ENTRIES = [1_000], 35, 50_000
# About a million entries are followed again then.
REPLAYED = 100_000


def main() -> int:
    options = _options()
    console = Console(highlight=False, width=max(Console().width, 150))
    machine = calibrate()
    console.print(f"Machine: {reports.machine_line(machine)}\n", soft_wrap=True)
    found = reports.Report(
        machine, datetime.now().astimezone(), reports.commit(), *_measure(options, console)
    )
    _show(console, found)
    options.results.mkdir(parents=True, exist_ok=True)
    latest = options.results / "latest.json"
    latest.write_text(json.dumps(found.as_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(f"\nFigures: {latest}", soft_wrap=True)
    if options.write:
        page = ROOT / "docs" / "benchmarks.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(reports.markdown(found), encoding="utf-8")
        console.print(f"Page: {page}", soft_wrap=True)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure motcua and compare with the budget.")
    parser.add_argument("--quick", action="store_true", help="1,000 dossiers, 30 requests a row")
    parser.add_argument(
        "--dossiers",
        type=int,
        nargs="+",
        metavar="N",
        help="data sizes, growing; 10000 100000 1000000 takes half an hour",
    )
    parser.add_argument("--entries", type=int, help="journal entries to seal and verify")
    parser.add_argument("--requests", type=int, help="requests a row, five of them to warm up")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument(
        "--results", type=Path, default=ROOT / "bench" / "results", help="folder for latest.json"
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="keep the dossiers for the next run with --keep, which then measures the sizes that are not below them",
    )
    options = parser.parse_args()
    options.dossiers = sorted(options.dossiers or (QUICK_SIZES if options.quick else SIZES))
    options.entries = options.entries or (QUICK_ENTRIES if options.quick else ENTRIES)
    options.requests = options.requests or (QUICK_REQUESTS if options.quick else REQUESTS)
    return options


def _measure(options: argparse.Namespace, console: Console) -> tuple[list, dict, list, list]:
    """Rows, memory by data size, what the simulations said, figures of the ground."""
    name = "bench-kept" if options.keep else "bench"
    var = Path(os.environ.get("MOTCUA_BENCH_VAR", ROOT / "var" / name)).absolute()
    memory, simulated, ground, started = {}, [], [], time.monotonic()
    replayed = next((size for size in options.dossiers if size >= REPLAYED), options.dossiers[-1])

    def tell(line: str) -> None:
        console.print(f"  {line}", soft_wrap=True)

    with Installation(var, keep=options.keep) as installation:
        import django

        django.setup()
        from bench.scenario import Scenario
        from motcua.casework.dossiers.models import Dossier

        scenario = Scenario(installation)
        console.print(f"Own installation ready after {time.monotonic() - started:.0f} s.")
        for seed, size in enumerate(options.dossiers, start=1):
            missing = size - Dossier.objects.count()
            # Each run adds some hundreds of its own.
            if missing < -size / 10:
                console.print(f"{size:,} dossiers: there are more already.")
                continue
            if missing > size / 10:
                simulated.append(scenario.grow(missing, seed))
                console.print(f"{missing:,} simulated dossiers, {simulated[-1]['rate']:,} a second.")
            scenario.run(options.requests, tell)
            memory[size] = scenario.meter.groups.memory()
            if size == replayed:
                ground += _figures(scenario, options.requests, tell)
        # The rest with the machine to itself.
        installation.rest()
        installation.tidy()
        ground += _ground(options.entries, tell)
        scenario.close()
    return scenario.meter.rows, memory, simulated, ground


def _figures(scenario: Scenario, requests: int, tell: Callable[[str], None]) -> list[Figure]:
    """How far the indicators are behind with everything at work, then a replay with the machine to itself."""
    from bench import figures

    found, installation = figures.behind(min(figures.ANSWERS, requests)), scenario.installation
    installation.rest()
    installation.tidy()
    found += figures.figures()
    scenario.begin_again()
    for figure in found:
        tell(f"{figure.name}: {figure.words}")
    scenario.look_at_figures(requests, tell)
    return found


def _ground(entries: int, tell: Callable[[str], None]) -> list[Figure]:
    from bench import catalogue, ground, importing, organisations, packs, places

    found = ground.measure(entries, tell)
    for part in (organisations, places, packs, importing, catalogue):
        for figure in part.figures():
            tell(f"{figure.name}: {figure.words}")
            found.append(figure)
    return found


def _show(console: Console, found: reports.Report) -> None:
    table = Table(box=box.SIMPLE)
    for name in reports.HEAD:
        table.add_column(name, justify="left" if name in reports.TEXTS else "right")
    for row in found.rows:
        table.add_row(*reports.cells(row, between="\n"))
    console.print(table)
    for line in [
        *reports.ground_lines(found),
        *reports.memory_lines(found),
        *reports.simulation_lines(found),
    ]:
        console.print(line, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
