"""Rows as a table beside the goals, on a terminal and for docs/benchmarks.md."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.ground import Figure
from bench.machine import REFERENCE_LOOPS, REFERENCE_MEGABYTES, Machine
from bench.measuring import Row
from bench.processes import Memory

ROOT = Path(__file__).resolve().parents[1]
MEMORY_GOAL_MB = 1024
_REQUEST = ("web", "database")
_ALL = ("web", "worker", "follow", "database")
_ACT = [("request", 6, _REQUEST)]
# Row -> goals: of what, milliseconds of CPU, in which processes. Source: the budget, section 8 of the design.
GOALS: dict[str, list[tuple[str, float, tuple[str, ...]]]] = {
    "submit": [("request", 6, _REQUEST), ("all", 15, _ALL)],
    "accept, with its receipt": _ACT,
    "hand over": _ACT,
    # A hundred dossiers a second, on one core.
    "accept, one of many": [("request", 10, _REQUEST)],
    "hand over, one of many": [("request", 10, _REQUEST)],
    "submit for signature": _ACT,
    "return the result": _ACT,
    "own list (20)": [("API list", 5, _REQUEST)],
    "inbox (20)": [("API list", 5, _REQUEST)],
    "citizen's dossier page": [("API detail", 5, _REQUEST)],
    "officer's dossier page": [("API detail", 5, _REQUEST)],
    "API submit": [("request", 6, _REQUEST), ("all", 15, _ALL)],
    "API list (20)": [("request", 5, _REQUEST)],
    "API detail": [("request", 5, _REQUEST)],
    "API accept": _ACT,
    "intake at the counter": [("request", 40, _REQUEST)],
    "sign": [("signed PDF", 70, _REQUEST)],
}


@dataclass(frozen=True, slots=True)
class Report:
    """All that one run found out. memory: by data size in dossiers, then by group of processes."""

    machine: Machine
    at: datetime
    commit: str
    rows: Sequence[Row]
    memory: dict[int, dict[str, Memory]] = field(default_factory=dict)
    simulated: Sequence[dict[str, Any]] = ()
    ground: Sequence[Figure] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "machine": asdict(self.machine) | {"factor": round(self.machine.factor, 3)},
            "at": self.at.isoformat(timespec="seconds"),
            "commit": self.commit,
            "rows": [asdict(row) | {"verdicts": verdicts(row)} for row in self.rows],
            "memory": {
                size: {name: asdict(it) for name, it in groups.items()}
                for size, groups in self.memory.items()
            },
            "simulated": list(self.simulated),
            "ground": [asdict(it) | {"met": it.is_met} for it in self.ground],
        }


def verdicts(row: Row) -> list[str]:
    """One text a goal: "request 5.1 ≤ 6: OK"."""
    said = []
    for what, goal, groups in GOALS.get(row.name, []):
        value = sum(row.cpu[group] for group in groups)
        said.append(f"{what} {value:.1f} ≤ {goal:g}: {'OK' if value <= goal else 'over'}")
    return said


def commit() -> str:
    """The commit that was measured, with a plus sign when files differ from it."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty=+"], cwd=ROOT, check=True, capture_output=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


HEAD = ("What", "Dossiers", "Requests", "p50 ms", "p95 ms", *_ALL, "CPU ms", "Goal")
TEXTS = {"What", "Goal"}


def cells(row: Row, between: str = "; ") -> tuple[str, ...]:
    times = (f"{value:.1f}" for value in (row.p50, row.p95, *(row.cpu[group] for group in _ALL)))
    return (
        row.name,
        f"{row.dossiers:,}",
        str(row.requests),
        *times,
        f"{row.all_cpu:.1f}",
        between.join(verdicts(row)),
    )


def memory_lines(report: Report) -> list[str]:
    """One sentence a data size."""
    lines = []
    for size, groups in report.memory.items():
        parts = [f"{name} {_megabytes(memory)}" for name, memory in groups.items()]
        total = sum(memory.rss if memory.pss is None else memory.pss for memory in groups.values())
        verdict = "OK" if total <= MEMORY_GOAL_MB else "over"
        lines.append(f"{size:,} dossiers: {', '.join(parts)}; {total:.0f} of {MEMORY_GOAL_MB} MB: {verdict}")
    return lines


def _megabytes(memory: Memory) -> str:
    return f"{memory.rss:.0f} MB with shared pages" if memory.pss is None else f"{memory.pss:.0f} MB"


def machine_line(machine: Machine) -> str:
    return (
        f"{machine.processor}, {machine.cores} cores, Python {machine.python}: "
        f"{machine.loops_per_second:.1f} loops a second (reference {REFERENCE_LOOPS:g}), "
        f"SHA-256 {machine.megabytes_per_second:.0f} MB a second (reference {REFERENCE_MEGABYTES:g}); "
        f"CPU times × {machine.factor:.2f} compare with the reference machine; load before {machine.load:.1f}"
    )


def simulation_lines(report: Report) -> list[str]:
    return [
        f"{it['dossiers']:,} dossiers in {it['seconds']} s: {it['rate']:,} a second"
        for it in report.simulated
    ]


def ground_lines(report: Report) -> list[str]:
    return [f"{it.name}: {it.words}" for it in report.ground]


def markdown(report: Report) -> str:
    """The page docs/benchmarks.md."""
    table = [
        HEAD,
        tuple("---" if name in TEXTS else "---:" for name in HEAD),
        *map(cells, report.rows),
    ]
    lines = [
        "# Benchmarks",
        "",
        f"Written by `make bench ARGS=--write` on {report.at:%Y-%m-%d} at commit `{report.commit}`. "
        "Not to be edited by hand.",
        "",
        "Requests go over real HTTP, one after the other on one kept-alive connection, to `motcua serve` "
        "with the embedded PostgreSQL, one worker and one follower. “CPU ms” is the processor time of all "
        "processes for one request, jobs of the worker and sealing included; the columns before it say where it is "
        "spent. Goals are those of the budget in milliseconds of CPU: “request” is web and database; goals named API "
        "are set for the API, pages may take more.",
        "",
        f"Machine: {machine_line(report.machine)}.",
        "",
        *("| " + " | ".join(row) + " |" for row in table),
        "",
        "## The ground",
        "",
        *(f"- {line}" for line in ground_lines(report)),
        "",
        "## Memory",
        "",
        *(f"- {line}" for line in memory_lines(report)),
        "",
        "## Simulated dossiers",
        "",
        *(f"- {line} (goal 2,000)" for line in simulation_lines(report)),
        "",
    ]
    return "\n".join(lines)
