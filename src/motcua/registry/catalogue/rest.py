"""`/api/v1/procedures`: what can be applied for, and the form to fill in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema

from motcua.registry.access.clients.rest import ANYBODY, CalledRequest, Token, etag, has_seen, unchanged
from motcua.registry.catalogue import selectors
from motcua.registry.catalogue.contributions import times_taken
from motcua.registry.catalogue.models import Procedure, ProcedureVersion
from motcua.registry.catalogue.offers.selectors import list_offers_of
from motcua.registry.catalogue.rules.facets import Narrowing

READ = "procedures:read"
router = Router(tags=["procedures"])


class ProcedureRow(Schema):
    """`names` by language; Vietnamese is the legal name. `is_online`: can be filed here."""

    code: str
    names: dict[str, str]
    sector: str
    level: str
    is_online: bool


class ProcedureList(Schema):
    """`next`: for `after` of the next call; empty on the last page, and where words were searched for."""

    items: list[ProcedureRow]
    next: str


class TimesOut(Schema):
    """How long the `cases` finished in the whole months from `first` to before `until` took, in working hours without
    stops, rounded up: `half` and `most` (80 %) of them no longer. `late_percent`: rounded down; null where too few were
    late, or in time, to tell. `agency`: the path of the agency, with all below it; "/": all.
    """

    cases: int
    half: int
    most: int
    late_percent: int | None
    agency: str
    first: date
    until: date


class ProcedureOut(ProcedureRow):
    """All from `version` on only where the procedure is modelled here and was in force on that day, else null.

    `valid_from`, `valid_to`: the days the version is in force, the last one excluded; null while it stands.
    `form`: JSON Schema 2020-12 of the answers with pages and labels, as published; null for one with the general form.
    `components`: papers; one with a `field` is handed in under that name. `limit`: of working time, as 5wd. `cases`:
    what holds for some applications instead, the first whose `when` is true of the answers. `fees` and `results` as
    published. `times`: null where too few were finished to tell.
    """

    version: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    form: dict[str, Any] | None = None
    components: list[dict[str, Any]] | None = None
    limit: str | None = None
    cases: list[dict[str, Any]] | None = None
    fees: Any | None = None
    results: list[dict[str, Any]] | None = None
    times: TimesOut | None = None


class OfferOut(Schema):
    """Who offers it on that day, and what differs from what is published. `scope`: own, or all communes below.

    `level`: full, partial (with its published `reason`: presence, field, technical) or proactive (1 to 4). `limit`: as
    5wd, empty where the published one holds. `fees`: amounts in đồng by channel and former territory.
    """

    agency: str
    agency_name: str
    scope: str
    level: str
    reason: str
    reason_words: str
    proactive: int
    limit: str
    fees: list[dict[str, Any]]
    counters: str
    contact: str
    decision: str
    valid_from: date
    valid_to: date | None


class OfferList(Schema):
    """Without any item what is published is offered by the agencies that are competent."""

    items: list[OfferOut]


def _row(procedure: Procedure) -> dict[str, Any]:
    names = ("code", "names", "sector", "level", "is_online")
    return {name: getattr(procedure, name) for name in names}


@router.get(
    "",
    response=ProcedureList,
    auth=Token(READ, people=ANYBODY),
    summary="Find procedures",
    operation_id="list_procedures",
)
def list_procedures(
    request: CalledRequest,
    q: str = Query("", max_length=200),
    online: bool | None = Query(None),
    after: str = Query("", max_length=8, pattern=r"^([0-9]\.[0-9]{6})?$"),
    limit: int = Query(100, ge=1, le=500),
) -> dict[str, Any]:
    """With words the 20 best hits, accents forgiven; without words all by code, `limit` a page."""
    words = q.strip()
    if words:
        narrowing = Narrowing(online="" if online is None else "yes" if online else "no")
        found, following = selectors.search_procedures(words, narrowing=narrowing).procedures, ""
    else:
        found, following = selectors.page_of_procedures(online=online, after=after, limit=limit)
    return {"items": [_row(procedure) for procedure in found], "next": following}


@router.get(
    "/{code}/offers",
    response=OfferList,
    auth=Token(READ, people=ANYBODY),
    summary="Who offers a procedure",
    operation_id="list_offers",
)
def list_offers(request: CalledRequest, code: str) -> dict[str, Any]:
    """The offers in force today, at most 200, the widest first."""
    found = selectors.get_procedure(code)
    rows = list_offers_of(found.code, on=timezone.localdate())
    same = [name for name in OfferOut.model_fields if name not in {"agency", "agency_name"}]
    return {
        "items": [
            {"agency": it.agency.code, "agency_name": it.agency.name}
            | {name: getattr(it, name) for name in same}
            for it in rows
        ]
    }


@router.get(
    "/{code}",
    response=ProcedureOut,
    auth=Token(READ, people=ANYBODY),
    summary="A procedure with its form",
    operation_id="get_procedure",
)
def get_procedure(request: CalledRequest, response: HttpResponse, code: str, on: date | None = None) -> Any:
    """The version in force today or, with `on`, on that day. Where none was, as on a day before the first one, the
    answer is 200 with null from `version` on: code, names, sector and level are those of today."""
    found = selectors.get_procedure(code)
    version = selectors.find_version(code, at=on or timezone.localdate())
    content = _row(found) | (_version(version) | {"times": _times(code)} if version else {})
    tag = etag(content)
    if has_seen(request, tag):
        return unchanged(tag)
    response["ETag"] = tag
    return content


def _times(code: str) -> dict[str, Any] | None:
    taken = times_taken(code, "/", timezone.localdate())
    if not taken:
        return None
    numbers = {name: getattr(taken, name) for name in ("cases", "half", "most", "late_percent")}
    return numbers | {"agency": taken.path, "first": taken.first, "until": taken.until}


def _version(version: ProcedureVersion) -> dict[str, Any]:
    definition = version.definition
    procedure = definition["procedure"]
    return {
        "names": procedure["name"],
        "version": version.number,
        "valid_from": version.valid_from,
        "valid_to": version.valid_to,
        "form": definition.get("form"),
        "components": procedure["components"],
        "limit": procedure["limit"]["value"],
        "cases": procedure.get("cases", []),
        "fees": procedure.get("fees"),
        "results": procedure.get("results"),
    }
