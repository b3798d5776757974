"""Reading what was captured and the doubts about it: lists, counts, one with its page on the portal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.catalogue.deciding import Wanted, check_right
from motcua.registry.catalogue.models import Captured, Doubt, Procedure
from motcua.registry.catalogue.rules.captured import Content
from motcua.registry.catalogue.rules.shown import corrected
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.showing import captured_of, decided_values

PAGE = 50


def count_by_kind() -> dict[str, int]:
    """Open doubts by kind, the most first. One query."""
    rows = Doubt.objects.filter(state=Doubt.State.OPEN).values_list("kind").annotate(count=Count("pk"))
    return dict(sorted(rows, key=lambda row: (-row[1], row[0])))


def count_of_act(act: UUID) -> int:
    """How many values an act decided that are still decided by it. One query."""
    return Doubt.objects.filter(act=act).count()


def page_of(wanted: Wanted, *, after: str) -> tuple[list[Doubt], str]:
    """Doubts by kind, procedure and place, those after one of them; and where the next page begins, "" on the last.

    At most two queries.
    """
    rows = wanted.rows()
    last = _find(after)
    if last:
        beyond = Q(kind__gt=last.kind) | Q(kind=last.kind, procedure__gt=last.procedure_id)
        beyond |= Q(kind=last.kind, procedure=last.procedure_id, place__gt=last.place)
        rows = rows.filter(beyond)
    found = list(rows.order_by("kind", "procedure_id", "place").select_related("procedure")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def _find(text: str) -> Doubt | None:
    try:
        return Doubt.objects.filter(pk=UUID(text)).first()
    except ValueError:
        return None


def choices_of(state: str, language: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Sectors (code, name), by name, and ministries that have doubts in a state. One query."""
    rows = Procedure.objects.filter(pk__in=Doubt.objects.filter(state=state).values("procedure"))
    sectors: dict[str, str] = {}
    ministries: set[str] = set()
    for sector, names, ministry in rows.values_list("sector", "facts__sector", "ministry").distinct():
        sectors[sector] = in_language(names or {}, language) or sector
        ministries.add(ministry)
    return sorted(sectors.items(), key=lambda it: it[1]), sorted(ministries - {""})


def get_doubt(actor: Actor, doubt_id: UUID) -> Doubt:
    """With its procedure, and as `portal` the address of its page on the national portal. Raises Refused, NotFound."""
    check_right(actor)
    doubt = Doubt.objects.filter(pk=doubt_id).select_related("procedure").first()
    if not doubt:
        raise NotFound
    pages = Captured.objects.filter(procedure=doubt.procedure_id).order_by("-source")
    doubt.portal = pages.values_list("content__url", flat=True).first()  # type: ignore[attr-defined]
    return doubt


@dataclass(frozen=True, slots=True)
class CapturedProcedure:
    """What was captured of a procedure, with what was decided; `doubts`: (kind, place) of those still open."""

    content: Content
    doubts: list[tuple[str, str]]
    read_at: datetime


def get_captured(code: str) -> CapturedProcedure | None:
    """None for a procedure of which no file of the portal was read. Three queries."""
    capture = captured_of([code]).get(code)
    if not capture:
        return None
    doubts = list(
        Doubt.objects.filter(procedure=code).exclude(state=Doubt.State.GONE).order_by("kind", "place")
    )
    newest = Captured.objects.filter(procedure=code).aggregate(at=Max("read_at"))["at"]
    is_open = [(it.kind, it.place) for it in doubts if it.state == Doubt.State.OPEN]
    return CapturedProcedure(corrected(capture.content, decided_values(doubts)), is_open, newest)


def portal_url(procedure: Procedure) -> str:
    """The procedure's page on the national portal; "" where none was captured, or something else stands there."""
    urls = Captured.objects.filter(procedure=procedure).values_list("content__url", flat=True)
    return next((it for it in urls if it and it.startswith("https://dichvucong.gov.vn/")), "")
