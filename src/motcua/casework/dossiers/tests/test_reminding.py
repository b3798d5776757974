"""People are reminded of what falls due, once, and find their application prepared; nothing is filed without them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from motcua.casework.dossiers.figures import count_reminders
from motcua.casework.dossiers.models import Dossier, Draft, Reminder
from motcua.casework.dossiers.rules.reminders import BadReminder, anniversary, births, parse_reminders
from motcua.casework.dossiers.services import reminding
from motcua.casework.dossiers.services.drafts import discard_draft
from motcua.casework.dossiers.services.due_reminders import find_due
from motcua.casework.dossiers.tests.factories import MORNING, returned
from motcua.casework.warehouse.models import Document
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor, Behalf
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.services import notifying
from motcua.registry.people.models import Consent, IdentityPaper, Person

DAYS = st.dates(date(1950, 1, 1), date(2060, 12, 31))


class TestDays:
    @given(DAYS, DAYS, st.integers(0, 180), st.integers(1, 100))
    def test_births_are_those_whose_anniversary_lies_in_the_window(self, born, first, length, years):
        last = first + timedelta(days=length)
        earliest, latest = births(years, first, last)
        assert (earliest <= born <= latest) == (first <= anniversary(born, years) <= last)

    @given(st.dates(date(1950, 1, 1), date(2000, 12, 31)), st.integers(0, 100))
    def test_an_anniversary_keeps_month_and_day_but_for_29_february(self, born, years):
        day = anniversary(born, years)
        assert day.year == born.year + years
        assert (day.month, day.day) in {(born.month, born.day), (2, 28)}

    def test_who_was_born_on_29_february_reaches_an_age_on_the_28th(self):
        born = date(2020, 2, 29)
        assert (anniversary(born, 6), anniversary(born, 4)) == (date(2026, 2, 28), date(2024, 2, 29))
        assert births(6, date(2026, 2, 28), date(2026, 2, 28))[1] == born


RULE = {
    "code": "a", "event": "age", "years": [25], "ahead": 10, "still": 0, "source": "x",
    "title": {"vi": "a"}, "text": {"vi": "a"},
}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"event": "moon"},
        {"years": []},
        {"kinds": ["passport"]},
        {"registered_by": "1.001193"},
        {"ahead": -1},
        {"ahead": 400},
        {"title": {"en": "a"}},
        {"source": ""},
        {"without_application": True},
    ],
)
def test_a_rule_that_cannot_be_given_is_refused(change):
    assert parse_reminders({"reminders": [RULE]})[0].settled == 10
    with pytest.raises(BadReminder, match="a"):
        parse_reminders({"reminders": [RULE | change]})


def test_a_code_stands_once():
    with pytest.raises(BadReminder, match="twice"):
        parse_reminders({"reminders": [RULE, RULE]})


def reminders(actor, rule=""):
    own = Reminder.objects.filter(person=actor.person_id)
    return list(own.filter(rule=rule) if rule else own)


def told(actor, channel="in_app"):
    return list(Message.objects.filter(recipient_id=actor.person_id, purpose="reminder", channel=channel))


def nearing(actor, years, *, days=30):
    """The person reaches that age in so many days."""
    day = timezone.localdate(MORNING) + timedelta(days=days)
    Person.objects.filter(pk=actor.person_id).update(birth_date=day.replace(year=day.year - years))


def ending_status(world, *, days=10):
    """The mother's document of 1.004873 ends in so many days: here, her certificate is said to be one."""
    dossier = returned(world.desk, world.mother)
    day = timezone.localdate(MORNING) + timedelta(days=days)
    Document.objects.filter(subject=dossier.id).update(kind="KQ.G15.000038", valid_to=day)
    return dossier


