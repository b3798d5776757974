"""The pack's measures and the index made of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings

from motcua.oversight.indicators.rules.index766 import Index, parse_index
from motcua.oversight.indicators.rules.measures import Measure, parse_measures, parse_sources

MEASURES, INDEX = "measures.yaml", "index766.yaml"


@lru_cache(maxsize=1)
def load_measures() -> tuple[Measure, ...]:
    """In the pack's order. Raises BadMeasures."""
    return parse_measures(_read(MEASURES))


@lru_cache(maxsize=1)
def load_sources() -> Mapping[str, Mapping[str, str]]:
    """What to say while a source is not there, by its name and by language."""
    return parse_sources(_read(MEASURES))


@lru_cache(maxsize=1)
def load_index() -> tuple[Index, ...]:
    """Index 766, oldest first. Raises BadIndex."""
    return parse_index(_read(INDEX))


def _read(name: str) -> Mapping[str, Any]:
    path = settings.PACKS / "vn" / name
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
