"""From what was captured and what was decided to what lists, search and pages show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from motcua.foundation.kernel.text import fold
from motcua.registry.catalogue.models import Captured, Doubt, Procedure
from motcua.registry.catalogue.rules.captured import Content, merged
from motcua.registry.catalogue.rules.codes import parse_code
from motcua.registry.catalogue.rules.doubtful import Doubtful
from motcua.registry.catalogue.rules.doubting import Sides, find_doubts
from motcua.registry.catalogue.rules.raw import with_decided
from motcua.registry.catalogue.rules.rows import typed_index
from motcua.registry.catalogue.rules.shown import corrected, facts_of, sector_slug
from motcua.registry.catalogue.services import Listing, listed_fields


@dataclass(frozen=True, slots=True)
class Sectors:
    """Sectors that packs name, by their folded Vietnamese name: (code, names)."""

    known: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)

    def of(self, name: str) -> tuple[str, Mapping[str, str]]:
        return self.known.get(fold(name), (sector_slug(name), {"vi": name}))


@dataclass(frozen=True, slots=True)
class Capture:
    """What both files say of a procedure, and as one content."""

    sides: Sides
    content: Content

    def doubts(self) -> list[Doubtful]:
        return find_doubts(self.content, self.sides)


def known_sectors() -> Sectors:
    """Those of the packs. One query."""
    rows = Procedure.objects.filter(origin="pack").values_list("sector", "facts")
    named = [(sector, facts.get("sector", {})) for sector, facts in rows]
    return Sectors({fold(names["vi"]): (sector, names) for sector, names in named if names.get("vi")})


def captured_of(codes: Iterable[str]) -> dict[str, Capture]:
    """What was captured of procedures; those without are left out. One query."""
    rows: dict[str, dict[str, Any]] = {}
    for code, source, content in Captured.objects.filter(procedure__in=list(codes)).values_list(
        "procedure_id", "source", "content"
    ):
        rows.setdefault(code, {})[source] = content
    return {code: _capture(sides) for code, sides in rows.items()}


def _capture(rows: Mapping[str, Any]) -> Capture:
    index = typed_index(rows["index"]) if "index" in rows else None
    local = rows.get("local")
    return Capture(Sides(index, local), merged(index, local))


def decided_rows(codes: Iterable[str]) -> dict[str, dict[str, dict[str, Any]]]:
    """Rows of the files with what was decided in its place: code -> {"index": row, "local": row}. Two queries."""
    wanted = list(codes)
    rows: dict[str, dict[str, Any]] = {}
    for code, source, content in Captured.objects.filter(procedure__in=wanted).values_list(
        "procedure_id", "source", "content"
    ):
        rows.setdefault(code, {})[source] = content
    decided: dict[str, list[tuple[str, Any]]] = {}
    for doubt in Doubt.objects.filter(procedure__in=wanted, state=Doubt.State.CORRECTED).order_by("pk"):
        decided.setdefault(doubt.procedure_id, []).append((doubt.place, doubt.value))
    return {code: with_decided(sides, decided.get(code, ())) for code, sides in rows.items()}


def decided_values(doubts: Iterable[Doubt]) -> list[tuple[str, Any]]:
    """Places and values of what was corrected."""
    return [(it.place, it.value) for it in doubts if it.state == Doubt.State.CORRECTED]


def columns_of(
    capture: Capture, doubts: Sequence[Doubt], held: Procedure | None, sectors: Sectors
) -> dict[str, Any]:
    """The columns of an imported procedure. doubts: those that are there; held: the procedure as it is."""
    content = corrected(capture.content, decided_values(doubts))
    facts = facts_of(content, [it.place for it in doubts if it.state == Doubt.State.OPEN])
    sector, sector_names = sectors.of(content["sector"])
    code = parse_code(content["code"])
    listing = Listing(
        code=code.base if code else content["code"],
        names={"vi": content["name"]},
        everyday=(),
        sector=sector,
        level=content["levels"][0],
        levels=content["levels"],
        limit=facts["limit"],
        fee=facts["fee"],
        sector_names=sector_names,
        is_online=held.is_online if held else False,
        origin="import",
    )
    return listed_fields(listing) | {
        "ministry": content["ministry"],
        "publisher": code.publisher if code else "",
        "audience": content["audience"],
        "channels": list(dict.fromkeys(row["channel"] for row in content["channels"])),
    }
