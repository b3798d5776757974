"""The pack's rules of evaluation."""

from __future__ import annotations

from functools import lru_cache

import yaml
from django.conf import settings

from motcua.oversight.indicators.rules.scoring import Rules, parse_rules


@lru_cache(maxsize=1)
def load_rules() -> tuple[Rules, ...]:
    """Raises BadRules."""
    path = settings.PACKS / "vn" / "indicators.yaml"
    return parse_rules(yaml.safe_load(path.read_text(encoding="utf-8")))
