"""Which agency decides on an application, and by whose terms: between a procedure's offers and a dossier."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils import translation

from motcua.registry.catalogue.models import Offer, Procedure
from motcua.registry.catalogue.offers.errors import NotOfferedHere, NotTheirProcedure
from motcua.registry.catalogue.offers.selectors import Standing, may_offer, standing_of, terms_of
from motcua.registry.catalogue.words import limit_words
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import (
    find_agency_of_place,
    find_superior,
    find_unit_of_province,
)

# The question whose answer says who decides.
DECIDES_WHERE = "registration_commune"
DECIDED_AT, PROVINCE = "decided_at", "province"
_LIMIT = {
    "vi": "%(own)s, rút ngắn so với %(published)s đã công bố, theo %(decision)s của %(agency)s.",
    "en": "%(own)s, shortened from the published %(published)s by decision %(decision)s of %(agency)s.",
    "de": "%(own)s, verkürzt gegenüber den veröffentlichten %(published)s durch Beschluss %(decision)s: %(agency)s.",
}
_ONLY_LIMIT = {
    "vi": "%(own)s, theo %(decision)s của %(agency)s.",
    "en": "%(own)s, by decision %(decision)s of %(agency)s.",
    "de": "%(own)s, nach Beschluss %(decision)s: %(agency)s.",
}


def deciding_agency(
    answers: Mapping[str, Any], *, on: date, procedure: Mapping[str, Any] | None = None
) -> Agency | None:
    """Who decides by what is answered; None while it is not, and where nobody here does.

    The commune People's Committee that the form names; of an imported procedure that the province handles (`decided` of
    the parsed `procedure`) the department for its ministry in that commune's province, else the province's own.
    """
    place = str(answers.get(DECIDES_WHERE, ""))
    commune = find_agency_of_place(place, at=on) if place else None
    decided = (procedure or {}).get("decided", {})
    levels = decided.get("levels", ())
    if not commune or not levels:
        return commune
    level = answers.get(DECIDED_AT) or levels[0]
    return _of_province(commune, decided.get("ministry", ""), on) if level == PROVINCE else commune


def _of_province(commune: Agency, ministry: str, on: date) -> Agency | None:
    code = departments(settings.PACKS / "vn").get(ministry, "")
    unit = find_unit_of_province(commune, code, on=on) if code else None
    return unit.agency if unit else find_superior(commune, PROVINCE, on=on)


@lru_cache(maxsize=4)
def departments(pack: Path) -> Mapping[str, str]:
    """The portal's word for a ministry -> the unit of a province that decides, as the pack's imported.yaml says."""
    found: Mapping[str, str] = yaml.safe_load((pack / "imported.yaml").read_text(encoding="utf-8"))[
        "departments"
    ]
    return found


def terms_at(listed: Procedure, procedure: Mapping[str, Any], agency: Agency, *, on: date) -> dict[str, Any]:
    """What the offer in force changes of a published procedure (in its case) at an agency; {} where nothing.

    Raises NotTheirProcedure where another province owns the procedure, NotOfferedHere where the agency's offer has
    ended.
    """
    return terms_under(offered_at(listed, agency, on=on), procedure, agency, on=on)


def offered_at(listed: Procedure, agency: Agency, *, on: date) -> Standing:
    """How a procedure is offered at an agency on a day. Raises as `terms_at`."""
    if not may_offer(listed, agency, on=on):
        raise NotTheirProcedure(code=listed.code, owner=listed.publisher)
    standing = standing_of(agency, listed.code, on=on)
    if not standing.is_offered:
        raise NotOfferedHere(agency=agency.name)
    return standing


def level_of(standing: Standing, procedure: Mapping[str, Any]) -> str:
    """How far online: "partial", "full", "proactive"; "" where not at all. Without an offer what is published holds: in
    full, as is the rule (Decree 224/2026/NĐ-CP; vietnam.md 5.1), where it can be applied for online."""
    if standing.offer:
        return str(standing.offer.level)
    return str(Offer.Level.FULL) if standing.is_offered and "online" in procedure.get("channels", ()) else ""


def terms_under(
    standing: Standing, procedure: Mapping[str, Any], agency: Agency, *, on: date
) -> dict[str, Any]:
    """`terms_at` of a standing that is known."""
    terms = terms_of(standing.offer, procedure, agency, on=on)
    if "limit" in terms:
        terms["limit"]["text"] = _limit_text(terms["limit"])
    return terms


def _limit_text(limit: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for spoken, words in (_LIMIT if limit["published"] else _ONLY_LIMIT).items():
        with translation.override(spoken):
            found[spoken] = words % {
                "own": limit_words(limit["value"]),
                "published": limit_words(limit["published"]),
                "decision": limit["source"],
                "agency": limit["agency"],
            }
    return found


def under_terms(procedure: Mapping[str, Any], terms: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The procedure with what was offered otherwise when somebody applied."""
    changed = (
        {name: terms[name] for name in ("limit", "fees", "any_counter") if name in terms} if terms else {}
    )
    return {**procedure, **changed} if changed else procedure
