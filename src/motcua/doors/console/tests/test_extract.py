"""A signed extract from the journal, asked for on the auditors' list."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from unittest import mock

import pypdfium2
import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING, accepted, returned
from motcua.foundation.files.previews import page_count
from motcua.foundation.journal.models import Entry, Leaf
from motcua.foundation.journal.services import follow_once
from motcua.foundation.signatures.trust import read_trust_list
from motcua.foundation.signatures.verification import verify_pdf
from motcua.registry.people.models import Person

pytestmark = pytest.mark.django_db
NOW = MORNING + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def auditor(world, browse):
    return browse(world.auditor)


def ask(auditor, query="", reason="Kiểm tra theo kế hoạch 12/KH-TTr"):
    return auditor.post(reverse("console:audit-extract"), {"query": query, "reason": reason})


def text_of(pdf):
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(page.get_textpage().get_text_bounded() for page in pages)


def test_an_extract_is_signed_and_says_who_asked_and_why(world, auditor):
    dossier = returned(world.desk, world.mother)
    follow_once()
    answer = ask(auditor, f"?object={dossier.id}")
    assert answer.headers["Content-Type"] == "application/pdf"
    verdict = verify_pdf(answer.content, at=NOW, trust=read_trust_list(settings.SIGNATURES_DIR))
    assert [it.intact and it.trusted for it in verdict.signatures] == [True]
    text = text_of(answer.content)
    for words in ("Ngô Thị Mẫu Thanh", "Kiểm tra theo kế hoạch 12/KH-TTr", dossier.code, "01/TNK-TTr"):
        assert words in text
    leaf = Leaf.objects.get(entry_id=Entry.objects.get(object_id=dossier.id, kind="dossier.signed").id)
    assert bytes(leaf.hash).hex()[:8] in text


def test_an_extract_holds_nothing_personal_of_citizens(world, auditor):
    dossier = accepted(world.desk, world.mother)
    follow_once()
    text = text_of(ask(auditor, f"?object={dossier.id}").content)
    mother = Person.objects.get(pk=world.mother.person_id)
    assert mother.full_name not in text
    assert mother.personal_number not in text


def test_making_an_extract_is_an_entry_with_its_digest_and_reason(world, auditor):
    dossier = accepted(world.desk, world.mother)
    follow_once()
    pdf = ask(auditor, f"?person={world.mother.person_id}&kind=dossier.").content
    entry = Entry.objects.get(kind="journal.extracted")
    assert entry.facts["sha256"] == hashlib.sha256(pdf).hexdigest()
    assert entry.concerns_id == world.mother.person_id
    assert entry.detail.values == {"reason": "Kiểm tra theo kế hoạch 12/KH-TTr"}
    assert dossier.code in text_of(pdf)


def test_without_a_reason_there_is_no_extract_and_the_filters_stay(world, auditor):
    accepted(world.desk, world.mother)
    page = ask(auditor, "?kind=dossier.", reason="  ")
    assert page.status_code == 200
    assert "An extract from the journal needs a reason." in page.content.decode()
    assert page.context["form"].data["kind"] == "dossier."
    assert not Entry.objects.filter(kind="journal.extracted").exists()


def test_too_many_entries_are_refused_and_the_reason_is_kept(world, auditor):
    accepted(world.desk, world.mother)
    follow_once()
    with mock.patch("motcua.foundation.journal.services.EXTRACT_LIMIT", 1):
        page = ask(auditor, reason="Kiểm tra đột xuất").content.decode()
    assert "Narrow the extract" in page
    assert "Kiểm tra đột xuất" in page


def test_an_extract_of_nothing_says_so(auditor):
    pdf = ask(auditor, "?ends=2020-01-01").content
    assert page_count(pdf) == 1
    assert "Không có mục nào" in text_of(pdf)
