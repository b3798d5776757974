"""Every page there is, as its reader sees it: valid HTML, WCAG 2.2 AA, nothing wider than the window, light.

The pages are those of page_views.py: the table in test_permissions.py, forms sent empty, papers to sign, the dark,
the gallery. With MOTCUA_NIGHTLY=1 all are looked at in both widths and all languages.
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Route, sync_playwright

from tests.journeys.conftest import _ARGUMENTS, DESKTOP, PHONE
from tests.journeys.person import Person
from tests.page_views import NIGHTLY, Seen, gather
from tests.permissions.table import TABLE
from tests.permissions.things import _now, enter, things  # noqa: F401  fixtures
from tests.running import ROOT

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("pages")]

SECOND_VIEW_BYTES = 15_000
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000a49444154789c6360000002000154a24f5f0000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def pages(things: dict[str, Any], enter: Any, world: Any) -> list[Seen]:  # noqa: F811
    return gather(things, enter, world)


def test_there_are_pages_to_look_at(pages):
    assert len(pages) > 3 * 60


def test_every_page_is_valid_html(pages, tmp_path):
    # Off in html-validate.json: `long-title`, a taste of search engines; `require-sri`, as all files are our own.
    # On: `no-inline-style`, as the content security policy refuses such styles.
    program = shutil.which("node")
    if not program or not (ROOT / "node_modules" / "html-validate").is_dir():
        pytest.fail("This test needs html-validate: run `make setup`.")
    for page in pages:
        (tmp_path / page.file_name).write_text(page.html)
    found = tmp_path / "found.json"
    told = subprocess.run(
        [
            program,
            ROOT / "node_modules/html-validate/bin/html-validate.mjs",
            # Not by a pipe, of which Node leaves the end unwritten when there is much to say.
            *("--config", ROOT / "tests/html-validate.json", "--formatter", f"json={found}", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert found.exists(), told.stderr
    wrong = [
        f"{Path(file['filePath']).name}:{one['line']}: {one['ruleId']}: {one['message']}"
        for file in json.loads(found.read_text())
        for one in file["messages"]
    ]
    assert not wrong, "\n".join(wrong[:40])


def test_every_page_is_light(pages):
    heavy = {
        f"{page.name} {page.language}": size
        for page in pages
        if (size := len(gzip.compress(page.html.encode(), 6))) > SECOND_VIEW_BYTES
    }
    assert heavy == {}


def chosen(pages: list[Seen]) -> list[tuple[Seen, dict[str, int]]]:
    """What is looked at: everything at night; by day each page of the table on a phone and a desktop in two languages,
    its variants on one of them.
    """
    if NIGHTLY:
        return [(page, width) for page in pages for width in (PHONE, DESKTOP)]
    by_name: dict[str, list[Seen]] = {}
    for page in pages:
        by_name.setdefault(page.name, []).append(page)
    found = []
    for number, (name, views) in enumerate(by_name.items()):
        widths = (PHONE, DESKTOP) if name in TABLE else ((PHONE, DESKTOP)[number % 2],)
        found += [(views[(number + turn) % len(views)], width) for turn, width in enumerate(widths)]
    return found


def test_every_page_can_be_used_by_everybody(pages):
    """By axe, in Chromium, without the server: pages and styles come from memory, pictures are one pixel."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "This test needs Chromium: apt-get install chromium, or `make setup`."
    by_address = {page.address: page for page in pages}
    wrong = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        window: Page = browser.new_context(locale="en-GB").new_page()
        window.route("**/*", lambda route: _answer(route, by_address))
        person = Person(window)
        for page, size in chosen(pages):
            window.set_viewport_size(size)
            person.wrong.clear()
            try:
                person.open(page.address)
            except AssertionError as error:
                wrong.append(f"{page.name} {page.language} {size['width']}: {error}")
        browser.close()
    assert not wrong, f"{len(wrong)} pages\n" + "\n\n".join(wrong[:20])


def _answer(route: Route, pages: dict[str, Seen]) -> None:
    url = route.request.url
    path = urlsplit(url).path
    if url in pages:
        headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": pages[url].policy}
        route.fulfill(status=200, headers=headers, body=pages[url].html)
    elif path.startswith("/static/"):
        file = finders.find(path.removeprefix("/static/"))
        route.fulfill(path=file) if file else route.fulfill(status=404)
    elif path.endswith("/stream/"):
        # Nothing new, and to be asked again in ten minutes.
        route.fulfill(status=200, content_type="text/event-stream", body="retry: 600000\n\n")
    else:
        route.fulfill(status=200, content_type="image/png", body=PIXEL)
