"""Pages in each language, and what they weigh."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import PHONE, OpenBrowser
from tests.journeys.person import Person
from tests.people import LANGUAGE_COOKIE, begin, citizen
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

FIRST_VIEW_BYTES = 100_000
SECOND_VIEW_BYTES = 15_000


def test_the_rules_for_all_pages_notice_a_page_that_breaks_them(browse: OpenBrowser) -> None:
    person = browse(viewport=PHONE)
    for broken in (
        "<main><h1>A</h1><img src='data:,'></main>",
        "<main><h1>A</h1><p style='width: 800px; background: #eee'>A</p></main>",
        "<main><h1>A</h1></main><script>console.error('A')</script>",
    ):
        person.page.set_content(f"<!doctype html><html lang='en'><title>A</title>{broken}</html>")
        with pytest.raises(AssertionError):
            person.look()
        person.wrong.clear()


@pytest.mark.parametrize("language", ["vi", "en", "de"])
def test_a_citizens_pages_fit_a_phone_in_each_language(
    language: str, running: Running, browse: OpenBrowser
) -> None:
    mother = citizen(running, language)
    draft = begin(mother)
    # Hers: other journeys leave dossiers of other people.
    [[finished]] = running.ask(
        "SELECT id FROM casework_dossiers_dossier WHERE status = 10 AND applicant_id ="
        " (SELECT applicant_id FROM casework_dossiers_draft WHERE id = %s) ORDER BY submitted_at LIMIT 1",
        draft,
    )
    [[code]] = running.ask("SELECT verification_code FROM casework_warehouse_document LIMIT 1")
    person = browse(base_url=running.base, viewport=PHONE)
    cookies = [
        {"name": it.name, "value": it.value or "", "url": running.base} for it in mother.client.cookies.jar
    ]
    person.page.context.add_cookies([cookie for cookie in cookies if cookie["name"] != LANGUAGE_COOKIE])
    person.page.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": running.base}])
    for path in (
        "/", "/search/?q=khai+sinh", "/life-events/birth/", "/procedures/1.001193/", "/apply/1.001193/",
        f"/drafts/{draft}/father/", f"/drafts/{draft}/papers/", f"/drafts/{draft}/check/", "/dossiers/",
        f"/dossiers/{finished}/", f"/verify/?code={code}", "/figures/",
    ):  # fmt: skip
        person.open(path)
        assert person.page.locator("html").get_attribute("lang") == language, path
    person.open("/no-such-page/", status=404)


class Scale:
    """Weighs what comes over the wire, headers and all."""

    def __init__(self, person: Person) -> None:
        self.bytes = 0
        wire = person.page.context.new_cdp_session(person.page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", self._add)

    def _add(self, event: dict[str, Any]) -> None:
        self.bytes += event["encodedDataLength"]

    def weigh(self, person: Person) -> int:
        """The first page, until nothing more comes."""
        self.bytes = 0
        person.page.goto("/", wait_until="networkidle")
        return int(self.bytes)


def test_the_first_page_is_light(running: Running, browse: OpenBrowser) -> None:
    person = browse(base_url=running.base, viewport=PHONE)
    scale = Scale(person)
    first = scale.weigh(person)
    assert 1_000 < first <= FIRST_VIEW_BYTES
    assert 1_000 < scale.weigh(person) <= SECOND_VIEW_BYTES
