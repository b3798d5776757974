"""A counter without line or power: a sheet printed ahead, entered later with the true time, once. And a line that breaks."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import FilePayload, Page, expect

from motcua.config.demo.papers import birth_evidence
from motcua.config.demo.story import example_answers
from tests.journeys.conftest import PHONE, OpenBrowser
from tests.journeys.law import ERRORS, MAIN_BUTTON, officer
from tests.journeys.person import Person
from tests.journeys.test_birth_registration import MOTHER, SAVE
from tests.running import ROOT, Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

BIRTH = "1.001193"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MOTHER_NUMBER = json.loads((ROOT / "sandbox" / "eid" / "people.json").read_text(encoding="utf-8"))[0][
    "claims"
]["SoDinhDanh"]
PAPER: FilePayload = {
    "name": "giay-chung-sinh.pdf",
    "mimeType": "application/pdf",
    "buffer": birth_evidence(),
}


def write_sheet(clerk: Person, sheet: str, came: datetime, number: str) -> None:
    page = clerk.page
    page.locator("#id_code").fill(sheet)
    for part in ("day", "month", "year"):
        page.locator(f"[name=came_on_{part}]").fill(str(getattr(came, part)))
    page.locator("#id_came_time").fill(f"{came:%H:%M}")
    page.locator("[name=reason][value=power]").check()
    page.locator("#id_number").fill(number)


def enter(clerk: Person, sheet: str, came: datetime) -> None:
    clerk.open("/desk/sheets/enter/")
    write_sheet(clerk, sheet, came, MOTHER_NUMBER)


def printed_sheet(running: Running, clerk: Person) -> str:
    """Print a block for birth registrations; it was printed last week. Its code as the paper has it."""
    clerk.open("/desk/sheets/")
    clerk.page.locator("#id_procedure").select_option(BIRTH)
    clerk.page.locator("#id_count").fill("2")
    clerk.press("main form.form button[data-variant=secondary]")
    response = clerk.page.request.get(clerk.page.locator("main .letters a").first.get_attribute("href") or "")
    assert response.headers["content-type"] == "application/pdf"
    text = "".join(page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(response.body()))
    running.ask(
        "UPDATE casework_dossiers_sheetblock SET issued_at = issued_at - interval '7 days' RETURNING 1"
    )
    codes = re.findall(r"P-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}", text)
    assert len(set(codes)) == 2
    return codes[0]


def test_a_sheet_is_printed_entered_later_with_its_true_time_and_only_once(
    running: Running, browse: OpenBrowser
) -> None:
    clerk = officer(browse, running, "reception")
    sheet = printed_sheet(running, clerk)
    came = (datetime.now(HANOI) - timedelta(days=3)).replace(hour=10, minute=20, second=0, microsecond=0)
    came -= timedelta(days=max(0, came.weekday() - 4))  # a day of work
    # Mistyped: told, and what was typed stays.
    wrong = sheet[:-1] + ("0" if sheet[-1] != "0" else "1")
    enter(clerk, wrong, came)
    clerk.press(MAIN_BUTTON, status=422)
    expect(clerk.page.locator(ERRORS)).to_be_focused()
    expect(clerk.page.locator("#id_came_time")).to_have_value("10:20")
    clerk.page.locator("#id_code").fill(sheet.lower())
    clerk.press(MAIN_BUTTON)
    expect(clerk.page.locator("main")).to_contain_text("10:20")
    clerk.press("main a.ds-button")
    # What the sheet says; the paper itself lies in the file.
    clerk.answer(example_answers() | {"birth_date": f"{came - timedelta(days=2):%Y-%m-%d}"})
    clerk.page.locator("[name=tick-birth_evidence-original]").fill("1")
    clerk.press(SAVE)
    clerk.press("main form.form button[data-color=accent]")
    dossier = re.findall(r"/dossiers/([0-9a-f-]{36})/", clerk.page.url)[0]
    ((code, accepted_at, entered_at, due_at),) = running.ask(
        "SELECT code, accepted_at, entered_at, due_at FROM casework_dossiers_dossier WHERE id = %s", dossier
    )
    assert accepted_at == came
    assert entered_at > came
    assert f"-{came:%y%m%d}-" in code
    counted = running.run("deadline", f"{came:%Y-%m-%dT%H:%M}", "sameday", "--json")
    assert datetime.fromisoformat(json.loads(counted.stdout)["due"]).replace(tzinfo=HANOI) == due_at
    clerk.open(f"/desk/dossiers/{dossier}/")
    expect(clerk.page.locator(".dossierhead")).to_contain_text(sheet)
    # Once more: refused, with the way to the first.
    enter(clerk, sheet, came)
    clerk.press(MAIN_BUTTON, status=422)
    expect(clerk.page.locator(f"main a[href='/desk/dossiers/{dossier}/']")).to_be_visible()
    # Who keeps the slip looks it up by its code, without signing in.
    person = browse(base_url=running.base, viewport=PHONE)
    person.open(f"/status/?code={sheet}")
    expect(person.page.locator("main")).to_contain_text(f"{came:%H:%M}")


def at_draft(running: Running, browse: OpenBrowser) -> Person:
    mother = browse(base_url=running.base, viewport=PHONE, service_workers="allow")
    mother.open(f"/apply/{BIRTH}/")
    mother.press("main form[action$='/oidc/eid/login/'] button")
    mother.press(f"button[name=person][value='{MOTHER}']")
    mother.press("main form[method=post]:not([action]) button")
    mother.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    return mother


def pretend_line(page: Page) -> None:
    """The browser does not know that its line is dead."""
    page.evaluate("Object.defineProperty(navigator, 'onLine', {get: () => true})")


def test_a_line_that_breaks_loses_nothing_and_sends_once(running: Running, browse: OpenBrowser) -> None:
    mother = at_draft(running, browse)
    page, draft = mother.page, mother.page.url.split("/drafts/")[1].split("/")[0]
    while not page.url.endswith("/mother/"):
        mother.answer(example_answers())
        mother.press(SAVE)
    # Sent without a line: held here, and sent by itself when the line is back.
    page.context.set_offline(True)
    mother.answer(example_answers())
    name = page.locator("[name=mother_home_town]").input_value()
    expect(page.locator("[data-offline]")).to_be_visible()
    page.locator(SAVE).click()
    expect(page.locator("[name=mother_home_town]")).to_have_value(name)
    with page.expect_navigation():
        page.context.set_offline(False)
    assert not page.url.endswith("/mother/")
    while "/check/" not in page.url:
        here = page.url
        mother.answer(example_answers(), PAPER)
        if page.url.endswith("/name/"):
            # Opened again without a line: a calm page, and what was typed is back with the line.
            page.locator("[name=given_name]").fill("Ngọc Mẫu Lan")
            page.context.set_offline(True)
            page.reload()
            expect(page.locator("[data-offline-page]")).to_be_visible()
            page.context.set_offline(False)
            expect(page.locator("[name=given_name]")).to_have_value("Ngọc Mẫu Lan")
            mother.look()
        mother.press(SAVE)
        assert page.url != here
    # Submitted into a dead line: it goes on by itself, once.
    page.locator("#declared").check()
    page.context.set_offline(True)
    pretend_line(page)
    page.locator("form[action$='/submit/'] button").click()
    expect(page.locator("[data-offline-unsent]")).to_be_visible()
    page.context.set_offline(False)
    page.wait_for_url(re.compile(f"/dossiers/{draft}/$"))
    assert running.ask("SELECT count(*) FROM casework_dossiers_dossier WHERE id = %s", draft) == [(1,)]
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('motcua-kept:'))") == []
    mother.wrong.clear()
