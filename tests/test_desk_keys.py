"""The desk by keys, in Chromium: the pages are the real ones, their server is this test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.urls import reverse
from playwright.sync_api import Page, Route, expect, sync_playwright

from motcua.casework.dossiers.tests.factories import MORNING, submitted
from tests.journeys.conftest import _ARGUMENTS

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("pages")]
SITE = "http://desk.example"


@pytest.fixture
def pages(world, browse) -> dict[str, str]:
    """Path -> page: an inbox of two dossiers, these, and their notes."""
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        ids = [submitted(world.desk, world.mother).id for _ in range(2)]
        client = browse(world.desk.reception)
        paths = [reverse("desk:inbox")]
        paths += [reverse(name, args=[it]) for name in ("desk:dossier", "desk:notes") for it in ids]
        return {path: client.get(path).content.decode() for path in paths}


@pytest.fixture
def window(pages) -> Iterator[Page]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "This test needs Chromium: apt-get install chromium, or `make setup`."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        page = browser.new_context().new_page()
        page.route("**/*", lambda route: _answer(route, pages))
        page.goto(SITE + reverse("desk:inbox"))
        page.wait_for_function("document.querySelector('[data-keys-open]').hidden === false")
        yield page
        browser.close()


def _answer(route: Route, pages: dict[str, str]) -> None:
    path = urlsplit(route.request.url).path
    file = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    if path in pages:
        route.fulfill(status=200, content_type="text/html; charset=utf-8", body=pages[path])
    elif file:
        route.fulfill(path=file)
    else:
        route.fulfill(status=404)


def _path(window: Page) -> str:
    return urlsplit(window.url).path


def test_keys_lead_through_a_list_and_from_dossier_to_dossier(window, pages):
    rows = window.locator("[data-row] a").evaluate_all("links => links.map(it => new URL(it.href).pathname)")
    for key in ("j", "j", "Enter"):
        window.keyboard.press(key)
    window.wait_for_url(f"**{rows[1]}*")
    expect(window.locator("[data-pager-place]")).to_have_text("2 / 2")
    window.keyboard.press("k")
    window.wait_for_url(f"**{rows[0]}*")
    expect(window.locator("[data-pager-step]")).to_have_count(1)
    window.keyboard.press("g")
    window.wait_for_url("**/notes/")


def test_a_question_mark_lists_all_keys_and_nothing_happens_behind_the_list(window):
    sheet = window.locator("dialog[data-keys-help]")
    expect(sheet).to_be_hidden()
    window.keyboard.press("?")
    expect(sheet).to_be_visible()
    window.keyboard.press("j")
    assert window.locator(".is-here").count() == 0
    window.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_keys_are_silent_while_one_types_and_when_switched_off(window):
    window.keyboard.press("/")
    window.keyboard.type("j?")
    assert window.locator("[data-search]").input_value() == "j?"
    assert window.locator(".is-here").count() == 0
    window.locator(".menu--account summary").click()
    window.locator(".menu--account [data-keys-switch]").click()
    window.locator("h1").click()
    window.keyboard.press("j")
    window.keyboard.press("?")
    assert window.locator(".is-here").count() == 0
    expect(window.locator("dialog[data-keys-help]")).to_be_hidden()
