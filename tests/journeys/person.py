"""Somebody at a real browser. Every page they come to is held against the rules for all pages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import ConsoleMessage, FilePayload, Page, Response

from tests.running import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_RUN_AXE = """tags => axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]}).then(
    found => found.violations.flatMap(rule => rule.nodes.map(
        node => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")}`)))"""
_FIELDS = """fields => [...new Map(fields.map(field => [field.name, field.type])).entries()]"""


class Person:
    """What a person does with pages of one window: open, fill in, press.

    After each page: no violation of WCAG 2.2 AA that axe can find, nothing to scroll sideways, no error in the
    browser's console, every picture and script there.
    """

    def __init__(self, page: Page, *, scripts: bool = True) -> None:
        self.page, self.scripts = page, scripts
        self.wrong: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("response", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        # That an answer has an error status is judged by `_see` and by who asked for the page.
        if message.type == "error" and not message.text.startswith(
            "Failed to load resource: the server responded"
        ):
            self.wrong.append(f"console: {message.text}")

    def _see(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.wrong.append(f"{response.status} for {response.url}")

    def open(self, url: str, status: int = 200) -> None:
        """Go to an address that answers with `status`, and look at the page."""
        response = self.page.goto(url)
        self._arrive(response, status)

    def press(self, selector: str, status: int = 200) -> None:
        """Press what leads to another page that answers with `status`, and look at it."""
        with self.page.expect_navigation() as coming:
            self.page.locator(selector).click()
        self._arrive(coming.value, status)

    def _arrive(self, response: Response | None, status: int) -> None:
        assert response is not None
        assert response.status == status, f"{response.status} for {response.url}"
        self.look()

    def look(self) -> None:
        """Hold the page that stands there against the rules for all pages."""
        url = self.page.url
        width, room = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width <= room, f"{url} is {width} pixels wide, the window has {room}"
        if self.scripts:  # axe is one
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
            violations = self.page.evaluate(_RUN_AXE, WCAG)
            assert not violations, f"{url}\n" + "\n".join(violations)
        assert not self.wrong, f"{url}\n" + "\n".join(self.wrong)

    def answer(self, answers: Mapping[str, str], paper: FilePayload | None = None) -> None:
        """Fill in whatever the page asks out of `answers`; a date has three boxes; `paper` goes where a file is asked."""
        parts = {
            f"{name}_{part}": value for name, text in answers.items() for part, value in _date_parts(text)
        }
        known = {**parts, **answers}
        for name, kind in self.page.eval_on_selector_all("#page-form [name]", _FIELDS):
            box = self.page.locator(f'#page-form [name="{name}"]')
            # Without scripts it is asked once the answer before it was sent.
            if box.first.evaluate("box => box.closest('[hidden]') !== null"):
                continue
            if kind == "file" and paper:
                box.set_input_files(paper)
            elif kind == "radio" and name in known:
                box.and_(self.page.locator(f'[value="{known[name]}"]')).check()
            elif kind == "select-one" and name in known:
                box.select_option(known[name])
            elif kind == "checkbox" and known.get(name) == "yes":
                box.check()
            elif kind in {"text", "tel", "time", "number", "textarea"} and name in known:
                box.fill(str(known[name]))

    def download(self, selector: str) -> bytes:
        """The file behind a link that says it is a download."""
        with self.page.expect_download() as coming:
            self.page.locator(selector).click()
        return Path(coming.value.path()).read_bytes()


def _date_parts(text: object) -> list[tuple[str, str]]:
    parts = str(text).split("-")
    return list(zip(("year", "month", "day"), parts, strict=False)) if len(parts) == 3 else []
