"""At which counters a dossier may be taken in for the agency that decides on it. Pure.

Source: Decree 118/2025/NĐ-CP (phi địa giới hành chính); vietnam.md 9.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Counters(StrEnum):
    """`any_counter` of a procedure: only the agency's own, every one of its province, every one of the country."""

    OWN = "own"
    PROVINCE = "province"
    COUNTRY = "country"


def counters_of(procedure: Mapping[str, Any], usual: Mapping[str, Any]) -> Counters:
    """The procedure's own rule, else everybody's: {"where": …, "source": …}. Raises KeyError, ValueError."""
    return Counters((procedure.get("any_counter") or usual)["where"])


def takes_in(counters: Counters, *, counter: str, competent: str) -> bool:
    """Whether a counter takes in what another agency decides; both by agency path, "/H44/H44.25/"."""
    if counter == competent or counters is Counters.COUNTRY:
        return True
    return counters is Counters.PROVINCE and _province(counter) == _province(competent)


def _province(path: str) -> str:
    return path.strip("/").partition("/")[0]
