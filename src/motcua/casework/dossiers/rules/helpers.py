"""Who may bring an application for somebody else to a counter. Pure but for the pack's file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

NEEDS = frozenset({"mandate", "word", "nothing"})


@dataclass(frozen=True, slots=True)
class Helper:
    """One of a pack's `helpers.yaml`. `name`: by language. `needs`: one of NEEDS."""

    code: str
    name: Mapping[str, str]
    needs: str


def parse_helpers(data: Mapping[str, Any]) -> dict[str, Helper]:
    """By code, in the order of the file. Raises KeyError, ValueError for what is needed and unknown."""
    found = {row["code"]: Helper(row["code"], row["name"], row["needs"]) for row in data["helpers"]}
    for helper in found.values():
        if helper.needs not in NEEDS:
            raise ValueError(f"{helper.code}: nobody knows how to need {helper.needs}")
    return found


@lru_cache(maxsize=4)
def load_helpers(pack: Path) -> dict[str, Helper]:
    """The helpers of a pack, read once a process."""
    return parse_helpers(yaml.safe_load((pack / "helpers.yaml").read_text(encoding="utf-8")))
