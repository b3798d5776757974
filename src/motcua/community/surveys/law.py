"""What the pack says, read once."""

from __future__ import annotations

from functools import lru_cache

import yaml
from django.conf import settings

from motcua.community.surveys.rules.law import Law, parse_law


@lru_cache(maxsize=1)
def law() -> Law:
    """Raises ValueError."""
    path = settings.PACKS / "vn" / "satisfaction.yaml"
    return parse_law(yaml.safe_load(path.read_text(encoding="utf-8")))
