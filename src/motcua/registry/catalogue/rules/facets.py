"""By what hits are narrowed down, and how many there are of each. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

# The national portal's words for who applies, in five groups people understand.
_AUDIENCE: Mapping[str, str] = {
    "công dân việt nam": "people",
    "người việt nam định cư ở nước ngoài": "people",
    "cán bộ, công chức, viên chức": "officials",
    "người nước ngoài": "foreigners",
    "tổ chức nước ngoài": "foreigners",
    "doanh nghiệp": "businesses",
    "doanh nghiệp việt nam": "businesses",
    "doanh nghiệp có vốn đầu tư nước ngoài": "businesses",
    "hợp tác xã": "businesses",
}
LEVELS = ("commune", "province", "ministry", "other")
AUDIENCES = ("people", "businesses", "organisations", "foreigners", "officials")
KINDS = ("sector", "level", "audience", "online")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a procedure is narrowed down by. sector: its Vietnamese name."""

    sector: str
    levels: tuple[str, ...]
    audience: tuple[str, ...]
    is_online: bool


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a reader chose; "" for everything. online: "yes" or "no"."""

    sector: str = ""
    level: str = ""
    audience: str = ""
    online: str = ""

    def chosen(self) -> dict[str, str]:
        return {kind: getattr(self, kind) for kind in KINDS if getattr(self, kind)}


def audience_of(words: Iterable[str]) -> tuple[str, ...]:
    """The groups of the portal's words; who is not told is open to everybody: people. In the order of AUDIENCES."""
    groups = {_AUDIENCE.get(it.strip().lower(), "organisations") for it in words} or {"people"}
    return tuple(it for it in AUDIENCES if it in groups)


def fits(facts: Facts, narrowing: Narrowing) -> bool:
    return all(value in _values(facts, kind) for kind, value in narrowing.chosen().items())


def counts(found: Sequence[Facts], narrowing: Narrowing) -> dict[str, Counter[str]]:
    """By kind and value, how many hits choosing it would leave, the other choices kept."""
    return {
        kind: Counter(
            value
            for facts in found
            if fits(facts, replace(narrowing, **{kind: ""}))
            for value in _values(facts, kind)
        )
        for kind in KINDS
    }


def _values(facts: Facts, kind: str) -> tuple[str, ...]:
    if kind == "sector":
        return (facts.sector,)
    if kind == "level":
        return facts.levels
    if kind == "audience":
        return facts.audience
    return ("yes" if facts.is_online else "no",)
