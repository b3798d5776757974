"""A citizen's messages and how they choose to be told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.notifications.models import Habits, Message, Preference
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.registry.people.models import Person

pytestmark = pytest.mark.django_db
LIST, SETTINGS = reverse("portal:messages"), reverse("portal:message-settings")
CHOICE = {"language": "de", "quiet_from": "22:00", "quiet_to": "06:00"}


@pytest.fixture(autouse=True)
def _channels(settings):
    settings.EMAIL_READY, settings.SMS_URL = True, "http://127.0.0.1:9/"


@pytest.fixture
def browser(world, browse):
    return browse(world.mother)


def told(person, *, name="Nhung", at=MORNING):
    notice = Notice(
        "dossier_submitted",
        f"test:{new_id()}",
        context={"procedure": {"vi": "Khai sinh"}, "agency": name},
        link="/dossiers/",
        reference="T-1",
    )
    return notify(recipient=Recipient(person.person_id), notice=notice, at=at)[0]


def page(browser, url=LIST, **query):
    response = browser.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_list_says_what_will_stand_there(browser):
    assert "Nobody has written to you yet." in page(browser)


def test_the_bell_counts_the_unread_until_they_are_opened(world, browser):
    message, _ = told(world.mother), told(world.mother)
    assert 'bell__count figures">2<' in page(browser, "/")
    url = reverse("portal:message", args=[message.id])
    opened = page(browser, url)
    assert "has reached Nhung" in opened and 'href="/dossiers/"' in opened
    assert 'bell__count figures">1<' in page(browser, "/")
    assert browser.post(reverse("portal:messages-read")).status_code == 302
    assert "bell__count" not in page(browser, "/")


def test_officers_and_strangers_have_no_bell(world, browse):
    for person in (None, world.desk.reception):
        assert "bell" not in page(browse(person), "/")


def test_markup_in_a_message_is_words(world, browser):
    message = told(world.mother, name="<script>alert(1)</script>")
    assert "<script>alert" not in page(browser, reverse("portal:message", args=[message.id]))


def test_the_list_goes_on_page_by_page(world, browser):
    for minute in range(21):
        told(world.mother, at=MORNING + timedelta(minutes=minute))
    first = page(browser)
    assert first.count("T-1") == 20 and "Older messages" in first
    token = first.split('href="?before=')[1].split('"')[0]
    assert browser.get(f"{LIST}?before={token}").content.decode().count("T-1") == 1


@pytest.mark.parametrize(
    "before", ["x", "2026-01-01T00:00:00_x", "9999-12-31T23:59:59-14:00_" + "0" * 32, "🙂" * 999]
)
def test_an_odd_place_to_go_on_from_breaks_nothing(browser, before):
    page(browser, before=before)


def test_an_erased_message_is_gone(world, browser):
    message = told(world.mother)
    Message.objects.update(subject="", body="", link="", erased_at=MORNING)
    assert "T-1" not in page(browser)
    assert browser.get(reverse("portal:message", args=[message.id])).status_code == 404


def test_the_settings_show_ones_addresses_behind_a_mask_only(browser):
    shown = page(browser, SETTINGS)
    assert "n***@example.org" in shown and "091****678" in shown
    assert "nhung@example.org" not in shown and "0912345678" not in shown


def test_a_choice_is_kept_and_shown_again(world, browser):
    assert browser.post(SETTINGS, CHOICE | {"group_dossiers": ["email"]}).status_code == 302
    chosen = Preference.objects.filter(recipient_id=world.mother.person_id, group="dossiers")
    assert {it.channel: it.is_enabled for it in chosen} == {"email": True, "sms": False}
    habits = Habits.objects.get(pk=world.mother.person_id)
    assert (habits.language, habits.quiet_from.hour, habits.quiet_to.hour) == ("de", 22, 6)
    shown = page(browser, SETTINGS)
    assert shown.count("checked") == 1
    assert '<option value="22:00" selected>' in shown and '<option value="de" selected>' in shown


@pytest.mark.parametrize(
    "changes",
    [
        {"language": "xx"},
        {"quiet_from": "25:00"},
        {"quiet_to": ""},
        {"group_dossiers": ["fax"]},
        {"language": "x" * 9999},
    ],
)
def test_a_choice_that_does_not_exist_is_refused_and_nothing_is_kept(browser, changes):
    assert browser.post(SETTINGS, CHOICE | changes).status_code == 422
    assert not Habits.objects.exists() and not Preference.objects.exists()


def test_without_a_number_quiet_hours_are_not_asked_and_stay(world, browser):
    Person.objects.filter(pk=world.mother.person_id).update(telephone="")
    assert "quiet_from" not in page(browser, SETTINGS)
    assert browser.post(SETTINGS, {"language": "en", "group_dossiers": ["email"]}).status_code == 302
    assert Habits.objects.get().quiet_from.hour == 21
    assert Preference.objects.get(group="dossiers").channel == "email"


def test_without_any_address_the_page_says_so(world, browser):
    Person.objects.filter(pk=world.mother.person_id).update(telephone="", email="")
    assert "We know no address" in page(browser, SETTINGS)
    assert browser.post(SETTINGS, {"language": "en"}).status_code == 302
