"""Pages of the acts of the law, as officers at a desktop and the applicant at a phone use them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, expect

from motcua.config.demo.story import COMMUNE
from tests.journeys.conftest import DESKTOP, PHONE, OpenBrowser
from tests.journeys.person import Person
from tests.running import Running

MAIN_BUTTON = "main form.form .taskend button[data-color=accent]"
FINAL_BUTTON = "main form.form .taskend button[data-color=son]"
ERRORS = "[data-error-summary]"


def officer(browse: OpenBrowser, running: Running, who: str) -> Person:
    """An officer of the commune, signed in at a desktop."""
    person = browse(base_url=running.base, viewport=DESKTOP)
    person.open("/desk/sign-in/")
    person.press(f"form:has(input[value='demo.{who}.{COMMUNE}']) button")
    return person


def citizen(browse: OpenBrowser, running: Running, subject: str) -> Person:
    """A person of the eID stand-in, signed in at a phone, in Vietnamese."""
    person = browse(base_url=running.base, viewport=PHONE)
    person.open("/sign-in/?next=/dossiers/")
    person.press("main form[action$='/oidc/eid/login/'] button")
    person.press(f"button[name=person][value='{subject}']")
    return person


def desk(dossier: str) -> str:
    return f"/desk/dossiers/{dossier}/"


def own(dossier: str) -> str:
    return f"/dossiers/{dossier}/"


def act_page(person: Person, dossier: str, act: str) -> None:
    """From the dossier to the page of an act of the law, by its link."""
    person.open(desk(dossier))
    person.press(f"main a[href*='/law/{act}/']")


def press_act(person: Person, dossier: str, act: str) -> None:
    """An act that is a button on the dossier's page."""
    person.open(desk(dossier))
    person.press(f"form[action$='/acts/{act}/'] button")


def say_why(person: Person, ground: str, reason: str, button: str = FINAL_BUTTON) -> None:
    """Ground and reason, then do it."""
    person.page.locator(f"input[name=ground][value={ground}]").check()
    person.page.locator("#id_reason").fill(reason)
    person.press(button)


def fill_supplement(person: Person, items: Sequence[tuple[str, str]], reason: str) -> None:
    """What is missing as (words, what it is about), and why."""
    for index, (words, about) in enumerate(items):
        person.page.locator(f"#text-{index}").fill(words)
        person.page.locator(f"#about-{index}").select_option(about)
    person.page.locator("#reason").fill(reason)


def refused_with(person: Person, words: str) -> None:
    """The summary of errors says so, and has the focus."""
    expect(person.page.locator(ERRORS)).to_contain_text(re.compile(words))
    expect(person.page.locator(ERRORS)).to_be_focused()


def notice(person: Person) -> Locator:
    """The call-out that says how the dossier ended or what it waits for."""
    return person.page.locator("main .callout--stopped")


def read_pdf(person: Person, selector: str) -> None:
    """The paper behind a link is there."""
    address = person.page.locator(selector).first.get_attribute("href")
    assert address
    answer = person.page.request.get(address)
    assert answer.status == 200, address
    assert answer.body().startswith(b"%PDF-")
