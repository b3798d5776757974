"""Reading offers: what holds at an agency, what an agency offers, who offers a procedure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import fold
from motcua.registry.access.policies import within
from motcua.registry.catalogue.models import Offer, Procedure, ProcedureVersion
from motcua.registry.catalogue.policies import RIGHT
from motcua.registry.catalogue.rules.offers import decided_fees, shorter_of, with_decided
from motcua.registry.organisations.models import Agency, valid_on
from motcua.registry.organisations.selectors import find_agency_by_code
from motcua.registry.organisations.selectors.calendars import paths_above
from motcua.registry.places.selectors import find_predecessors, get_place

COMMUNE, PROVINCE, DISTRICT = "commune", "province", "district"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a procedure stands at an agency on a day. `offer`: the row that holds there, None for none; `is_offered`:
    without any row ever, what is published is offered as it is."""

    offer: Offer | None
    is_offered: bool


def standing_of(agency: Agency, code: str, *, on: date) -> Standing:
    """The agency's own offer, else that of the nearest one above it for all its communes. One query."""
    rows = list(covering(agency).filter(procedure=code).select_related("agency"))
    return standing_among(rows, on)


def standing_among(rows: Iterable[Offer], on: date) -> Standing:
    """`standing_of` by the rows that cover an agency, of whatever day."""
    ever = list(rows)
    valid = [it for it in ever if it.valid_from <= on and (it.valid_to is None or on < it.valid_to)]
    nearest = max(valid, key=lambda it: (len(it.agency_path), it.scope == Offer.Scope.OWN), default=None)
    return Standing(nearest, nearest is not None or not ever)


def covering(agency: Agency) -> QuerySet[Offer]:
    """Offers of whatever day that reach an agency: its own and, for a commune or a district of before July 2025, those
    for communes above it."""
    reach = Q(agency_path=agency.path, scope=Offer.Scope.OWN)
    if agency.level in {COMMUNE, DISTRICT}:
        reach |= Q(agency_path__in=paths_above(agency.path)[:-1], scope=Offer.Scope.COMMUNES)
    return Offer.objects.filter(reach)


def offer_of(agency_id: UUID, code: str, *, on: date | None = None) -> Offer | None:
    """The offer that holds at an agency on a day (today); None where what is published holds as it is, or nothing
    does."""
    agency = Agency.objects.filter(pk=agency_id).first()
    return standing_of(agency, code, on=on or timezone.localdate()).offer if agency else None


def owner_of(procedure: Procedure, *, on: date) -> Agency | None:
    """The province whose own procedure it is, as it is now; None for the nation's and for a ministry's.

    `publisher` is the suffix of its code: "H19" a province, "G15" a ministry. Raises NotFound for a province that
    nobody entered here: then no agency here can offer it.
    """
    if not procedure.publisher.startswith("H"):
        return None
    found = find_agency_by_code(procedure.publisher, at=on)
    if not found:
        raise NotFound
    return found


def may_offer(procedure: Procedure, agency: Agency, *, on: date) -> bool:
    """Whether a procedure that a province owns is one of the agency's province. One query, none for the nation's."""
    try:
        owner = owner_of(procedure, on=on)
    except NotFound:
        return False
    return owner is None or agency.path.startswith(owner.path)


def published_limits(codes: Collection[str], *, on: date) -> dict[str, list[str]]:
    """Code -> the limits that are published on a day, of the procedure and of its cases; [] where none is stated, no
    key where nothing is published. One query, which leaves the forms where they are."""
    rows = ProcedureVersion.objects.filter(valid_on(on), procedure__in=codes).order_by("number")
    parts = ("procedure", "definition__procedure__limit", "definition__procedure__cases")
    found = {}
    for code, limit, cases in rows.values_list(*parts):
        limits = [limit, *(it["limit"] for it in cases or () if "limit" in it)]
        found[code] = [it["value"] for it in limits if it.get("is_stated", True) and it.get("value")]
    return found


