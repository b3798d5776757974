"""A procedure as schema.org's GovernmentService, for search engines. Pure.

Source: https://schema.org/GovernmentService (version 28). One language, that of the page it stands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from motcua.registry.catalogue.rules import cpsv_words as words
from motcua.registry.catalogue.rules.cpsv_values import Catalogue, Service, named
from motcua.registry.catalogue.rules.texts import in_language


def government_service(service: Service, catalogue: Catalogue, language: str) -> Mapping[str, Any]:
    """JSON-LD of the page's data block; what is not known is left out."""
    says, page = service.says, catalogue.page(service.code)
    level = words.LEVELS.get(service.levels[0], words.LEVELS["other"])
    agency = named(says.get("agency", ""), service.agency, level)
    found = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "@id": page,
        "url": page,
        "identifier": service.code,
        "name": in_language(service.names, language),
        "description": in_language(says.get("lead", {}), language),
        "serviceType": in_language(service.sector_names, language),
        "inLanguage": language,
        "areaServed": {"@type": "Country", "name": in_language(words.VIETNAM, language)},
        "serviceOperator": {"@type": "GovernmentOrganization", "name": in_language(agency, language)},
        "serviceOutput": [
            {"@type": "Thing", "name": in_language(it["name"], language)} for it in says.get("results", ())
        ],
        "offers": [_offer(it, language) for it in says.get("fees", ()) if "amount_vnd" in it],
        "availableChannel": _channel(says, page),
    }
    return {name: value for name, value in found.items() if value}


def _offer(fee: Mapping[str, Any], language: str) -> dict[str, Any]:
    name = in_language(fee["name"], language)
    return {"@type": "Offer", "name": name, "price": fee["amount_vnd"], "priceCurrency": "VND"}


def _channel(says: Mapping[str, Any], page: str) -> dict[str, str]:
    """Only what can be done here, on this page."""
    return {"@type": "ServiceChannel", "serviceUrl": page} if "online" in says.get("channels", ()) else {}
