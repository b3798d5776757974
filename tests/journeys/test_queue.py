"""From the ticket to the call board: a kiosk that its head opened, two numbers, a counter, a board, a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from motcua.config.demo.story import COMMUNE
from tests.journeys.conftest import DESKTOP, PHONE, OpenBrowser
from tests.journeys.person import Person
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

NUMBER = ".slip__number"


def at_desk(person: Person, base: str, who: str, page: str) -> None:
    person.open(f"{base}/desk/sign-in/")
    person.press(f"form:has(input[value='demo.{who}.{COMMUNE}']) button")
    person.open(f"{base}{page}")


def take_number(kiosk: Person, base: str, ground: str) -> tuple[str, str]:
    """At the kiosk, up to the number on its screen: the number, and where the phone is led."""
    kiosk.open(f"{base}/kiosk/")
    kiosk.press(".kiosk__choices a >> nth=0")
    kiosk.press(f"button[name=ground][value='{ground}']")
    link = kiosk.page.locator(".slip").get_attribute("data-link") or ""
    return kiosk.page.locator(NUMBER).inner_text(), link


def test_from_the_ticket_to_the_call_board(running: Running, browse: OpenBrowser) -> None:
    head, kiosk = browse(viewport=DESKTOP), browse(viewport=DESKTOP, java_script_enabled=False)
    at_desk(head, running.base, "chair", "/desk/queue/settings/")
    board_url = head.page.locator("a[href*='/board/']").first.get_attribute("href") or ""
    head.press("button[name=part][value=kiosk]")
    code = head.page.locator("[data-kiosk-code]").inner_text()

    kiosk.open(f"{running.base}/kiosk/")
    kiosk.page.locator("#code").fill("WRONG")
    kiosk.press("main form button", status=422)
    kiosk.page.locator("#code").fill(code.lower())
    kiosk.press("main form button")
    first, _link = take_number(kiosk, running.base, "")
    second, link = take_number(kiosk, running.base, "older")
    assert re.fullmatch(r"A\d{3}", first) and int(second[1:]) == int(first[1:]) + 1

    board, phone = browse(viewport=DESKTOP), browse(viewport=PHONE)
    board.open(board_url)
    phone.open(f"{running.base}{link}")
    desk = browse(viewport=DESKTOP)
    at_desk(desk, running.base, "reception", "/desk/queue/")
    desk.press("main button[name=counter] >> nth=0")
    with desk.page.expect_navigation():
        desk.page.keyboard.press("n")
    desk.look()
    # Who has priority goes before who came first, and both are told by what they look at.
    expect(desk.page.locator(".called")).to_have_text(second)
    expect(board.page.locator(".board__number")).to_have_text(second)
    expect(board.page.locator("[data-announce]")).to_contain_text(second)
    expect(phone.page.locator("[data-announce]")).not_to_be_empty()
    board.look()
    phone.look()

    for key, shown in (("s", None), ("f", None), ("n", first)):
        with desk.page.expect_navigation():
            desk.page.keyboard.press(key)
        if shown:
            expect(board.page.locator(".board__number")).to_have_text(shown)
    # The printer is away: the kiosk says so and shows the number again for who asks.
    desk.press("button[name=printer][value=away]")
    take_number(kiosk, running.base, "")
    assert kiosk.page.locator("[data-print]").count() == 0
    kiosk.open(f"{running.base}/kiosk/again/")
    kiosk.press(".kiosk__choices a >> nth=0")
    expect(kiosk.page.locator(NUMBER)).to_be_visible()
