"""Which procedures carry out essential services: a flag that a pack's list sets, now and after every import."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from motcua.registry.catalogue.services import flag_essential

FILE = "essential.yaml"


def flag_listed(pack: Path) -> int:
    """Flag what the pack's essential.yaml lists, and nothing else; how many procedures of it there are.

    A pack without the file says nothing, so the flags stay. Raises OSError, YAMLError, KeyError, TypeError, ValueError
    for a list that cannot be read.
    """
    path = pack / FILE
    if not path.is_file():
        return 0
    listed: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    groups = {str(code): int(it["group"]) for it in listed["services"] for code in it["codes"]}
    return flag_essential(groups)
