"""The public figures: what is written at night, what a page shows of it, and what it never does."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.conf import settings
from django.urls import reverse

from motcua.foundation.kernel.ids import new_id
from motcua.oversight.indicators.measures import load_measures
from motcua.oversight.indicators.models import DayTally, Published, PublishedMonth
from motcua.oversight.indicators.publishing import load_publication, publish, tree
from motcua.oversight.indicators.rules.publication import BadPublication, parse_publication
from motcua.oversight.indicators.tests.factories import make_day_tally, make_month_for_all
from motcua.registry.organisations.models import Agency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
ENGLISH = {"Accept-Language": "en"}
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
SEPTEMBER, OCTOBER = date(2025, 9, 15), date(2025, 10, 10)
# When the nights' work was done.
THEN = datetime(2025, 10, 11, 1, 0, tzinfo=HANOI)
UNTIL = date(2025, 10, 10)


def counts(received: int, on_time: int = 0, late: int = 0) -> dict[str, int]:
    return {
        "received": received,
        "received_offered": received,
        "finished": on_time + late,
        "finished_on_time": on_time,
        "finished_late": late,
    }


@pytest.fixture
def communes() -> list[Agency]:
    found = list(Agency.objects.filter(level="commune").order_by("path")[:2])
    third = found[1]
    third.pk, third.code, third.path, third.place_code = new_id(), "H44.99", "/H44/H44.99/", "99999"
    third.name, third.place_name = "UBND xã Xa Xôi", "Xa Xôi"
    third.save(force_insert=True)
    return [*Agency.objects.filter(level="commune").order_by("path")[:2], third]


@pytest.fixture
def published(communes):
    """September: plenty, plenty, two. October, until the 10th: plenty, nobody, nobody."""
    first, second, third = (it.path for it in communes)
    make_month_for_all(
        {first: counts(120, 90, 10), second: counts(80, 70, 8), third: counts(2, 1, 1)}, SEPTEMBER
    )
    make_month_for_all({first: counts(40, 30)}, OCTOBER)
    assert publish(until=UNTIL, at=THEN) == [date(2025, 9, 1), date(2025, 10, 1)]


def shown(scope: str, month: int, code: str) -> tuple[int | None, int | None] | None:
    return (
        Published.objects.filter(scope=scope, month=date(2025, month, 1), code=code)
        .values_list("numerator", "denominator")
        .first()
    )


def test_what_is_published_is_what_was_counted(published, communes):
    assert shown("/", 9, "received") == (202, 1)
    assert shown("/", 9, "on_time_rate") == (161, 180)
    assert shown(communes[0].path, 10, "received") == (40, 1)
    assert shown(communes[0].path, 10, "on_time_rate") == (30, 30)
    # Nobody: no row, which is not the same as too few.
    assert shown(communes[1].path, 10, "received") is None


def test_few_are_left_out_with_a_neighbour(published, communes):
    first, second, third = (it.path for it in communes)
    assert shown(third, 9, "received") == (None, None)
    # By the province's total and the other two, the third would be known.
    assert (None, None) in {shown(first, 9, "received"), shown(second, 9, "received")}
    assert shown("/", 9, "received") == (202, 1)


def test_nothing_below_a_hidden_total_is_shown(communes):
    make_month_for_all({communes[0].path: counts(3)}, SEPTEMBER)
    publish(until=UNTIL, at=THEN)
    assert set(Published.objects.filter(code="received").values_list("numerator", flat=True)) == {None}


def test_a_month_is_written_again_only_when_something_became_known(published, communes):
    later = THEN.replace(day=12)
    assert publish(until=date(2025, 10, 11), at=later) == [date(2025, 10, 1)]
    make_day_tally(communes[0].path, date(2025, 9, 3), known_on=date(2025, 10, 12), received=7)
    make_day_tally("/", date(2025, 9, 3), known_on=date(2025, 10, 12), received=7, is_below=True)
    assert publish(until=date(2025, 10, 12), at=THEN.replace(day=13)) == [date(2025, 9, 1), date(2025, 10, 1)]
    assert shown("/", 9, "received") == (209, 1)


def test_a_month_is_told_once_more_when_it_is_over(published):
    DayTally.objects.filter(day=OCTOBER).delete()
    months = publish(until=date(2025, 11, 3), at=datetime(2025, 11, 4, 1, tzinfo=HANOI))
    assert months == [date(2025, 10, 1), date(2025, 11, 1)]


def test_every_agency_has_one_place_in_the_tree():
    children = tree()
    below = [it for them in children.values() for it in them]
    assert len(below) == len(set(below)) == len(children) - 1
    assert set(below) == set(Agency.objects.values_list("path", flat=True))


def test_the_page_shows_the_last_whole_month_and_marks_the_present_one(published, browse):
    page = browse(None).get(reverse("public-figures:index"), headers=ENGLISH)
    words = page.content.decode().replace("\u00a0", " ")
    assert page.context["month"] == "09/2025"
    assert "202" in words
    assert "until 10 October 2025" in words
    assert "too few to show" not in words.split('id="received"')[0].split("</dl>")[0]


def test_an_agency_is_found_without_accents(published, browse, communes):
    page = browse(None).get(reverse("public-figures:index"), {"q": "xa xoi"})
    assert [it["code"] for it in page.context["hits"]] == ["H44.99"]


def test_an_agencys_page_says_too_few_and_not_how_many(published, browse, communes):
    page = browse(None).get(reverse("public-figures:agency", args=[communes[2].code]), headers=ENGLISH)
    received = page.context["figures"][0]
    assert received["rows"][-1]["value"] == "too few to show"
    assert received["chart"]["columns"][0]["is_hidden"]
    assert 'class="is-hidden"' in page.content.decode()
    assert browse(None).get(reverse("public-figures:agency", args=["H99.99"])).status_code == 404


def test_without_figures_the_page_says_so(browse):
    page = browse(None).get(reverse("public-figures:index"), headers=ENGLISH)
    assert "No figures yet" in page.content.decode()
    assert browse(None).get(reverse("public-figures:agency", args=["H44"])).status_code == 200


def test_programs_get_the_same_with_definitions(published, browse, communes):
    client = browse(None)
    found = json.loads(client.get(reverse("public-figures:agency-json", args=["all"])).content)
    assert [it["month"] for it in found["months"]] == ["2025-09", "2025-10"]
    september = found["months"][0]["figures"]
    assert september["on_time_rate"] == {"numerator": 161, "denominator": 180, "hidden": False}
    assert {it["code"] for it in found["definitions"]} == {it.code for it in load_publication().figures}
    assert set(found["definitions"][0]["names"]) == {"vi", "en", "de"}
    third = json.loads(client.get(reverse("public-figures:agency-json", args=[communes[2].code])).content)
    assert third["months"][0]["figures"]["received"] == {
        "numerator": None,
        "denominator": None,
        "hidden": True,
    }


def test_a_month_of_all_agencies_is_one_table(published, browse, communes):
    response = browse(None).get(reverse("public-figures:month-csv", args=["2025-09"]))
    text = b"".join(response.streaming_content).decode().removeprefix("\ufeff")
    rows = {(it["agency"], it["figure"]): it for it in csv.DictReader(text.splitlines())}
    assert rows["all", "received"]["value"] == "202"
    assert rows["all", "on_time_rate"]["value"] == "89.4"
    few = rows[communes[2].code, "received"]
    assert (few["value"], few["numerator"], few["hidden"]) == ("", "", "yes")
    assert browse(None).get(reverse("public-figures:month-csv", args=["2025-13"])).status_code == 404


def test_a_browser_that_has_the_page_is_told_so(published, browse, communes):
    client, url = browse(None), reverse("public-figures:index")
    first = client.get(url, headers=ENGLISH)
    again = client.get(url, headers=ENGLISH | {"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    other = client.get(url, headers={"Accept-Language": "de", "If-None-Match": first["ETag"]})
    assert other.status_code == 200
    PublishedMonth.objects.update(published_at=THEN.replace(day=12))
    assert client.get(url, headers=ENGLISH | {"If-None-Match": first["ETag"]}).status_code == 200


def test_the_first_view_is_small(published, browse):
    page = browse(None).get(reverse("public-figures:index"), headers=ENGLISH).content
    assert len(gzip.compress(page)) < 12_000


def test_the_packs_publication_fits_its_measures():
    data = yaml.safe_load((settings.PACKS / "vn" / "publication.yaml").read_text(encoding="utf-8"))
    assert parse_publication(data, load_measures()).least >= 3
    with pytest.raises(BadPublication, match="nothing_known"):
        parse_publication({**data, "measures": [{"code": "nothing_known"}]}, load_measures())
    with pytest.raises(BadPublication, match="least"):
        parse_publication({**data, "least": 2}, load_measures())
