"""Finding procedures. Everything published is public."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Q
from django.utils.translation import get_language

from motcua.foundation.kernel.errors import NotFound
from motcua.registry.catalogue.describing import addresses as addresses
from motcua.registry.catalogue.examples import example_of as example_of
from motcua.registry.catalogue.finding import Findable, findable
from motcua.registry.catalogue.models import LifeEvent, Procedure, ProcedureVersion
from motcua.registry.catalogue.offers.selectors import offer_of as offer_of
from motcua.registry.catalogue.rules.codes import code_beginning, parse_code
from motcua.registry.catalogue.rules.facets import Narrowing, counts, fits
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.showing import decided_rows as decided_rows

CODE = re.compile(r"[0-9]\.[0-9]{6}")
NO_NARROWING = Narrowing()
# A life event leads only where most of what was asked is about it.
SURE_OF_EVENT = 0.8


@dataclass(frozen=True)
class Found:
    """Life events first, then procedures, best first.

    total: hits after narrowing. counts: by kind and value, how many hits each choice would leave. next: the last code
    shown, for the next page; "" on the last.
    """

    life_events: list[LifeEvent]
    procedures: list[Procedure]
    total: int = 0
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    next: str = ""


def search_procedures(
    words: str, *, limit: int = 20, typing: bool = False, narrowing: Narrowing = NO_NARROWING, after: str = ""
) -> Found:
    """Search names, everyday words, synonyms, sectors, agencies and codes in any form.

    Accents, case, word order and small typing errors are forgiven; among equals what is used most comes first. typing:
    the last word may be unfinished. after: the last code of the page before. Empty words find nothing. Two queries, and
    four more where the catalogue changed since this process last searched.
    """
    if not words.strip():
        return Found([], [])
    held = findable()
    beginning = code_beginning(words)
    if beginning:
        ranked = [code for code in sorted(held.facts) if code.startswith(beginning)]
    else:
        ranked = [it.key for it in held.procedures.ask(words[:200], typing=typing)]
    events = [] if beginning else _events(held, words)
    return _page(held, ranked, _Wanted(narrowing, after, limit), events)


def narrow_procedures(narrowing: Narrowing, *, after: str = "", limit: int = 50) -> Found:
    """Everything of a sector, a level, an audience: most used first, then by name. Two queries."""
    held = findable()
    return _page(held, held.in_order, _Wanted(narrowing, after, limit), [])


def count_procedures() -> Mapping[str, Mapping[str, int]]:
    """How many procedures there are by "sector", "level", "audience", "online" and their values. One query."""
    return counts(list(findable().facts.values()), NO_NARROWING)


def procedures_by_letter(letter: str, *, after: str = "", limit: int = 50) -> tuple[list[Procedure], str]:
    """Those whose name begins with a folded letter, by name, those after a code; the last code where there are more.

    Two queries.
    """
    rows = Procedure.objects.filter(removed_on=None, search_name__startswith=letter[:1])
    last = Procedure.objects.filter(pk=after).values_list("search_name", flat=True).first() if after else None
    if last is not None:
        rows = rows.filter(Q(search_name__gt=last) | Q(search_name=last, code__gt=after))
    found = list(rows.order_by("search_name", "code")[: limit + 1])
    return found[:limit], found[limit - 1].code if len(found) > limit else ""


def other_spelling(words: str) -> str:
    """Words that are near to these and find something; "" where there are none. For who found nothing."""
    held = findable()
    other = held.procedures.spelled_otherwise(words[:200])
    return other if other and held.procedures.ask(other) else ""


@dataclass(frozen=True, slots=True)
class _Wanted:
    narrowing: Narrowing
    after: str
    limit: int


def _page(held: Findable, ranked: Sequence[str], page: _Wanted, events: list[LifeEvent]) -> Found:
    fitting = [code for code in ranked if fits(held.facts[code], page.narrowing)]
    begins = fitting.index(page.after) + 1 if page.after in fitting else 0
    shown = fitting[begins : begins + page.limit]
    rows = Procedure.objects.in_bulk(shown)
    return Found(
        life_events=events,
        procedures=[rows[code] for code in shown if code in rows],
        total=len(fitting),
        counts=counts([held.facts[code] for code in ranked], page.narrowing),
        next=shown[-1] if len(fitting) > begins + page.limit else "",
    )


def _events(held: Findable, words: str) -> list[LifeEvent]:
    best = held.events.ask(words[:200])[:1]
    return [held.life_events[it.key] for it in best if it.score >= SURE_OF_EVENT]


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


def list_spans(code: str) -> list[ProcedureVersion]:
    """Versions that were, are or will be in force, by their first day, without their content. One query."""
    versions = ProcedureVersion.objects.filter(procedure=code).exclude(valid_to=F("valid_from"))
    return list(versions.defer("definition", "result_template", "listing").order_by("valid_from"))


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
    found = list(rows.order_by("code").defer("search_name", "facts", "everyday")[: limit + 1])
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
