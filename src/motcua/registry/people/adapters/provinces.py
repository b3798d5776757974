"""The provinces of personal numbers, out of the pack."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import yaml
from django.conf import settings


@lru_cache(maxsize=1)
def number_provinces() -> Mapping[str, str]:
    """Three digits -> the province in which the birth was registered; 63, as before July 2025."""
    path = settings.PACKS / "vn" / "person_number_provinces.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8"))["provinces"])
