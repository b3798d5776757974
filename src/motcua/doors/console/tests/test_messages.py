"""The officers' list of what was sent to whom."""

from __future__ import annotations

import pytest
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING, accepted
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.registry.access.models import RoleGrant

pytestmark = pytest.mark.django_db
LIST = reverse("console:messages")


@pytest.fixture(autouse=True)
def _channels(settings):
    settings.EMAIL_READY, settings.SMS_URL = True, "http://127.0.0.1:9/"


@pytest.fixture
def sent(world):
    """One message a channel, about a dossier of the first commune; the SMS failed."""
    notice = Notice(
        "dossier_submitted",
        "test:1",
        context={"procedure": {"vi": "Khai sinh"}, "agency": "Xã", "name": "Nguyễn Thị Hồng Nhung"},
        reference="T-ABCD",
        concerns=("dossier", new_id()),
        agency_path=world.desk.agency.path,
    )
    recipient = Recipient(world.mother.person_id, "nhung@example.org", "0912345678")
    written = {it.channel: it for it in notify(recipient=recipient, notice=notice, at=MORNING)}
    Message.objects.filter(channel="sms").update(state="failed", last_error="gate_refused", tries=2)
    return written


@pytest.fixture
def operator(world):
    """The other commune's receptionist, who is made an operator of everything."""
    account = world.other_desk.reception.account_id
    RoleGrant.objects.filter(account_id=account).delete()
    RoleGrant.objects.create(account_id=account, role_id="operator", agency_path="/")
    return world.other_desk.reception


def page(browser, url=LIST, **query):
    response = browser.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def of(message, name="console:message"):
    return reverse(name, args=[message.id])


def test_an_officer_sees_what_was_sent_about_dossiers_of_their_agency_and_no_other(world, browse, sent):
    assert "T-ABCD" in page(browse(world.desk.reception))
    assert "T-ABCD" not in page(browse(world.other_desk.reception))
    assert browse(world.other_desk.reception).get(of(sent["sms"])).status_code == 404


def test_addresses_stay_behind_a_mask_and_the_words_are_not_shown(world, browse, sent, operator):
    for person in (world.desk.leader, operator):
        browser = browse(person)
        pages = page(browser) + "".join(page(browser, of(message)) for message in sent.values())
        assert "n***@example.org" in pages and "+84******678" in pages
        for personal in ("nhung@example.org", "912345678", "Hồng Nhung", "Khai sinh"):
            assert personal not in pages


def test_every_message_says_whose_it_is_the_one_in_the_portal_too(world, browse, sent, operator):
    whose = f"Citizen …{world.mother.person_id.hex[-8:]}"
    browser = browse(operator)
    assert page(browser).count(whose) == len(sent) == 3
    assert whose in page(browser, of(sent["in_app"]))


def test_messages_about_one_dossier_are_found_by_its_code_and_its_reference(world, browse, sent):
    dossier = accepted(world.desk, world.mother)
    Message.objects.filter(channel="sms").update(concerns_id=dossier.id)
    browser = browse(world.desk.reception)
    for typed in (dossier.code, f" {dossier.reference.lower()} "):
        shown = page(browser, code=typed)
        assert of(sent["sms"]) in shown and of(sent["email"]) not in shown
    for unknown in (dossier.code[:-1], "H44.99999-260310-0001", "%"):
        assert "No message fits" in page(browser, code=unknown)


def test_the_code_of_another_place_finds_nothing(world, browse, sent):
    dossier = accepted(world.other_desk, world.neighbour)
    Message.objects.filter(channel="sms").update(concerns_id=dossier.id)
    assert "No message fits" in page(browse(world.desk.reception), code=dossier.code)


def test_the_code_stays_on_the_next_page(world, browse, sent):
    dossier = accepted(world.desk, world.mother)
    sms = Message.objects.get(channel="sms")
    Message.objects.bulk_create(
        Message(
            **{it.attname: getattr(sms, it.attname) for it in Message._meta.concrete_fields}
            | {"id": new_id(), "source_key": f"copy:{number}", "concerns_id": dossier.id}
        )
        for number in range(21)
    )
    browser = browse(world.desk.reception)
    response = browser.get(LIST, {"code": dossier.code})
    assert len(response.context["rows"]) == 20
    assert len(browser.get(LIST + response.context["next"]).context["rows"]) == 1


def test_only_who_handles_the_dossier_is_led_to_it(world, browse, sent, operator):
    link = reverse("desk:dossier", args=[sent["sms"].concerns_id])
    assert link in page(browse(world.desk.reception), of(sent["sms"]))
    assert link not in page(browse(operator), of(sent["sms"]))


def test_filters_narrow_the_list_and_odd_ones_are_ignored(world, browse, sent):
    browser = browse(world.desk.reception)
    assert page(browser, channel="sms", day="2026-03-10").count("T-ABCD") == 1
    assert page(browser, state="failed", purpose="dossier_submitted").count("T-ABCD") == 1
    assert "No message fits" in page(browser, day="2026-03-09")
    assert (
        page(browser, state="x", channel="🙂", purpose="y" * 9999, day="tomorrow", before="x").count("T-ABCD")
        == 3
    )


def test_an_operator_sends_a_failed_message_again_and_the_journal_says_so(browse, sent, operator):
    browser = browse(operator)
    url = of(sent["sms"], "console:retry-message")
    assert url in page(browser, of(sent["sms"]))
    assert browser.post(url).status_code == 302
    assert Message.objects.get(channel="sms").state == "queued"
    assert Entry.objects.get(kind="message.retried").person_id == operator.person_id
    shown = page(browser, of(sent["sms"]))
    assert "Sent again by an operator" in shown and url not in shown
    assert browser.post(url).status_code == 409


def test_who_is_no_operator_sends_nothing_again(world, browse, sent):
    url = of(sent["sms"], "console:retry-message")
    for person in (world.desk.reception, world.desk.leader, world.other_desk.leader, world.mother):
        assert browse(person).post(url).status_code == 403
    assert url not in page(browse(world.desk.reception), of(sent["sms"]))
    assert Message.objects.get(channel="sms").state == "failed"


def test_an_operator_of_another_place_sees_and_sends_nothing(world, browse, sent, operator):
    RoleGrant.objects.filter(role="operator").update(agency_path=world.other_desk.agency.path)
    browser = browse(operator)
    assert "T-ABCD" not in page(browser)
    assert browser.post(of(sent["sms"], "console:retry-message")).status_code == 404


def test_an_auditor_is_refused_and_has_no_such_entry_in_the_rail(browse, operator):
    RoleGrant.objects.filter(role="operator").update(role="auditor")
    browser = browse(operator)
    assert browser.get(LIST).status_code == 403
    assert LIST not in browser.get(reverse("desk:inbox")).content.decode()


def test_an_empty_list_says_so(world, browse):
    assert "Nothing was sent yet." in page(browse(world.desk.reception))
