"""Where a person is signed in, and who may act for them, in "My account"."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.sessions.models import Session

from motcua.foundation.journal.models import Entry
from motcua.registry.access.models import SignIn
from motcua.registry.people.tests.factories import citizen, mandate

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
LIST = "/account/sessions/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def mother():
    return citizen(at=AT, personal_number="025197009999")


def test_the_account_lists_ones_sessions_and_marks_this_one(mother, browse):
    browse(mother)
    here = browse(mother)
    assert "Where you are signed in" in here.get("/account/").content.decode()
    page = here.get(LIST).content.decode()
    assert page.count("this session") == 1
    assert page.count("/end/") == 2  # the other one, and all others


def test_a_session_is_ended_and_its_browser_signed_out(mother, browse):
    there, here = browse(mother), browse(mother)
    other = SignIn.objects.get(session_key=there.session.session_key)
    here.post(f"{LIST}{other.id}/end/")
    assert there.get("/account/")["Location"].startswith("/sign-in/")
    assert here.get("/account/").status_code == 200
    entry = Entry.objects.get(kind="account.sessions_ended")
    assert entry.concerns_id == mother.person_id


def test_all_others_are_ended_and_this_one_stays(mother, browse):
    browse(mother), browse(mother)
    here = browse(mother)
    here.post(f"{LIST}end/")
    assert here.get(LIST).status_code == 200
    kept = SignIn.objects.get(account=mother.account_id)
    assert kept.session_key == here.session.session_key
    assert Session.objects.filter(session_key=kept.session_key).exists()


def test_nobody_ends_anothers_session(mother, browse):
    other = citizen(at=AT, personal_number="025188009999", full_name="Lê Văn Thí Dụ")
    browse(other)
    theirs = SignIn.objects.get(account=other.account_id)
    assert browse(mother).post(f"{LIST}{theirs.id}/end/").status_code == 404
    assert SignIn.objects.filter(pk=theirs.pk).exists()


def test_the_account_says_who_may_act_for_one(mother, browse):
    agent = citizen(at=AT, personal_number="025188009999", full_name="Lê Văn Thí Dụ")
    mandate(mother, agent, at=AT)
    page = browse(mother).get("/account/").content.decode()
    assert "Who may act for you" in page and "Lê Văn Thí Dụ" in page
    assert "Lê Văn Thí Dụ: " not in browse(agent).get("/account/").content.decode()
