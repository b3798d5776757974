"""A procedure that was imported: found, applied for with the general form, accepted at the desk with a due date."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, expect

from motcua.config.demo.papers import drawing
from motcua.config.demo.story import COMMUNE
from tests.journeys import law
from tests.journeys.conftest import PHONE, OpenBrowser
from tests.journeys.test_birth_registration import SAVE, sign_in, submit
from tests.running import ROOT, Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]
SAMPLE, CODE = ROOT / "packs" / "vn" / "tests" / "catalogue_sample.jsonl", "9.000004"
PAPER: FilePayload = {"name": "to-khai.pdf", "mimeType": "application/pdf", "buffer": drawing("Tờ khai")}
START = "main form[action*='/apply/'] button"
ANSWERS = {
    "applicant_phone": "0912345678",
    "subject": "Xin cấp lại giấy phép thả diều",
    "registration_commune": COMMUNE,
    "result_by": "warehouse",
}


def test_applying_for_an_imported_procedure(running: Running, browse: OpenBrowser) -> None:
    running.run("catalogue", "import", SAMPLE)
    mother = browse(base_url=running.base, viewport=PHONE)
    mother.open("/search/?q=cap+lai+giay+phep+tha+dieu")
    mother.press(f"main a[href='/procedures/{CODE}/'] >> nth=0")
    mother.press(START)
    sign_in(mother)
    mother.press(START)
    while "/check/" not in mother.page.url:
        mother.answer(ANSWERS, PAPER)
        mother.press(SAVE)
    dossier = submit(mother)
    reception = law.officer(browse, running, "reception")
    law.press_act(reception, dossier, "accept")
    mother.open(law.own(dossier))
    expect(mother.page.locator("main")).to_contain_text(re.compile(r"H44\.\d{5}-\d{6}-\d{4}"))
    due = running.ask(
        "SELECT due_at IS NOT NULL, version_id IS NOT NULL FROM casework_dossiers_dossier WHERE id = %s",
        dossier,
    )
    assert due == [(True, True)]
