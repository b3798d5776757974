"""Pages about other systems: a secret is shown once, and nothing happens without being asked."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.ids import new_id
from motcua.registry.access.clients.errors import ClientOver
from motcua.registry.access.clients.models import SystemClient
from motcua.registry.access.clients.services import ClientTarget, end_client
from motcua.registry.access.errors import NotYours
from motcua.registry.access.models import Proposal
from motcua.registry.access.services.approvals import approve
from motcua.registry.access.tests.client_factories import (
    another_administrator,
    ask_token,
    bearer,
    registered,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(world, browse):
    return browse(world.administrator)


@pytest.fixture
def sent(world):
    return {
        "id": str(new_id()),
        "name": "Phần mềm bệnh viện",
        "agency_code": world.desk.agency.code,
        "contact": "ttcntt@example.org",
        "purpose": "Registers births.",
        "use": "",
        "scopes": ["procedures:read", "dossiers:file"],
        "redirect_uris": "",
        "valid_until": "",
    }


def secret_in(response):
    return re.search(r"\bmc[0-9a-f]{64}\b", response.content.decode()).group()


def test_shows_in_words_what_it_may_do_before_it_is_let_in(browser, sent):
    shown = browser.post(reverse("console:client-new"), sent).content.decode()
    assert "File dossiers for people" in shown
    assert not SystemClient.objects.exists()


def test_shows_the_secret_once(browser, sent):
    done = browser.post(reverse("console:client-new"), sent | {"confirmed": "1"})
    client = SystemClient.objects.get()
    assert ask_token(client, secret_in(done)).status_code == 200
    assert "no-store" in done["Cache-Control"]
    assert not re.search(
        r"\bmc[0-9a-f]{64}\b", browser.get(reverse("console:client", args=[client.id])).content.decode()
    )


def test_sent_again_it_registers_no_second_one(browser, sent):
    for _ in range(2):
        last = browser.post(reverse("console:client-new"), sent | {"confirmed": "1"})
    assert last.status_code == 409
    assert SystemClient.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scopes": []}, "Tick at least one thing it may do."),
        ({"agency_code": "H99"}, "You administer no agency with this code."),
        ({"use": "citizen"}, "Enter at least one address"),
        ({"use": "citizen", "redirect_uris": "https://a.example/", "claims": []}, "nobody can sign in"),
        ({"valid_until": "2020-01-01"}, "Enter a day that is not over."),
        ({"scopes": ["everything"]}, "everything"),
    ],
)
def test_says_what_is_wrong_and_keeps_what_was_typed(browser, sent, changes, words):
    shown = browser.post(reverse("console:client-new"), sent | changes | {"confirmed": "1"})
    assert shown.status_code == 422
    assert words in shown.content.decode()
    assert "Registers births." in shown.content.decode()
    assert not SystemClient.objects.exists()


def test_an_address_that_leads_elsewhere_is_refused_in_the_form(browser, sent):
    changes = {"use": "citizen", "claims": ["openid"], "redirect_uris": "http://a.example/", "confirmed": "1"}
    shown = browser.post(reverse("console:client-new"), sent | changes)
    assert shown.status_code == 422 and "https://" in shown.content.decode()


def test_a_new_secret_is_shown_and_the_old_one_works_on(world, browser):
    client, old = registered(world.administrator, world.desk.agency, at=timezone.now())
    url = reverse("console:client-act", args=[client.id, "rotate"])
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"revision": 1, "days": 31}).status_code == 422
    new = secret_in(browser.post(url, {"revision": 1, "days": 7}))
    assert [ask_token(client, it).status_code for it in (old, new)] == [200, 200]
    assert browser.post(url, {"revision": 1, "days": 7}).status_code == 409


@pytest.mark.parametrize(("act", "state"), [("suspend", "suspended"), ("end", "ended")])
def test_an_act_asks_for_a_reason(world, browser, act, state):
    client, _secret = registered(world.administrator, world.desk.agency, at=timezone.now())
    url = reverse("console:client-act", args=[client.id, act])
    assert browser.post(url, {"revision": 1, "reason": ""}).status_code == 422
    assert browser.post(url, {"revision": 1, "reason": "Odd calls"}).status_code == 302
    client.refresh_from_db()
    assert client.state(timezone.now()) == state


def test_shows_calls_by_day_and_operation(world, browser):
    client, secret = registered(world.administrator, world.desk.agency, at=timezone.now())
    header = bearer(client, secret)
    for _ in range(3):
        browser.get("/api/v1/procedures", headers={"Authorization": header})
    shown = browser.get(reverse("console:client", args=[client.id])).content.decode()
    assert "GET api/v1/procedures" in shown
    assert ">3<" in shown


def test_the_list_asks_as_often_for_five_as_for_one(world, browser, django_assert_max_num_queries):
    for _ in range(5):
        registered(world.administrator, world.desk.agency, at=timezone.now())
    with django_assert_max_num_queries(6):
        assert browser.get(reverse("console:clients")).status_code == 200


FAR = "dossiers:read-agency"


def far_reaching(browser, sent):
    scopes = ["procedures:read", FAR]
    done = browser.post(reverse("console:client-new"), sent | {"scopes": scopes, "confirmed": "1"})
    return SystemClient.objects.select_related("oauth").get(), done.content.decode()


def test_one_administrator_alone_lets_no_system_read_a_whole_agency(world, browser, browse, sent):
    client, page = far_reaching(browser, sent)
    assert client.oauth.get_scopes() == ["procedures:read"] and "Waits for another administrator" in page
    proposal = Proposal.objects.get(kind="grant_scope")
    with pytest.raises(NotYours):
        approve(actor=world.administrator, proposal_id=proposal.id, at=timezone.now())
    approve(actor=another_administrator(), proposal_id=proposal.id, at=timezone.now())
    client.oauth.refresh_from_db()
    assert set(client.oauth.get_scopes()) == {"procedures:read", FAR}
    assert Entry.objects.get(kind="client.scope_granted").facts["scope"] == FAR
    shown = browser.get(reverse("console:client", args=[client.id])).content.decode()
    assert FAR in shown and "Waits for another administrator" not in shown


def test_a_system_that_was_ended_gets_no_more_rights(world, browser, sent):
    client, _page = far_reaching(browser, sent)
    target = ClientTarget(client.id, client.revision)
    end_client(actor=world.administrator, target=target, reason="Thử xong", at=timezone.now())
    proposal = Proposal.objects.get(kind="grant_scope")
    with pytest.raises(ClientOver):
        approve(actor=another_administrator(), proposal_id=proposal.id, at=timezone.now())


def test_what_a_proposal_would_let_a_system_do_is_said_in_words(browser, sent):
    far_reaching(browser, sent)
    page = browser.get(reverse("console:approvals")).content.decode()
    assert "Phần mềm bệnh viện" in page and "all dossiers of its agency" in page


def test_a_system_is_shown_with_the_name_of_its_agency(world, browser):
    client, _secret = registered(world.administrator, world.desk.agency, at=timezone.now())
    for url in (reverse("console:clients"), reverse("console:client", args=[client.id])):
        page = browser.get(url).content.decode()
        assert world.desk.agency.name in page and world.desk.agency.path not in page
