"""How long things are kept: rules as data, read from a pack's `retention.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """A kind of thing is erased `days` days after `event`; `days` None: it is kept. `source`: the law, or [M]."""

    thing: str
    event: str
    days: int | None
    source: str

    def is_over(self, happened_at: datetime, *, at: datetime) -> bool:
        """Whether the period that began with the event has passed."""
        return self.days is not None and at >= happened_at + timedelta(days=self.days)

    def before(self, at: datetime) -> datetime | None:
        """What happened before this moment is to be erased at `at`; None: nothing is, ever."""
        return None if self.days is None else at - timedelta(days=self.days)


@lru_cache(maxsize=4)
def load_rules(path: Path) -> dict[str, RetentionRule]:
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
    if set(row) != {"thing", "event", "days", "source", "note"}:
        raise ValueError(f"A retention rule has thing, event, days, source and note: {row}")
    days = row["days"]
    if not (days is None or (isinstance(days, int) and days >= 0)) or not row["source"]:
        raise ValueError(f"{row['thing']}: days are a number or null, and a source is needed")
    return RetentionRule(str(row["thing"]), str(row["event"]), days, str(row["source"]))
