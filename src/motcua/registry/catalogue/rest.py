"""`/api/v1/procedures`: what can be applied for, and the form to fill in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from motcua.registry.access.clients.rest import ClientToken
from motcua.registry.catalogue import selectors
from motcua.registry.catalogue.models import Procedure

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
    items: list[ProcedureRow]


class ProcedureOut(ProcedureRow):
    """`version`, `form` and `components` only where the procedure is modelled here, else null.

    `form`: JSON Schema 2020-12 of the answers with pages and labels, as published. `components`: papers; one with a
    `field` is uploaded under that name.
    """

    version: int | None = None
    form: dict[str, Any] | None = None
    components: list[dict[str, Any]] | None = None
    limit: str | None = None


def _row(procedure: Procedure) -> dict[str, Any]:
    names = ("code", "names", "sector", "level", "is_online")
    return {name: getattr(procedure, name) for name in names}


@router.get("", response=ProcedureList, auth=ClientToken(READ), summary="Find procedures")
def list_procedures(request: HttpRequest, q: str = Query("", max_length=200)) -> dict[str, Any]:
    """The 20 best hits for the words, accents forgiven; without words the first 100."""
    words = q.strip()
    found = selectors.search_procedures(words).procedures if words else selectors.list_procedures()
    return {"items": [_row(procedure) for procedure in found]}


@router.get("/{code}", response=ProcedureOut, auth=ClientToken(READ), summary="A procedure with its form")
def get_procedure(request: HttpRequest, code: str) -> dict[str, Any]:
    found = selectors.get_procedure(code)
    version = selectors.find_version(code, at=timezone.localdate())
    if not version:
        return _row(found)
    definition = version.definition
    return _row(found) | {
        "version": version.number,
        "form": definition["form"],
        "components": definition["procedure"]["components"],
        "limit": definition["procedure"]["limit"]["value"],
    }
