"""Entering the People's Committees of all provinces and communes in one go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.text import sort_key
from motcua.registry.organisations.models import Agency
from motcua.registry.places.models import Place
from motcua.registry.places.rules.words import in_sentence, own_name
from motcua.registry.places.selectors import list_communes, list_provinces
from motcua.registry.places.services import TWO_LEVELS_SINCE, ensure_places

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class NationLoaded:
    """How many agencies were entered now."""

    provinces: int
    communes: int


@transaction.atomic
def load_nation(*, at: datetime) -> NationLoaded:
    """Enter the People's Committees of the 34 provinces and 3,321 communes; what is there already stays.

    Level-1 codes come from the pack's `provinces.yaml`; communes get `<level-1 code>.<GSO code>`, an example until
    the province's own decision is entered. Places are loaded where they are missing. One journal entry, none when
    nothing was missing. Raises PlacesMissing. Source: Decision 20/2020/QĐ-TTg.
    """
    ensure_places(at=at)
    today = timezone.localdate(at)
    codes = level_one_codes()
    there = {it.code: it for it in Agency.objects.filter(valid_to=None)}
    new_provinces = [
        province_agency(codes[place.code], place.name, place.code)
        for place in list_provinces(at=today)
        if codes[place.code] not in there
    ]
    Agency.objects.bulk_create(new_provinces)
    there |= {it.code: it for it in new_provinces}
    new_communes = list(
        _missing_communes({place: there[code] for place, code in codes.items()}, there, today)
    )
    Agency.objects.bulk_create(new_communes, batch_size=_BATCH)
    loaded = NationLoaded(len(new_provinces), len(new_communes))
    if new_provinces or new_communes:
        facts = {"provinces": loaded.provinces, "communes": loaded.communes}
        happening = Happening(kind="nation.loaded", object_kind="nation", object_id=new_id(), facts=facts)
        record(actor=SYSTEM, happening=happening, at=at)
    return loaded


def level_one_codes() -> dict[str, str]:
    """GSO code of a province -> its level-1 agency code, by the pack's table ("25" -> "H44")."""
    path = settings.PACKS / "vn" / "provinces.yaml"
    table: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {str(row["place"]): str(row["code"]) for row in table["provinces"]}


def province_agency(code: str, name: str, place_code: str) -> Agency:
    """The People's Committee of a province, not yet stored."""
    return Agency(
        code=code,
        name=f"Ủy ban nhân dân {in_sentence(name)}",
        path=f"/{code}/",
        level="province",
        place_code=place_code,
        place_name=name,
        sort_key=sort_key(name),
        valid_from=TWO_LEVELS_SINCE,
    )


def commune_agency(province: Agency, place: Place) -> Agency:
    """The People's Committee of a commune, not yet stored."""
    code = f"{province.code}.{place.code}"
    return Agency(
        code=code,
        name=f"Ủy ban nhân dân {in_sentence(place.name)}",
        parent=province,
        path=f"{province.path}{code}/",
        level="commune",
        place_code=place.code,
        place_name=place.name,
        # By the name itself: "Xã" and "Phường" in front would part neighbours in the alphabet.
        sort_key=sort_key(own_name(place.name)),
        valid_from=TWO_LEVELS_SINCE,
    )


def _missing_communes(
    provinces: dict[str, Agency], there: dict[str, Agency], today: date
) -> Iterator[Agency]:
    for place_code, province in provinces.items():
        for place in list_communes(place_code, at=today):
            if f"{province.code}.{place.code}" not in there:
                yield commune_agency(province, place)
