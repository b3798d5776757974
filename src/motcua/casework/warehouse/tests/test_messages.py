"""What owners are told of their documents."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import time_machine
from django.utils import translation

from motcua.casework.warehouse.consumers import PURPOSES, handle
from motcua.casework.warehouse.models import Document
from motcua.casework.warehouse.services import Ending, end_document
from motcua.casework.warehouse.tests.factories import AT, given, issued, unsigned_pdf
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.rules.sms import septets
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify

pytestmark = pytest.mark.django_db
ENDING = Ending("Cấp nhầm cho Nguyễn Thị Mẫu", "Quyết định 12/QĐ-UBND")


@dataclass(frozen=True)
class Sealed:
    position: int
    entry: Entry


@pytest.fixture(autouse=True)
def _channels(settings):
    settings.EMAIL_READY, settings.SMS_URL = True, "http://127.0.0.1:9/"
    settings.BASE_URL = "https://motcua.example.vn"
    with time_machine.travel(AT, tick=False):
        yield


def ended(world, document, **changes):
    ending = Ending(**{"reason": ENDING.reason, "ground": ENDING.ground, **changes})
    end_document(actor=world.desk.leader, subject=document.subject, ending=ending, at=AT)
    for entry in Entry.objects.filter(object_id=document.id, kind__in=PURPOSES):
        handle(Sealed(entry.sequence, entry))


def test_the_owner_is_told_that_a_document_was_revoked_and_not_why(world):
    document = given(world.desk.agency, world.mother.person_id, 1)
    ended(world, document)
    told = {it.channel: it for it in Message.objects.filter(recipient_id=world.mother.person_id)}
    assert set(told) == {"email", "sms", "in_app"}
    assert "Giấy khai sinh" in told["email"].body and f"/documents/{document.id}/" in told["email"].body
    assert "1/2026" in told["sms"].body and "khai sinh" not in told["sms"].body.lower()
    assert not any(ENDING.reason in it.body for it in told.values())


def test_the_owner_is_told_by_which_one_it_was_replaced(world):
    old, _new = (given(world.desk.agency, world.mother.person_id, number) for number in (1, 2))
    ended(world, old, replaced_by="2/2026")
    assert "2/2026" in Message.objects.get(channel="in_app").body


def test_nobody_is_told_of_what_was_not_returned(world):
    document = issued(world.desk.agency, unsigned_pdf(), owner_id=world.mother.person_id)
    ended(world, document)
    assert Document.objects.get(pk=document.pk).ended_as == "revoked" and not Message.objects.exists()


@pytest.mark.parametrize("language", ["vi", "en", "de"])
@pytest.mark.parametrize("purpose", [it.code for it in PURPOSES.values()])
def test_every_sms_fits_one_segment(settings, purpose, language):
    settings.BASE_URL = "https://dichvucong.tinh-rat-dai.example.gov.vn"
    context = dict.fromkeys(["name", "agency", "document", "replaced_by"], "PERSONAL")
    notice = Notice(purpose, f"test:{new_id()}", context=context, link="/PERSONAL/", reference="1234/2026")
    recipient = Recipient(new_id(), email="a@example.org", phone="0912345678", language=language)
    with translation.override(language):
        told = {it.channel: it for it in notify(recipient=recipient, notice=notice, at=AT)}
    assert set(told) == {"email", "sms", "in_app"}
    assert septets(told["sms"].body) <= 160 and "PERSONAL" not in told["sms"].body
