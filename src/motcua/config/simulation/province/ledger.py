"""The scenario's own ledger: plain counters, written at the moment at which it decides what happens. Pure.

It shares no code with the journal, its consumers and the tallies, so that it can be held against them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Ledger:
    """counts: (what, path of the agency, procedure, channel, month as "2024-03") -> how many dossiers."""

    dossiers: int
    seed: int
    # Path of an agency -> district, department, commune.
    groups: dict[str, str] = field(default_factory=dict)
    services: dict[str, int] = field(default_factory=dict)
    counts: Counter[tuple[str, str, str, int, str]] = field(default_factory=Counter)

    def note(self, what: str, where: tuple[str, str, int], month: str) -> None:
        """where: path of the agency, procedure, channel."""
        self.counts[what, *where, month] += 1

    def total(self, what: str, *, group: str = "", channel: int = 0) -> int:
        """Of a group, of a channel, or of all."""
        return sum(
            count
            for (kind, agency, _procedure, by, _month), count in self.counts.items()
            if kind == what and group in {"", self.groups[agency]} and channel in {0, by}
        )

    def by_place(self) -> Mapping[tuple[str, str, int, str], int]:
        """(what, agency, channel, month) -> how many, all procedures together."""
        found: Counter[tuple[str, str, int, str]] = Counter()
        for (what, agency, _procedure, channel, month), count in self.counts.items():
            found[what, agency, channel, month] += count
        return found

    def save(self, path: Path) -> None:
        rows = [[*key, count] for key, count in sorted(self.counts.items())]
        said: dict[str, Any] = {"dossiers": self.dossiers, "seed": self.seed}
        said |= {"groups": self.groups, "services": self.services, "counts": rows}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(said, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def load_ledger(path: Path) -> Ledger:
    """Raises OSError, KeyError, ValueError."""
    said = json.loads(path.read_text(encoding="utf-8"))
    found = Ledger(said["dossiers"], said["seed"], said["groups"], said["services"])
    for *key, count in said["counts"]:
        found.counts[tuple(key)] = count
    return found
