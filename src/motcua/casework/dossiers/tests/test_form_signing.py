"""Signing a form digitally."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from django.urls import reverse

from motcua.casework.dossiers.errors import ActNotAllowed
from motcua.casework.dossiers.models import OfficialDocument
from motcua.casework.dossiers.services import papers
from motcua.casework.dossiers.services.form_signing import sign_form
from motcua.casework.dossiers.services.papers import file_of
from motcua.casework.dossiers.services.printing import print_form
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING
from motcua.casework.dossiers.tests.form_facts import FACTS
from motcua.casework.dossiers.tests.test_extending import extend, long_one
from motcua.casework.dossiers.tests.test_printed_forms import overfull
from motcua.foundation.files.official import signature_box
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.signatures.levels import examine_own
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.access.models import RoleGrant
from motcua.registry.organisations.models import Officer
from motcua.registry.organisations.tests.factories import again

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(world) -> OfficialDocument:
    return factories.accepted(world.desk, world.mother).documents.get(kind="receipt")


def sign(actor, receipt: OfficialDocument) -> OfficialDocument:
    return sign_form(actor=actor, dossier_id=receipt.dossier_id, document_id=receipt.id, at=MORNING)


def is_valid_for_poppler(signed: bytes, folder: Path) -> bool:
    """Whether pdfsig says so; also where it is not installed."""
    if not shutil.which("pdfsig"):
        return True
    (folder / "form.pdf").write_bytes(signed)
    command = ["pdfsig", "-nocert", folder / "form.pdf"]
    return "Signature is Valid" in subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_a_leader_signs_it_once_and_the_signed_file_is_the_one_of_record(world, receipt, tmp_path):
    unsigned = read_file(file_of(receipt))
    signed = read_file(file_of(sign(world.desk.leader, receipt)))
    assert signed.startswith(unsigned)
    (found,) = examine_own(signed, at=MORNING).signatures
    assert found.intact
    assert b"<pdfaid:part>2<" in signed
    entry = Entry.objects.get(kind="dossier.form_signed")
    assert entry.facts["document_id"] == str(receipt.id)
    with pytest.raises(ActNotAllowed):
        sign(world.desk.leader, receipt)
    assert is_valid_for_poppler(signed, tmp_path)


def test_others_do_not_sign_it(world, receipt):
    for actor in (world.desk.specialist, world.mother):
        with pytest.raises(Refused):
            sign(actor, receipt)
    with pytest.raises(NotFound):
        sign(world.other_desk.leader, receipt)


@pytest.fixture
def apology(world, monkeypatch) -> OfficialDocument:
    limit = parse_limit("3wd")
    monkeypatch.setattr("motcua.casework.dossiers.services.clock.limit_of", lambda dossier: limit)
    return extend(world, long_one(world))


def test_the_head_signs_the_apology_they_made_and_nobody_else_does(world, apology, tmp_path):
    Officer.objects.filter(pk=world.desk.specialist.person_id).update(signing_key="leader-04894")
    for actor in (world.desk.specialist, world.desk.reception, again(world.desk.deputy)):
        with pytest.raises(Refused):
            sign(actor, apology)
    signed = sign(world.desk.leader, apology)
    (found,) = examine_own(read_file(file_of(signed)), at=MORNING).signatures
    assert found.intact
    assert is_valid_for_poppler(read_file(file_of(signed)), tmp_path)


def test_who_leads_no_more_cannot_sign_the_apology(world, apology):
    RoleGrant.objects.filter(account=world.desk.leader.account_id).update(role="specialist")
    with pytest.raises(Refused):
        sign(again(world.desk.leader), apology)


def test_the_stamp_covers_no_words_of_any_form(world):
    """The 20 mm above the name are free on the last page of every form that can be signed."""
    x0, y0, x1, y1 = signature_box("a5", "right")
    for form in sorted(set(papers.FORMS)):
        for facts in (FACTS[form], overfull(form)):
            document = pdfium.PdfDocument(print_form(form, facts, at=MORNING))
            words = document[len(document) - 1].get_textpage()
            inside = words.get_text_bounded(x0 + 1, y0 + 1, x1 - 1, y1 - 1)
            assert inside.strip() == "", (form, inside)


def test_the_page_shows_the_form_and_signs_it(world, browse, receipt):
    browser = browse(world.desk.leader)
    url = reverse("desk:form-sign", args=[receipt.dossier_id, receipt.id])
    dossier = reverse("desk:dossier", args=[receipt.dossier_id])
    assert url in browser.get(dossier).content.decode()
    assert browser.get(url).status_code == 200
    assert browser.post(url).status_code == 302
    assert OfficialDocument.objects.get(pk=receipt.pk).signed_at
    assert url not in browser.get(dossier).content.decode()
