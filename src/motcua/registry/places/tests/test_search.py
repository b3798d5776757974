"""Finding places by the words people use, among all places of the nation."""

from datetime import UTC, date, datetime
from importlib.util import find_spec

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.registry.places.rules.words import own_name
from motcua.registry.places.selectors import (
    find_predecessors,
    get_place,
    offer_places,
    place_names,
    search_places,
)
from motcua.registry.places.services import load_places

AT = datetime(2026, 3, 10, 2, tzinfo=UTC)
TODAY, BEFORE = date(2026, 3, 10), date(2025, 6, 30)

pytestmark = [
    pytest.mark.xdist_group("places"),
    pytest.mark.skipif(not find_spec("vietnamadminunits"), reason="the data of places are not installed"),
]


@pytest.fixture(scope="module")
def nation(world, module_db):
    load_places(at=AT)


@pytest.fixture(autouse=True)
def _nation(nation, db):
    """Every test here sees the whole nation."""


# What is typed, and the first place found with what it is today.
FIRST = [
    ("phuong ky son", "Phường Kỳ Sơn, tỉnh Phú Thọ", ""),
    ("Phường Kỳ Sơn", "Phường Kỳ Sơn, tỉnh Phú Thọ", ""),
    ("phường kì sơn", "Phường Kỳ Sơn, tỉnh Phú Thọ", ""),
    ("p. ky son", "Phường Kỳ Sơn, tỉnh Phú Thọ", ""),
    ("xa ky son phu tho", "Phường Kỳ Sơn, tỉnh Phú Thọ", ""),
    ("kyson", "Phường Kỳ Sơn, tỉnh Phú Thọ", ""),
    ("phuogn ky son", "Phường Kỳ Sơn, tỉnh Phú Thọ", ""),
    ("xa lam thao phu tho", "Xã Lâm Thao, tỉnh Phú Thọ", ""),
    ("lâm thao, phú thọ", "Xã Lâm Thao, tỉnh Phú Thọ", ""),
    ("lam thao", "Xã Lâm Thao, tỉnh Phú Thọ", ""),
    ("lam thao bac ninh", "Xã Lâm Thao, tỉnh Bắc Ninh", ""),
    ("lam thaoo", "Xã Lâm Thao, tỉnh Phú Thọ", ""),
    ("LAMTHAO", "Xã Lâm Thao, tỉnh Phú Thọ", ""),
    ("thi tran lam thao", "Thị trấn Lâm Thao, huyện Lâm Thao, tỉnh Phú Thọ", "Lâm Thao"),
    ("TT Lâm Thao", "Thị trấn Lâm Thao, huyện Lâm Thao, tỉnh Phú Thọ", "Lâm Thao"),
    ("huyen Lam Thao", "Huyện Lâm Thao, tỉnh Phú Thọ", "Bản Nguyên, Lâm Thao, Phùng Nguyên, Xuân Lũng"),
    ("xã cao xá, huyện lâm thao", "Xã Cao Xá, huyện Lâm Thao, tỉnh Phú Thọ", "Bản Nguyên"),
    ("cao xa lam thao", "Xã Cao Xá, huyện Lâm Thao, tỉnh Phú Thọ", "Bản Nguyên"),
    ("x. thanh ba", "Xã Thanh Ba, tỉnh Phú Thọ", ""),
    ("thanh ba", "Xã Thanh Ba, tỉnh Phú Thọ", ""),
    ("viet tri", "Phường Việt Trì, tỉnh Phú Thọ", ""),
    ("gia cam", "Phường Gia Cẩm, thành phố Việt Trì, tỉnh Phú Thọ", "Việt Trì"),
    ("phường tân dân việt trì", "Phường Tân Dân, thành phố Việt Trì, tỉnh Phú Thọ", "Việt Trì"),
    ("mong hoa", "Xã Mông Hóa, thành phố Hòa Bình, tỉnh Hòa Bình", "Kỳ Sơn"),
    ("P.1 Q.3", "Phường 1, quận 3, thành phố Hồ Chí Minh", "Bàn Cờ"),
    ("phường 1 quận 3 tphcm", "Phường 1, quận 3, thành phố Hồ Chí Minh", "Bàn Cờ"),
    ("phuong 01 q3", "Phường 1, quận 3, thành phố Hồ Chí Minh", "Bàn Cờ"),
    ("q1", "Quận 1, thành phố Hồ Chí Minh", "Bến Thành, Cầu Ông Lãnh, Sài Gòn, Tân Định"),
    ("ben nghe", "Phường Bến Nghé, quận 1, thành phố Hồ Chí Minh", "Sài Gòn"),
    ("sai gon", "Phường Sài Gòn, thành phố Hồ Chí Minh", ""),
    ("truc bach", "Phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội", "Ba Đình"),
    ("phuong ba dinh", "Phường Ba Đình, thành phố Hà Nội", ""),
    ("Ba Đình", "Phường Ba Đình, thành phố Hà Nội", ""),
    ("cua dong hoan kiem", "Phường Cửa Đông, quận Hoàn Kiếm, thành phố Hà Nội", "Ba Đình, Hoàn Kiếm"),
    ("hoàn kiếm", "Phường Hoàn Kiếm, thành phố Hà Nội", ""),
    ("con dao", "Đặc khu Côn Đảo, thành phố Hồ Chí Minh", ""),
    ("huyện côn đảo", "Huyện Côn Đảo, tỉnh Bà Rịa - Vũng Tàu", "Côn Đảo"),
    ("phu quoc", "Đặc khu Phú Quốc, tỉnh An Giang", ""),
    ("dk ly son", "Đặc khu Lý Sơn, tỉnh Quảng Ngãi", ""),
    ("Hoà Khánh", "Phường Hòa Khánh, thành phố Đà Nẵng", ""),
    ("ea kar dak lak", "Xã Ea Kar, tỉnh Đắk Lắk", ""),
    ("Quản Bạ", "Xã Quản Bạ, tỉnh Tuyên Quang", ""),
    (
        "quan hoan kiem",
        "Quận Hoàn Kiếm, thành phố Hà Nội",
        "Ba Đình, Cửa Nam, Hoàn Kiếm, Hồng Hà, Văn Miếu - Quốc Tử Giám",
    ),
    ("lâm thao luong tai", "Xã Lâm Thao, huyện Lương Tài, tỉnh Bắc Ninh", "Lâm Thao"),
    ("phuong 4 my tho", "Phường 4, thành phố Mỹ Tho, tỉnh Tiền Giang", "Cao Lãnh, Đạo Thạnh"),
]


