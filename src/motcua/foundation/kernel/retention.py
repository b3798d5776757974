"""How long things are kept: rules as data, read from a pack's `retention.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """A kind of thing is erased `days` days after `event`; `days` None: it is kept. `source`: the law, or [M].

    `law`: the law by language, as pages name it; empty where no law says it yet.
    """

    thing: str
    event: str
    days: int | None
    source: str
    note: str = ""
    # The law's minimum: no installation may keep it for a shorter time.
    least: int | None = None
    law: Mapping[str, str] = field(default_factory=dict)

    def is_over(self, happened_at: datetime, *, at: datetime) -> bool:
        """Whether the period that began with the event has passed."""
        return self.days is not None and at >= happened_at + timedelta(days=self.days)

    def before(self, at: datetime) -> datetime | None:
        """What happened before this moment is to be erased at `at`; None: nothing is, ever."""
        return None if self.days is None else at - timedelta(days=self.days)


# Days by thing, as this installation chose them.
ChosenPeriods = Callable[[], Mapping[str, int]]
_chosen: list[ChosenPeriods] = []


def set_chosen_periods(chosen: ChosenPeriods) -> None:
    """Where chosen periods come from; a room above has them."""
    _chosen[:] = [chosen]


def load_rules(path: Path) -> dict[str, RetentionRule]:
    """The rules of a file with the periods chosen here, never below the law's minimum. Raises as `usual_rules`."""
    rules = usual_rules(path)
    chosen = _chosen[0]() if _chosen else {}
    changed = {
        thing: replace(rules[thing], days=max(days, rules[thing].least or 0))
        for thing, days in chosen.items()
        if thing in rules
    }
    return rules | changed


@lru_cache(maxsize=4)
def usual_rules(path: Path) -> dict[str, RetentionRule]:
    """The rules of a file, by the thing they are about, for instance `stored_file.unused`.

    Raises ValueError when a rule lacks its event, period or source, or stands twice; OSError.
    """
    rules: dict[str, RetentionRule] = {}
    for row in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
        rule = _read(row)
        if rule.thing in rules:
            raise ValueError(f"{path.name}: {rule.thing} stands twice")
        rules[rule.thing] = rule
    return rules


def _read(row: dict[str, Any]) -> RetentionRule:
    if set(row) - {"least", "law"} != {"thing", "event", "days", "source", "note"}:
        raise ValueError(
            f"A retention rule has thing, event, days, source and note, and may have least and law: {row}"
        )
    days, least = row["days"], row.get("least")
    if not (_is_days(days) and _is_days(least)) or not row["source"]:
        raise ValueError(f"{row['thing']}: days are a number or null, and a source is needed")
    if least is not None and days is not None and days < least:
        raise ValueError(f"{row['thing']}: days are fewer than least")
    return RetentionRule(
        thing=str(row["thing"]),
        event=str(row["event"]),
        days=days,
        source=str(row["source"]),
        note=str(row["note"] or ""),
        least=least,
        law=row.get("law") or {},
    )


def _is_days(value: object) -> bool:
    return value is None or (isinstance(value, int) and value >= 0)
