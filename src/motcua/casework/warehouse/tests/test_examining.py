"""Signatures are examined again; what changed is on the record, and what is broken is used no more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from motcua.casework.warehouse.examining import EXAMINED_FOR, examine, list_to_examine
from motcua.casework.warehouse.models import Document
from motcua.casework.warehouse.selectors import list_usable
from motcua.casework.warehouse.tests.factories import AT, given, issued, signed_pdf
from motcua.foundation.files.services import store_bytes
from motcua.foundation.journal.models import Entry
from motcua.registry.organisations.models import Officer

pytestmark = pytest.mark.django_db


def test_each_is_examined_and_again_after_a_month(world):
    good = issued(
        world.desk.agency, signed_pdf(Officer.objects.get(pk=world.desk.leader.person_id).signing_key)
    )
    plain = given(world.desk.agency, world.mother.person_id, 1)
    assert set(list_to_examine(at=AT)) == {good.id, plain.id}
    assert examine(good.id, at=AT).signature == "valid"
    assert examine(plain.id, at=AT).signature == "unsigned"
    assert list_to_examine(at=AT + EXAMINED_FOR) == []
    assert set(list_to_examine(at=AT + EXAMINED_FOR + timedelta(seconds=1))) == {good.id, plain.id}
    assert not Entry.objects.filter(kind="document.signature_changed").exists()


def test_a_signature_that_breaks_is_on_the_record_and_the_document_is_not_offered(world):
    document = given(world.desk.agency, world.mother.person_id, 1)
    content = signed_pdf(Officer.objects.get(pk=world.desk.leader.person_id).signing_key)
    file = store_bytes(content=content, name="a.pdf", media_type="application/pdf")
    Document.objects.filter(pk=document.pk).update(file=file)
    assert examine(document.id, at=AT).signature == "valid"
    offered = list_usable(world.mother, [document.kind], owner_id=world.mother.person_id, on=AT.date())
    assert offered == [document]
    for path in Path(settings.FILES_DIR).rglob(f"*{file.sha256}*"):
        path.unlink()
    later = AT + timedelta(days=40)
    assert examine(document.id, at=later).signature == "broken"
    entry = Entry.objects.get(kind="document.signature_changed")
    assert entry.facts == {"before": "valid", "now": "broken"}
    assert not list_usable(world.mother, [document.kind], owner_id=world.mother.person_id, on=AT.date())
    assert examine(document.id, at=later).signature == "broken"
    assert Entry.objects.filter(kind="document.signature_changed").count() == 1
