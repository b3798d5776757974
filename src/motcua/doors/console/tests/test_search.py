"""The officers' search across rooms: agencies, officers, people."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING
from motcua.doors.console.web.people_found import sought_in
from motcua.foundation.journal.models import Entry
from motcua.registry.organisations.models import Officer
from motcua.registry.people.selectors import Sought

pytestmark = pytest.mark.django_db
NUMBER = "025197004187"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


def found(browser, words):
    response = browser.post(reverse("console:search"), {"q": words}, follow=True)
    return response.content.decode()


def searches():
    return Entry.objects.filter(kind="person.searched").count()


def test_an_administrator_finds_agencies_and_officers_without_accents(world, browse):
    agency, officer = world.desk.agency, Officer.objects.get(pk=world.desk.leader.person_id)
    browser = browse(world.administrator)
    assert reverse("organisations:agency", args=[agency.pk]) in found(browser, "ky son")
    assert reverse("organisations:officer", args=[officer.pk]) in found(browser, officer.full_name)


def test_support_finds_an_officers_account_and_no_agency(world, browse):
    officer, browser = Officer.objects.get(pk=world.desk.leader.person_id), browse(world.support)
    page = found(browser, officer.full_name)
    assert reverse("console:account", args=[officer.account_id]) in page
    assert reverse("organisations:officer", args=[officer.pk]) not in page
    assert reverse("organisations:agency", args=[world.desk.agency.pk]) not in found(browser, "ky son")


def test_who_administers_nothing_finds_no_officer(world, browse):
    officer = Officer.objects.get(pk=world.desk.leader.person_id)
    page = found(browse(world.desk.specialist), officer.full_name)
    assert str(officer.pk) not in page and str(officer.account_id) not in page


def test_nobody_outside_the_own_agencies_is_found(world, browse):
    from motcua.registry.access.models import RoleGrant

    account = world.desk.deputy.account_id
    RoleGrant.objects.create(account_id=account, role_id="administrator", agency_path=world.desk.agency.path)
    browser = browse(world.desk.deputy)
    there = Officer.objects.get(pk=world.other_desk.leader.person_id)
    assert str(there.pk) not in found(browser, there.full_name)
    assert str(world.other_desk.agency.pk) not in found(browser, world.other_desk.agency.code)
    assert str(world.desk.agency.pk) in found(browser, world.desk.agency.code)


@pytest.mark.parametrize("words", [NUMBER, "025 197 004 187"])
def test_a_search_by_number_finds_the_person_and_is_on_the_record(world, browse, words):
    before = searches()
    page = found(browse(world.desk.reception), words)
    assert reverse("console:person", args=[world.mother.person_id]) in page
    assert "025*********" in page
    assert searches() == before + 1


def test_a_name_finds_nobody_without_the_date_of_birth(world, browse):
    browser, url = browse(world.data_protection), reverse("console:person", args=[world.mother.person_id])
    assert url not in found(browser, "nguyen thi hong nhung")
    assert url in found(browser, "nguyen thi hong nhung 14/8/1997")


def test_who_serves_at_no_counter_finds_no_person_and_leaves_no_search(world, browse):
    before = searches()
    url = reverse("console:person", args=[world.mother.person_id])
    for officer in (world.administrator, world.desk.leader):
        assert url not in found(browse(officer), NUMBER)
    assert searches() == before


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("c01x00t47", Sought(number="C01X00T47")),
        ("Lò Thị Mẫu, 12-8-1990", Sought(name="Lò Thị Mẫu", birth_date=date(1990, 8, 12))),
        ("12/8/1990", None),
        ("Lò Thị Mẫu 31/2/1990", None),
        ("H44.04894-260310-0001", None),
        ("T-7K3MQ2", None),
        ("04894", None),
        ("minh khoi", None),
    ],
)
def test_words_that_mean_nobody_ask_nothing(words, meant):
    assert sought_in(words) == meant
