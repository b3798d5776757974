"""Offers and decisions, made by the services as officers make them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from motcua.registry.catalogue.models import Offer, PublicationDecision
from motcua.registry.catalogue.offers.decisions import Decided, enter_decision
from motcua.registry.catalogue.offers.services import Offering, Period, Terms, enter_offers

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
CODE = "1.001776"


def offered(world: Any, **terms: Any) -> Offer:
    """A procedure with a limit of ten working days, which the first commune offers in part and in less time."""
    known = {"level": "partial", "reason": "field", "reason_words": "Xác minh tại nơi ở", "limit": "8wd"}
    known |= {
        "decision": "7/QĐ-UBND",
        "contact": "Quầy 3",
        "fees": [{"amount_vnd": 8_000, "territory": "25"}],
    }
    offering = Offering(world.desk.agency.pk, [CODE], Terms(**known | terms), Period(date(2026, 3, 1)))
    return enter_offers(actor=world.catalogue, offering=offering, at=AT).done[0]


def entered(world: Any) -> PublicationDecision:
    """A decision that is overdue."""
    procedures = {"adds": ["1.001193"], "changes": [CODE], "abolishes": ["9.999999"]}
    decided = Decided(
        "12/QĐ-UBND", "Chủ tịch UBND tỉnh", date(2026, 2, 1), date(2026, 2, 20), None, procedures
    )
    return enter_decision(actor=world.catalogue, agency_id=world.desk.agency.pk, decided=decided, at=AT)
