"""How well search answers everyday questions: a pack's questions with the procedures they mean."""

from __future__ import annotations

import csv
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from motcua.registry.catalogue.selectors import search_procedures

# A question is answered when a procedure it means is among the first three.
FIRST = 3


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that was not answered: what it means, and what came instead, best first."""

    question: str
    meant: list[str]
    came: list[str]


@dataclass(slots=True)
class Score:
    """asked, answered: by "all", part ("tune", "held") and kind. milliseconds: processor time of each question."""

    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    missed: list[Missed] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def rate(self, group: str) -> float:
        """0 to 1; 1 where nothing was asked."""
        return self.answered[group] / self.asked[group] if self.asked[group] else 1.0

    @property
    def p95(self) -> float:
        """Of the processor time, in milliseconds."""
        return sorted(self.milliseconds)[int(len(self.milliseconds) * 0.95)] if self.milliseconds else 0.0

    def as_dict(self) -> dict[str, Any]:
        groups = {
            name: {
                "asked": self.asked[name],
                "answered": self.answered[name],
                "rate": round(self.rate(name), 3),
            }
            for name in self.asked
        }
        missed = [{"question": it.question, "meant": it.meant, "came": it.came} for it in self.missed]
        return {"groups": groups, "missed": missed, "p95_ms": round(self.p95, 1)}

    def in_words(self) -> str:
        lines = [
            f"{self.answered[it]:>5} of {self.asked[it]:<5} {self.rate(it):>6.1%}  {it}" for it in self.asked
        ]
        lines += [
            f"missed: {it.question} ({', '.join(it.meant)}; came {', '.join(it.came)})" for it in self.missed
        ]
        return "\n".join([*lines, f"processor time: p95 {self.p95:.1f} ms"])


def evaluate(path: Path) -> Score:
    """Ask every question of a file with the columns question, codes, kind, part.

    Raises OSError, KeyError for a missing column.
    """
    search_procedures("-")  # The index is built outside of what is measured.
    score = Score()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            _ask(score, row)
    return score


def _ask(score: Score, row: dict[str, str]) -> None:
    began = time.process_time()
    found = search_procedures(row["question"], limit=20).procedures
    score.milliseconds.append((time.process_time() - began) * 1000)
    meant, came = row["codes"].split(), [it.code for it in found[:FIRST]]
    is_answered = not set(meant).isdisjoint(came)
    for group in ("all", row["part"], row["kind"]):
        score.asked[group] += 1
        score.answered[group] += is_answered
    if not is_answered:
        score.missed.append(Missed(row["question"], meant, came))
