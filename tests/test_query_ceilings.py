"""How many queries a page may take, and that it is the same number with five rows as with twenty-five."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.casework.dossiers.models import RecomputedDossier
from motcua.casework.dossiers.selectors import open_dossier
from motcua.casework.dossiers.services import recomputing, tasking
from motcua.casework.dossiers.services.bulk_acts import Chosen, Confirmed, begin_bulk_act, run_bulk_act
from motcua.casework.dossiers.services.drafts import save_answers
from motcua.casework.dossiers.services.handling import draft_result
from motcua.casework.dossiers.services.noting import NewNote, write_note
from motcua.casework.dossiers.services.papers import file_of
from motcua.casework.dossiers.tests.factories import (
    CHECKS,
    CODE,
    MORNING,
    accepted,
    awaiting_signature,
    drafted,
    empty_draft,
    filled_in,
    handed_over,
    paid,
    returned,
    signed,
    submitted,
    target,
)
from motcua.casework.warehouse.tests.factories import given
from motcua.casework.warehouse.tests.test_sharing import opened, shared
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import follow_once
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.registry.access.models import Account, RoleGrant
from motcua.registry.access.tests.client_factories import registered
from motcua.registry.catalogue.finding import findable
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import identify_officer
from motcua.registry.organisations.services import NewOfficer, enter_officer
from motcua.registry.organisations.tests.factories import away, delegated
from motcua.registry.people.data_requests import Asked, ask
from motcua.registry.people.services import Purpose
from motcua.registry.people.tests.factories import mandate, representative, sign_in_anew
from tests.counting import CITIZEN, OFFICER, queries, shown

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("ceilings")]


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


@pytest.mark.parametrize(
    ("name", "args", "query", "ceiling"),
    [
        # Life events, promises kept, those of linked applications.
        ("portal:home", [], {}, 3),
        # Dossiers by status, and those that used a paper again.
        ("portal:figures", [], {}, 2),
        ("portal:places", [], {}, 0),
        ("portal:places", [], {"q": "hoan kiem"}, 2),
        ("portal:place-suggest", [], {"q": "thi tran thanh ba"}, 2),
        ("portal:place", ["04894"], {}, 4),
        ("catalogue:search", [], {"q": "khai sinh"}, 3),
        ("catalogue:search", [], {}, 2),
        ("catalogue:search", [], {"sector": "Hộ tịch", "level": "commune"}, 2),
        ("catalogue:suggest", [], {"q": "khai sinh"}, 2),
        ("catalogue:browse", [], {}, 1),
        ("catalogue:browse", [], {"letter": "d"}, 1),
        ("catalogue:guides", [], {}, 1),
        ("catalogue:guide", ["death"], {}, 1),
        ("catalogue:guide", ["death"], {"together": "no", "insured": "no", "land": "share"}, 4),
        # The procedure, its version, the days of all its versions; what changed in the search, and the related ones;
        # communes, offers, decisions; how long it took.
        ("catalogue:procedure", [CODE], {}, 9),
        ("catalogue:procedure", [CODE], {"on": "2025-09-01"}, 5),
        ("catalogue:life-event", ["birth"], {}, 2),
        ("catalogue:procedure-ttl", [CODE], {}, 4),
        # Days the tag is of, months, agencies, figures, those of the agencies below.
        ("public-figures:index", [], {}, 5),
        ("public-figures:index", [], {"q": "thanh ba"}, 5),
        ("public-figures:agency", ["H44"], {}, 5),
        ("public-figures:how", [], {}, 1),
        ("public-figures:agency-json", ["all"], {}, 2),
        ("public-figures:agency-csv", ["H44"], {}, 3),
        # The listed procedures, their versions, offers, and what came in.
        ("essential:board", [], {}, 4),
        ("portal:sitemap", [], {}, 4),
        ("portal:sitemap-section", ["procedures"], {}, 3),
        ("warehouse:verify", [], {}, 0),
        ("documents:shared", [], {}, 0),
        ("people:sign-in", [], {}, 0),
        # Communes that call.
        ("helpdesk:ask", [], {}, 1),
    ],
)
def test_a_public_page_keeps_its_ceiling(world, browse, name, args, query, ceiling):
    # What a process keeps in memory is read once.
    findable()
    asked = queries(browse(None), reverse(name, args=args), **query)
    assert len(asked) <= ceiling, shown(asked)


@pytest.mark.parametrize(
    ("person", "name", "ceiling"),
    [
        # With the agency, whose calendar says what is soon, kept filters, unread notes, and today's acts on many.
        ("reception", "desk:inbox", OFFICER + 7),
        # Kept filters, agencies, open steps, procedures.
        ("reception", "desk:filter", OFFICER + 5),
        ("leader", "desk:reassign", OFFICER + 4),
        # With units and agencies to choose from, what was handed over today, and earlier slips.
        ("reception", "desk:hand-over", OFFICER + 10),
        ("leader", "desk:reminders", OFFICER + 2),
        ("mother", "dossiers:list", CITIZEN + 2),
        # Classes, answers, the agency, what was submitted and since when it is listed.
        ("leader", "desk:deadlines", OFFICER + 6),
    ],
)
def test_a_list_takes_as_many_queries_with_25_rows_as_with_5(world, browse, person, name, ceiling):
    browser = browse(world.mother if person == "mother" else getattr(world.desk, person))
    found = []
    for more in (5, 20):
        for _ in range(more):
            submitted(world.desk, world.mother)
        filled_in(world.desk, world.mother)
        found.append(queries(browser, reverse(name), q="minh khoi"))
    assert len(found[0]) == len(found[1]), shown(found[1])
    assert len(found[1]) <= ceiling, shown(found[1])


def test_a_recomputation_takes_as_many_queries_with_25_dates_as_with_5(world, browse):
    browser, found = browse(world.desk.leader), []
    made = recomputing.begin(
        actor=world.desk.leader,
        recomputation_id=UUID(int=5),
        agency_path=world.desk.agency.path,
        reason="Nghỉ bù",
        at=MORNING,
    )
    for more in (5, 20):
        for _ in range(more):
            dossier = submitted(world.desk, world.mother)
            RecomputedDossier.objects.create(
                recomputation=made, dossier=dossier, revision=1, due_before=MORNING, due_after=MORNING
            )
        found.append(queries(browser, reverse("desk:recomputation", args=[made.id])))
    # Itself, its counts and a page of dates.
    assert len(found[0]) == len(found[1]) <= OFFICER + 3, shown(found[1])


def test_acting_on_many_takes_as_many_queries_to_confirm_and_report_with_25_as_with_5(world, browse):
    browser, found = browse(world.desk.reception), []
    for more in (5, 20):
        dossiers = [submitted(world.desk, world.mother) for _ in range(more)]
        chosen = [Chosen(it.id, it.revision) for it in dossiers]
        sent = {"act": "accept", "chosen": [f"{it.id} {it.revision}" for it in dossiers]}
        browser.post(reverse("desk:bulk-check"), sent)
        with CaptureQueriesContext(connection) as captured:
            assert browser.post(reverse("desk:bulk-check"), sent).status_code == 200
        bulk = begin_bulk_act(
            actor=world.desk.reception, bulk_id=new_id(), confirmed=Confirmed("accept", chosen), at=MORNING
        )
        run_bulk_act(bulk.id, now=lambda: MORNING)
        report = queries(browser, reverse("desk:bulk", args=[bulk.id]))
        found.append(([query["sql"] for query in captured.captured_queries], report))
    for few, many, ceiling in zip(*found, (6, 6), strict=True):
        assert len(few) == len(many) <= OFFICER + ceiling, shown(many)


def test_a_leader_sees_an_officers_tasks_with_as_many_queries_with_25_as_with_5(world, browse):
    browser, found = browse(world.desk.leader), []
    page = reverse("desk:reassign-officer", args=[world.desk.specialist.person_id])
    for more in (5, 20):
        for _ in range(more):
            dossier = handed_over(world.desk, world.mother)
            tasking.claim(actor=world.desk.specialist, target=target(dossier), at=MORNING)
        found.append(queries(browser, page))
    assert len(found[0]) == len(found[1]) <= OFFICER + 4, shown(found[1])


@pytest.mark.parametrize("name", ["desk:register", "desk:uncollected"])
def test_a_book_takes_as_many_queries_with_6_lines_as_with_1(world, browse, name):
    browser, found = browse(world.desk.reception), []
    for more in (1, 5):
        for _ in range(more):
            signed(world.desk, world.mother)
        year = {"since": "2026-01-01", "until": "2026-12-31"} if name == "desk:register" else {}
        found.append(queries(browser, reverse(name), **year))
    assert len(found[0]) == len(found[1]), shown(found[1])
    # The books, the lines and their numbers; of the register the units, the procedures and the journal.
    assert len(found[1]) <= OFFICER + 8, shown(found[1])


def test_a_search_takes_as_many_queries_with_25_dossiers_as_with_5(world, browse):
    browser, found = browse(world.desk.leader), []
    for more in (5, 20):
        for _ in range(more):
            submitted(world.desk, world.mother)
        url = browser.post(reverse("console:search"), {"q": "minh khoi"}).url
        found.append(queries(browser, url))
    # Beside the frame of the page: what others ask, whether there are agencies below, dossiers, procedures, life events.
    assert len(found[0]) == len(found[1]) <= OFFICER + 4, shown(found[1])


# An auditor's list asks for agencies to choose from, entries, seals, and the names beside them.
AUDIT = OFFICER + 6


def test_the_auditors_list_takes_as_many_queries_with_50_entries_as_with_10(world, browse):
    browser, found = browse(world.auditor), []
    for more in (5, 25):
        for _ in range(more):
            accepted(world.desk, world.mother)
        follow_once()
        found.append(queries(browser, reverse("console:audit"), kind="dossier."))
    assert len(found[0]) == len(found[1]) <= AUDIT, shown(found[1])


@pytest.mark.parametrize(
    ("person", "name", "ceiling"),
    [
        ("auditor", "console:seals", OFFICER + 9),
        ("operator", "console:following", OFFICER + 9),
    ],
)
def test_a_page_over_the_journal_keeps_its_ceiling(world, browse, person, name, ceiling):
    accepted(world.desk, world.mother)
    follow_once()
    asked = queries(browse(getattr(world, person)), reverse(name))
    assert len(asked) <= ceiling, shown(asked)


@pytest.mark.parametrize(
    ("person", "name", "ceiling"),
    [
        ("specialist", "delegations:absence", OFFICER + 2),
        ("leader", "delegations:absence", OFFICER + 4),
        ("deputy", "delegations:list", OFFICER + 2),
        ("leader", "delegations:new", OFFICER + 2),
        ("specialist", "desk:inbox", OFFICER + 6),
    ],
)
def test_a_page_of_standing_in_keeps_its_ceiling(world, browse, person, name, ceiling):
    away(world.desk.leader, at=MORNING)
    delegated(world.desk, at=MORNING)
    asked = queries(browse(getattr(world.desk, person)), reverse(name))
    assert len(asked) <= ceiling, shown(asked)


def test_the_delegates_sign_queue_takes_no_more_queries_than_the_leaders(world, browse):
    delegated(world.desk, at=MORNING)
    awaiting_signature(world.desk, world.mother)
    asked = [
        queries(browse(actor), reverse("desk:signing")) for actor in (world.desk.leader, world.desk.deputy)
    ]
    assert len(asked[0]) == len(asked[1]), shown(asked[1])


def test_an_entrys_page_keeps_its_ceiling(world, browse):
    dossier = accepted(world.desk, world.mother)
    follow_once()
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.accepted")
    asked = queries(browse(world.auditor), reverse("console:audit-entry", args=[entry.id]))
    assert len(asked) <= OFFICER + 11, shown(asked)


def test_the_sign_queue_takes_as_many_queries_with_5_papers_as_with_2(world, browse):
    browser, found = browse(world.desk.leader), []
    for more in (2, 3):
        for _ in range(more):
            awaiting_signature(world.desk, world.mother)
        found.append(queries(browser, reverse("desk:signing")))
    # With what changed since one was sent back, and papers that may count no more.
    assert len(found[0]) == len(found[1]) <= OFFICER + 10, shown(found[1])


def test_notes_take_as_many_queries_with_13_threads_as_with_3(world, browse):
    dossier, found = handed_over(world.desk, world.mother), []
    for more in (3, 10):
        for number in range(more):
            asked = NewNote(new_id(), f"Việc {number}", f"officer {world.desk.leader.person_id}")
            first = write_note(actor=world.desk.specialist, dossier_id=dossier.id, new=asked, at=MORNING)
            answer = NewNote(new_id(), "Rồi.", thread=first.id)
            write_note(actor=world.desk.leader, dossier_id=dossier.id, new=answer, at=MORNING)
        found += [
            queries(browse(world.desk.specialist), reverse(name, args=[dossier.id]))
            for name in ("desk:notes", "desk:dossier")
        ]
    assert [len(it) for it in found[:2]] == [len(it) for it in found[2:]], shown(found[3])
    # The dossier, its entry with a savepoint, colleagues to ask, what is read by that, notes and their authors.
    assert len(found[2]) <= OFFICER + 9, shown(found[2])


def test_versions_take_as_many_queries_with_6_as_with_2(world, browse):
    dossier, found = drafted(world.desk, world.mother), []
    for more in (1, 4):
        for _ in range(more):
            draft_result(actor=world.desk.specialist, target=target(dossier), checks=CHECKS, at=MORNING)
        url = reverse("desk:drafts", args=[dossier.id])
        found.append(queries(browse(world.desk.specialist), url))
    assert len(found[0]) == len(found[1]) <= OFFICER + 9, shown(found[1])


@pytest.mark.parametrize(
    ("person", "name", "ceiling"),
    [
        # With the payments that were noted, where the process stands, and who read the dossier.
        ("mother", "dossiers:dossier", CITIZEN + 14),
        # With its notes, and which papers were digitised.
        ("leader", "desk:dossier", OFFICER + 14),
    ],
)
def test_a_dossiers_page_keeps_its_ceiling(world, browse, person, name, ceiling):
    dossier = returned(world.desk, world.mother)
    file_of(dossier.documents.get(kind="receipt"))
    browser = browse(world.mother if person == "mother" else world.desk.leader)
    asked = queries(browser, reverse(name, args=[dossier.id]))
    assert len(asked) <= ceiling, shown(asked)


@pytest.mark.parametrize(
    ("person", "name", "ceiling"),
    [
        # With how long others took.
        ("mother", "dossiers:dossier", CITIZEN + 14),
        ("reception", "desk:dossier", OFFICER + 14),
        # The dossier, the entry of the journal with its savepoint, payments.
        ("reception", "desk:fees", OFFICER + 7),
    ],
)
def test_pages_with_fees_take_as_many_queries_with_6_payments_as_with_1(world, browse, person, name, ceiling):
    dossier = accepted(world.desk, world.mother)
    browser, found = browse(world.mother if person == "mother" else world.desk.reception), []
    url = reverse(name, args=[dossier.id])
    for more in (1, 5):
        for number in range(more):
            paid(world.desk, dossier, number=f"{more}{number}", amount=4_000)
        found.append(queries(browser, url))
    assert len(found[0]) == len(found[1]) <= ceiling, shown(found[1])


@pytest.mark.parametrize(
    ("name", "args", "ceiling"),
    [
        ("dossiers:page", ["mother"], CITIZEN + 4),
        ("dossiers:page", ["receiving"], CITIZEN + 4),
        # What can be used again.
        ("dossiers:page", ["papers"], CITIZEN + 5),
        # How long others took.
        ("dossiers:check", [], CITIZEN + 7),
    ],
)
def test_a_page_of_the_form_keeps_its_ceiling(world, browse, name, args, ceiling):
    draft = filled_in(world.desk, world.mother)
    asked = queries(browse(world.mother), reverse(name, args=[draft.id, *args]))
    assert len(asked) <= ceiling, shown(asked)


def test_a_page_with_a_list_takes_as_many_queries_with_8_items_as_with_1(world, browse):
    draft, found = empty_draft(world.mother, code="1.004194"), []
    for count in (1, 8):
        items = [{"full_name": f"Người Mẫu {number}"} for number in range(count)]
        save_answers(actor=world.mother, draft_id=draft.id, answers={"members": items}, at=MORNING)
        url = reverse("dossiers:page", args=[draft.id, "members"])
        found.append(queries(browse(world.mother), url))
    assert len(found[0]) == len(found[1]) <= CITIZEN + 4, shown(found[1])


@pytest.mark.parametrize(
    ("person", "name", "ceiling"),
    [("mother", "portal:messages", CITIZEN + 1), ("reception", "console:messages", OFFICER + 1)],
)
def test_a_list_of_messages_takes_as_many_queries_with_25_rows_as_with_5(
    world, browse, person, name, ceiling
):
    browser = browse(world.mother if person == "mother" else world.desk.reception)
    found = []
    for more in (5, 20):
        for number in range(more):
            notice = Notice(
                "dossier_submitted",
                f"test:{more}:{number}",
                context={"procedure": {"vi": "Khai sinh"}},
                agency_path=world.desk.agency.path,
            )
            notify(recipient=Recipient(world.mother.person_id), notice=notice, at=MORNING)
        found.append(queries(browser, reverse(name)))
    assert len(found[0]) == len(found[1]) <= ceiling, shown(found[1])


@pytest.mark.parametrize(
    ("name", "ceiling"),
    [("portal:acting", CITIZEN + 2), ("portal:mandates", CITIZEN + 2), ("portal:mandate-give", CITIZEN + 1)],
)
def test_pages_about_mandates_keep_their_ceiling_with_one_and_with_five(world, browse, name, ceiling):
    browser, found = browse(world.mother), []
    for purposes in (("1.001193",), ("1.000001", "1.000002", "1.000003", "2.000004")):
        for code in purposes:
            mandate(world.neighbour, world.mother, at=MORNING, purpose=Purpose(code))
        found.append(queries(browser, reverse(name)))
    # The names of procedures are one more.
    assert len(found[0]) == len(found[1]) <= ceiling + 1, shown(found[1])


def test_acting_for_an_organisation_takes_no_more_queries_than_acting_for_oneself(world, browse):
    actor = representative(at=MORNING, personal_number="026088000001", full_name="Lê Văn Thí Dụ")
    browser, session_key = browse(actor), f"office:{actor.mandate_id}"
    own = queries(browser, reverse("dossiers:list"))
    session = browser.session
    session["acting_as"] = session_key
    session.save()
    acting = queries(browser, reverse("dossiers:list"))
    assert len(acting) == len(own), shown(acting)


def test_an_organisations_page_takes_as_many_queries_with_4_representatives_as_with_2(world, browse):
    browser, found = browse(world.desk.reception), []
    for numbers in ((1, 2), (3, 4)):
        for number in numbers:
            actor = representative(at=MORNING, personal_number=f"02608800000{number}")
        url = reverse("console:organisation", args=[actor.behalf.organisation_id])
        found.append(queries(browser, url))
    # The organisation, its representatives, and the entry of the journal.
    assert len(found[0]) == len(found[1]) <= OFFICER + 7, shown(found[1])


def test_the_page_for_a_lost_contact_keeps_its_ceiling(world, browse):
    url = reverse("console:person-contact", args=[world.mother.person_id])
    asked = queries(browse(world.desk.reception), url)
    assert len(asked) <= OFFICER + 2, shown(asked)


def test_a_persons_page_takes_as_many_queries_with_25_dossiers_as_with_5(world, browse):
    browser, found = browse(world.desk.reception), []
    for more in (5, 20):
        for _ in range(more):
            submitted(world.desk, world.mother)
        found.append(queries(browser, reverse("console:person", args=[world.mother.person_id])))
    # The entry, the person, papers, offices, mandates, dossiers, and a savepoint around the first.
    assert len(found[0]) == len(found[1]) <= OFFICER + 8, shown(found[1])


def test_choosing_how_one_is_told_keeps_its_ceiling(world, browse):
    asked = queries(browse(world.mother), reverse("portal:message-settings"))
    assert len(asked) <= CITIZEN + 3, shown(asked)


# My account asks for each of its parts; the tracker for whose readings, entries, posts, agencies, codes of dossiers.
@pytest.mark.parametrize(
    ("name", "args", "ceiling"),
    [
        # Sessions and the mandates given and held are two each.
        ("people:account", [], CITIZEN + 12),
        ("people:sessions", [], CITIZEN + 1),
        ("people:contact", ["email"], CITIZEN + 1),
        ("people:ways", [], CITIZEN + 1),
        ("people:consents", [], CITIZEN + 1),
        ("people:data", [], CITIZEN + 1),
        ("people:data-correct", [], CITIZEN),
        ("people:data-erase", [], CITIZEN),
    ],
)
def test_a_page_of_ones_own_account_keeps_its_ceiling(world, browse, name, args, ceiling):
    browser = browse(world.mother)
    sign_in_anew(browser)
    asked = queries(browser, reverse(name, args=args))
    assert len(asked) <= ceiling, shown(asked)


def test_the_data_tracker_takes_as_many_queries_with_25_rows_as_with_5(world, browse):
    browser, found = browse(world.mother), []
    for more in (5, 20):
        for _ in range(more):
            dossier = submitted(world.desk, world.mother)
            open_dossier(world.desk.reception, dossier.id, at=MORNING)
        found.append(queries(browser, reverse("portal:data-tracker")))
    assert len(found[0]) == len(found[1]) <= CITIZEN + 5, shown(found[1])


def test_the_list_of_data_requests_takes_as_many_queries_with_20_rows_as_with_5(world, browse):
    browser, found = browse(world.data_protection), []
    for more, person in ((5, world.mother), (9, world.neighbour)):
        for _ in range(more):
            ask(actor=person, asked=Asked("correct", ("other",), "Wrong."), at=MORNING)
        found.append(queries(browser, reverse("people-desk:requests")))
    assert len(found[0]) == len(found[1]) <= OFFICER + 2, shown(found[1])


@pytest.mark.parametrize(
    ("name", "ceiling"),
    [
        ("organisations:list", OFFICER + 1),
        ("organisations:officers", OFFICER + 2),
        ("organisations:enter", OFFICER),
        ("organisations:import", OFFICER),
    ],
)
def test_an_administrators_page_keeps_its_ceiling(world, browse, name, ceiling):
    asked = queries(browse(world.administrator), reverse(name))
    assert len(asked) <= ceiling, shown(asked)


@pytest.mark.parametrize(
    ("act", "ceiling"), [("", OFFICER + 10), ("rename", OFFICER + 1), ("unit", OFFICER + 2)]
)
def test_the_pages_of_an_agency_keep_their_ceiling(world, browse, act, ceiling):
    agency = world.desk.agency.id
    url = reverse("organisations:agency", args=[agency])
    if act:
        url = reverse("organisations:agency-act", args=[agency, act])
    asked = queries(browse(world.administrator), url)
    assert len(asked) <= ceiling, shown(asked)


def test_a_page_of_settings_keeps_its_ceiling(world, browse):
    asked = queries(browse(world.administrator), reverse("console:settings-group", args=["mail"]))
    assert len(asked) <= OFFICER + 4, shown(asked)


@pytest.mark.parametrize(
    ("person", "name", "ceiling"),
    [
        ("administrator", "console:accounts", OFFICER + 1),
        # Roles with how many hold them.
        ("administrator", "console:roles", OFFICER + 1),
        ("administrator", "console:new-role", OFFICER),
        ("support", "console:approvals", OFFICER + 1),
        # Factors and sessions.
        ("support", "access:account", OFFICER + 3),
        ("support", "access:enrol", OFFICER + 1),
    ],
)
def test_a_page_about_accounts_keeps_its_ceiling(world, browse, person, name, ceiling):
    asked = queries(browse(getattr(world, person)), reverse(name))
    assert len(asked) <= ceiling, shown(asked)


def test_one_account_takes_as_many_queries_with_many_roles_and_sessions(world, browse):
    browser, found = browse(world.administrator), []
    url = reverse("console:account", args=[world.desk.specialist.account_id])
    for role in ("reception", "leader", "one_stop_head"):
        browse(world.desk.specialist)
        RoleGrant.objects.create(
            account_id=world.desk.specialist.account_id, role_id=role, agency_path=world.desk.agency.path
        )
        found.append(queries(browser, url))
    assert len(found[0]) == len(found[-1]) <= OFFICER + 14, shown(found[-1])


@pytest.fixture(params=["everywhere", "one commune"])
def administrator(request, world):
    """Who administers all agencies, and who administers one: the same pages, the same number of queries."""
    if request.param == "everywhere":
        return world.administrator
    path = world.desk.agency.path
    RoleGrant.objects.create(
        account_id=world.desk.leader.account_id, role_id="administrator", agency_path=path
    )
    return identify_officer(Account.objects.get(pk=world.desk.leader.account_id)).actor


def _more_agencies(world, numbers):
    parent = world.desk.agency
    Agency.objects.bulk_create(
        Agency(
            code=f"{parent.code}.{number}",
            name=f"Chi nhánh {number}",
            parent=parent,
            path=f"{parent.path}{parent.code}.{number}/",
            level="commune",
            sort_key=f"{number}",
            valid_from=date(2025, 7, 1),
        )
        for number in numbers
    )


def _more_officers(world, numbers):
    for number in numbers:
        new = NewOfficer(f"ceiling.{number}", f"Lò Mẫu {number}", "desk", "Bộ phận", "Công chức", "reception")
        enter_officer(agency=world.desk.agency, new=new, at=MORNING)


def _more_clients(world, numbers):
    for number in numbers:
        registered(world.administrator, world.desk.agency, at=MORNING, name=f"Phần mềm {number}")


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("organisations:list", _more_agencies),
        ("organisations:officers", _more_officers),
        ("console:accounts", _more_officers),
        ("console:clients", _more_clients),
    ],
)
def test_a_permission_costs_no_query_per_row(world, browse, administrator, name, more):
    browser, found = browse(administrator), []
    for numbers in (range(5), range(5, 50)):
        more(world, numbers)
        found.append(queries(browser, reverse(name)))
    assert len(found[0]) == len(found[1]), shown(found[1])


def test_my_documents_take_as_many_queries_with_15_rows_as_with_5(world, browse):
    browser, found = browse(world.mother), []
    for numbers in (range(1, 6), range(6, 16)):
        for number in numbers:
            document = given(world.desk.agency, world.mother.person_id, number)
            shared(world.mother, document)
        found.append(
            [queries(browser, reverse(f"documents:{name}")) for name in ("list", "shares", "wallet")]
        )
    # Documents, kinds, shares of them and who read them; shares with their documents; documents.
    for asked, more, ceiling in zip(*found, (CITIZEN + 4, CITIZEN + 2, CITIZEN + 1), strict=True):
        assert len(asked) == len(more) <= ceiling, shown(more)


def test_the_page_of_a_document_and_of_a_share_keep_their_ceiling(world, browse, client):
    document = given(world.desk.agency, world.mother.person_id, 1)
    share, browser = shared(world.mother, document), browse(world.mother)
    opened(client, share)
    for name, args, ceiling in (
        ("document", [document.id], 3),
        ("share", [share.id], 5),
        ("share-new", [], 2),
        ("share-end", [share.id], 4),
    ):
        asked = queries(browser, reverse(f"documents:{name}", args=args))
        assert len(asked) <= CITIZEN + ceiling, shown(asked)
    # Session, share with its documents, agencies and files; whose they are.
    asked = queries(client, reverse("documents:shared-look", args=[share.id]))
    assert len(asked) <= 8, shown(asked)