@pytest.mark.django_db
class TestReminding:
    def test_who_reaches_the_age_is_told_once(self, world):
        nearing(world.mother, 40)
        assert reminding.remind(at=MORNING) == 1
        assert reminding.remind(at=MORNING + timedelta(hours=1)) == 0
        reminding.remind(at=MORNING + timedelta(days=5))
        [reminder] = reminders(world.mother)
        assert (reminder.rule, len(told(world.mother))) == ("identity_card", 1)
        entry = Entry.objects.get(object_id=reminder.id)
        assert (entry.kind, entry.concerns_id) == ("reminder.given", world.mother.person_id)
        assert entry.facts == {"rule": "identity_card", "procedure": "1.014063"}

    def test_two_runs_at_once_tell_once(self, world):
        nearing(world.mother, 40)
        rule = reminding.load_reminders()["identity_card"]
        due = find_due(rule, at=MORNING, limit=10)
        assert [reminding._give(rule, due[0], at=MORNING) for _ in range(2)] == [True, False]
        assert len(told(world.mother)) == 1

    def test_who_was_missed_while_nothing_ran_is_told_afterwards(self, world):
        nearing(world.mother, 40, days=-20)
        assert reminding.remind(at=MORNING) == 1
        nearing(world.neighbour, 40, days=-40)
        assert reminding.remind(at=MORNING) == 0

    def test_who_cannot_sign_in_is_not_told(self, world):
        nearing(world.mother, 40)
        Person.objects.filter(pk=world.mother.person_id).update(account=None)
        assert reminding.remind(at=MORNING) == 0

    def test_a_paper_that_expires(self, world):
        IdentityPaper.objects.create(
            person_id=world.neighbour.person_id,
            kind="residence_card",
            number="AB123456",
            country="DEU",
            expires=timezone.localdate(MORNING) + timedelta(days=45),
        )
        reminding.remind(at=MORNING)
        assert [it.rule for it in reminders(world.neighbour)] == ["foreign_paper"]

    def test_who_registered_a_birth_hears_of_the_childs_age_and_of_each_child(self, world):
        for _ in range(2):
            returned(world.desk, world.mother)
        sixth = MORNING.replace(year=2032)
        assert reminding.remind(at=sixth) == 2
        assert len({it.about for it in reminders(world.mother, "child_six")}) == 2

    def test_a_document_that_ends_but_not_one_that_a_later_one_follows(self, world):
        ending_status(world)
        reminding.remind(at=MORNING)
        assert len(reminders(world.mother, "marital_status")) == 1
        Reminder.objects.all().delete()
        later = ending_status(world, days=100)
        reminding.remind(at=MORNING)
        assert not reminders(world.mother, "marital_status")
        Document.objects.filter(subject=later.id).update(
            ended_as="revoked", ended_at=MORNING, ended_reason="x", ended_ground="x"
        )
        reminding.remind(at=MORNING)
        assert len(reminders(world.mother, "marital_status")) == 1

    def test_who_applied_for_it_lately_is_not_told(self, world):
        dossier = ending_status(world)
        Dossier.objects.filter(pk=dossier.pk).update(procedure_code="1.004873")
        assert reminding.remind(at=MORNING) == 0

    def test_who_refused_sms_before_there_were_reminders_gets_none(self, world, monkeypatch):
        monkeypatch.setattr(notifying, "configured_channels", lambda: frozenset({"in_app", "sms"}))
        Person.objects.update(telephone="0912345678")
        for person in (world.mother, world.neighbour):
            nearing(person, 40)
        Consent.objects.create(
            person_id=world.mother.person_id,
            purpose="sms_notices",
            text_version="1",
            given_at=MORNING,
            withdrawn_at=MORNING,
        )
        reminding.remind(at=MORNING)
        assert (len(told(world.mother)), told(world.mother, "sms")) == (1, [])
        [sms] = told(world.neighbour, "sms")
        assert sms.reference in sms.body
        assert str(reminders(world.neighbour)[0].day.year) not in sms.body


@pytest.mark.django_db
class TestTakingUp:
    def given(self, world):
        ending_status(world)
        reminding.remind(at=MORNING)
        return reminders(world.mother, "marital_status")[0]

    def test_a_draft_holds_what_is_known_and_is_not_submitted(self, world):
        reminder = self.given(world)
        draft = reminding.take_up(actor=world.mother, reminder_id=reminder.id, at=MORNING)
        assert isinstance(draft, Draft)
        draft.refresh_from_db()
        mother = Person.objects.get(pk=world.mother.person_id)
        assert draft.version.procedure_id == "1.004873"
        assert mother.full_name in str(draft.answers)
        assert reminding.take_up(actor=world.mother, reminder_id=reminder.id, at=MORNING) == draft
        assert not Dossier.objects.filter(pk=draft.pk).exists()

    def test_thrown_away_it_is_prepared_anew(self, world):
        reminder = self.given(world)
        draft = reminding.take_up(actor=world.mother, reminder_id=reminder.id, at=MORNING)
        discard_draft(actor=world.mother, draft_id=draft.id)
        again = reminding.take_up(actor=world.mother, reminder_id=reminder.id, at=MORNING)
        assert again.pk != draft.pk
        assert count_reminders(since=MORNING)["marital_status"].taken_up == 1

    def test_nobody_else_takes_it_up(self, world):
        reminder = self.given(world)
        agent = Actor(
            kind="citizen",
            account_id=world.neighbour.account_id,
            person_id=world.neighbour.person_id,
            behalf=Behalf(person_id=world.mother.person_id),
        )
        for actor in (world.neighbour, world.desk.reception, agent):
            with pytest.raises(NotFound):
                reminding.take_up(actor=actor, reminder_id=reminder.id, at=MORNING)
            assert not reminding.list_open(actor, at=MORNING)

    def test_pages_lead_from_the_home_page_to_what_is_still_needed(self, world, browse):
        reminder = self.given(world)
        Reminder.objects.update(day=timezone.localdate() + timedelta(days=3))
        browser, page = browse(world.mother), reverse("dossiers:reminder", args=[reminder.id])
        assert page in browser.get("/").content.decode()
        assert "Start now" in browser.get(page).content.decode()
        checked = browser.post(page, follow=True)
        assert "Check before you submit" in checked.content.decode()
        assert 'class="ds-button" data-color="accent"><span>Submit' not in checked.content.decode()
        assert browse(world.neighbour).get(page).status_code == 404

    def test_figures_say_what_reminders_led_to(self, world, browse):
        reminder = self.given(world)
        draft = reminding.take_up(actor=world.mother, reminder_id=reminder.id, at=MORNING)
        counts = count_reminders(since=MORNING)["marital_status"]
        assert (counts.given, counts.taken_up, counts.submitted) == (1, 1, 0)
        record(actor=world.mother, happening=Happening("dossier.submitted", "dossier", draft.id), at=MORNING)
        assert count_reminders(since=MORNING)["marital_status"].submitted == 1
        assert browse(world.desk.leader).get(reverse("desk:reminders")).status_code == 200

    def test_old_ones_are_erased_and_their_entries_stay(self, world):
        reminder = self.given(world)
        assert reminding.forget_reminders(before=MORNING) == 0
        assert reminding.forget_reminders(before=MORNING + timedelta(days=30)) == 1
        assert Entry.objects.filter(object_id=reminder.id).exists()
