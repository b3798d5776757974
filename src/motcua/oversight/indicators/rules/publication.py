"""What the public figures are, as packs/vn/publication.yaml declares it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from motcua.oversight.indicators.rules.counts import Count
from motcua.oversight.indicators.rules.disclosure import LEAST_POSSIBLE, Cell
from motcua.oversight.indicators.rules.measures import Figure, Measure, Term


class BadPublication(ValueError):
    """A declaration that cannot be published by; the message says why."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A public figure: a count, or a measure (its unit is not ""). `whole_months`: only of months that are over."""

    code: str
    names: Mapping[str, str]
    texts: Mapping[str, str]
    unit: str
    source: str
    count: Count | None = None
    measure: Measure | None = None
    whole_months: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """`least`: people; `least_cases`: finished dossiers, to say how long they took; `figures`: in their order."""

    least: int
    least_cases: int
    figures: tuple[Shown, ...]

    @property
    def measures(self) -> frozenset[str]:
        return frozenset(it.code for it in self.figures if it.measure)


def parse_publication(data: Mapping[str, Any], measures: Collection[Measure]) -> Publication:
    """Raises BadPublication, also for a measure that the pack does not declare."""
    if data["least"] < LEAST_POSSIBLE:
        raise BadPublication(f"least: {LEAST_POSSIBLE} or more")
    known = {it.code: it for it in measures}
    unknown = [it["code"] for it in data["measures"] if it["code"] not in known]
    if unknown:
        raise BadPublication(f"No measures: {', '.join(unknown)}")
    elsewhere = [it["code"] for it in data["measures"] if not _adds_up(known[it["code"]])]
    if elsewhere:
        raise BadPublication(f"Not counted dossier by dossier: {', '.join(elsewhere)}")
    counted = [_count(it) for it in data["counts"]]
    measured = [_measure(known[it["code"]], it.get("whole_months", False)) for it in data["measures"]]
    figures = (*counted, *measured)
    if len({it.code for it in figures}) < len(figures):
        raise BadPublication("A code is there twice")
    return Publication(data["least"], data["least_cases"], figures)


def _adds_up(measure: Measure) -> bool:
    """Whether an agency's number is the sum of those below it: else nothing is known of what may be subtracted."""
    return all(term.is_tallied for it in measure.definitions for term in it.terms)


def _count(row: Mapping[str, Any]) -> Shown:
    try:
        count = Count(row["code"])
    except ValueError as error:
        raise BadPublication(str(error)) from error
    return Shown(row["code"], row["names"], row["texts"], "", row["source"], count=count)


def _measure(measure: Measure, whole_months: bool) -> Shown:
    source = measure.definitions[-1].source
    return Shown(
        measure.code,
        measure.names,
        measure.texts,
        measure.unit,
        source,
        measure=measure,
        whole_months=whole_months,
    )


def family_of(shown: Shown) -> Any:
    """Figures of the same denominator belong together: who is shown one knows it of all."""
    if shown.count:
        return ((Term(shown.count),),)
    assert shown.measure  # noqa: S101
    return tuple(it.denominator for it in shown.measure.definitions)


def cell_of(figures: Collection[Figure | int]) -> Cell:
    """Of a family: a count is its base; a share has two parts, what is in it and what is missing; a mean has none."""
    base, parts = 0, []
    for it in figures:
        if isinstance(it, int):
            base = it
            continue
        base = it.denominator or 0
        if it.measure.unit == "percent":
            parts += [it.numerator or 0, base - (it.numerator or 0)]
    return Cell(base, tuple(parts))
