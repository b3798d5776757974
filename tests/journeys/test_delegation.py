"""The chair goes away and delegates; the deputy signs, on the record; after revocation the deputy is refused."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from motcua.config.demo.story import COMMUNE
from tests import people
from tests.journeys.conftest import DESKTOP, OpenBrowser
from tests.journeys.person import Person
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]


def officer(browse: OpenBrowser, running: Running, who: str) -> Person:
    person = browse(base_url=running.base, viewport=DESKTOP)
    person.open("/desk/sign-in/")
    person.press(f"form:has(input[value='demo.{who}.{COMMUNE}']) button")
    return person


def waiting_paper(running: Running) -> str:
    """A dossier whose certificate lies before the chair. Returns its id."""
    dossier = people.submitted(people.citizen(running))
    for who, act in people.ACTS[:4]:
        person = people.officer(running, who)
        person.get(f"/desk/dossiers/{dossier}/")
        form = person.form(f"/acts/{act}/")
        checks = [box.get("value") for box in form.xpath(".//input[@name='check']")]
        person.post(form, {"check": checks} if checks else {})
    return dossier


def go_away_and_delegate(chair: Person) -> None:
    """One step: the days, and who signs meanwhile."""
    chair.open("/desk/absence/")
    chair.page.locator("#id_last_day").fill(
        (datetime.now().astimezone() + timedelta(days=2)).strftime("%Y-%m-%d")
    )
    chair.page.locator("#id_stand_in").select_option(index=1)
    chair.press("form:has(#id_last_day) button")


def make_and_sign(deputy: Person, dossier: str) -> None:
    """The paper was made for the chair; the deputy has it made anew, sees it, signs it."""
    deputy.open(f"/desk/signing/?dossier={dossier}")
    expect(deputy.page.locator("aside.deskside")).to_contain_text("KT. Chủ tịch")
    expect(deputy.page.locator("form[action$='/acts/sign/']")).to_have_count(0)
    deputy.press("form[action$='/acts/name-signer/'] button")
    deputy.press("form[action$='/acts/sign/'] button")


def revoke(chair: Person) -> None:
    chair.open("/desk/delegations/")
    chair.press("a[href$='/revoke/']")
    chair.page.locator("#reason").fill("Đã trở lại làm việc")
    chair.press("form:has(#reason) button")


def test_the_deputy_signs_for_the_absent_chair_until_it_is_revoked(
    running: Running, browse: OpenBrowser
) -> None:
    first, second = waiting_paper(running), waiting_paper(running)
    chair, deputy = officer(browse, running, "chair"), officer(browse, running, "deputy")
    deputy.open(f"/desk/signing/?dossier={first}")
    expect(deputy.page.locator("form[action$='/acts/sign/']")).to_have_count(0)
    go_away_and_delegate(chair)
    make_and_sign(deputy, first)
    code, position = running.ask(
        "SELECT verification_code, signer_title FROM casework_warehouse_document WHERE subject = %s", first
    )[0]
    assert position == "KT. Chủ tịch, Phó Chủ tịch"
    stranger = browse(base_url=running.base, viewport=DESKTOP)
    stranger.open(f"/verify/?code={code}")
    expect(stranger.page.locator("section.result")).to_contain_text("KT. Chủ tịch, Phó Chủ tịch")
    mandates = running.ask(
        "SELECT d.authority, e.person_id = d.delegate_id FROM foundation_journal_entry e"
        " JOIN registry_organisations_delegation d ON d.id = e.mandate_id"
        " WHERE e.object_id = %s AND e.kind = 'dossier.signed'",
        first,
    )
    assert mandates == [("KT", True)]
    deputy.open(f"/desk/signing/?dossier={second}")
    revoke(chair)
    deputy.press("form[action$='/acts/name-signer/'] button", status=403)
    # The paper that waits is the chair's again.
    chair.open(f"/desk/signing/?dossier={second}")
    chair.press("form[action$='/acts/sign/'] button")
