"""Who represents an organisation signs in with its account, acts for it, and goes back to being themselves."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import FilePayload, expect

from motcua.config.demo.papers import birth_evidence
from motcua.config.demo.story import COMMUNE
from tests.journeys.conftest import DESKTOP, PHONE, OpenBrowser
from tests.journeys.person import Person
from tests.running import ROOT, Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

PEOPLE = json.loads((ROOT / "sandbox" / "eid" / "people.json").read_text(encoding="utf-8"))
COOPERATIVE = "HỢP TÁC XÃ NÔNG NGHIỆP MẪU"
COMPANY = "CÔNG TY TNHH MẪU"
CODE = "2.002641"
SAVE = "#page-form .taskend button:not([name])"
ANSWERS = {
    "organisation_address": "Khu 4, phường Kỳ Sơn, tỉnh Phú Thọ",
    "begins": "2026-12-01",
    "ends": "2027-03-31",
    "reason": "Sửa chữa kho.",
    "registration_commune": COMMUNE,
    "applicant_phone": "0900000004",
    "result_by": "warehouse",
}


def key_of(organisation: str) -> str:
    """What the stand-in's page calls the account of an organisation."""
    claims = next(it["claims"] for it in PEOPLE if it["claims"]["TenDoanhNghiep"] == organisation)
    return f"{claims['sub']}-{claims['MaSoDoanhNghiep']}"


def sign_in(person: Person, organisation: str) -> None:
    """With the organisation's account; then the page on which one chooses for whom one acts."""
    person.open("/sign-in/?next=/dossiers/")
    person.press("main form[action$='/oidc/eid/login/'] button")
    person.press(f"button[name=person][value='{key_of(organisation)}']")
    assert "/acting/" in person.page.url


def choose(person: Person, organisation: str) -> None:
    person.press(f"main li:has-text('{organisation}') button[name=key]")
    expect(person.page.locator(".acting strong")).to_have_text(organisation)


def apply(person: Person) -> str:
    """The notice of the cooperative. Returns the dossier's id."""
    paper: FilePayload = {
        "name": "thong-bao.pdf",
        "mimeType": "application/pdf",
        "buffer": birth_evidence(),
    }
    person.open(f"/apply/{CODE}/")
    person.press("main form[method=post] button.ds-button")
    while "/check/" not in person.page.url:
        person.answer(ANSWERS, paper)
        if (box := person.page.locator("#page-form textarea[name=reason]")).count():
            box.fill(ANSWERS["reason"])
        person.press(SAVE)
    expect(person.page.locator("main")).to_contain_text(COOPERATIVE)
    person.page.locator("#declared").check()
    person.press("form[action$='/submit/'] button")
    found = re.search(r"/dossiers/([0-9a-f-]{36})/$", person.page.url)
    assert found, person.page.url
    return found[1]


@pytest.mark.parametrize("window", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_representative_acts_for_a_cooperative_and_nobody_else_does(
    window: dict[str, int], running: Running, browse: OpenBrowser
) -> None:
    head = browse(base_url=running.base, viewport=window)
    sign_in(head, COOPERATIVE)
    choose(head, COOPERATIVE)
    dossier = apply(head)
    expect(head.page.locator("main")).to_contain_text(COOPERATIVE)

    reception = browse(base_url=running.base, viewport=DESKTOP)
    reception.open("/desk/sign-in/")
    reception.press(f"form:has(input[value='demo.reception.{COMMUNE}']) button")
    reception.open(f"/desk/dossiers/{dossier}/")
    expect(reception.page.locator(".dossierhead")).to_contain_text(COOPERATIVE)
    expect(reception.page.locator(".dossierhead")).to_contain_text("Lê Văn Thí Dụ")
    reception.press("form[action$='/acts/accept/'] button")

    rival = browse(base_url=running.base, viewport=window)
    sign_in(rival, COMPANY)
    choose(rival, COMPANY)
    rival.open(f"/dossiers/{dossier}/", status=404)
    rival.open(f"/apply/{CODE}/", status=403)

    head.open("/dossiers/")
    expect(head.page.locator(f"main a[href='/dossiers/{dossier}/']")).to_have_count(1)
    head.press(".acting button")
    expect(head.page.locator(".acting")).to_have_count(0)
    head.open(f"/dossiers/{dossier}/", status=404)
