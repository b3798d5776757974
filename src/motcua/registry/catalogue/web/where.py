"""Where a procedure is offered, for its public page: near the reader, and by whom else."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from motcua.registry.catalogue.doubts import portal_url
from motcua.registry.catalogue.models import DecidedProcedure, Offer, Procedure, ProcedureVersion
from motcua.registry.catalogue.offers.decisions import decisions_about
from motcua.registry.catalogue.offers.selectors import list_offers_of, standing_of
from motcua.registry.catalogue.offers.words import KINDS, offer_rows
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import find_agency_of_place, list_places_with_desk

# How many agencies a page names; all of them the API does.
SHOWN, DECISIONS = 10, 3


def where_offered(
    request: HttpRequest, procedure: Procedure, version: ProcedureVersion | None
) -> dict[str, Any]:
    """`near`: how it stands in the commune that was chosen (`?commune=`); `offered`: who says something of it; where it
    cannot be applied for here, the national portal's page. Six queries at most."""
    today, chosen = timezone.localdate(), request.GET.get("commune", "")[:5]
    agency = find_agency_of_place(chosen, at=today) if chosen.isascii() and chosen.isdecimal() else None
    return {
        "can_apply": bool(version) and procedure.is_online and not procedure.removed_on,
        "portal_url": "" if procedure.is_online else portal_url(procedure),
        "communes": list_places_with_desk(at=today),
        "near": _near(agency, procedure) if agency else None,
        "offered": [_offered(it) for it in list_offers_of(procedure.code, on=today, limit=SHOWN)],
        "decided": [_decided(it) for it in decisions_about(procedure.code)[:DECISIONS]],
    }


def _near(agency: Agency, procedure: Procedure) -> dict[str, Any]:
    standing = standing_of(agency, procedure.code, on=timezone.localdate())
    return {
        "place_code": agency.place_code,
        "path": agency.path,
        "agency": agency.name,
        "is_offered": standing.is_offered,
        "rows": offer_rows(standing.offer) if standing.offer else [],
    }


def _offered(offer: Offer) -> dict[str, Any]:
    is_wide = offer.scope == Offer.Scope.COMMUNES
    return {"agency": offer.agency.name, "for_communes": is_wide, "rows": offer_rows(offer)}


def _decided(row: DecidedProcedure) -> dict[str, Any]:
    decision = row.decision
    return {
        "number": decision.number,
        "issuer": decision.issuer,
        "kind": KINDS[DecidedProcedure.Kind(row.kind)],
    }