def terms_of(
    offer: Offer | None, procedure: Mapping[str, Any], agency: Agency, *, on: date
) -> dict[str, Any]:
    """What an offer changes of a published procedure at an agency on a day: of `limit`, `fees`, `any_counter`.

    `procedure`: parsed, in its case. {} where nothing differs. A limit that is no more surely shorter is left alone.
    """
    if offer is None:
        return {}
    found: dict[str, Any] = {}
    value = _limit(offer, procedure["limit"])
    if value != procedure["limit"]["value"]:
        found["limit"] = {
            "value": value,
            "source": offer.decision,
            "published": procedure["limit"]["value"] if procedure["limit"].get("is_stated", True) else "",
            "agency": offer.agency.name,
        }
    if rows := decided_fees(offer.fees, _former_of(agency, on) if _is_territorial(offer) else (), on=on):
        found["fees"] = with_decided(procedure.get("fees", ()), rows)
    if offer.counters:
        found["any_counter"] = {"where": offer.counters, "source": offer.decision}
    return found | ({"offer": str(offer.pk)} if found else {})


def _limit(offer: Offer, published: Mapping[str, Any]) -> str:
    value = str(published["value"])
    if offer.limit and not published.get("is_stated", True):
        return offer.limit
    return shorter_of(offer.limit, value)


def _is_territorial(offer: Offer) -> bool:
    return any(it.get("territory") for it in offer.fees)


def _former_of(agency: Agency, on: date) -> list[Sequence[str]]:
    """For each former ward of a commune the codes of district and province above it. Two queries."""
    if not agency.place_code:
        return []
    try:
        place = get_place(agency.place_code, at=on)
    except NotFound:
        return []
    return [_above(it) for it in find_predecessors(place)]


def _above(place: Any) -> list[str]:
    found, up = [], place.parent
    while up is not None:
        found.append(up.code)
        up = up.parent
    return found


@dataclass(frozen=True, slots=True)
class Filter:
    """Which procedures a list shows. `words`: of name or code; `level`: of the offer, "none" for those without one;
    `online`: that can be applied for here."""

    words: str = ""
    level: str = ""
    sector: str = ""
    online: bool | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A procedure as an agency stands to it."""

    procedure: Procedure
    offer: Offer | None
    is_offered: bool
    is_own: bool


def list_offered(
    agency: Agency, asked: Filter, *, on: date, after: str = "", limit: int = 50
) -> tuple[list[Line], str]:
    """Procedures that are handled at the agency's level and what it offers of them, by code, those after a code; and
    where the next page begins ("" on the last). Three queries at most."""
    rows = _within_reach(agency, on).filter(_words(asked.words)).filter(code__gt=after)
    if asked.sector:
        rows = rows.filter(sector=asked.sector)
    if asked.online is not None:
        rows = rows.filter(is_online=asked.online)
    if asked.level:
        rows = rows.filter(_at_level(agency, asked.level, on))
    found = list(rows.order_by("code").defer("everyday", "search_name")[: limit + 1])
    shown, following = found[:limit], found[limit - 1].code if len(found) > limit else ""
    offers: dict[str, list[Offer]] = {}
    for offer in covering(agency).filter(procedure__in=[it.code for it in shown]).select_related("agency"):
        offers.setdefault(offer.procedure_id, []).append(offer)
    return [_line(agency, it, offers.get(it.code, []), on) for it in shown], following


def _line(agency: Agency, procedure: Procedure, rows: list[Offer], on: date) -> Line:
    standing = standing_among(rows, on)
    is_own = standing.offer is not None and standing.offer.agency_path == agency.path
    return Line(procedure, standing.offer, standing.is_offered, is_own)


def _within_reach(agency: Agency, on: date) -> QuerySet[Procedure]:
    """Procedures of the agency's level, the nation's and those of its province; a province sees its communes' too."""
    levels = {"department": [PROVINCE], DISTRICT: [COMMUNE], PROVINCE: [PROVINCE, COMMUNE]}.get(
        agency.level, [agency.level]
    )
    handled = Q()
    for level in levels:
        handled |= Q(levels__contains=level)
    bearers = Agency.objects.filter(path=paths_above(agency.path)[0]).values_list("code", flat=True)
    theirs = ~Q(publisher__startswith="H") | Q(publisher__in=[*bearers, *_former_codes(agency, on)])
    return Procedure.objects.filter(handled, theirs, removed_on=None)


