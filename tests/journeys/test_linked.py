"""A child is born, and everything is done at once: one application, three dossiers, one status, nothing asked twice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, expect

from motcua.config.demo.papers import birth_evidence
from motcua.config.demo.story import COMMUNE, example_answers
from tests import people
from tests.journeys.conftest import PHONE, OpenBrowser
from tests.journeys.test_birth_registration import SAVE, sign_in
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

LATER = {
    "with_residence": "yes",
    "with_health_card": "yes",
    "dwelling_line": "Khu 4",
    "dwelling": "family",
    "household": "join",
    "head_name": "Trần Quốc Bảo",
    "head_relation": "child",
    "head_consent": "yes",
    "residence_commune": COMMUNE,
    "first_care": "Trạm y tế xã Lâm Thao",
}
PARTS = "main section.section ul.rows > li"


def test_one_application_becomes_three_dossiers_of_which_the_mother_sees_one_status(
    running: Running, browse: OpenBrowser
) -> None:
    paper: FilePayload = {
        "name": "giay-chung-sinh.pdf",
        "mimeType": "application/pdf",
        "buffer": birth_evidence(),
    }
    mother = browse(base_url=running.base, viewport=PHONE)
    mother.open("/search/?q=khai+sinh+va+bao+hiem")
    mother.press("main ul.suggest li:first-child a")
    mother.press("main form[action='/apply/2.000986/'] button")
    sign_in(mother)
    mother.press("main form[method=post] button.ds-button")
    while "/check/" not in mother.page.url:
        mother.answer(example_answers() | LATER, paper)
        mother.press(SAVE)
    mother.page.locator("#declared").check()
    mother.press("form[action$='/submit/'] button")
    found = re.search(r"/linked/([0-9a-f-]{36})/$", mother.page.url)
    assert found, mother.page.url
    expect(mother.page.locator(PARTS)).to_have_count(3)
    expect(mother.page.locator(PARTS).get_by_text("Follows")).to_have_count(2)
    people.handle(running, found[1])
    # The follower submits the others; the mother does nothing.
    links = mother.page.locator(f"{PARTS} a[href^='/dossiers/']")
    for _try in range(40):
        mother.page.reload()
        if links.count() == 3:
            break
        mother.page.wait_for_timeout(500)
    expect(links).to_have_count(3)
    mother.look()
    mother.press(f"{PARTS}:nth-child(2) a[href^='/dossiers/']")
    # The certificate is among its papers, taken from her documents.
    expect(mother.page.get_by_text("Giấy khai sinh").first).to_be_attached()
    mother.open("/dossiers/")
    expect(mother.page.locator(f"main a[href='/linked/{found[1]}/']")).to_have_count(1)
