"""The rules of the queue of the installation's pack."""

from __future__ import annotations

from functools import lru_cache

import yaml
from django.conf import settings

from motcua.casework.appointments.rules.law import Law, parse_law


@lru_cache(maxsize=1)
def law() -> Law:
    """Read once a process. Raises OSError, KeyError, ValueError for a pack without them."""
    folder = settings.PACKS / "vn"
    priority, rules = (
        yaml.safe_load((folder / name).read_text(encoding="utf-8"))
        for name in ("queue_priority.yaml", "queue.yaml")
    )
    return parse_law(priority, rules)
