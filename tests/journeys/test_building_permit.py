"""A house is to be built: from the plans to a permit shown to a bank, with a supplement, an opinion and a site visit."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import FilePayload, expect

from motcua.config.demo.papers import drawing, site_photo
from motcua.config.demo.story import COMMUNE, check_and_draft, sign
from tests import people
from tests.journeys.conftest import DESKTOP, PHONE, OpenBrowser
from tests.journeys.person import Person
from tests.journeys.test_birth_registration import SAVE, submit
from tests.running import ROOT, Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

PERMIT = "1.013225"
ANSWERS = json.loads((ROOT / "packs/vn/procedures" / PERMIT / "example.json").read_text(encoding="utf-8"))[
    "answers"
]
PEOPLE = json.loads((ROOT / "sandbox" / "eid" / "people.json").read_text(encoding="utf-8"))
OWNER = PEOPLE[1]["claims"]["sub"]
PLAN: FilePayload = {"name": "ban-ve.pdf", "mimeType": "application/pdf", "buffer": drawing("Mặt bằng")}
PHOTO: FilePayload = {"name": "hien-truong.jpg", "mimeType": "image/jpeg", "buffer": site_photo()}
MAIN_BUTTON = "main form.form .taskend button[data-color=accent]"


def officer(browse: OpenBrowser, running: Running, who: str) -> Person:
    person = browse(base_url=running.base, viewport=DESKTOP)
    person.open("/desk/sign-in/")
    person.press(f"form:has(input[value='demo.{who}']) button")
    return person


def apply(owner: Person) -> str:
    """Sign in, answer, submit. Returns the dossier's id."""
    owner.open(f"/apply/{PERMIT}/")
    owner.press("main form[action$='/oidc/eid/login/'] button")
    owner.press(f"button[name=person][value='{OWNER}']")
    owner.press("main form[method=post]:not([action]) button.ds-button")
    while "/check/" not in owner.page.url:
        owner.answer(ANSWERS | {"registration_commune": COMMUNE}, PLAN)
        owner.press(SAVE)
    return submit(owner)


def bring_what_is_missing(owner: Person, dossier: str) -> None:
    """From the message to the page that says what, and back with the paper."""
    owner.open(f"/dossiers/{dossier}/")
    owner.press("main a[href$='/supplement/']")
    owner.page.locator("#file-0").set_input_files(PLAN)
    owner.press("button[name=send]")
    expect(owner.page.locator("section.ds-card table.arithmetic")).to_contain_text(
        re.compile("toàn bộ|whole", re.I)
    )


def wants_it_too(second: Person, faster: str) -> None:
    """Presses what the page still offers, and reads who was faster."""
    second.press("form[action$='/acts/claim/'] button")
    expect(second.page.locator("[role=status].messages")).to_contain_text(faster)


def give_opinion(officer: Person, desk: str, words: str, file: FilePayload | None = None) -> None:
    officer.open(desk)
    officer.press("main a[href*='/opinion/']")
    officer.page.locator("#id_text").fill(words)
    if file:
        officer.page.locator("#id_file").set_input_files(file)
    officer.press(MAIN_BUTTON)


def decide(running: Running, dossier: str) -> None:
    """Draft, sign, return: without a browser, as other journeys look at these pages."""
    check_and_draft(people.officer(running, "economy"), dossier)
    sign(people.officer(running, "chair"), dossier)
    reception = people.officer(running)
    reception.get(f"/desk/dossiers/{dossier}/")
    reception.post(reception.form("/acts/return-result/"), {})


def test_a_house_owner_gets_the_permit(running: Running, browse: OpenBrowser) -> None:
    owner = browse(base_url=running.base, viewport=PHONE)
    dossier = apply(owner)
    desk = f"/desk/dossiers/{dossier}/"
    reception = officer(browse, running, f"reception.{COMMUNE}")
    reception.open(desk)
    reception.press("form[action$='/acts/accept/'] button")
    reception.press("form[action$='/acts/hand-over/'] button")
    builder, head = (officer(browse, running, f"{who}.{COMMUNE}") for who in ("construction", "economy"))
    builder.open(desk)
    builder.press("main a[href*='/supplement/']")
    builder.page.locator("#text-0").fill("Bản vẽ móng còn thiếu")
    builder.page.locator("#about-0").select_option("component drawings")
    builder.page.locator("#reason").fill("Cần bản vẽ móng để thẩm định.")
    builder.press(MAIN_BUTTON)
    bring_what_is_missing(owner, dossier)
    for person in (builder, head):
        person.open(desk)
    head.press("form[action$='/acts/claim/'] button")
    wants_it_too(builder, "Đoàn Mẫu Thẩm")
    head.press("form[action$='/acts/complete-task/'] button[value=complete]")
    owner.open(f"/dossiers/{dossier}/")
    stage = owner.page.locator("p.titleline .strong").inner_text()
    give_opinion(builder, desk, "Đất trống, chưa khởi công.", PHOTO)
    owner.open(f"/dossiers/{dossier}/")
    expect(owner.page.locator("p.titleline .strong")).to_have_text(stage)
    give_opinion(officer(browse, running, "construction.H44"), desk, "Phù hợp quy hoạch.")
    decide(running, dossier)
    owner.open(f"/dossiers/{dossier}/")
    assert owner.download("section.result a[download]").startswith(b"%PDF-")


def test_a_document_is_shown_to_a_stranger_by_a_code(running: Running, browse: OpenBrowser) -> None:
    """The permit of the story, at the owner's phone; the bank's clerk has a code and nothing else."""
    owner = browse(base_url=running.base, viewport=PHONE)
    owner.open("/sign-in/?next=/documents/")
    owner.press("main form[action$='/oidc/eid/login/'] button")
    owner.press(f"button[name=person][value='{OWNER}']")
    owner.open("/documents/shares/new/")
    owner.page.locator("input[name=documents]").first.check()
    owner.page.locator("#id_purpose").fill("Vay vốn")
    owner.press(MAIN_BUTTON)
    share = owner.page.url
    code = owner.page.locator(".result__verdict strong").inner_text()
    clerk = browse(base_url=running.base, viewport=PHONE)
    clerk.open("/shared/")
    clerk.page.locator("main [name=code]").fill(code)
    clerk.press("main form:has([name=code]) button")
    expect(clerk.page.locator("main")).to_contain_text("Vay vốn")
    clerk.press("main form:has([name=look]) button")
    expect(clerk.page.locator("section.result .result__verdict:not(.result__verdict--wrong)")).to_have_count(
        1
    )
    owner.open(share)
    expect(owner.page.locator("#readers li")).to_have_count(1)
    owner.press("main a[href$='/end/']")
    owner.press("main form.form .taskend button")
    clerk.page.reload()
    expect(clerk.page.locator("section.result")).to_have_count(0)