@pytest.mark.parametrize(("typed", "place", "now"), FIRST, ids=[row[0] for row in FIRST])
def test_finds_first_what_is_meant(typed, place, now):
    found = search_places(typed, at=TODAY, limit=5)[0]
    assert found.place.full_name == place
    assert found.is_former == bool(now)
    if now:
        assert ", ".join(own_name(it.name) for it in found.now) == now


def test_a_name_with_accents_means_that_name():
    names = [it.place.name for it in search_places("Tân Thạnh", at=TODAY, limit=8)]
    assert all(name.endswith(" Tân Thạnh") for name in names)


@pytest.mark.parametrize("typed", ["", "  ", "?!", "zzzzqq", "\x00", "%", "' OR 1=1 --"])
def test_finds_nothing_for_what_is_no_place(typed):
    assert search_places(typed, at=TODAY) == []


def test_finds_at_most_what_was_asked_for():
    assert len(search_places("tan", at=TODAY, limit=7)) == 7
    assert len(search_places("xa", at=TODAY, limit=10_000)) <= 50


def test_before_the_merge_only_the_places_of_that_day_are_found():
    found = search_places("lam thao phu tho", at=BEFORE)
    assert found[0].place.full_name == "Thị trấn Lâm Thao, huyện Lâm Thao, tỉnh Phú Thọ"
    assert not any(it.is_former or it.must_choose for it in found)


@pytest.mark.parametrize(
    ("typed", "ceiling"), [("lam thao", 2), ("tan", 2), ("phuogn ky son", 3), ("zzzzqq", 2)]
)
def test_takes_a_constant_number_of_queries(typed, ceiling):
    with CaptureQueriesContext(connection) as captured:
        search_places(typed, at=TODAY, limit=50)
    assert len(captured) <= ceiling


def test_a_divided_ward_offers_both_successors_and_asks():
    offer = offer_places("phuong cua dong hoan kiem", at=TODAY)
    assert "Phường Cửa Đông" in str(offer.question)
    assert [(it.value, it.label) for it in offer.choices[:2]] == [
        ("00004", "Phường Ba Đình, thành phố Hà Nội"),
        ("00070", "Phường Hoàn Kiếm, thành phố Hà Nội"),
    ]
    assert "Phường Cửa Đông, quận Hoàn Kiếm, thành phố Hà Nội" in offer.choices[0].note


def test_a_former_ward_offers_its_commune_once_and_says_why():
    offer = offer_places("thi tran thanh ba", at=TODAY)
    assert [it.value for it in offer.choices].count("08152") == 1
    assert "Thị trấn Thanh Ba" in next(it for it in offer.choices if it.value == "08152").note


def test_only_communes_on_offer_are_offered():
    # The second is one of hundreds of names, the third a former ward, the last a former town.
    for typed in ("ky son", "son", "mong hoa", "thanh pho hoa binh"):
        offer = offer_places(typed, at=TODAY, only={"04894", "08152"})
        assert [it.value for it in offer.choices] == ["04894"]
    assert offer_places("hoan kiem", at=TODAY, only={"04894"}).choices == ()


def test_names_are_those_of_the_day():
    assert place_names({"00004", "99999"}, at=TODAY) == {"00004": "Phường Ba Đình, thành phố Hà Nội"}
    assert place_names({"00004"}, at=BEFORE) == {"00004": "Phường Trúc Bạch, quận Ba Đình, thành phố Hà Nội"}
    assert place_names(set(), at=TODAY) == {}


def test_a_commune_knows_what_it_was_formed_from():
    former = [place.name for place in find_predecessors(get_place("04894", at=TODAY))]
    assert former == ["Xã Độc Lập", "Phường Kỳ Sơn", "Xã Mông Hóa"]
