"""Mandates, as people give, accept and end them."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING, submitted
from motcua.registry.people.models import Mandate
from motcua.registry.people.tests.factories import citizen, mandate

pytestmark = pytest.mark.django_db
GIVE = "/mandates/give/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


def typed(**changes):
    plain = {
        "agent_number": "025 188 002 233",
        "agent_name": "dinh van lang gieng",
        "purpose": "1.001193",
        "powers": ["apply", "see"],
        "last_day_day": "31",
        "last_day_month": "12",
        "last_day_year": "2026",
    }
    return plain | changes


def text_of(response):
    return response.content.decode()


def test_one_gives_the_other_accepts_and_acts(world, browse):
    mother, neighbour = browse(world.mother), browse(world.neighbour)
    assert mother.post(GIVE, typed()).url == reverse("portal:mandates")
    given = Mandate.objects.get()
    assert (given.procedure_code, given.valid_to.isoformat()) == ("1.001193", "2027-01-01")
    assert "waits to be accepted" in text_of(mother.get(reverse("portal:mandates")))
    neighbour.post(reverse("portal:mandate-accept", args=[given.id]))
    page = text_of(neighbour.get(reverse("portal:acting")))
    assert "Nguyễn Thị Hồng Nhung" in page
    assert f"mandate:{given.id}" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agent_number": "025197004187", "agent_name": "Nguyễn Thị Hồng Nhung"}, "to yourself"),
        ({"agent_number": "025188002234"}, "Check both"),
        ({"powers": []}, "at least one thing"),
        ({"last_day_year": "2025"}, "not before the first"),
        ({"last_day_year": ""}, "Enter day, month and year"),
        ({"purpose": "9.999999"}, "valid choice"),
    ],
)
def test_a_mandate_that_cannot_be_is_refused_and_nothing_typed_is_lost(world, browse, changes, words):
    response = browse(world.mother).post(GIVE, typed(**changes))
    assert response.status_code == 422
    assert words in text_of(response)
    assert changes.get("agent_name", "dinh van lang gieng") in text_of(response)
    assert not Mandate.objects.exists()


def test_a_mandate_may_be_for_everything(world, browse):
    browse(world.mother).post(GIVE, typed(purpose="all"))
    assert Mandate.objects.get().procedure_code == ""


def test_a_mandate_for_one_dossier_is_given_from_its_page(world, browse):
    dossier, mother = submitted(world.desk, world.mother), browse(world.mother)
    url = f"{GIVE}?dossier={dossier.id}"
    assert url in text_of(mother.get(reverse("dossiers:dossier", args=[dossier.id])))
    mother.post(url, typed(powers=["see"]))
    assert Mandate.objects.get().dossier_id == dossier.id


def test_a_mandate_for_anothers_dossier_is_not_offered(world, browse):
    dossier = submitted(world.desk, world.mother)
    assert browse(world.neighbour).get(GIVE, {"dossier": str(dossier.id)}).status_code == 404


def test_ending_asks_for_a_reason(world, browse):
    given = mandate(world.mother, world.neighbour, at=MORNING)
    browser, url = browse(world.neighbour), reverse("portal:mandate-end", args=[given.id])
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"reason": " "}).status_code == 422
    assert browser.post(url, {"reason": "Tôi chuyển nơi ở."}).status_code == 302
    assert "ended" in text_of(browse(world.mother).get(reverse("portal:mandates")))


def test_a_stranger_to_a_mandate_does_not_learn_that_it_exists(world, browse):
    given = mandate(world.mother, world.neighbour, at=MORNING, accepted=False)
    third = browse(citizen(at=MORNING, personal_number="026094000001", full_name="Trần Văn Mẫu"))
    assert third.get(reverse("portal:mandate-end", args=[given.id])).status_code == 404
    assert third.post(reverse("portal:mandate-accept", args=[given.id])).status_code == 404


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org"])
def test_choosing_for_whom_one_acts_leads_nowhere_else(world, browse, target):
    response = browse(world.mother).post(reverse("portal:acting"), {"key": "", "next": target})
    assert response.url == reverse("portal:home")
