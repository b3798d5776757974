"""Review and publish a change: one keeper shortens a limit, another lets it pass, people see the law of each day; undo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.journeys.conftest import DESKTOP, PHONE, OpenBrowser
from tests.journeys.person import Person
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

CODE = "1.004873"
PUBLIC = f"/procedures/{CODE}/"
SAVE, LEAD = "main form:has(textarea) button:has-text('Save')", "main .ds-button[data-color=accent]"


def keeper(browse: OpenBrowser, base: str, username: str, viewport: dict[str, int]) -> Person:
    person = browse(viewport=viewport)
    person.open(f"{base}/desk/sign-in/")
    person.press(f"form:has(input[value='{username}']) button")
    return person


def explained(person: Person, note: str) -> None:
    """The draft's page: say what changes, and send it to review."""
    person.page.locator("#id_note").fill(note)
    person.press(SAVE)
    person.press(LEAD)


def let_pass(person: Person, base: str) -> None:
    """From the list of what waits, through what differs, to the approval."""
    person.open(f"{base}/desk/versions/?only=review")
    person.press("main table a")
    person.press("main ul.rows a")
    person.press(LEAD)
    person.press("button[value=approve]")


def publish(person: Person, draft: str) -> None:
    person.open(draft)
    person.press(LEAD)
    assert "keep the version of their filing" in person.page.locator("main").inner_text()
    person.press(LEAD)


def test_a_change_is_reviewed_and_published_and_taken_back(running: Running, browse: OpenBrowser) -> None:
    citizen = browse(viewport=PHONE)
    citizen.open(f"{running.base}{PUBLIC}")
    assert "3 working days" in citizen.page.locator("main").inner_text()

    writes = keeper(browse, running.base, "demo.catalogue", DESKTOP)
    writes.open(f"{running.base}/desk/versions/")
    writes.page.locator("#q").fill("tinh trang hon nhan")
    writes.press("form.filters button")
    writes.press(f"main table a[href*='{CODE}']")
    writes.press(LEAD)
    draft = writes.page.url
    writes.open(f"{draft}facts/limit/")
    writes.page.locator("#id_procedure-limit-value").fill("2wd")
    writes.press(SAVE)
    # The steps inside the office take longer than that: nothing is sent before they fit.
    writes.open(draft)
    explained(writes, "Decision 12/QĐ-UBND shortens it.")
    assert "Correct them first" in writes.page.locator("body").inner_text()
    writes.open(f"{draft}facts/limit/")
    writes.page.locator("#id_process-steps-1-limit_hours").fill("4")
    writes.press(SAVE)
    for part in ("facts/papers/", "files/", "differences/", "preview/", "preview/form/"):
        writes.open(f"{draft}{part}")
    writes.open(draft)
    writes.press(LEAD)

    reviews = keeper(browse, running.base, "demo.catalogue.H44", PHONE)
    let_pass(reviews, running.base)
    publish(writes, draft)

    citizen.open(f"{running.base}{PUBLIC}")
    assert "2 working days" in citizen.page.locator("main").inner_text()
    yesterday = timezone.localdate() - timedelta(days=1)
    citizen.page.locator("summary:has-text('another day')").click()
    citizen.page.locator("#on").fill(yesterday.isoformat())
    citizen.press("form:has(#on) button")
    then = citizen.page.locator("main").inner_text()
    assert "3 working days" in then and "You are looking at the law of" in then
    assert citizen.page.locator("form[action*='start']").count() == 0

    writes.open(f"{running.base}/desk/versions/procedures/{CODE}/")
    writes.press("button[name=version][value='1']")
    undo = writes.page.url
    explained(writes, "The decision was repealed.")
    let_pass(reviews, running.base)
    publish(writes, undo)
    citizen.open(f"{running.base}{PUBLIC}")
    assert "3 working days" in citizen.page.locator("main").inner_text()
