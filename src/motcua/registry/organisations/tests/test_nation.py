"""The People's Committees of the whole nation."""

import time
from datetime import UTC, date, datetime
from importlib.util import find_spec

import pytest
import yaml
from django.conf import settings

from motcua.foundation.journal.models import Entry
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.nation import NationLoaded, level_one_codes, load_nation
from motcua.registry.organisations.selectors import find_agency_of_place
from motcua.registry.places.services import load_places

AT, TODAY = datetime(2026, 3, 10, 2, tzinfo=UTC), date(2026, 3, 10)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("places"),
    pytest.mark.skipif(not find_spec("vietnamadminunits"), reason="the data of places are not installed"),
]


def test_every_province_and_commune_gets_its_peoples_committee_once(world):
    load_places(at=AT)
    before = Agency.objects.get(code="H44.04894").pk
    started = time.monotonic()
    loaded = load_nation(at=AT)
    assert time.monotonic() - started < 5
    # Phú Thọ with two communes was there already.
    assert loaded == NationLoaded(provinces=33, communes=3319)
    assert Agency.objects.get(code="H44.04894").pk == before
    assert Agency.objects.filter(level="commune", valid_to=None).count() == 3321
    hoan_kiem = find_agency_of_place("00070", at=TODAY)
    assert (hoan_kiem.code, hoan_kiem.path) == ("H26.00070", "/H26/H26.00070/")
    assert hoan_kiem.name == "Ủy ban nhân dân phường Hoàn Kiếm"
    entries = Entry.objects.filter(kind="nation.loaded")
    assert entries.get().facts == {"provinces": 33, "communes": 3319}
    assert load_nation(at=AT) == NationLoaded(0, 0)
    assert entries.count() == 1


def test_a_merged_province_keeps_one_code_and_closes_the_others():
    codes = level_one_codes()
    assert len(codes) == len(set(codes.values())) == 34
    table = yaml.safe_load((settings.PACKS / "vn" / "provinces.yaml").read_text(encoding="utf-8"))
    closed = {it["code"] for row in table["provinces"] for it in row.get("closed", [])}
    assert codes["25"] == "H44" and {"H28", "H62"} <= closed
    # The 63 codes of before: each is kept by one province or closed.
    assert closed | set(codes.values()) == {f"H{number:02}" for number in range(1, 64)}
    assert not table["verified"] and all(row["mark"] in {"S", "M"} for row in table["provinces"])
