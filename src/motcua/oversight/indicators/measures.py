"""The pack's measures."""

from __future__ import annotations

from functools import lru_cache

import yaml
from django.conf import settings

from motcua.oversight.indicators.rules.measures import Measure, parse_measures


@lru_cache(maxsize=1)
def load_measures() -> tuple[Measure, ...]:
    """In the pack's order. Raises BadMeasures."""
    path = settings.PACKS / "vn" / "measures.yaml"
    return parse_measures(yaml.safe_load(path.read_text(encoding="utf-8")))
