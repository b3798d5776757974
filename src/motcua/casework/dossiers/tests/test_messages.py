"""What applicants are told of their dossiers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import translation

from motcua.casework.dossiers.consumers import KINDS, PURPOSES, handle
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.tests.factories import MORNING, accepted, returned
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.notifications.contributions import list_purposes
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.rules.sms import septets
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.foundation.ui.templatetags.ui import viet_datetime
from motcua.registry.people.models import Person

MARK = "PERSONAL"
LONGEST_CODE = "H44.123.456.789.012.345.678.901.234-260310-00000001"


@dataclass(frozen=True)
class Sealed:
    position: int
    entry: Entry


def follow(dossier, *, at=MORNING):
    """The consumer goes through the journal of one dossier."""
    entries = Entry.objects.filter(object_id=dossier.id, kind__in=KINDS).order_by("sequence")
    with time_machine.travel(at, tick=False):
        for entry in entries:
            with transaction.atomic():
                handle(Sealed(entry.sequence, entry))


@pytest.fixture(autouse=True)
def _channels(settings):
    settings.EMAIL_READY, settings.SMS_URL = True, "http://127.0.0.1:9/"
    settings.BASE_URL = "https://motcua.example.vn"


@pytest.mark.django_db
def test_the_applicant_is_told_of_submission_acceptance_and_result(world):
    dossier = returned(world.desk, world.mother)
    follow(dossier)
    own = Message.objects.filter(recipient_id=world.mother.person_id)
    assert own.count() == Message.objects.count() == 9
    assert [it.purpose for it in own.filter(channel="email").order_by("id")] == [
        "dossier_submitted",
        "dossier_accepted",
        "dossier_result_returned",
    ]
    assert {it.agency_path for it in own} == {world.desk.agency.path}
    assert {(it.concerns_kind, it.concerns_id) for it in own} == {("dossier", dossier.id)}


@pytest.mark.django_db
def test_following_the_journal_again_says_nothing_twice(world):
    dossier = returned(world.desk, world.mother)
    follow(dossier)
    follow(dossier)
    assert Message.objects.count() == 9


@pytest.mark.django_db
def test_who_follows_after_the_holidays_tells_it_in_the_portal_and_sends_nothing(world):
    late = MORNING + timedelta(days=9)
    follow(returned(world.desk, world.mother), at=late)
    written = Message.objects.filter(recipient_id=world.mother.person_id)
    assert [(it.channel, it.state) for it in written] == [("in_app", "delivered")] * 3
    follow(Dossier.objects.get(applicant=world.mother.person_id), at=late)
    assert Message.objects.count() == 3


@pytest.mark.django_db
def test_the_words_name_code_agency_procedure_and_promised_moment(world):
    dossier = accepted(world.desk, world.mother)
    follow(dossier)
    email = Message.objects.get(purpose="dossier_accepted", channel="email")
    with translation.override("en"):
        assert email.subject == f"Dossier {dossier.code} was accepted"
    promised = viet_datetime(dossier.due_at)
    for words in (dossier.code, dossier.agency.name, "Nguyễn Thị Hồng Nhung", promised):
        assert words in email.body
    assert f"https://motcua.example.vn/dossiers/{dossier.id}/" in email.body
    assert "https://motcua.example.vn/messages/settings/" in email.body


@pytest.mark.django_db
def test_an_sms_names_neither_person_nor_procedure(world):
    follow(returned(world.desk, world.mother))
    for sms in Message.objects.filter(channel="sms"):
        assert "Nhung" not in sms.body and "khai sinh" not in sms.body.lower()
        assert sms.reference in sms.body and "motcua.example.vn" in sms.body


@pytest.mark.django_db
def test_a_person_without_addresses_is_told_in_the_portal(world):
    Person.objects.filter(pk=world.mother.person_id).update(email="", telephone="")
    follow(accepted(world.desk, world.mother))
    assert set(Message.objects.values_list("channel", flat=True)) == {"in_app"}


def say(purpose, language, **changes):
    """One notice of a purpose, in a language, with marked values."""
    context = dict.fromkeys(["name", "agency"], MARK) | {"procedure": {"vi": MARK}, "due_at": MORNING}
    plain = Notice(purpose, f"test:{new_id()}", context=context, link=f"/{MARK}/", reference=LONGEST_CODE)
    recipient = Recipient(new_id(), email="a@example.org", phone="0912345678", language=language)
    written = notify(recipient=recipient, notice=replace(plain, **changes), at=MORNING)
    return {message.channel: message for message in written}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["vi", "en", "de"])
@pytest.mark.parametrize("purpose", [it.code for it in PURPOSES.values()])
def test_every_sms_fits_one_segment_and_holds_nothing_personal(settings, purpose, language):
    settings.BASE_URL = "https://dichvucong.tinh-rat-dai.example.gov.vn"
    body = say(purpose, language)["sms"].body
    assert MARK not in body
    assert body.count(LONGEST_CODE) == 1 and body.endswith("dichvucong.tinh-rat-dai.example.gov.vn")
    assert septets(body) <= 160


@pytest.mark.django_db
def test_every_purpose_has_words_for_every_channel():
    for purpose in list_purposes():
        if purpose.group.code == "dossiers":
            assert set(say(purpose.code, "vi")) == {"email", "sms", "in_app"}
