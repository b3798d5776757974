"""The data tracker: who read a person's data, told to that person alone."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from motcua.casework.dossiers.selectors import open_dossier
from motcua.casework.dossiers.services.drafts import start_draft
from motcua.casework.dossiers.tests.factories import MORNING, accepted, submitted
from motcua.doors.portal.tracker import Period, list_own_readings
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import Refused
from motcua.foundation.kernel.text import mask_name
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account
from motcua.registry.organisations.models import Officer, Post
from motcua.registry.people.contributions import personal_data
from motcua.registry.people.models import Person, Representation
from motcua.registry.people.tests.factories import representative

pytestmark = pytest.mark.django_db
URL = "/account/data-tracker/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


def kinds(page):
    return [Entry.objects.get(pk=it.id).kind for it in page.readings]


def test_the_person_sees_who_opened_the_dossier_in_which_post(world, browse):
    dossier = accepted(world.desk, world.mother)
    open_dossier(world.desk.specialist, dossier.id, at=MORNING)
    [latest, *_] = list_own_readings(world.mother).readings
    officer = Officer.objects.get(pk=world.desk.specialist.person_id)
    post = Post.objects.get(pk=world.desk.specialist.post_id)
    assert (latest.who, latest.post, latest.dossier) == (
        mask_name(officer.full_name),
        post.title,
        dossier.code,
    )
    assert latest.agency == world.desk.agency.name
    page = browse(world.mother).get(URL).content.decode()
    assert dossier.code in page
    assert officer.full_name not in page


def test_ones_own_visits_are_left_out_and_nobody_elses_readings_are_in(world):
    dossier = submitted(world.desk, world.mother)
    theirs = submitted(world.desk, world.neighbour)
    open_dossier(world.mother, dossier.id, at=MORNING)
    before = len(list_own_readings(world.mother, limit=200).readings)
    open_dossier(world.desk.reception, theirs.id, at=MORNING)
    assert len(list_own_readings(world.mother, limit=200).readings) == before
    assert theirs.id in {it.dossier_id for it in list_own_readings(world.neighbour).readings}


def test_an_auditors_search_by_number_counts(world, browse):
    submitted(world.desk, world.mother)
    browse(world.auditor).post("/desk/audit/find/", {"q": "025197004187"})
    page = list_own_readings(world.mother)
    assert "journal.searched" in kinds(page)
    assert "personal number" in page.readings[0].what


def test_what_a_program_read_is_not_told_as_a_person(world):
    dossier = submitted(world.desk, world.mother)
    happening = Happening("dossier.read", "dossier", dossier.id, concerns_id=world.mother.person_id)
    record(actor=SYSTEM, happening=happening, at=MORNING)
    [latest, *_] = list_own_readings(world.mother).readings
    assert (latest.post, latest.unit) == ("", "")
    assert "nobody looked" in latest.who


def test_only_citizens_have_a_tracker(world):
    for actor in (world.desk.reception, world.auditor, world.data_protection):
        with pytest.raises(Refused):
            list_own_readings(actor)


def test_pages_follow_without_a_gap(world):
    dossier = submitted(world.desk, world.mother)
    for _ in range(30):
        open_dossier(world.desk.reception, dossier.id, at=MORNING)
    first = list_own_readings(world.mother)
    second = list_own_readings(world.mother, before=first.after)
    ids = [it.id for it in (*first.readings, *second.readings)]
    assert len(first.readings) == 25
    assert len(set(ids)) == len(ids) >= 30


def test_a_period_takes_both_days_in(world, browse):
    dossier = submitted(world.desk, world.mother)
    open_dossier(world.desk.reception, dossier.id, at=MORNING)
    today = MORNING.date()
    assert list_own_readings(world.mother, Period(today, today)).readings
    assert not list_own_readings(world.mother, Period(begins=today + DAY)).readings
    assert not list_own_readings(world.mother, Period(ends=today - DAY * 3000)).readings
    page = browse(world.mother).get(URL, {"begins": (today + DAY).isoformat()})
    assert "Nobody read your data in this time." in page.content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"begins": "yesterday"}, 422),
        ({"begins": "2026-03-10", "ends": "2026-03-01"}, 422),
        ({"ends": "9999-12-31"}, 200),
        ({"begins": "0001-01-01"}, 200),
        ({"before": "-1"}, 200),
        ({"before": "9" * 30}, 200),
        ({"before": "²"}, 200),
    ],
)
def test_an_odd_address_is_told_and_breaks_nothing(world, browse, query, status):
    assert browse(world.mother).get(URL, query).status_code == status


def test_the_file_is_a_table_that_starts_no_formula(world, browse):
    dossier = submitted(world.desk, world.mother)
    open_dossier(world.desk.reception, dossier.id, at=MORNING)
    Post.objects.filter(pk=world.desk.reception.post_id).update(title='=HYPERLINK("x")')
    response = browse(world.mother).get(f"{URL}export.csv")
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    titles, latest, *_ = csv.reader(io.StringIO(content))
    assert len(titles) == len(latest) == 7
    assert latest[3].startswith("'=")


def test_one_asks_about_a_reading(world, browse):
    dossier = submitted(world.desk, world.mother)
    open_dossier(world.desk.reception, dossier.id, at=MORNING)
    [latest, *_] = list_own_readings(world.mother).readings
    url = f"/account/data/ask/{latest.id}/"
    assert url in browse(world.mother).get(URL).content.decode()
    assert browse(world.mother).post(url, {"words": ""}).status_code == 422
    made = browse(world.mother).post(url, {"words": "Why did they look?"})
    assert made.status_code == 302
    assert browse(world.neighbour).get(url).status_code == 404
    request_id = made["Location"].rstrip("/").rsplit("/", 1)[1]
    desk = browse(world.data_protection).get(f"/desk/data-requests/{request_id}/").content.decode()
    officer = Officer.objects.get(pk=world.desk.reception.person_id)
    assert officer.full_name in desk
    opened = list_own_readings(world.mother)
    assert kinds(opened)[0] == "data_request.read"


def test_drafts_and_dossiers_are_in_the_copy_of_all_data(world):
    held = {it.name: it for it in personal_data()}
    dossier = submitted(world.desk, world.mother)
    draft = start_draft(actor=world.mother, version=dossier.version, at=MORNING)
    assert dossier.id in {row["id"] for row in held["dossiers"].export(world.mother.person)}
    assert draft.id in {row["id"] for row in held["drafts"].export(world.mother.person)}
    with transaction.atomic():
        assert held["drafts"].erase(world.mother.person, MORNING) >= 1
    assert not held["drafts"].export(world.mother.person)


def test_readings_of_an_entry_that_was_merged_are_the_persons_own(world, browse):
    alias = Person.objects.create(
        kind="citizen", full_name="Nguyễn Thị Hồng Nhung", birth_date=date(1997, 4, 12), sex="female",
        nationality="VN", assurance_level=0, verified_at=MORNING, merged_into_id=world.mother.person_id,
    )  # fmt: skip
    happening = Happening(
        "entry.read", "entry", alias.id, concerns_id=alias.id, facts={"kind": "person.read"}
    )
    with transaction.atomic():
        entry = record(actor=world.auditor, happening=happening, at=MORNING)
    assert entry.id in {it.id for it in list_own_readings(world.mother).readings}
    assert entry.id not in {it.id for it in list_own_readings(world.neighbour).readings}
    assert browse(world.mother).get(f"/account/data/ask/{entry.id}/").status_code in {200, 302}


def test_a_representative_sees_who_opened_the_organisation(world, browse):
    acting = representative(at=MORNING, personal_number="026088000001", full_name="Lê Văn Thí Dụ")
    office = Representation.objects.select_related("organisation").get(person=acting.person_id)
    browse(world.desk.reception).get(reverse("console:organisation", args=[office.organisation_id]))
    actor = identify(Account.objects.get(pk=acting.account_id)).actor
    [reading] = list_own_readings(actor).readings
    assert office.organisation.legal_name in reading.what
    assert reading.agency == world.desk.agency.name
    Representation.objects.filter(pk=office.pk).update(ended_at=MORNING)
    assert not list_own_readings(actor).readings
