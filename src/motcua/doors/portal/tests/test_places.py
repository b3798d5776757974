"""Your commune today."""

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(world):
    with time_machine.travel(MORNING, tick=False):
        yield


def page(browse, name="portal:places", *args, **query):
    response = browse(None).get(reverse(name, args=args), query, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def test_a_former_ward_leads_to_the_commune_and_its_desk(browse):
    found = page(browse, q="thi tran thanh ba")
    assert "Thị trấn Thanh Ba, huyện Thanh Ba, tỉnh Phú Thọ" in found and "/places/08152/" in found
    commune = page(browse, "portal:place", "08152")
    assert "Ủy ban nhân dân xã Thanh Ba" in commune and "Trung tâm Phục vụ hành chính công" in commune
    assert "0210 000 0001" in commune and "Xã Vân Lĩnh" in commune


def test_a_divided_ward_asks_which_one_it_is(browse):
    found = page(browse, q="phường cửa đông")
    assert "Phường Cửa Đông was divided" in found
    assert "/places/00004/" in found and "/places/00070/" in found


def test_a_commune_without_an_agency_here_says_so(browse):
    assert "does not use this site" in page(browse, "portal:place", "00004")


def test_words_that_fit_nothing_are_answered_with_a_way_on(browse):
    found = page(browse, q="<b>zzqq</b>")
    assert "No place fits" in found and "<b>zzqq" not in found


@pytest.mark.parametrize("code", ["25", "001", "99999", "0x"])
def test_what_is_no_commune_of_today_has_no_page(browse, code):
    assert browse(None).get(reverse("portal:place", args=[code])).status_code == 404


def test_suggestions_may_be_kept_by_the_browser_alone(browse):
    url = reverse("portal:place-suggest")
    response = browse(None).get(url, {"for": "home", "home_words": "hoan kiem"})
    assert set(response.headers["Cache-Control"].split(", ")) == {"max-age=3600", "private"}
    words = response.content.decode()
    assert 'name="home" value="00070"' in words and 'name="home_asked" value="hoan kiem"' in words


def test_suggestions_for_a_desk_leave_out_communes_that_take_no_applications(browse):
    url = reverse("portal:place-suggest")
    response = browse(None).get(url, {"for": "home", "home_words": "hoan kiem", "desk": "1"})
    assert 'value="00070"' not in response.content.decode()


@pytest.mark.parametrize("name", ['x" onclick="', "a" * 65, "a b"])
def test_a_name_of_a_field_that_is_none_is_not_taken(browse, name):
    response = browse(None).get(reverse("portal:place-suggest"), {"for": name, "q": "thanh ba"})
    assert "onclick" not in response.content.decode() and response.status_code == 200


def test_the_footer_leads_here(browse):
    assert 'href="/places/"' in page(browse, "portal:home")


def test_the_search_across_rooms_finds_places_without_accents_and_former_names(browse):
    assert "/places/08152/" in page(browse, "catalogue:search", q="xa thanh ba")
    former = page(browse, "catalogue:search", q="thi tran thanh ba")
    assert "Thị trấn Thanh Ba" in former and "/places/08152/" in former


def test_the_search_across_rooms_offers_no_place_that_is_only_like_the_words(browse):
    assert "/places/0" not in page(browse, "catalogue:search", q="thanh baa")
