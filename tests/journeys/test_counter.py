"""The counter by keys alone: from the card to the printed receipt; and a helper whom the person stops."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from motcua.config.demo.story import example_answers
from tests.journeys.conftest import DESKTOP, PHONE, OpenBrowser
from tests.journeys.test_birth_registration import officer
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

CARD = "025196000001||NGUYỄN THỊ HỒNG MẪU|12031996|Nữ|Tổ 1, Phường Kỳ Sơn, Tỉnh Phú Thọ|01032022"
HELPER = "026094000001"
# Beyond the typing of answers, and in all by the clock of a clerk who types 4 keys a second.
MOST_KEYS, MOST_SECONDS, KEYS_A_SECOND = 12, 120, 4
FOCUSED = """() => { const it = document.activeElement; const parts = it.name?.match(/^(.*)_(day|month|year)$/);
  return {name: it.name ?? "", type: it.type ?? "", value: it.value ?? "", part: parts ? [parts[1], parts[2]] : null,
    values: it.type === "radio" ? [...document.getElementsByName(it.name)].map(one => one.value) : [],
    checked: it.type === "radio" && [...document.getElementsByName(it.name)].some(one => one.checked),
    options: it.type === "select-one" ? [...it.options].map(one => one.value) : []} }"""


@dataclass
class Keys:
    """A clerk's keyboard: what is pressed to answer questions of the form, and what beyond."""

    page: Page
    answering: int = 0
    beyond: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.beyond.append(key)

    def words(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.answering += len(text)

    def answer(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.answering += len(keys)

    def arrive(self, key: str) -> None:
        with self.page.expect_navigation():
            self.press(key)


def read_by_reader(page: Page, card: str) -> None:
    """What a reader does, not the clerk: type the code's text and press Enter."""
    with page.expect_navigation():
        page.keyboard.insert_text(card)
        page.keyboard.press("Enter")


def fill_in(keys: Keys, answers: Mapping[str, Any]) -> None:
    """From question to question, as the page puts them; what is filled in already is only passed."""
    for _question in range(90):
        at = keys.page.evaluate(FOCUSED)
        if at["name"].startswith("tick-"):
            if at["name"] == "tick-birth_evidence-original":
                keys.press("1")
            keys.press("Tab")
        elif at["type"] in {"file", "submit"} or not at["name"]:
            if at["type"] == "submit":
                return
            keys.press("Tab")
        else:
            _answer(keys, at, answers)


def _answer(keys: Keys, at: dict[str, Any], answers: Mapping[str, Any]) -> None:
    name, wanted = at["name"], str(answers.get(at["name"], ""))
    if at["part"]:
        whole, part = at["part"]
        wanted = dict(zip(("year", "month", "day"), str(answers.get(whole, "--")).split("-"), strict=True))[
            part
        ]
    if at["type"] == "radio":
        if not at["checked"]:
            keys.answer("Space", *["ArrowDown"] * at["values"].index(wanted))
    elif at["type"] == "select-one":
        if not at["value"]:
            keys.answer(*["ArrowDown"] * at["options"].index(wanted))
    elif wanted and not at["value"]:
        keys.words(wanted)
    keys.answer("Tab")
    assert name


def test_a_birth_is_taken_in_by_keys_alone_in_under_two_minutes(
    running: Running, browse: OpenBrowser
) -> None:
    clerk = officer(browse(base_url=running.base, viewport=DESKTOP), "reception")
    clerk.page.add_init_script("window.print = () => { document.documentElement.dataset.printed = '1' }")
    clerk.open("/desk/intake/")
    keys, began = Keys(clerk.page), time.monotonic()
    expect(clerk.page.locator("#who")).to_be_focused()
    read_by_reader(clerk.page, CARD)
    clerk.look()
    keys.press("Space", "Tab")
    keys.words("khai sinh")
    keys.arrive("Enter")
    keys.arrive("Enter")
    clerk.look()
    fill_in(keys, example_answers())
    keys.arrive("Enter")
    assert "/check/" in clerk.page.url, clerk.page.locator("main").inner_text()
    clerk.look()
    keys.arrive("Enter")
    clerk.look()
    assert "/taken/" in clerk.page.url
    expect(clerk.page.locator("html")).to_have_attribute("data-printed", "1")
    machine = time.monotonic() - began
    assert len(keys.beyond) <= MOST_KEYS, keys.beyond
    assert machine + (keys.answering + len(keys.beyond)) / KEYS_A_SECOND <= MOST_SECONDS
    code = clerk.page.locator("h1 + p").inner_text()
    anybody = browse(base_url=running.base, viewport=PHONE)
    anybody.open(f"/status/?code={code}")
    expect(anybody.page.locator("main")).to_contain_text(code)
