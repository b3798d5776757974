"""How many queries a page may take, and that it is the same number with five rows as with twenty-five."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.casework.dossiers.services.papers import file_of
from motcua.casework.dossiers.tests.factories import (
    CODE,
    MORNING,
    accepted,
    awaiting_signature,
    filled_in,
    returned,
    submitted,
)
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import follow_once
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.registry.access.models import RoleGrant

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("ceilings")]


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


def queries(browser, url, **query):
    """What the page asks the database, on the second look: things kept once a process do not count."""
    browser.get(url, query)
    with CaptureQueriesContext(connection) as captured:
        response = browser.get(url, query)
    assert response.status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def shown(asked):
    return "\n".join(sql[:150] for sql in asked)


@pytest.mark.parametrize(
    ("name", "args", "query", "ceiling"),
    [
        ("portal:home", [], {}, 2),
        ("portal:figures", [], {}, 1),
        ("catalogue:search", [], {"q": "khai sinh"}, 2),
        ("catalogue:search", [], {}, 1),
        ("catalogue:suggest", [], {"q": "khai sinh"}, 2),
        ("catalogue:procedure", [CODE], {}, 2),
        ("catalogue:life-event", ["birth"], {}, 2),
        ("warehouse:verify", [], {}, 0),
        ("people:sign-in", [], {}, 0),
    ],
)
def test_a_public_page_keeps_its_ceiling(world, browse, name, args, query, ceiling):
    asked = queries(browse(None), reverse(name, args=args), **query)
    assert len(asked) <= ceiling, shown(asked)


# Signed in, every page asks for the session, the account and who acts; for a citizen also how many messages are unread.
CITIZEN, OFFICER = 4, 4


@pytest.mark.parametrize(
    ("person", "name", "ceiling"),
    [
        ("reception", "desk:inbox", OFFICER + 3),
        ("leader", "desk:search", OFFICER + 1),
        ("mother", "dossiers:list", CITIZEN + 2),
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
    assert len(found[0]) == len(found[1]) <= OFFICER + 8, shown(found[1])


@pytest.mark.parametrize(
    ("person", "name", "ceiling"),
    [
        ("mother", "dossiers:dossier", CITIZEN + 9),
        ("leader", "desk:dossier", OFFICER + 10),
    ],
)
def test_a_dossiers_page_keeps_its_ceiling(world, browse, person, name, ceiling):
    dossier = returned(world.desk, world.mother)
    file_of(dossier.documents.get(kind="receipt"))
    browser = browse(world.mother if person == "mother" else world.desk.leader)
    asked = queries(browser, reverse(name, args=[dossier.id]))
    assert len(asked) <= ceiling, shown(asked)


@pytest.mark.parametrize(
    ("name", "args", "ceiling"),
    [
        ("dossiers:page", ["mother"], CITIZEN + 3),
        ("dossiers:page", ["receiving"], CITIZEN + 3),
        ("dossiers:check", [], CITIZEN + 4),
    ],
)
def test_a_page_of_the_form_keeps_its_ceiling(world, browse, name, args, ceiling):
    draft = filled_in(world.desk, world.mother)
    asked = queries(browse(world.mother), reverse(name, args=[draft.id, *args]))
    assert len(asked) <= ceiling, shown(asked)


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


def test_choosing_how_one_is_told_keeps_its_ceiling(world, browse):
    asked = queries(browse(world.mother), reverse("portal:message-settings"))
    assert len(asked) <= CITIZEN + 3, shown(asked)


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
