"""Changing telephone and e-mail: codes to both addresses, or a fresh eID sign-in and a wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import Refused
from motcua.foundation.notifications.contributions import revealed
from motcua.foundation.notifications.models import Message, Preference
from motcua.foundation.notifications.services.reading import switch_channel
from motcua.registry.access.models import Account
from motcua.registry.people import contacts
from motcua.registry.people.contacts import (
    LostContact,
    code_of,
    confirm,
    confirm_at_desk,
    start_at_desk,
    start_change,
    waive_old,
)
from motcua.registry.people.errors import (
    BadContact,
    ChannelMissing,
    FreshSignInNeeded,
    NoOpenChange,
    SameContact,
    TooManyChanges,
)
from motcua.registry.people.models import ConfirmedContact, ContactChange, Person
from motcua.registry.people.services import record_claims
from motcua.registry.people.tests.factories import citizen, claims

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OLD, NEW = "nhung@example.org", "moi@example.org"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail(settings):
    settings.EMAIL_READY, settings.SMS_URL = True, "http://127.0.0.1:9/"


@pytest.fixture
def mother():
    return citizen(at=AT, personal_number="025197009999", email=OLD, telephone="0912345678")


def start(actor, typed=NEW, *, kind="email", at=AT, fresh=None):
    return start_change(actor=actor, kind=kind, typed=typed, signed_in_at=fresh, at=at)


def codes(change):
    return {side: code_of(change.id, change.round, side) for side in ("old", "new")}


def email_of(actor):
    return Person.objects.get(pk=actor.person).email


def told(address):
    return list(
        Message.objects.filter(address=address).order_by("created_at", "id").values_list("purpose", flat=True)
    )


def test_both_codes_change_it_and_the_old_address_is_told(mother):
    change = start(mother)
    assert (told(OLD), told(NEW)) == (["contact_code_old"], ["contact_code_new"])
    assert confirm(actor=mother, kind="email", codes=codes(change), at=AT + MINUTE) == {
        "old": "confirmed",
        "new": "confirmed",
    }
    assert email_of(mother) == NEW
    assert told(OLD) == ["contact_code_old", "contact_changed"]


def test_the_journal_says_that_and_not_what(mother):
    change = start(mother)
    confirm(actor=mother, kind="email", codes=codes(change), at=AT)
    entries = list(Entry.objects.filter(object_id=change.id).order_by("sequence"))
    assert [it.kind for it in entries] == ["contact.change_started", "contact.changed"]
    assert {it.concerns_id for it in entries} == {mother.person_id}
    assert entries[1].facts == {"contact": "email", "way": "codes"}
    assert all(it.detail_digest is None for it in entries)


def test_a_code_is_stored_nowhere_and_stands_in_what_is_sent(mother, monkeypatch):
    change = start(mother)
    sent = []
    senders = {"email": lambda message: sent.append(message.body) or "id"}
    monkeypatch.setattr("motcua.foundation.notifications.delivery.SENDERS", senders)
    for message in Message.objects.filter(concerns_id=change.id):
        assert not any(code in message.body + message.source_key for code in codes(change).values())
        with time_machine.travel(AT, tick=False):
            jobs.tasks["notifications.deliver"](message_id=str(message.id))
    assert [any(code in body for body in sent) for code in codes(change).values()] == [True, True]
    for message in Message.objects.filter(concerns_id=change.id):
        assert not any(code in message.body for code in codes(change).values())
    deferred = " ".join(str(it) for it in ProcrastinateJob.objects.values_list("args", flat=True))
    assert not any(code in deferred for code in codes(change).values())


def test_the_two_codes_are_different_and_of_one_change_only(mother):
    first = start(mother)
    assert codes(first)["old"] != codes(first)["new"]
    second = start(mother, "khac@example.org", at=AT + MINUTE)
    assert confirm(actor=mother, kind="email", codes=codes(first), at=AT + MINUTE) == {
        "old": "wrong",
        "new": "wrong",
    }
    assert ContactChange.objects.get(pk=first.pk).stopped_at == AT + MINUTE
    assert ContactChange.objects.get(pk=second.pk).stopped_at is None


def test_the_right_code_for_one_side_is_not_enough(mother):
    change = start(mother)
    outcome = confirm(actor=mother, kind="email", codes={"new": codes(change)["new"]}, at=AT)
    assert outcome == {"old": "missing", "new": "confirmed"}
    assert email_of(mother) == OLD
    confirm(actor=mother, kind="email", codes={"old": codes(change)["old"]}, at=AT)
    assert email_of(mother) == NEW


def test_five_wrong_codes_stop_the_change_and_the_right_one_then_does_nothing(mother):
    change = start(mother)
    for _ in range(5):
        confirm(actor=mother, kind="email", codes={"old": "x"}, at=AT)
    with pytest.raises(NoOpenChange):
        confirm(actor=mother, kind="email", codes=codes(change), at=AT)
    assert email_of(mother) == OLD
    assert Entry.objects.get(object_id=change.id, kind="contact.change_stopped").facts["reason"] == "tries"


def test_codes_are_over_after_ten_minutes(mother):
    change = start(mother)
    with pytest.raises(NoOpenChange):
        confirm(actor=mother, kind="email", codes=codes(change), at=AT + 10 * MINUTE)
    expiring = Message.objects.filter(concerns_id=change.id).values_list("expires_at", flat=True)
    assert set(expiring) == {AT + 10 * MINUTE}


@pytest.mark.parametrize(
    "typed", ["", "nobody", "a@b", "a" * 250 + "@example.org", "a@exa mple.org", "a@x.org\nBcc: b@x.org"]
)
def test_what_is_no_address_is_refused(mother, typed):
    with pytest.raises(BadContact):
        start(mother, typed)


@pytest.mark.parametrize("typed", ["", "113", "0212345678", "+84", "09123456789", "0912345678; drop"])
def test_what_is_no_mobile_number_is_refused(mother, typed):
    with pytest.raises(BadContact):
        start(mother, typed, kind="phone")


def test_the_same_number_written_otherwise_is_no_change(mother):
    with pytest.raises(SameContact):
        start(mother, "+84 912 345 678", kind="phone")


def test_without_a_gate_nothing_is_begun(mother, settings):
    settings.SMS_URL = ""
    with pytest.raises(ChannelMissing):
        start(mother, "0987654321", kind="phone")


def test_codes_are_not_sent_without_end(mother):
    for number in range(5):
        start(mother, f"moi{number}@example.org")
    with pytest.raises(TooManyChanges):
        start(mother, "moi5@example.org")
    start(mother, "moi5@example.org", at=AT + DAY + MINUTE)


def test_a_strangers_telephone_is_not_flooded_by_many_accounts():
    for number in range(3):
        start(citizen(at=AT, personal_number=f"02519700100{number}"), "0987654321", kind="phone")
    with pytest.raises(TooManyChanges):
        start(citizen(at=AT, personal_number="025197001009"), "0987654321", kind="phone")


def test_an_officer_changes_nobodys_contact(mother):
    with pytest.raises(Refused):
        start(replace(mother, kind="officer"))


def test_codes_are_sent_at_night_and_to_who_switched_messages_off(mother):
    switch_channel(recipient_id=mother.person, channel="sms", is_enabled=False)
    night = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)  # 23:00 in Việt Nam
    change = start(mother, "0987654321", kind="phone", at=night)
    moments = Message.objects.filter(concerns_id=change.id, channel="sms").values_list(
        "not_before", flat=True
    )
    assert list(moments) == [night, night]
    assert not Preference.objects.filter(group="account").exists()


def test_the_sms_holds_the_code_and_no_name(mother):
    change = start(mother, "0987654321", kind="phone")
    message = Message.objects.get(concerns_id=change.id, purpose="contact_code_new")
    assert codes(change)["new"] in revealed(message)
    assert "Nhung" not in message.body


# The old address is lost.


def test_the_old_address_is_told_how_long_the_pack_lets_it_wait(mother, monkeypatch):
    monkeypatch.setattr(contacts, "contact_wait_hours", lambda: 48)
    start(mother)
    change = waive_old(actor=mother, kind="email", signed_in_at=AT - MINUTE, at=AT)
    [warning] = Message.objects.filter(concerns_id=change.id, purpose="contact_old_lost", channel="email")
    assert "48 hours" in warning.body


def test_without_the_old_address_a_fresh_sign_in_and_three_days_are_needed(mother):
    start(mother)
    with pytest.raises(FreshSignInNeeded):
        waive_old(actor=mother, kind="email", signed_in_at=None, at=AT)
    with pytest.raises(FreshSignInNeeded):
        waive_old(actor=mother, kind="email", signed_in_at=AT - 6 * MINUTE, at=AT)
    change = waive_old(actor=mother, kind="email", signed_in_at=AT - MINUTE, at=AT)
    assert "contact_old_lost" in told(OLD)
    confirm(actor=mother, kind="email", codes={"new": codes(change)["new"]}, at=AT + MINUTE)
    assert email_of(mother) == OLD
    assert not contacts.finish_waiting(change.id, at=AT + 3 * DAY - MINUTE)
    assert contacts.finish_waiting(change.id, at=AT + 3 * DAY)
    assert not contacts.finish_waiting(change.id, at=AT + 3 * DAY)
    assert email_of(mother) == NEW
    assert told(OLD)[-1] == "contact_changed"
    entry = Entry.objects.get(object_id=change.id, kind="contact.changed")
    assert (entry.actor_kind, entry.facts["way"]) == ("system", "eid")


def test_a_waiting_change_can_be_stopped(mother):
    start(mother)
    change = waive_old(actor=mother, kind="email", signed_in_at=AT, at=AT)
    confirm(actor=mother, kind="email", codes={"new": codes(change)["new"]}, at=AT)
    assert contacts.stop_change(actor=mother, kind="email", at=AT + DAY)
    assert not contacts.finish_waiting(change.id, at=AT + 4 * DAY)
    assert email_of(mother) == OLD


def test_who_gives_the_old_address_up_must_still_confirm_the_new_one_with_a_new_code(mother):
    first = start(mother)
    before = codes(first)["new"]
    change = waive_old(actor=mother, kind="email", signed_in_at=AT, at=AT)
    assert confirm(actor=mother, kind="email", codes={"new": before}, at=AT) == {"new": "wrong"}
    with pytest.raises(NoOpenChange):
        waive_old(actor=mother, kind="email", signed_in_at=AT, at=AT)
    assert ContactChange.objects.get(pk=change.pk).takes_effect_at is None


def test_a_first_address_needs_a_fresh_sign_in_and_no_wait():
    person = citizen(at=AT, personal_number="025197009998", email="")
    with pytest.raises(FreshSignInNeeded):
        start(person)
    change = start(person, fresh=AT)
    confirm(actor=person, kind="email", codes={"new": codes(change)["new"]}, at=AT)
    assert email_of(person) == NEW


def test_the_database_carries_out_no_change_that_nobody_confirmed(mother):
    change = start(mother)
    with pytest.raises(IntegrityError, match="contact_change_is_confirmed"), transaction.atomic():
        ContactChange.objects.filter(pk=change.pk).update(done_at=AT)


# What the eID says afterwards.


def test_the_eid_does_not_overwrite_what_was_confirmed(mother):
    change = start(mother)
    confirm(actor=mother, kind="email", codes=codes(change), at=AT)
    account = Account.objects.get(pk=mother.account)
    later = claims(personal_number="025197009999", email="other@example.org", telephone="0900000000")
    record_claims(account=account, claims=later, at=AT + DAY)
    person = Person.objects.get(pk=mother.person)
    assert (person.email, person.telephone) == (NEW, "0900000000")
    assert ConfirmedContact.objects.get(person=person).eid_value == "other@example.org"


def test_an_erased_contact_does_not_come_back_with_the_next_sign_in(mother):
    with transaction.atomic():
        assert contacts.forget_contacts(mother.person, AT) == 2
    account = Account.objects.get(pk=mother.account)
    record_claims(account=account, claims=claims(personal_number="025197009999"), at=AT + DAY)
    person = Person.objects.get(pk=mother.person)
    assert (person.email, person.telephone) == ("", "")
    assert not ContactChange.objects.filter(person=person).exists()


def test_addresses_of_old_changes_are_erased(mother):
    start(mother)
    assert contacts.forget_old_changes(before=AT) == 0
    assert contacts.forget_old_changes(before=AT + MINUTE) == 1


# The pages.


def test_a_page_says_what_is_wrong_and_keeps_what_was_typed(mother, browse):
    page = browse(mother).post("/account/contact/email/", {"value": "no address"})
    assert page.status_code == 422
    assert 'value="no address"' in page.content.decode()


def test_the_way_over_the_pages_ends_at_the_account(mother, browse):
    browser = browse(mother)
    assert browser.post("/account/contact/email/", {"value": NEW})["Location"].endswith("/confirm/")
    page = browser.get("/account/contact/email/confirm/").content.decode()
    assert NEW not in page
    wrong = browser.post("/account/contact/email/confirm/", {"old": "000", "new": "000"})
    assert wrong.status_code == 422
    done = browser.post(
        "/account/contact/email/confirm/", codes(ContactChange.objects.get(person=mother.person))
    )
    assert done["Location"] == "/account/"
    assert NEW in browser.get("/account/").content.decode()


def test_who_lost_the_old_address_is_led_to_sign_in_again(mother, browse):
    browser = browse(mother)
    browser.post("/account/contact/email/", {"value": NEW})
    led = browser.post("/account/contact/email/lost/")
    assert led["Location"] == "/account/fresh/?next=/account/contact/email/lost/"
    assert browser.get(led["Location"]).status_code == 200


def test_another_kind_of_contact_is_not_found(mother, browse):
    assert browse(mother).get("/account/contact/fax/").status_code == 404


# At a counter, for who cannot reach the old address.
PAGE = "/desk/people/{}/contact/"


def lost(typed=NEW, kind="email"):
    return LostContact(kind, typed, "Telephone stolen, saw the citizen card.")


def at_desk(world, mother, *, at=AT, **typed):
    return start_at_desk(actor=world.desk.reception, person_id=mother.person_id, lost=lost(**typed), at=at)


def confirmed_at_desk(world, mother, change, *, at=AT, code=""):
    typed = code or code_of(change.id, change.round, "new")
    return confirm_at_desk(
        actor=world.desk.reception, person_id=mother.person_id, kind=change.kind, code=typed, at=at
    )


def test_at_a_counter_the_old_address_is_warned_and_the_change_waits(world, mother):
    change = at_desk(world, mother)
    assert (told(OLD), told(NEW)) == (["contact_old_lost_desk"], ["contact_code_new"])
    begun = Entry.objects.get(kind="contact.change_started", object_id=change.id)
    assert begun.facts == {"contact": "email", "way": "counter"}
    assert begun.concerns_id == mother.person_id
    assert confirmed_at_desk(world, mother, change) == "confirmed"
    assert email_of(mother) == OLD
    assert not contacts.finish_waiting(change.id, at=AT + 3 * DAY - MINUTE)
    assert contacts.finish_waiting(change.id, at=AT + 3 * DAY)
    assert email_of(mother) == NEW
    assert Entry.objects.get(kind="contact.changed", object_id=change.id).facts["way"] == "counter"


def test_the_owner_stops_what_was_begun_at_a_counter(world, mother):
    change = at_desk(world, mother)
    confirmed_at_desk(world, mother, change)
    assert contacts.stop_change(actor=mother, kind="email", at=AT + DAY)
    assert not contacts.finish_waiting(change.id, at=AT + 3 * DAY)
    assert email_of(mother) == OLD


def test_five_wrong_codes_at_a_counter_stop_the_change(world, mother):
    change = at_desk(world, mother)
    for _ in range(5):
        assert confirmed_at_desk(world, mother, change, code="1") == "wrong"
    with pytest.raises(NoOpenChange):
        confirmed_at_desk(world, mother, change)


def test_an_officer_confirms_no_change_that_the_person_began(world, mother):
    change = start(mother)
    with pytest.raises(NoOpenChange):
        confirmed_at_desk(world, mother, change)


@pytest.mark.parametrize("who", ["support", "administrator", "data_protection"])
def test_only_who_serves_at_a_counter_changes_a_lost_contact(world, mother, who):
    with pytest.raises(Refused):
        start_at_desk(actor=getattr(world, who), person_id=mother.person_id, lost=lost(), at=AT)
    with pytest.raises(Refused):
        start_at_desk(actor=mother, person_id=mother.person_id, lost=lost(), at=AT)


def test_the_page_asks_for_reason_and_identity_and_then_for_the_code(world, mother, browse):
    url = PAGE.format(mother.person_id)
    desk = browse(world.desk.reception)
    typed = {"kind": "email", "value": NEW, "reason": "Stolen."}
    page = desk.post(url, typed)
    assert page.status_code == 422 and NEW in page.content.decode()
    assert not ContactChange.objects.exists()
    assert desk.post(url, typed | {"value": "nonsense", "shown": "on"}).status_code == 422
    desk.post(url, typed | {"shown": "on"})
    change = ContactChange.objects.get()
    shown = desk.get(url).content.decode()
    assert "Confirm the code" in shown and OLD not in shown and NEW not in shown
    assert desk.post(url, {"kind": "email", "code": "000"}).status_code == 422
    code = code_of(change.id, 1, "new")
    assert desk.post(url, {"kind": "email", "code": code}).url == f"/desk/people/{mother.person_id}/"
    assert "counts from" in desk.get(url).content.decode()
    assert "The change comes" in browse(mother).get("/account/contact/email/").content.decode()