def _former_codes(agency: Agency, on: date) -> list[str]:
    """Codes of provinces that went into the agency's own."""
    top = paths_above(agency.path)[0]
    rows = Agency.objects.filter(successions__successor__path=top).values_list("code", flat=True)
    others = Agency.objects.filter(path=top).values_list("codes__code", flat=True)
    return [code for code in (*rows, *others) if code]


def _words(words: str) -> Q:
    every = Q()
    for term in fold(words)[:200].split():
        every &= Q(search_name__contains=term)
    return every


def _at_level(agency: Agency, level: str, on: date) -> Q:
    current = covering(agency).filter(valid_on(on), procedure=OuterRef("pk"))
    if level == "none":
        return ~Q(Exists(current))
    return Q(Exists(current.filter(level=level)))


def sectors_within(agency: Agency, *, on: date) -> list[tuple[str, str]]:
    """(sector, words in Vietnamese) of the procedures that are handled at the agency's level, by words. One query."""
    rows = _within_reach(agency, on).values_list("sector", "facts__sector__vi").distinct()
    return sorted({(code, words or code) for code, words in rows}, key=lambda it: fold(it[1]))


def get_offer(scopes: tuple[str, ...], offer_id: UUID) -> Offer:
    """An offer of one of these agencies or of those below. Raises NotFound."""
    found = Offer.objects.filter(within("agency_path", scopes), pk=offer_id)
    offer = found.select_related("agency", "procedure").first()
    if not offer:
        raise NotFound
    return offer


def list_offers_of(code: str, *, on: date, limit: int = 200) -> list[Offer]:
    """Who offers a procedure on a day, the widest first. One query."""
    rows = Offer.objects.filter(valid_on(on), procedure=code).select_related("agency")
    return list(rows.order_by("agency_path", "scope")[:limit])


def current_offers(ids: Collection[UUID], scopes: tuple[str, ...]) -> list[Offer]:
    """Of these offers those that lie within the scopes, locked. One query."""
    rows = Offer.objects.select_for_update(of=("self",)).filter(within("agency_path", scopes), pk__in=ids)
    return list(rows.select_related("agency", "procedure").order_by("procedure_id", "id"))


def agencies_kept(actor: Actor, words: str, *, on: date) -> list[Agency]:
    """Agencies of a day whose offers the actor keeps and that have all the words, the highest level first."""
    rows = Agency.objects.filter(within("path", actor.scopes(RIGHT)), valid_on(on))
    terms = fold(words).split()
    return [it for it in rows.order_by("-level", "sort_key", "id") if _has_words(it, terms)]


def _has_words(agency: Agency, terms: Iterable[str]) -> bool:
    text = fold(f"{agency.name} {agency.place_name} {agency.code}")
    return all(term in text for term in terms)


def agency_kept(actor: Actor, agency_id: UUID) -> Agency:
    """Raises NotFound, also where the actor keeps no catalogue."""
    found = Agency.objects.filter(within("path", actor.scopes(RIGHT)), pk=agency_id).first()
    if not found:
        raise NotFound
    return found


def own_offers(agency: Agency, codes: Collection[str], *, on: date) -> list[Offer]:
    """The agency's own offers of these that hold on a day or later, the present one last."""
    rows = covering(agency).filter(agency_path=agency.path, procedure__in=codes)
    rows = rows.filter(valid_on(on)) | rows.filter(valid_from__gt=on)
    return list(rows.select_related("agency").order_by("-valid_from"))


def names_of(codes: Collection[str]) -> dict[str, Mapping[str, str]]:
    """Code -> name by language, of those that there are. One query."""
    return dict(Procedure.objects.filter(pk__in=codes).values_list("code", "names"))
