"""A result issued here lies in its owner's wallet, is used in the next application, and warns when it is revoked."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from motcua.config.demo.browser import Browser
from motcua.config.demo.story import (
    COMMUNE,
    bring_to_signature,
    fill_in,
    fill_page,
    sign,
    sign_in,
    sign_in_officer,
)
from motcua.config.demo.using import BRIDE, MARRIAGE, STATUS, example
from tests.journeys.conftest import DESKTOP, PHONE, OpenBrowser
from tests.journeys.person import Person
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]
PAPER = "bride_status_paper"


def begin(bride: Browser, code: str) -> None:
    bride.get(f"/apply/{code}/")
    bride.post(bride.form(), {})


def issue_certificate(base: str, bride: Browser) -> str:
    """Her certificate of marital status, from the application to the signed result. Gives the dossier's id."""
    begin(bride, STATUS)
    fill_in(bride, example(STATUS))
    bride.post(bride.form("/submit/"), {"declared": "1"})
    dossier = bride.url.rstrip("/").rsplit("/", 1)[1]
    reception = sign_in_officer(base, "reception")
    bring_to_signature(reception, dossier)
    sign(sign_in_officer(base, "chair"), dossier)
    reception.get(f"/desk/dossiers/{dossier}/")
    reception.post(reception.form("/acts/return-result/"), {})
    return dossier


def to_papers(bride: Browser) -> str:
    """The application for the marriage, up to the page that asks for papers. Gives its address."""
    begin(bride, MARRIAGE)
    while "/papers/" not in bride.url:
        fill_page(bride, example(MARRIAGE))
    return bride.url


def enter(person: Person, path: str) -> None:
    person.open(f"/sign-in/?next={path}")
    person.press("main form[action$='/oidc/eid/login/'] button")
    person.press(f"button[name=person] >> nth={BRIDE}")


def test_a_result_is_used_in_the_next_application_and_warns_when_it_is_revoked(
    running: Running, browse: OpenBrowser
) -> None:
    bride = Browser(running.base)
    bride.get("/sign-in/?next=/documents/")
    sign_in(bride, BRIDE)
    issued = issue_certificate(running.base, bride)
    papers = to_papers(bride)

    phone = browse(base_url=running.base, viewport=PHONE)
    enter(phone, "/documents/wallet/")
    phone.open("/documents/wallet/")
    card = phone.page.locator("section.result").first
    expect(card.locator("h2")).to_contain_text("tình trạng hôn nhân")
    expect(card.locator(".result__qr svg")).to_be_visible()
    phone.open(papers)
    phone.press(f"button[name=use][value^='{PAPER} document:'] >> nth=0")
    expect(phone.page.locator("#handed-in")).to_contain_text("tình trạng hôn nhân")

    bride.get(papers)
    while "/check/" not in bride.url:
        fill_page(bride, example(MARRIAGE), {PAPER: []})
    bride.post(bride.form("/submit/"), {"declared": "1"})
    marriage = bride.url.rstrip("/").rsplit("/", 1)[1]

    desk = browse(base_url=running.base, viewport=DESKTOP)
    desk.open("/desk/sign-in/")
    desk.press(f"form:has(input[value='demo.reception.{COMMUNE}']) button")
    desk.open(f"/desk/dossiers/{marriage}/")
    expect(desk.page.locator(".papers")).to_contain_text("From the warehouse")
    chair = sign_in_officer(running.base, "chair")
    chair.get(f"/desk/dossiers/{issued}/result/end/")
    chair.post(chair.form(), {"reason": "Cấp nhầm.", "ground": "Quyết định 7/QĐ-UBND"})
    desk.open(f"/desk/dossiers/{marriage}/")
    expect(desk.page.locator(".callout--overdue")).to_contain_text("does not count any more")
