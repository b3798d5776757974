"""A real browser. What was seen when a test failed stays in test-results/."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.journeys.person import Person
from tests.running import RESULTS

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
# No sandbox, as containers have none to give; no GPU, no shared memory beyond the container's 64 MB.
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
_FAILED = pytest.StashKey[bool]()

OpenBrowser = Callable[..., Person]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """For one module: Playwright's loop must not run on while other tests use the database."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        pytest.fail("These tests need Chromium: apt-get install chromium, or `make setup`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[OpenBrowser]:
    """Opens a browser of its own for each person: `browse(viewport=PHONE, language="en", ...)`."""
    contexts: list[BrowserContext] = []

    def open_browser(**options: Any) -> Person:
        # It only matters to a line that breaks, and hides from the tests what pages ask for.
        options.setdefault("service_workers", "block")
        context = chromium.new_context(locale="en-GB", timezone_id="Asia/Ho_Chi_Minh", **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Person(context.new_page(), scripts=options.get("java_script_enabled", True))

    yield open_browser
    for number, context in enumerate(contexts, 1):
        if request.node.stash.get(_FAILED, False):
            _keep(context, f"{re.sub(r'[^a-z0-9]+', '-', request.node.name).strip('-')}-{number}")
        context.close()


def _keep(context: BrowserContext, name: str) -> None:
    RESULTS.mkdir(exist_ok=True)
    for page in context.pages:
        page.screenshot(path=RESULTS / f"{name}.png", full_page=True)
        (RESULTS / f"{name}.html").write_text(f"<!-- {page.url} -->\n{page.content()}", encoding="utf-8")
