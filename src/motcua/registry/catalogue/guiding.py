"""Guides, and what their procedures need. Public."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from motcua.foundation.kernel.errors import NotFound
from motcua.registry.catalogue.finding import findable
from motcua.registry.catalogue.models import Captured, PackFile, Procedure, ProcedureVersion

Guide = dict[str, Any]


def list_guides() -> list[Guide]:
    """The pack's guides, in its order. One query."""
    content = PackFile.objects.filter(pk="guides").values_list("content", flat=True).first()
    return list(content["guides"]) if content else []


def get_guide(code: str) -> Guide:
    """Raises NotFound."""
    guide = next((it for it in list_guides() if it["code"] == code), None)
    if guide is None:
        raise NotFound
    return guide


def papers_of(codes: Iterable[str], *, at: date) -> dict[str, list[dict[str, Any]]]:
    """The components that the version of a day asks for, by code; of procedures without one, what the national portal
    lists: {"name": texts, "needed": ...}. Two queries."""
    wanted = set(codes)
    versions = ProcedureVersion.objects.filter(procedure__in=wanted, valid_from__lte=at)
    current = versions.filter(Q(valid_to=None) | Q(valid_to__gt=at)).order_by("number")
    papers = dict(current.values_list("procedure_id", "definition__procedure__components"))
    captured = Captured.objects.filter(procedure__in=wanted - papers.keys(), source=Captured.Source.LOCAL)
    for code, documents in captured.values_list("procedure_id", "content__documents"):
        names = dict.fromkeys(it["name"] for it in documents or [] if it.get("name"))
        papers[code] = [{"name": {"vi": name}, "needed": "upload"} for name in names]
    return papers


def related_procedures(procedure: Procedure, *, limit: int = 5) -> list[Procedure]:
    """What goes with a procedure: what its applicants applied for next, what belongs to the same event in a life, then
    what is used most of its sector. At most three queries, and those of `findable`."""
    life_events = [it.procedure_codes for it in findable().life_events.values()]
    near = [
        *procedure.next_codes,
        *(code for codes in life_events if procedure.code in codes for code in codes),
    ]
    codes = [code for code in dict.fromkeys(near) if code != procedure.code][:limit]
    rows = Procedure.objects.in_bulk(codes)
    found = [rows[code] for code in codes if code in rows and not rows[code].removed_on]
    if len(found) < limit:
        others = Procedure.objects.filter(sector=procedure.sector, removed_on=None, uses__gt=0)
        others = others.exclude(pk__in=[procedure.code, *codes]).order_by("-uses", "code")
        found += others[: limit - len(found)]
    return found
