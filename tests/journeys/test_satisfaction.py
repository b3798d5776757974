"""After the result: an unhappy answer and its reply, once only, by the link without signing in, at a kiosk."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import expect

from motcua.config.demo.story import COMMUNE
from tests import people
from tests.journeys.conftest import DESKTOP, PHONE, OpenBrowser
from tests.journeys.person import Person
from tests.running import RESULTS, Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]


def returned(running: Running) -> tuple[str, str]:
    """A result that was just returned to the mother: the dossier's id and code."""
    dossier = people.submitted(people.citizen(running))
    people.handle(running, dossier)
    [(code,)] = running.ask("SELECT code FROM casework_dossiers_dossier WHERE id = %s", dossier)
    return dossier, str(code)


def token(running: Running, dossier: str) -> str:
    """What the message says that was sent: it stands nowhere in the database."""
    program = (
        "from uuid import UUID; from motcua.casework.dossiers.models import Dossier; "
        "from motcua.community.surveys.services.asking import open_survey; "
        "from motcua.community.surveys.tokens import token_of; "
        f"open_survey(Dossier.objects.get(pk='{dossier}')); print(token_of(UUID('{dossier}')))"
    )
    told = running.run("shell", "-c", program)
    assert told.returncode == 0, told.stderr
    return told.stdout.split()[-1]


def at_desk(person: Person, who: str, page: str) -> Person:
    person.open("/desk/sign-in/")
    person.press(f"form:has(input[value='demo.{who}.{COMMUNE}']) button")
    person.open(page)
    return person


def keep(person: Person, name: str) -> None:
    """A picture, where somebody wants to look at the pages."""
    if os.environ.get("MOTCUA_PICTURES"):
        RESULTS.mkdir(exist_ok=True)
        person.page.screenshot(path=RESULTS / f"satisfaction-{name}.png", full_page=True)


def answer_unhappily(stranger: Person, link: str, code: str) -> None:
    stranger.open(link)
    assert link.split("/")[2] not in stranger.page.url
    assert code not in stranger.page.content()
    keep(stranger, "question")
    stranger.press("button[name=rating][value='1']")
    stranger.page.locator("input[name=reasons][value=visits]").check()
    stranger.page.locator("[name=words]").fill("Phải đi lại ba lần.")
    keep(stranger, "reasons")
    stranger.press("form.form .taskend button")
    expect(stranger.page.locator("main")).to_contain_text(re.compile("answered once"))
    keep(stranger, "answered")


def reply(chair: Person) -> None:
    at_desk(chair, "chair", "/desk/satisfaction/cases/")
    keep(chair, "cases")
    chair.press("main ul.rows li:has-text('Phải đi lại ba lần') a >> nth=0")
    chair.press("form[action$='/claim/'] button")
    keep(chair, "case")
    chair.page.locator("[name=words]").fill(
        "Chúng tôi xin lỗi bà; giấy tờ lần sau sẽ được hướng dẫn đủ một lần."
    )
    chair.press("form[action$='/work/'] button:not([name])")
    chair.open("/desk/satisfaction/?q=di+lai")
    keep(chair, "desk")


def test_an_unhappy_answer_gets_its_reply(running: Running, browse: OpenBrowser) -> None:
    dossier, code = returned(running)
    link = f"/satisfaction/{token(running, dossier)}/"
    stranger = browse(base_url=running.base, viewport=PHONE, java_script_enabled=False)
    answer_unhappily(stranger, link, code)
    stranger.open(link)
    assert stranger.page.locator("button[name=rating]").count() == 0
    reply(browse(base_url=running.base, viewport=DESKTOP))
    mother = browse(base_url=running.base, viewport=PHONE)
    mother.open("/sign-in/")
    mother.press("main form[action$='/oidc/eid/login/'] button")
    mother.press("button[name=person] >> nth=0")
    mother.open(f"/dossiers/{dossier}/")
    keep(mother, "panel")
    mother.press("#satisfaction a")
    expect(mother.page.locator("main")).to_contain_text("Chúng tôi xin lỗi bà")
    keep(mother, "replied")
    mother.press("button[name=helped][value=yes]")
    assert mother.page.locator("button[name=helped]").count() == 0


def test_a_kiosk_in_the_hall_takes_an_answer_once(running: Running, browse: OpenBrowser) -> None:
    _dossier, code = returned(running)
    chair = at_desk(browse(base_url=running.base, viewport=DESKTOP), "chair", "/desk/queue/settings/")
    chair.press("button[name=part][value=kiosk]")
    opening = chair.page.locator("[data-kiosk-code]").inner_text()
    kiosk = browse(base_url=running.base, viewport=DESKTOP, java_script_enabled=False)
    kiosk.open("/satisfaction/kiosk/")
    kiosk.page.locator("[name=code]").fill(opening)
    kiosk.press("main form button")
    for status in (200, 409):
        kiosk.open("/satisfaction/kiosk/")
        keep(kiosk, "kiosk")
        kiosk.page.locator("[name=code]").fill(f"{running.base}/status/?code={code}")
        kiosk.press("main form .taskend button", status=status)
        if status == 200:
            keep(kiosk, "kiosk-question")
            kiosk.press("button[name=rating][value='3']")
            keep(kiosk, "kiosk-reasons")
            kiosk.press("main form .taskend button")
            keep(kiosk, "kiosk-done")
