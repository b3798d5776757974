"""One word for what the signatures of a file are worth. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

State = Literal["valid", "unsigned", "expired", "broken", "undecided"]
_BROKEN = frozenset({"changed", "bad_signature", "damaged", "partial", "added"})


def state_of(*, is_valid: bool, problems: Collection[str]) -> State:
    """`problems`: codes of the verdict (ETSI EN 319 102-1). The worst counts; what neither holds nor is refuted is
    undecided, for instance an authority nobody here trusts."""
    found = set(problems)
    if is_valid:
        return "valid"
    if found & _BROKEN:
        return "broken"
    if "unsigned" in found:
        return "unsigned"
    return "expired" if found == {"certificate_expired"} else "undecided"
