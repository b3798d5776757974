"""Signing a form digitally."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from django.urls import reverse

from motcua.casework.dossiers.errors import ActNotAllowed
from motcua.casework.dossiers.models import OfficialDocument
from motcua.casework.dossiers.services.form_signing import sign_form
from motcua.casework.dossiers.services.papers import file_of
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.signatures.levels import examine_own

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(world) -> OfficialDocument:
    return factories.accepted(world.desk, world.mother).documents.get(kind="receipt")


def sign(actor, receipt: OfficialDocument) -> OfficialDocument:
    return sign_form(actor=actor, dossier_id=receipt.dossier_id, document_id=receipt.id, at=MORNING)


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
    if shutil.which("pdfsig"):
        (tmp_path / "form.pdf").write_bytes(signed)
        told = subprocess.run(
            ["pdfsig", "-nocert", tmp_path / "form.pdf"], capture_output=True, text=True, check=False
        )
        assert "Signature is Valid" in told.stdout


def test_others_do_not_sign_it(world, receipt):
    for actor in (world.desk.specialist, world.mother):
        with pytest.raises(Refused):
            sign(actor, receipt)
    with pytest.raises(NotFound):
        sign(world.other_desk.leader, receipt)


def test_the_page_shows_the_form_and_signs_it(world, browse, receipt):
    browser = browse(world.desk.leader)
    url = reverse("desk:form-sign", args=[receipt.dossier_id, receipt.id])
    dossier = reverse("desk:dossier", args=[receipt.dossier_id])
    assert url in browser.get(dossier).content.decode()
    assert browser.get(url).status_code == 200
    assert browser.post(url).status_code == 302
    assert OfficialDocument.objects.get(pk=receipt.pk).signed_at
    assert url not in browser.get(dossier).content.decode()
