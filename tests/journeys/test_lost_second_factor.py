"""An officer comes in with app and passkey, loses both, and two people help: in a real browser with a made-up device."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from motcua.registry.access.tests.factories import totp
from tests.journeys.conftest import OpenBrowser
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

OFFICER = "demo.justice.08152"
PASSWORD = "bốn từ dễ nhớ ở đây"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def base(running: Running) -> str:
    """A passkey belongs to a name, never to an address."""
    return running.base.replace("127.0.0.1", "localhost")


def plug_in(page: Page) -> Any:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session


def send(page: Page, path: str) -> None:
    """The button of the form that goes to this address."""
    page.locator(f'form[action="{path}"] button').click()


def by_click(page: Page, base: str, username: str) -> None:
    page.goto(f"{base}/desk/sign-in/")
    page.locator(f'form:has(input[value="{username}"]) button').click()


def come_in(page: Page, base: str, code: str) -> None:
    page.goto(f"{base}/desk/join/")
    page.locator("#id_code").fill(code)
    page.locator("main form button").click()


def give_password(page: Page, base: str) -> None:
    page.goto(f"{base}/desk/sign-in/")
    page.locator("#id_login").fill(OFFICER)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form.form button").first.click()
    page.wait_for_url("**/second-factor/")


def add_app(page: Page, base: str) -> str:
    page.goto(f"{base}/desk/account/second-factor/app/")
    secret = page.locator("code.figures").inner_text().replace(" ", "")
    page.locator("#id_code").fill(totp(secret))
    page.locator("main form button").click()
    page.wait_for_url("**/codes/")
    return secret


def test_a_lost_second_factor_is_replaced_by_two_people(
    running: Running, browse: OpenBrowser, base: str
) -> None:
    invited = running.run("invite", OFFICER)
    officer = browse().page
    plug_in(officer)
    come_in(officer, base, invited.stdout.split()[0])
    officer.locator("#id_password").fill(PASSWORD)
    officer.locator("#id_again").fill(PASSWORD)
    officer.locator("main form button").click()
    add_app(officer, base)
    officer.goto(f"{base}/desk/account/second-factor/passkey/")
    officer.locator("#id_name").fill("Máy bàn")
    officer.locator("[data-passkey-start]").click()
    officer.wait_for_url("**/codes/")

    # The passkey signs in.
    officer.context.clear_cookies()
    give_password(officer, base)
    officer.locator("[data-passkey-start]").click()
    officer.wait_for_url("**/desk/")

    # On another computer, without telephone and codes.
    other = browse().page
    give_password(other, base)
    other.locator("details summary").last.click()
    send(other, "/desk/sign-in/lost/")
    expect(other.locator("h1")).to_be_visible()

    support, administrator = browse().page, browse().page
    by_click(support, base, "demo.support")
    support.goto(f"{base}/desk/accounts/?trouble=1")
    support.locator("tbody a").first.click()
    account = support.url.rstrip("/").rsplit("/", 1)[1]
    support.locator("#reset_reason").fill("Mất điện thoại, đã gọi lại")
    send(support, f"/desk/accounts/{account}/reset/")
    by_click(administrator, base, "demo.administrator")
    administrator.goto(f"{base}/desk/approvals/")
    administrator.locator('form[action$="/approve/"] button').first.click()
    code = administrator.locator(".callout code").inner_text()
    assert re.fullmatch(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){3}", code)

    # Whoever has the lost device is out.
    officer.goto(f"{base}/desk/")
    expect(officer).to_have_url(re.compile("sign-in"))
    come_in(other, base, code)
    other.locator("#id_password").fill(PASSWORD)
    other.locator("main form button").click()
    add_app(other, base)
    other.goto(f"{base}/desk/account/")
    expect(other.locator("h1")).to_be_visible()
    told = running.ask("SELECT purpose FROM foundation_notifications_message WHERE concerns_id = %s", account)
    assert ("account_factors_reset",) in told
