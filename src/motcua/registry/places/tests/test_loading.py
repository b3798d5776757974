"""All places of the nation, from the wheel."""

import csv
import os
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.places.models import Place, PlaceSuccession
from motcua.registry.places.selectors import get_place, list_communes, list_provinces
from motcua.registry.places.services import Loaded, load_places

AT = datetime(2026, 3, 10, 2, tzinfo=UTC)
TODAY, BEFORE, FIRST = date(2026, 3, 10), date(2025, 6, 30), date(2025, 7, 1)
DATA = Path(os.environ.get("MOTCUA_DATA", Path(__file__).resolve().parents[6] / "shared" / "data"))

pytestmark = [
    pytest.mark.xdist_group("places"),
    pytest.mark.skipif(not find_spec("vietnamadminunits"), reason="the data of places are not installed"),
]
needs_data = pytest.mark.skipif(
    not (DATA / "wards_old_to_new.csv").exists(), reason="MOTCUA_DATA has no data sets of places"
)


@pytest.fixture(scope="module")
def nation(world, module_db):
    return load_places(at=AT)


@pytest.fixture(autouse=True)
def _nation(nation, db):
    """Every test here sees the whole nation."""


def test_there_are_34_provinces_with_3321_communes_of_three_kinds():
    assert len(list_provinces(at=TODAY)) == 34
    communes = Place.objects.filter(level="commune", valid_to=None)
    kinds = Counter(communes.values_list("kind", flat=True))
    assert kinds == {"xã": 2621, "phường": 687, "đặc khu": 13}
    assert len(list_communes("25", at=TODAY)) == 148


def test_10040_former_wards_lead_to_today_471_of_them_to_several():
    """Five of the 10,040 are island districts that had no wards."""
    leading = PlaceSuccession.objects.exclude(old__level="province")
    successors = Counter(leading.values_list("old_id", flat=True))
    assert len(successors) == 10040
    assert sum(count > 1 for count in successors.values()) == 471
    assert leading.filter(kind="split").values("old").distinct().count() == 471
    assert leading.filter(old__level="district").count() == 5
    reached = set(leading.values_list("new_id", flat=True))
    assert len(reached) == 3321


def test_loading_again_enters_nothing_and_writes_nothing(nation):
    entries = Entry.objects.filter(kind="places.loaded")
    before = entries.count()
    assert load_places(at=AT) == Loaded()
    assert entries.count() == before
    assert entries.latest("at").facts["source"].startswith("vietnamadminunits ")


def test_what_was_lost_is_entered_again():
    commune = get_place("04894", at=TODAY)
    PlaceSuccession.objects.filter(new=commune).delete()
    commune.delete()
    again = load_places(at=AT)
    assert (again.communes, again.former) == (1, 0) and again.successions > 0


def test_a_code_that_a_new_unit_took_over_means_another_place_before():
    assert get_place("00004", at=BEFORE).full_name == "Phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội"
    assert get_place("00004", at=FIRST).full_name == "Phường Ba Đình, thành phố Hà Nội"
    former = get_place("00004", at=BEFORE)
    assert [it.new.code for it in former.successions.select_related("new")] == ["00004"]


def test_a_district_ended_with_june_2025():
    assert get_place("001", at=BEFORE).name == "Quận Ba Đình"
    with pytest.raises(NotFound):
        get_place("001", at=FIRST)


def test_a_province_is_followed_by_the_one_it_joined():
    vinh_phuc = get_place("26", at=BEFORE)
    assert [(it.new.name, it.kind) for it in vinh_phuc.successions.select_related("new")] == [
        ("Tỉnh Phú Thọ", "merged")
    ]
    assert get_place("01", at=BEFORE).successions.get().kind == "continued"


def test_two_places_never_bear_one_code_on_one_day():
    twin = get_place("04894", at=TODAY)
    twin.pk = None
    with pytest.raises(IntegrityError, match="one_place_per_code_and_day"), transaction.atomic():
        twin.save()


@needs_data
def test_the_wheel_and_the_data_sets_name_the_same_communes():
    with (DATA / "communes_2025.csv").open(encoding="utf-8-sig") as file:
        listed = {
            row["wardCode"].zfill(5): (row["ward"], row["provinceCode"].zfill(2))
            for row in csv.DictReader(file)
        }
    places = Place.objects.filter(level="commune", valid_to=None)
    assert {
        code: (name, above) for code, name, above in places.values_list("code", "name", "parent__code")
    } == listed


@needs_data
def test_the_wheel_and_the_data_sets_lead_from_the_same_wards_to_the_same_communes():
    listed = defaultdict(set)
    with (DATA / "wards_old_to_new.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            ward = row["wardCode"]
            code = f"{int(float(ward)):05}" if ward else f"{int(float(row['districtCode'])):03}"
            listed[code].add(row["newWardCode"])
    loaded = defaultdict(set)
    pairs = PlaceSuccession.objects.exclude(old__level="province").values_list("old__code", "new__code")
    for old, new in pairs:
        loaded[old].add(new)
    assert loaded == listed


@needs_data
def test_the_numbers_of_communes_of_each_province_are_those_of_the_data_sets():
    with (DATA / "provinces_2025.csv").open(encoding="utf-8-sig") as file:
        listed = {row["gso_code"]: int(row["commune_count"]) for row in csv.DictReader(file)}
    assert {it.code: len(list_communes(it.code, at=TODAY)) for it in list_provinces(at=TODAY)} == listed


@needs_data
def test_the_names_of_former_wards_differ_from_the_statistics_office_in_spelling_only():
    """608 names: "Hoà" for "Hòa", "Quí" for "Quý", and a few of the wheel's own readings (docs/places.md)."""
    with (DATA / "wards_legacy_gso_2025-07-18.csv").open(encoding="utf-8-sig") as file:
        listed = {row["Mã"]: (row["Tên"], row["Quận Huyện"]) for row in csv.DictReader(file)}
    former = Place.objects.filter(level="commune", valid_to=FIRST)
    loaded = {code: (name, above) for code, name, above in former.values_list("code", "name", "parent__name")}
    assert loaded.keys() == listed.keys()
    assert 0 < sum(loaded[code] != listed[code] for code in listed) < 700
