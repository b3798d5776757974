"""The auditors' pages: what an auditor finds, what is written down about it, and what stays hidden."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING, accepted, returned, submitted
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import Happening, follow_once, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.text import mask_name
from motcua.registry.access.models import RoleGrant
from motcua.registry.organisations.models import Officer
from motcua.registry.organisations.tests.factories import delegated
from motcua.registry.people.models import Person
from motcua.registry.people.tests.factories import acting_as, mandate, representative

pytestmark = pytest.mark.django_db
LIST = reverse("console:audit")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def auditor(world, browse):
    return browse(world.auditor)


def rows(page):
    return [row for day in page.context["days"] for row in day["rows"]]


def whats(page):
    return [row["what"] for row in rows(page)]


def test_lists_acts_newest_first_with_who_where_and_the_dossiers_code(world, auditor):
    dossier = accepted(world.desk, world.mother)
    follow_once()
    first, second = rows(auditor.get(LIST))[:2]
    officer = Officer.objects.get(pk=world.desk.reception.person_id)
    assert first["what"] == "Dossier accepted"
    assert first["who"] == officer.full_name
    assert first["agency"] == world.desk.agency.name
    assert first["object_code"] == dossier.code
    assert first["position"]
    assert second["what"] == "Dossier submitted"


def test_a_citizen_is_masked_in_the_list(world, auditor):
    submitted(world.desk, world.mother)
    page = auditor.get(LIST)
    mother = Person.objects.get(pk=world.mother.person_id)
    assert rows(page)[0]["who"] == "Citizen"
    assert mother.full_name not in page.content.decode()
    assert mother.personal_number not in page.content.decode()


def test_an_act_that_is_not_sealed_yet_says_so(world, auditor):
    submitted(world.desk, world.mother)
    assert rows(auditor.get(LIST))[0]["position"] == ""
    assert "not yet sealed" in auditor.get(LIST).content.decode()


def test_looking_at_the_list_is_no_entry(world, auditor):
    before = Entry.objects.count()
    auditor.get(LIST)
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"kind": "dossier.accepted"}, {"Dossier accepted"}),
        ({"kind": "dossier."}, {"Dossier accepted", "Dossier submitted"}),
        ({"begins": "2026-03-02", "ends": "2026-03-02", "kind": "dossier."}, None),
        ({"ends": "2020-01-01"}, set()),
    ],
)
def test_filters_narrow_the_list(world, auditor, filters, found):
    accepted(world.desk, world.mother)
    listed = set(whats(auditor.get(LIST, filters)))
    assert listed == found if found is not None else listed <= {"Dossier accepted", "Dossier submitted"}


def test_a_whole_day_is_within_the_period_the_last_one_too(world, auditor):
    accepted(world.desk, world.mother)
    day = MORNING.date().isoformat()
    assert "Dossier accepted" in whats(auditor.get(LIST, {"begins": day, "ends": day}))


def test_filters_by_agency_officer_person_and_object(world, auditor):
    dossier = accepted(world.desk, world.mother)
    accepted(world.other_desk, world.neighbour)
    for filters in (
        {"agency": world.desk.agency.id},
        {"officer": world.desk.reception.person_id},
        {"object": dossier.id, "kind": "dossier.accepted"},
        {"person": world.mother.person_id, "kind": "dossier.accepted"},
    ):
        listed = [row["object_code"] for row in rows(auditor.get(LIST, filters))]
        assert listed == [dossier.code], filters


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"begins": "32/13/2026"}, "Write a day as 31/12/2026 or choose it."),
        ({"begins": "0001-01-01"}, "Write a day as 31/12/2026 or choose it."),
        ({"begins": "2026-03-03", "ends": "2026-03-02"}, "The period ends before it begins."),
        ({"kind": "dossier.eaten"}, "There is no kind of entry named “dossier.eaten”."),
        ({"agency": "nowhere"}, "This agency is not among those you may look at."),
        ({"object": "1"}, "The object in the address is not an identifier."),
    ],
)
def test_a_filter_that_makes_no_sense_is_named_and_what_was_typed_is_kept(auditor, filters, said):
    page = auditor.get(LIST, {"ends": "2026-04-01", **filters})
    assert page.status_code == 200
    assert said in page.content.decode()
    assert filters.get("ends", "2026-04-01") in page.content.decode()
    assert "days" not in page.context


def test_older_pages_go_on_where_the_one_before_ended(world, auditor):
    happen(120)
    first = auditor.get(LIST, {"kind": "hold."})
    second = auditor.get(LIST + first.context["older"])
    third = auditor.get(LIST + second.context["older"])
    urls = [row["url"] for page in (first, second, third) for row in rows(page)]
    assert len(urls) == len(set(urls)) == 120
    assert not third.context["older"]


def happen(count):
    for _ in range(count):
        record(actor=SYSTEM, happening=Happening("hold.placed", "hold", new_id()), at=MORNING)


def test_an_auditor_of_one_commune_sees_acts_of_that_commune_only(world, auditor):
    RoleGrant.objects.filter(account=world.auditor.account_id).update(agency_path=world.desk.agency.path)
    accepted(world.desk, world.mother)
    elsewhere = accepted(world.other_desk, world.neighbour)
    page = auditor.get(LIST)
    assert {row["agency"] for row in rows(page)} == {world.desk.agency.name}
    offered = [name for _, name in page.context["form"].fields["agency"].choices[1:]]
    assert offered == [world.desk.agency.name]
    entry = Entry.objects.get(object_id=elsewhere.id, kind="dossier.accepted")
    assert auditor.get(reverse("console:audit-entry", args=[entry.id])).status_code == 404
    assert auditor.get(reverse("console:audit-proof", args=[entry.id])).status_code == 404
    assert rows(auditor.get(LIST, {"object": elsewhere.id})) == []


def find(auditor, typed, query=""):
    return auditor.post(reverse("console:audit-find"), {"q": typed, "query": query})


def test_finding_a_person_by_number_leaves_an_entry_and_no_number_in_the_address(world, auditor):
    mother = Person.objects.get(pk=world.mother.person_id)
    number = mother.personal_number
    answer = find(auditor, f"{number[:3]} {number[3:]}", "?kind=dossier.")
    assert answer.headers["Location"] == f"{LIST}?kind=dossier.&person={mother.id}"
    entry = Entry.objects.get(kind="journal.searched")
    assert (entry.concerns_id, entry.facts["by"]) == (mother.id, "number")
    assert number not in json.dumps(entry.facts)


def test_finding_a_dossier_by_code_leaves_an_entry_that_the_person_sees(world, auditor, browse):
    dossier = accepted(world.desk, world.mother)
    assert find(auditor, dossier.code.lower()).headers["Location"] == f"{LIST}?object={dossier.id}"
    assert Entry.objects.get(kind="journal.searched").concerns_id == world.mother.person_id
    page = browse(world.mother).get(reverse("dossiers:dossier", args=[dossier.id]))
    assert [row["what"] for row in page.context["readers"]] == ["Searched the journal for your dossier"]


def test_a_person_sees_who_searched_for_them_by_number_and_looked_through_what_was_found(
    world, auditor, browse
):
    dossier, other = accepted(world.desk, world.mother), accepted(world.desk, world.neighbour)
    found = find(auditor, Person.objects.get(pk=world.mother.person_id).personal_number)
    auditor.get(found.headers["Location"])
    readers = browse(world.mother).get(reverse("dossiers:dossier", args=[dossier.id])).context["readers"]
    who = mask_name(Officer.objects.get(pk=world.auditor.person_id).full_name)
    assert [(row["who"], row["what"]) for row in readers] == [
        (who, "Looked through the journal's entries about you"),
        (who, "Searched the journal for you by your personal number"),
    ]
    assert all(row["when"] for row in readers)
    of_other = browse(world.neighbour).get(reverse("dossiers:dossier", args=[other.id]))
    assert of_other.context["readers"] == []


@pytest.mark.parametrize("before", ["", "9999999999"])
def test_a_typed_address_with_a_person_is_a_search_on_record(world, auditor, before):
    accepted(world.desk, world.mother)
    auditor.get(LIST, {"person": world.mother.person_id, "before": before})
    entry = Entry.objects.get(kind="journal.searched")
    assert (entry.concerns_id, entry.facts["by"]) == (world.mother.person_id, "person")
    assert entry.person_id == world.auditor.person_id


@pytest.mark.parametrize("typed", ["000000000000", "H44.99999-260310-0001", "Không Có Ai", ""])
def test_what_is_not_found_says_so_and_stays_typed(world, auditor, typed):
    page = find(auditor, typed, "?kind=dossier.")
    assert page.status_code == 200
    assert page.context["nothing_found"]
    assert f'value="{typed}"' in page.content.decode()
    assert page.context["form"].data["kind"] == "dossier."


def test_an_officer_is_found_without_accents(world, auditor):
    officer = Officer.objects.get(pk=world.auditor.person_id)
    assert find(auditor, "mau thanh").headers["Location"] == f"{LIST}?officer={officer.id}"


def test_several_officers_of_one_name_are_offered(world, auditor):
    page = find(auditor, "mẫu")
    offered = page.context["choices"]
    assert len(offered) > 1
    assert all("?officer=" in it["url"] for it in offered)


def test_opening_an_entry_is_an_entry_that_the_person_sees(world, auditor, browse):
    dossier = accepted(world.desk, world.mother)
    follow_once()
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.accepted")
    page = auditor.get(reverse("console:audit-entry", args=[entry.id]))
    assert page.status_code == 200
    reading = Entry.objects.get(kind="entry.read")
    assert (reading.object_id, reading.concerns_id) == (entry.id, world.mother.person_id)
    readers = browse(world.mother).get(reverse("dossiers:dossier", args=[dossier.id])).context["readers"]
    assert [row["who"] for row in readers] == [
        mask_name(Officer.objects.get(pk=world.auditor.person_id).full_name)
    ]


def test_an_entry_shows_its_details_until_they_are_erased(world, auditor):
    happening = Happening("hold.placed", "hold", new_id(), details={"reason": "Theo lệnh của tòa án"})
    entry = record(actor=SYSTEM, happening=happening, at=MORNING)
    address = reverse("console:audit-entry", args=[entry.id])
    assert "Theo lệnh của tòa án" in auditor.get(address).content.decode()
    entry.detail.delete()
    page = auditor.get(address).content.decode()
    assert "Theo lệnh của tòa án" not in page
    assert "Erased, as the rules of retention demand." in page


def test_the_seal_of_an_entry_and_its_proof(world, auditor):
    dossier = returned(world.desk, world.mother)
    follow_once()
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.signed")
    page = auditor.get(reverse("console:audit-entry", args=[entry.id]))
    seal = page.context["seal"]
    answer = auditor.get(reverse("console:audit-proof", args=[entry.id]))
    proof = json.loads(answer.content)
    assert answer.headers["Content-Type"] == "application/json"
    assert proof["position"] == seal.leaf.position
    assert len(proof["path"]) == seal.path_length
    assert json.loads(proof["entry"])["id"] == str(entry.id)


def test_an_unsealed_entry_has_no_proof_yet(world, auditor):
    dossier = submitted(world.desk, world.mother)
    entry = Entry.objects.get(object_id=dossier.id)
    assert auditor.get(reverse("console:audit-proof", args=[entry.id])).status_code == 404


@pytest.mark.parametrize(
    ("role", "landing"), [("auditor", "console:audit"), ("operator", "console:following")]
)
def test_who_looks_after_all_agencies_begins_on_their_own_page(world, browse, role, landing):
    assert browse(getattr(world, role)).get("/desk/").headers["Location"] == reverse(landing)


def test_a_citizen_downloads_the_proof_of_a_step_of_their_dossier(world, browse):
    dossier = accepted(world.desk, world.mother)
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.accepted")
    address = reverse("dossiers:proof", args=[dossier.id, entry.id])
    page = reverse("dossiers:dossier", args=[dossier.id])
    assert address not in browse(world.mother).get(page).content.decode()
    follow_once()
    assert address in browse(world.mother).get(page).content.decode()
    assert json.loads(browse(world.mother).get(address).content)["position"]
    assert browse(world.neighbour).get(address).status_code == 404


def test_a_citizens_address_gives_no_proof_of_anything_else(world, browse):
    mine, other = accepted(world.desk, world.mother), accepted(world.desk, world.neighbour)
    follow_once()
    entry = Entry.objects.get(object_id=other.id, kind="dossier.accepted")
    address = reverse("dossiers:proof", args=[mine.id, entry.id])
    assert browse(world.mother).get(address).status_code == 404


def _entry_by(actor):
    entry = record(actor=actor, happening=Happening("dossier.read", "dossier", new_id()), at=MORNING)
    follow_once()
    return reverse("console:audit-entry", args=[entry.id])


def test_an_entry_says_under_whose_delegation_an_officer_acted(world, auditor):
    lent = delegated(world.desk, at=MORNING)
    leader = Officer.objects.get(pk=world.desk.leader.person_id)
    page = auditor.get(_entry_by(replace(world.desk.deputy, mandate_id=lent.id))).content.decode()
    assert "By what right" in page and leader.full_name in page
    own = auditor.get(_entry_by(world.desk.deputy)).content.decode()
    assert "By what right" not in own


def test_an_entry_says_for_whom_a_citizen_acted_without_naming_citizens(world, auditor):
    held = mandate(world.mother, world.neighbour, at=MORNING)
    page = auditor.get(_entry_by(acting_as(world.neighbour, held))).content.decode()
    assert "by a mandate of Citizen" in page and "for everything" in page
    assert Person.objects.get(pk=world.mother.person_id).full_name not in page
    office = representative(at=MORNING, personal_number="026088000001", full_name="Lê Văn Thí Dụ")
    page = auditor.get(_entry_by(office)).content.decode()
    assert "as legal representative of HỢP TÁC XÃ" in page and "Lê Văn Thí Dụ" not in page
