from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import Refused
from motcua.registry.catalogue.deciding import (
    Decision,
    DoubtChanged,
    Wanted,
    decide,
    decide_many,
    preview,
    undo,
)
from motcua.registry.catalogue.importing import Order, import_files
from motcua.registry.catalogue.models import Captured, Doubt, Procedure
from motcua.registry.catalogue.selectors import get_version

AT = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
SAMPLE = settings.PACKS / "vn" / "tests"
LIST = reverse("catalogue-desk:doubts")
pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(world):
    import_files(
        actor=SYSTEM, order=Order([SAMPLE / "catalogue_sample.jsonl", SAMPLE / "catalogue_sample.csv"]), at=AT
    )


def doubt_of(code, kind):
    return Doubt.objects.filter(procedure=code, kind=kind).order_by("place").first()


def decided(world, doubt, how="guess", typed="", reason="Trang của Cổng"):
    return decide(
        actor=world.catalogue,
        doubt_id=doubt.pk,
        revision=doubt.revision,
        decision=Decision(how, reason, typed),
        at=AT,
    )


def test_a_decision_is_what_lists_show_and_the_original_stays(world, sample):
    before = Captured.objects.get(procedure="9.000005", source="local").content
    decided(world, doubt_of("9.000005", "fee_thousands"))
    shown = Procedure.objects.get(pk="9.000005")
    assert shown.facts["fee"]["vi"] == "100.000 đ"
    assert Captured.objects.get(procedure="9.000005", source="local").content == before
    entry = Entry.objects.get(kind="doubt.decided")
    assert (entry.facts["about"], entry.facts["how"], entry.person_id) == (
        "fee_thousands",
        "guess",
        world.catalogue.person_id,
    )


def test_a_confirmed_value_counts_and_another_one_is_read_by_its_kind(world, sample):
    decided(world, doubt_of("9.000002", "unit_missing"), "value", "2wd")
    # Those who apply from now on are promised the same.
    assert get_version("9.000002", at=timezone.localdate()).definition["procedure"]["limit"]["value"] == "2wd"
    assert Procedure.objects.get(pk="9.000002").facts["limit"] == "2wd"
    decided(world, doubt_of("9.000006", "level_words"), "value", "province, commune")
    assert Procedure.objects.get(pk="9.000006").levels == ["province", "commune"]
    decided(world, doubt_of("9.000008", "name_list"), "value", "Thả diều ở nơi mới")
    assert Procedure.objects.get(pk="9.000008").search_name == "tha dieu o noi moi"


def test_a_stale_decision_is_told_so(world, sample):
    doubt = doubt_of("9.000005", "fee_thousands")
    decided(world, doubt)
    with pytest.raises(DoubtChanged):
        decided(world, doubt, "confirm")


def test_all_of_a_kind_are_decided_and_undone_as_one(world, sample):
    wanted = Wanted(kind="fee_thousands")
    rows, count, stamp = preview(world.catalogue, wanted, "guess")
    assert count == rows.count() == 3
    taken = Decision("guess", "Quy tắc chung")
    act, done = decide_many(actor=world.catalogue, wanted=wanted, stamp=stamp, decision=taken, at=AT)
    assert done == 3 and Entry.objects.filter(kind="doubt.decided").count() == 3
    assert Procedure.objects.get(pk="9.000013").facts["fee"]["vi"] == "Miễn phí"
    with pytest.raises(DoubtChanged):
        decide_many(actor=world.catalogue, wanted=wanted, stamp=stamp, decision=taken, at=AT)
    assert undo(actor=world.catalogue, act=act, at=AT) == 3
    assert Procedure.objects.get(pk="9.000005").facts["fee"] == {}
    assert preview(world.catalogue, wanted, "guess")[1] == 3


def test_only_guesses_are_taken_and_none_is_made_up(world, sample):
    _rows, count, _stamp = preview(world.catalogue, Wanted(kind="result_code"), "guess")
    assert (count, preview(world.catalogue, Wanted(kind="result_code"), "confirm")[1]) == (1, 3)


def test_who_keeps_one_agencys_catalogue_does_not_correct_the_nations(world, sample):
    below = replace(world.catalogue, grants=(("catalogue", "/H44/H44.25/"),))
    with pytest.raises(Refused):
        preview(below, Wanted(kind="fee_thousands"), "guess")


def test_the_screens_lead_from_counts_to_a_decision_and_back(world, browse, sample):
    browser = browse(world.catalogue)
    page = browser.get(LIST).content.decode()
    assert "Fee without its thousands" in page and "9.000005" in page
    doubt = doubt_of("9.000005", "fee_thousands")
    url = reverse("catalogue-desk:doubt", args=[doubt.pk])
    page = browser.get(url).content.decode()
    assert "dichvucong.example" in page and "100.000" in page.replace(",", ".")
    posted = {"revision": doubt.revision, "how": "value", "typed": "viel", "reason": "Trang"}
    wrong = browser.post(url, posted)
    assert wrong.status_code == 422 and "Enter an amount in đồng" in wrong.content.decode()
    assert "viel" in wrong.content.decode()
    done = browser.post(url, posted | {"typed": "90.000"}, follow=True)
    assert "1 value was decided" in done.content.decode()
    stale = browser.post(url, posted | {"typed": "80.000"})
    assert stale.status_code == 422 and "80.000" in stale.content.decode()
    again = browser.post(url, posted | {"typed": "80.000", "revision": doubt.revision + 1})
    assert again.status_code == 302
    doubt.refresh_from_db()
    assert doubt.value == 80_000
    browser.post(reverse("catalogue-desk:doubts-undo", args=[doubt.act]))
    assert doubt_of("9.000005", "fee_thousands").state == "open"


def test_a_preview_is_confirmed_on_a_page(world, browse, sample):
    browser = browse(world.catalogue)
    url = reverse("catalogue-desk:doubts-many", args=["guess"]) + "?kind=legal_number"
    page = browser.get(url)
    assert "54/2099/QH30" in page.content.decode()
    assert browser.post(url, {"stamp": page.context["stamp"], "reason": ""}).status_code == 422
    assert browser.post(url, {"stamp": "0" * 64, "reason": "Số hiệu"}).status_code == 422
    done = browser.post(url, {"stamp": page.context["stamp"], "reason": "Số hiệu"}, follow=True)
    assert "1 value was decided" in done.content.decode()


def test_the_public_page_says_honestly_what_the_portal_leaves_open(browse, sample):
    browser = browse(None)

    def page(code):
        return browser.get(reverse("catalogue:procedure", args=[code]), follow=True).content.decode()

    assert "The portal states no unit" in page("9.000002")
    assert "its words leave the fee to the province" in page("9.000004")
    assert "probably its thousands are missing" in page("9.000005")
    plain = page("9.000001")
    assert "7 working days" in plain and "Trường hợp diều lớn" in plain and "As captured from" in plain
    assert "does not say how to apply" in page("9.000009")
    assert "9.000003" in page("9.000003.H19")
