"""Somebody finds what they need on a phone: by everyday words with suggestions, without scripts, and by a guide."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, OpenBrowser
from tests.journeys.person import Person
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]
BUILDING, LICENCE = "1.013225", "3.000348"


def on_a_phone(browse: OpenBrowser, running: Running, *, scripts: bool) -> Person:
    return browse(base_url=running.base, viewport=PHONE, java_script_enabled=scripts)


def by_suggestion(person: Person) -> None:
    """What fits follows while typing, and the keyboard reaches it."""
    person.open("/")
    field = person.page.locator("#q")
    field.press_sequentially("xay nha ca", delay=20)
    first = person.page.locator("#suggestions .suggest a").first
    expect(first).to_have_attribute("href", f"/procedures/{BUILDING}/")
    person.look()
    field.press("Tab")
    field.press("Tab")
    person.page.keyboard.press("Tab")
    expect(person.page.locator("#suggestions a:focus")).to_have_count(1)
    person.press(f"#suggestions a[href='/procedures/{BUILDING}/']")


def by_button(person: Person) -> None:
    """Without scripts the button finds the same; what was chosen narrows it down."""
    person.open("/")
    person.page.locator("#q").fill("mất bằng lái")
    person.press(".searchbox button")
    expect(person.page.locator(".suggest a").first).to_have_attribute("href", f"/procedures/{LICENCE}/")
    person.page.locator(".explained summary").click()
    person.page.locator("#narrow-level").select_option("province")
    person.press(".explained form .taskend button")
    expect(person.page.locator("#q")).to_have_value("mất bằng lái")
    person.press(f".suggest a[href='/procedures/{LICENCE}/']")


def in_vain(person: Person) -> None:
    person.open("/search/?q=zzqx+wvvq")
    person.press("main a[href='/procedures/']")
    person.press("main a[href='/guides/']")


def by_guide(person: Person) -> None:
    """Questions one after another; the way back keeps the answers before; the list at the end."""
    person.press("main a[href='/guides/death/']")
    person.page.locator("[name=together][value=no]").check()
    person.press("main form .taskend button")
    person.page.locator("[name=insured][value=no]").check()
    person.press("main form .taskend button")
    person.page.go_back()
    expect(person.page.locator("[name=insured]").first).to_be_visible()
    person.page.locator("[name=insured][value=paid]").check()
    person.press("main form .taskend button")
    person.page.locator("[name=land][value=no]").check()
    person.press("main form .taskend button")
    expect(person.page.locator("main a[href='/procedures/1.000656/']")).to_be_visible()


def test_what_is_needed_is_found_by_everyday_words(running: Running, browse: OpenBrowser) -> None:
    person = on_a_phone(browse, running, scripts=True)
    by_suggestion(person)
    in_vain(person)
    by_guide(person)
    expect(person.page.locator("[data-print]")).to_be_visible()
    by_button(on_a_phone(browse, running, scripts=False))
