"""Rules of law about acts that are data: limits, grounds, what a procedure adds. Pure but for the pack's file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from motcua.casework.dossiers.rules.boundaries import counters_of
from motcua.foundation.worktime.limits import Limit, parse_limit


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a dossier ends. `text`: by language; the Vietnamese stands on the paper."""

    code: str
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SupplementRule:
    """How long the applicant may take, and after how long they are told again."""

    limit: Limit
    warn_after: Limit


@dataclass(frozen=True, slots=True)
class Law:
    """A pack's `dossier_law.yaml`. `payment`: how long the applicant may take to pay; `grounds`: by list (refusal,
    stopping, withdrawal) and code; `any_counter`: see `rules.boundaries`; `transport`: how long paper may be on its
    way."""

    supplement: SupplementRule
    payment: Limit
    any_counter: Mapping[str, Any]
    transport: Limit
    grounds: Mapping[str, Mapping[str, Ground]]

    def ground(self, kind: str, code: str) -> Ground | None:
        return self.grounds[kind].get(code)


LISTS = ("refusal", "stopping", "withdrawal")


def parse_law(data: Mapping[str, Any]) -> Law:
    """Raises KeyError and ValueError for a file that says less than that."""
    grounds = {
        kind: {row["code"]: Ground(row["code"], dict(row["text"])) for row in data[kind]} for kind in LISTS
    }
    payment = parse_limit(data["payment"]["limit"])
    counters_of({}, data["any_counter"])
    transport = parse_limit(data["paper_transport"]["limit"])
    return Law(parse_supplement(data["supplement"]), payment, data["any_counter"], transport, grounds)


def parse_supplement(data: Mapping[str, Any]) -> SupplementRule:
    """`{limit: 15wd, warn: 3wd}`: both in one unit, the warning shorter. Raises KeyError, ValueError."""
    limit, warn = parse_limit(data["limit"]), parse_limit(data["warn"])
    if warn.unit is not limit.unit or warn.count >= limit.count:
        raise ValueError(f"warn {warn} must be shorter than limit {limit}, in the same unit")
    return SupplementRule(limit, Limit(limit.unit, limit.count - warn.count))


@lru_cache(maxsize=4)
def load_law(pack: Path) -> Law:
    """The rules of a pack, read once a process."""
    return parse_law(yaml.safe_load((pack / "dossier_law.yaml").read_text(encoding="utf-8")))


def supplement_rule(law: Law, procedure: Mapping[str, Any]) -> SupplementRule:
    """The procedure's own, else everybody's."""
    own = procedure.get("supplement")
    return parse_supplement(own) if own else law.supplement


def suspension_law(procedure: Mapping[str, Any]) -> Mapping[str, str]:
    """The special law that names a suspension, by language; empty: none does (`suspension` in procedure.yaml)."""
    return procedure.get("suspension", {}).get("law", {})
