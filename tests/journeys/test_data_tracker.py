"""Who read my data: an officer opens a dossier, the mother sees it, nobody else does."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import people
from tests.journeys.conftest import DESKTOP, PHONE, OpenBrowser
from tests.journeys.person import Person
from tests.journeys.test_birth_registration import officer, sign_in
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]
TRACKER = "/account/data-tracker/"


@pytest.fixture(scope="module")
def dossier(running: Running) -> str:
    return people.submitted(people.citizen(running))


def signed_in_mother(browse: OpenBrowser, running: Running) -> Person:
    mother = browse(base_url=running.base, viewport=PHONE)
    mother.open("/sign-in/")
    sign_in(mother)
    return mother


def test_a_mother_sees_who_opened_her_dossier_and_asks_about_it(
    running: Running, browse: OpenBrowser, dossier: str
) -> None:
    reception = officer(browse(base_url=running.base, viewport=DESKTOP), "reception")
    reception.open(f"/desk/dossiers/{dossier}/")
    mother = signed_in_mother(browse, running)
    mother.open("/account/")
    mother.press("#tracker a")
    latest = mother.page.locator("#readings li").first
    expect(latest.locator(f"a[href='/dossiers/{dossier}/']")).to_be_visible()
    mother.press("#readings li:first-child a[href*='/account/data/ask/']")
    mother.page.locator("[name=words]").fill("Why did they look?")
    mother.press("main form[method=post] .taskend button")
    reference = mother.page.locator("main .titleline .figures").inner_text()
    desk = browse(base_url=running.base, viewport=DESKTOP)
    desk.open("/desk/sign-in/")
    desk.press("form:has(input[value='demo.data-protection']) button")
    desk.open("/desk/data-requests/")
    desk.press(f"main a:text-is('{reference}')")
    desk.page.locator("[name=status][value=granted]").check()
    desk.page.locator("[name=text]").fill("She received your dossier at the counter.")
    desk.press("main form[method=post] .taskend button")
    mother.open("/account/data/")
    mother.press("main ul.rows a[href*='/account/data/requests/'] >> nth=0")
    expect(mother.page.get_by_text("She received your dossier")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/account/", "/account/data/", "/account/contact/phone/", "/account/sign-in-methods/"]
)
def test_the_pages_of_an_account_keep_the_rules_for_all_pages(
    running: Running, browse: OpenBrowser, path: str
) -> None:
    mother = signed_in_mother(browse, running)
    mother.open(path)
    mother.page.set_viewport_size({"width": 320, "height": 700})
    mother.look()


def test_strangers_officers_and_other_citizens_see_nothing_of_it(running: Running, dossier: str) -> None:
    url = f"{running.base}{TRACKER}"
    stranger = people.stranger(running).client.get(url, follow_redirects=True)
    assert "/sign-in/" in str(stranger.url)
    at_desk = people.officer(running).client
    assert at_desk.get(url).status_code == 403
    other = people.other_citizen(running).client.get(url)
    assert other.status_code == 200
    assert dossier not in other.text
