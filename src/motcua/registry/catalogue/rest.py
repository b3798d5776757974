"""`/api/v1/procedures`: what can be applied for, and the form to fill in."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from ninja import Query, Router, Schema

from motcua.registry.access.clients.rest import ANYBODY, CalledRequest, Token
from motcua.registry.catalogue import selectors
from motcua.registry.catalogue.models import Procedure
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


class ProcedureOut(ProcedureRow):
    """All from `version` on only where the procedure is modelled here, else null.

    `form`: JSON Schema 2020-12 of the answers with pages and labels, as published; null for one with the general form.
    `components`: papers; one with a `field` is handed in under that name. `limit`: of working time, as 5wd. `cases`:
    what holds for some applications instead, the first whose `when` is true of the answers. `fees` and `results` as
    published.
    """

    version: int | None = None
    form: dict[str, Any] | None = None
    components: list[dict[str, Any]] | None = None
    limit: str | None = None
    cases: list[dict[str, Any]] | None = None
    fees: Any | None = None
    results: list[dict[str, Any]] | None = None


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
    after: str = Query("", max_length=8),
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
    "/{code}",
    response=ProcedureOut,
    auth=Token(READ, people=ANYBODY),
    summary="A procedure with its form",
    operation_id="get_procedure",
)
def get_procedure(request: CalledRequest, code: str) -> dict[str, Any]:
    """The version in force today."""
    found = selectors.get_procedure(code)
    version = selectors.find_version(code, at=timezone.localdate())
    if not version:
        return _row(found)
    definition = version.definition
    procedure = definition["procedure"]
    return _row(found) | {
        "version": version.number,
        "form": definition.get("form"),
        "components": procedure["components"],
        "limit": procedure["limit"]["value"],
        "cases": procedure.get("cases", []),
        "fees": procedure.get("fees"),
        "results": procedure.get("results"),
    }
