"""Finding procedures. Everything published is public."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, FloatField, IntegerField, Q, Value, When
from django.db.models.functions import Greatest
from django.utils.translation import get_language

from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import fold
from motcua.registry.catalogue.examples import example_of as example_of
from motcua.registry.catalogue.models import LifeEvent, Procedure, ProcedureVersion
from motcua.registry.catalogue.offers.selectors import offer_of as offer_of
from motcua.registry.catalogue.rules.codes import parse_code
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.showing import decided_rows as decided_rows

CODE = re.compile(r"[0-9]\.[0-9]{6}")
# Below this word similarity a hit is noise; tried on the pack's procedures with typing errors.
LEAST_SIMILARITY = 0.45


@dataclass(frozen=True)
class Found:
    """Life events first, then procedures, best first."""

    life_events: list[LifeEvent]
    procedures: list[Procedure]


def search_procedures(words: str, *, limit: int = 20) -> Found:
    """Search names, everyday words, sectors and codes; accents, case and small typing errors are forgiven.

    Empty words find nothing. Two queries.
    """
    query = fold(words)[:200]
    if not query:
        return Found([], [])
    terms = query.split()
    every = Q()
    for term in terms:
        every &= Q(search_text__contains=term)
    ranked = Procedure.objects.annotate(
        similarity=Greatest(
            TrigramWordSimilarity(query, "search_text"), Value(0.0), output_field=FloatField()
        ),
        exact=Case(
            When(code=query, then=4),
            When(Q(search_text__startswith=query) | Q(search_text__contains=f"|{query}|"), then=3),
            When(search_name__contains=query, then=2),
            When(every, then=1),
            default=0,
            output_field=IntegerField(),
        ),
    ).filter(Q(exact__gt=0) | Q(similarity__gte=LEAST_SIMILARITY))
    procedures = ranked.order_by("-exact", "-similarity", F("is_online").desc(), "search_name", "code")[
        :limit
    ]
    events = LifeEvent.objects.annotate(similarity=TrigramWordSimilarity(query, "search_text")).filter(
        Q(search_text__contains=query) | Q(similarity__gte=0.8)
    )
    return Found(list(events.order_by("-similarity", "position")[:1]), list(procedures))


def list_life_events() -> list[LifeEvent]:
    return list(LifeEvent.objects.order_by("position"))


def get_life_event(code: str) -> tuple[LifeEvent, list[Procedure]]:
    """A life event and its procedures in the event's order. Raises NotFound."""
    event = LifeEvent.objects.filter(pk=code).first()
    if not event:
        raise NotFound
    by_code = Procedure.objects.in_bulk(event.procedure_codes)
    return event, [by_code[code] for code in event.procedure_codes if code in by_code]


def get_procedure(code: str) -> Procedure:
    """By its code in any form (`rules.codes`). Raises NotFound."""
    parsed = parse_code(code)
    procedure = Procedure.objects.filter(pk=parsed.base).first() if parsed else None
    if not procedure:
        raise NotFound
    return procedure


def procedures_named(codes: Collection[str]) -> list[Procedure]:
    """Procedures by their codes; unknown ones are left out. No query without a code."""
    return list(Procedure.objects.filter(pk__in=codes)) if codes else []


def find_version(code: str, *, at: date) -> ProcedureVersion | None:
    """The version in force on a day; None when the procedure is only listed, not modelled."""
    versions = ProcedureVersion.objects.filter(procedure=code, valid_from__lte=at)
    current = versions.filter(Q(valid_to=None) | Q(valid_to__gt=at))
    return current.select_related("procedure").order_by("-number").first()


def online_imported(codes: Collection[str]) -> set[str]:
    """Those of the procedures that can be applied for here as they were imported. One query."""
    rows = ProcedureVersion.objects.filter(procedure__in=codes, valid_to=None, procedure__is_online=True)
    return set(rows.filter(definition__procedure__has_key="captured").values_list("procedure", flat=True))


def get_version(code: str, *, at: date) -> ProcedureVersion:
    """Raises NotFound when no version is in force."""
    version = find_version(code, at=at)
    if not version:
        raise NotFound
    return version


def list_procedures(*, limit: int = 100) -> list[Procedure]:
    """All procedures, those that can be done online first."""
    return list(Procedure.objects.order_by("-is_online", "sector", "search_name", "code")[:limit])


def page_of_procedures(
    *, online: bool | None = None, after: str = "", limit: int
) -> tuple[list[Procedure], str]:
    """All procedures by code, those after a code; and where the next page begins ("" on the last). One query."""
    rows = Procedure.objects.filter(code__gt=after) if CODE.fullmatch(after) else Procedure.objects.all()
    if online is not None:
        rows = rows.filter(is_online=online)
    found = list(rows.order_by("code").defer("search_text", "search_name", "facts")[: limit + 1])
    return found[:limit], found[limit - 1].code if len(found) > limit else ""


def life_event_links(events: list[LifeEvent], language: str | None) -> list[dict[str, str]]:
    """Life events as pages show them: icon, title, note, url."""
    spoken = (language or "vi").split("-")[0]
    return [
        {
            "icon": event.icon,
            "title": in_language(event.names, spoken),
            "note": in_language(event.descriptions, spoken),
            "url": f"/life-events/{event.code}/",
        }
        for event in events
    ]


def list_online_procedures() -> list[tuple[str, str]]:
    """(code, name in the active language) of the procedures that can be applied for here. One query."""
    language = (get_language() or "vi").split("-")[0]
    rows = (
        Procedure.objects.filter(is_online=True, removed_on=None)
        .order_by("code")
        .values_list("code", "names")
    )
    return [(code, in_language(names, language)) for code, names in rows]
