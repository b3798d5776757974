"""A child is born: from the first search to a certificate that anybody can verify, as people do it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, expect

from motcua.config.demo.papers import birth_evidence
from motcua.config.demo.story import COMMUNE, example_answers
from tests import people
from tests.journeys.conftest import DESKTOP, PHONE, OpenBrowser
from tests.journeys.person import Person
from tests.running import ROOT, Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

MOTHER = json.loads((ROOT / "sandbox" / "eid" / "people.json").read_text(encoding="utf-8"))[0]["claims"][
    "sub"
]
SAVE = "#page-form .taskend button:not([name])"


@pytest.fixture
def paper() -> FilePayload:
    return {"name": "giay-chung-sinh.pdf", "mimeType": "application/pdf", "buffer": birth_evidence()}


def find_by_suggestion(mother: Person) -> None:
    box = mother.page.locator("#q")
    box.focus()
    box.press_sequentially("dang ky khai sinh", delay=20)
    mother.page.locator("#suggestions a").first.wait_for()
    mother.look()
    mother.press("#suggestions ul.suggest li:first-child a")


def find_by_results(mother: Person) -> None:
    mother.page.locator("#q").fill("dang ky khai sinh")
    mother.press("form[role=search] button")
    mother.press("main ul.suggest li:first-child a")


def sign_in(mother: Person) -> None:
    mother.press("main form[action$='/oidc/eid/login/'] button")
    mother.press(f"button[name=person][value='{MOTHER}']")


def fill_in(mother: Person, paper: FilePayload) -> None:
    """Page after page, up to the check."""
    while "/check/" not in mother.page.url:
        mother.answer(example_answers(), paper)
        mother.press(SAVE)


def submit(mother: Person) -> str:
    """Declare and submit. Returns the dossier's id."""
    mother.page.locator("#declared").check()
    mother.press("form[action$='/submit/'] button")
    found = re.search(r"/dossiers/([0-9a-f-]{36})/$", mother.page.url)
    assert found, mother.page.url
    return found[1]


def go_wrong_once(mother: Person) -> None:
    """Leave a question open: the summary gets the focus, leads to the question, and nothing typed is lost."""
    while not mother.page.url.endswith("/father/"):
        mother.answer(example_answers())
        mother.press(SAVE)
    mother.answer(example_answers() | {"father_residence": ""})
    mother.press(SAVE, status=422)
    summary = mother.page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(mother.page.locator("[name=father_name]")).to_have_value(example_answers()["father_name"])
    summary.locator("a").click()
    expect(mother.page.locator("[name=father_residence]")).to_be_focused()


def handle_in_browsers(browse: OpenBrowser, running: Running, dossier: str) -> None:
    """The officers, each at a browser of their own; two of them work in the dark."""
    dark, light = (
        {"base_url": running.base, "viewport": DESKTOP, "color_scheme": scheme}
        for scheme in ("dark", "light")
    )
    reception = officer(browse(**dark), "reception")
    receive(reception, dossier)
    officer_checks(officer(browse(**light), "justice"), dossier)
    sign(officer(browse(**dark), "chair"), dossier)
    reception.open(f"/desk/dossiers/{dossier}/")
    reception.press("form[action$='/acts/return-result/'] button")


def handle_quickly(_browse: OpenBrowser, running: Running, dossier: str) -> None:
    """The same acts without a browser: what officers see does not depend on what the mother holds."""
    people.handle(running, dossier)


@pytest.mark.parametrize(
    ("window", "find", "handle"),
    [
        pytest.param(PHONE, find_by_results, handle_quickly, id="phone"),
        pytest.param(DESKTOP, find_by_suggestion, handle_in_browsers, id="desktop"),
    ],
)
def test_a_mother_gets_the_birth_certificate(
    window: Any,
    find: Any,
    handle: Any,
    running: Running,
    browse: OpenBrowser,
    paper: FilePayload,
    tmp_path: Path,
) -> None:
    mother = browse(base_url=running.base, viewport=window)
    mother.open("/")
    find(mother)
    mother.press("main form[action='/apply/1.001193/'] button")
    sign_in(mother)
    mother.press("main form[method=post] button.ds-button")
    go_wrong_once(mother)
    fill_in(mother, paper)
    dossier = submit(mother)
    mother.open("/dossiers/")
    handle(browse, running, dossier)
    certificate = tmp_path / "certificate.pdf"
    mother.open(f"/dossiers/{dossier}/")
    certificate.write_bytes(mother.download("section.result a[download]"))
    assert mother.page.locator("#readers li").count() >= 3
    verify(mother, certificate)


def officer(person: Person, who: str) -> Person:
    person.open("/desk/sign-in/")
    person.press(f"form:has(input[value='demo.{who}.{COMMUNE}']) button")
    return person


def receive(reception: Person, dossier: str) -> None:
    """Accept, look at the receipt, hand over."""
    reception.press(f"main a[href^='/desk/dossiers/{dossier}/']")
    reception.press("form[action$='/acts/accept/'] button")
    receipt = reception.page.locator("a[href*='/documents/']").first.get_attribute("href")
    assert receipt
    answer = reception.page.request.get(receipt)
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF-")
    reception.press("form[action$='/acts/hand-over/'] button")


def officer_checks(justice: Person, dossier: str) -> None:
    """Tick what was checked, draft, put before the chair."""
    justice.press(f"main a[href^='/desk/dossiers/{dossier}/']")
    for box in justice.page.locator("input[name=check]").all():
        box.check()
    justice.press("form[action$='/acts/draft-result/'] button")
    justice.press("form[action$='/acts/submit-for-signature/'] button")


def sign(chair: Person, dossier: str) -> None:
    """Read the very page and sign it."""
    chair.open(f"/desk/signing/?dossier={dossier}")
    picture = chair.page.locator("svg.preview__page image").get_attribute("href")
    size = chair.page.evaluate(
        "async address => { const it = new Image(); it.src = address; await it.decode(); return it.naturalWidth }",
        picture,
    )
    assert size >= 1000
    chair.press("form[action$='/acts/sign/'] button")


def verify(anybody: Person, certificate: Path) -> None:
    """By the code on the card, then by the file."""
    anybody.press("section.result a[href*='/verify/?code=']")
    genuine = "section.result .result__verdict:not(.result__verdict--wrong)"
    # The chairwoman's signature and the agency's seal.
    expect(anybody.page.locator(genuine)).to_have_count(2)
    anybody.open("/verify/")
    anybody.page.locator("input[type=file]").set_input_files(certificate)
    anybody.press("main form[enctype] button")
    # The chairwoman's signature and the agency's seal.
    expect(anybody.page.locator(genuine)).to_have_count(2)


def test_everything_works_without_scripts(running: Running, browse: OpenBrowser, paper: FilePayload) -> None:
    mother = browse(base_url=running.base, viewport=PHONE, java_script_enabled=False)
    mother.open("/")
    find_by_results(mother)
    mother.press("main form[action='/apply/1.001193/'] button")
    sign_in(mother)
    mother.press("main form[method=post] button.ds-button")
    fill_in(mother, paper)
    submit(mother)
