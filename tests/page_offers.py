"""Pages on which an agency says what it offers, and where that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from motcua.casework.dossiers.tests.factories import World
from motcua.registry.catalogue.tests.offer_factories import CODE, offered

_DAY = {"valid_from_day": "11", "valid_from_month": "3", "valid_from_year": "2026"}
_ON = {"on_day": "11", "on_month": "3", "on_year": "2026"}
Seen = tuple[Any, str, str, dict[str, str], dict[str, str] | None]


def offer_pages(world: World) -> Iterator[Seen]:
    """(who, name, address, query, what is sent) of forms, previews and reports, and of the public page."""
    offered(world)
    keeper, agency = world.catalogue, world.desk.agency
    offer, end = (reverse(name, args=[agency.pk]) for name in ("offers:offer", "offers:end"))
    chosen = {"chosen": CODE}
    yield keeper, "offers form", offer, {}, chosen
    yield keeper, "offers empty", offer, {}, chosen | {"send": "1"}
    yield keeper, "offers preview", offer, {}, chosen | {"send": "1", "level": "full", "scope": "own"} | _DAY
    yield keeper, "offers end", end, {}, chosen
    yield keeper, "offers end preview", end, {}, chosen | {"send": "1"} | _ON
    yield keeper, "offers found", reverse("offers:list", args=[agency.pk]), {"q": "tro cap"}, None
    yield keeper, "offers decision empty", reverse("offers:decision-enter"), {}, {"number": "1"}
    public = reverse("catalogue:procedure", args=[CODE])
    yield world.mother, "offers public", public, {"commune": agency.place_code}, None
