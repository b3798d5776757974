"""A procedure described as the Core Public Service Vocabulary has it. Pure.

Source: CPSV-AP 3.2.0 (SEMIC, 2024-01-31). Every node that a statement leads to is described too, as the
profile's shapes ask for its class. A text carries the language it is written in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from motcua.registry.catalogue.rules import cpsv_words as words
from motcua.registry.catalogue.rules.cpsv_values import (
    LANGUAGES,
    Catalogue,
    Event,
    Service,
    concept,
    joined,
    named,
    node,
    refs,
    texts,
)
from motcua.registry.catalogue.rules.fees import shown_fees
from motcua.registry.catalogue.rules.rdf import Node
from motcua.registry.catalogue.rules.texts import in_language, source_words

_AUTHORITY = "http://publications.europa.eu/resource/authority"
VIETNAM, VIETNAMESE = f"{_AUTHORITY}/country/VNM", f"{_AUTHORITY}/language/VIE"
DONG = f"{_AUTHORITY}/currency/VND"
_STATUS = "http://purl.org/adms/status"
# xsd:duration knows calendar days and months; working days, working hours and "the same day" are said in words.
_EXACT = re.compile(r"([1-9][0-9]{0,3})([dm])", re.ASCII)
_CHANNELS = {"direct": "counter"}


def describe_catalogue(catalogue: Catalogue) -> list[Node]:
    """What stands once in every description: the catalogue, who publishes it, country, language, currency."""
    publisher = f"{catalogue.base}/#publisher"
    landing = f"{catalogue.base}/search/"
    return [
        node(
            catalogue.iri,
            "dcat:Dataset",
            dct_title=texts(words.CATALOGUE),
            dct_description=texts(words.CATALOGUE_SAYS),
            dct_publisher=refs(publisher),
            dcat_landingPage=refs(landing),
        ),
        node(
            publisher,
            "foaf:Agent",
            dct_identifier=[catalogue.base],
            dct_title=texts(catalogue.publisher),
        ),
        node(landing, "foaf:Document"),
        node(VIETNAM, "dct:Location", skos_prefLabel=texts(words.VIETNAM)),
        node(VIETNAMESE, "dct:LinguisticSystem", skos_prefLabel=texts(words.VIETNAMESE)),
        concept(DONG, words.DONG),
        concept(f"{_STATUS}/Completed", words.IN_USE),
        concept(f"{_STATUS}/Withdrawn", words.WITHDRAWN),
    ]


def describe(service: Service, catalogue: Catalogue) -> list[Node]:
    """A procedure and what it leads to but what `describe_catalogue` holds, the procedure first.

    Nodes whose address begins with the catalogue's are the same for every procedure that leads to them.
    """
    page, says = catalogue.page(service.code), service.says
    sector = catalogue.shared("sector", service.sector)
    parts: dict[str, list[Node]] = {
        "cv_hasCompetentAuthority": _authorities(service, catalogue),
        "cv_thematicArea": [concept(sector, service.sector_names or service.sector)],
        "cv_isGroupedBy": [_event(it, page, catalogue) for it in service.events],
        "cv_holdsRequirement": _who(says, page),
        "cpsv_hasInput": [_evidence(it, page) for it in says.get("components", ()) if texts(it["name"])],
        "cpsv_produces": [
            _output(it, at, page) for at, it in enumerate(says.get("results", ()), 1) if texts(it["name"])
        ],
        "cv_hasLegalResource": [_law(it, catalogue) for it in says.get("legal_basis", ())],
        "cv_hasCost": list(_costs(service, page)),
    }
    channels = [_channel(it, page, catalogue) for it in _channel_codes(service)]
    laws = [it["@id"] for it in parts["cv_hasLegalResource"]]
    parts["cpsv_follows"] = list(_rules(service, page, laws))
    status = "Withdrawn" if service.removed_on else "Completed"
    main = node(
        page,
        "cpsv:PublicService",
        dct_identifier=[service.code],
        dct_title=texts(service.names),
        dct_alternative=texts(_official(service)),
        dct_description=texts(named(says.get("lead", ""), _official(service), service.names)),
        dcat_keyword=_keywords(says),
        dct_isPartOf=refs(catalogue.iri),
        dct_language=refs(VIETNAMESE),
        dct_spatial=refs(VIETNAM),
        dct_modified=[{"@value": str(service.changed_on), "@type": "xsd:date"}] if service.changed_on else [],
        adms_status=refs(f"{_STATUS}/{status}"),
        cv_processingTime=duration(says),
        cv_hasChannel=refs(*(it["@id"] for it, _ in channels)),
        **{name: refs(*(it["@id"] for it in nodes)) for name, nodes in parts.items()},
    )
    led_to = [*(it for nodes in parts.values() for it in nodes), *(it for pair in channels for it in pair)]
    return list({it["@id"]: it for it in (main, *led_to)}.values())


def duration(says: Mapping[str, Any]) -> list[dict[str, str]]:
    """The limit as xsd:duration where that says the same for every case; else nothing, as the rule says it in words."""
    limits = {it["limit"]["value"] for it in (says, *says.get("cases", ())) if "limit" in it}
    exact = _EXACT.fullmatch(str(limits.pop() or "")) if len(limits) == 1 else None
    return [{"@value": f"P{exact[1]}{exact[2].upper()}", "@type": "xsd:duration"}] if exact else []


def _official(service: Service) -> str:
    name = str(service.says.get("official_name", ""))
    return name if name != service.names.get("vi") else ""


def _keywords(says: Mapping[str, Any]) -> list[dict[str, str]]:
    found = says.get("everyday_words") or {}
    return [
        it for language in LANGUAGES for word in found.get(language, ()) for it in texts({language: word})
    ]


def _authorities(service: Service, catalogue: Catalogue) -> list[Node]:
    """Who decides, by name where it is known, else by level."""
    known = named(service.says.get("agency", ""), service.agency)
    each = [known] if known else [words.LEVELS.get(it, words.LEVELS["other"]) for it in service.levels]
    return [
        node(
            catalogue.shared("authority", in_language(it, "vi")),
            "cv:PublicOrganisation",
            skos_prefLabel=texts(it),
            dct_spatial=refs(VIETNAM),
        )
        for it in each
    ]


def _event(event: Event, page: str, catalogue: Catalogue) -> Node:
    return node(
        f"{catalogue.base}/life-events/{event.code}/",
        "cv:Event",
        "cv:LifeEvent",
        dct_identifier=[event.code],
        dct_title=texts(event.names),
        dct_description=texts(event.descriptions),
        cv_hasRelatedService=refs(page),
    )


def _who(says: Mapping[str, Any], page: str) -> list[Node]:
    if "who_may_apply" not in says:
        return []
    who = texts(says["who_may_apply"]["text"])
    return [
        node(
            f"{page}#who",
            "cv:Requirement",
            dct_identifier=["who"],
            dct_title=texts(words.WHO),
            dct_description=who,
        )
    ]


def _evidence(component: Mapping[str, Any], page: str) -> Node:
    """A paper, or what the State holds already; when it is needed and where it comes from stand in its description."""
    condition = component.get("condition", {}).get("text", {})
    hint = component.get("hint", {})
    return node(
        f"{page}#input-{component['code']}",
        "cv:Evidence",
        dct_identifier=[str(component["code"])],
        dct_title=texts(component["name"]),
        dct_description=texts(joined(condition, hint)),
        dct_language=refs(VIETNAMESE),
    )


def _output(result: Mapping[str, Any], position: int, page: str) -> Node:
    return node(
        f"{page}#output-{position}",
        "cv:Output",
        dct_identifier=[str(result.get("code") or f"result-{position}")],
        dct_title=texts(result["name"]),
        dct_language=refs(VIETNAMESE),
    )


def _law(law: Mapping[str, Any], catalogue: Catalogue) -> Node:
    number = str(law["number"])
    return node(
        catalogue.shared("law", number),
        "eli:LegalResource",
        eli_id_local=[number],
        dct_title=texts(str(law.get("name") or number)),
    )


def _costs(service: Service, page: str) -> Iterator[Node]:
    says = service.says
    if not says:
        if service.fee:
            yield _cost(f"{page}#fee-1", {"name": words.FEE, "text": service.fee}, {}, page)
        return
    cases = says.get("cases", ())
    every_case_has_its_own = cases and all("fees" in it for it in cases)
    for position, fee in enumerate(() if every_case_has_its_own else shown_fees(says.get("fees", ())), 1):
        yield _cost(f"{page}#fee-{position}", fee, {}, page)
    for case in cases:
        for position, fee in enumerate(shown_fees(case.get("fees", ())), 1):
            yield _cost(f"{page}#fee-{case['code']}-{position}", fee, case["name"], page)


def _cost(iri: str, fee: Mapping[str, Any], case: Mapping[str, str], page: str) -> Node:
    """A cost without a value is set elsewhere (the province), which its description says."""
    amount, channels = fee.get("amount_vnd"), fee.get("channels", ())
    only = refs(f"{page}#channel-{_CHANNELS.get(channels[0], channels[0])}") if len(channels) == 1 else []
    return node(
        iri,
        "cv:Cost",
        dct_identifier=[iri.partition("#")[2]],
        dct_description=texts(joined(case, fee["name"], fee.get("text", {}))),
        cv_hasValue=[{"@value": str(amount), "@type": "xsd:double"}] if amount is not None else [],
        cv_currency=refs(DONG) if amount is not None else [],
        cv_ifAccessedThrough=only,
    )


def _channel_codes(service: Service) -> list[str]:
    found = [*service.says.get("channels", service.channels)]
    for fee in service.says.get("fees", ()):
        found += fee.get("channels", ())
    return [it for it in dict.fromkeys(_CHANNELS.get(it, it) for it in found) if it in words.CHANNELS]


def _channel(code: str, page: str, catalogue: Catalogue) -> tuple[Node, Node]:
    sort = concept(catalogue.shared("channel", code), words.CHANNELS[code])
    iri = f"{page}#channel-{code}"
    return node(iri, "cv:Channel", dct_identifier=[code], dct_type=refs(sort["@id"])), sort


def _rules(service: Service, page: str, laws: Sequence[str]) -> Iterator[Node]:
    """How long it may take, by case, and how it goes."""
    says = service.says
    limits = [
        joined(it["name"], it["limit"].get("text", {})) for it in says.get("cases", ()) if "limit" in it
    ]
    limit = joined(says["limit"].get("text", {}), *limits) if "limit" in says else service.limit
    source = source_words(str(says.get("limit", {}).get("source", "")))
    for name, title, description in (
        ("limit", words.LIMIT, joined(limit, {"vi": source})),
        ("steps", words.STEPS, joined(*says.get("steps", ()))),
    ):
        if description.get("vi"):
            yield node(
                f"{page}#rule-{name}",
                "cpsv:Rule",
                dct_identifier=[name],
                dct_title=texts(title),
                dct_description=texts(description),
                dct_language=refs(VIETNAMESE),
                cpsv_implements=refs(*laws),
            )
