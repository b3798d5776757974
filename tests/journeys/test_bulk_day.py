"""A day with many dossiers at a commune: accepted, handed over, signed and returned together."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import expect

from motcua.config.demo.story import check_and_draft
from tests import people
from tests.journeys import law
from tests.journeys.conftest import OpenBrowser
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

MANY = 3
CONFIRM = "main form.form .taskend button[data-color=accent]"


def test_a_day_with_many_dossiers(running: Running, browse: OpenBrowser) -> None:
    mother, justice = people.citizen(running), people.officer(running, "justice")
    dossiers = [people.submitted(mother) for _ in range(MANY)]
    reception = law.officer(browse, running, "reception")
    together(reception, "/desk/?filter=none&step=reception", dossiers, "accept")
    # One of them moved since its list was opened: the others are done, and it says why it was not.
    reception.open("/desk/?filter=none&step=reception")
    tick(reception, dossiers)
    other = people.officer(running)
    other.get(law.desk(dossiers[0]))
    other.post(other.form("/acts/hand-over/"), {})
    choose(reception, "hand-over")
    reception.press(CONFIRM)
    expect(reception.page.locator("main [role=status]")).to_contain_text(done(MANY - 1, MANY))
    for dossier in dossiers:
        check_and_draft(justice, dossier)
    sign_together(law.officer(browse, running, "chair"), dossiers)
    together(reception, "/desk/uncollected/", dossiers, "return-result")
    mother.get("/dossiers/")
    for dossier in dossiers:
        mother.get(law.own(dossier))
        assert mother.page.xpath("//section[contains(@class, 'result')]//a[@download]")


def done(count: int, total: int) -> re.Pattern[str]:
    """ "2 trên 3", "2 of 3"."""
    return re.compile(rf"\b{count} \w+ {total}\b")


def tick(person: law.Person, dossiers: Sequence[str]) -> None:
    for dossier in dossiers:
        person.page.locator(f"input[name=chosen][value^='{dossier}']").check()


def choose(person: law.Person, act: str) -> None:
    person.press(f"button[name=act][value={act}]")


def together(person: law.Person, page: str, dossiers: Sequence[str], act: str) -> None:
    """Tick them on a list, press the act, confirm; each is reported as done."""
    person.open(page)
    tick(person, dossiers)
    choose(person, act)
    expect(person.page.locator("main tbody tr[data-row]")).to_have_count(len(dossiers))
    person.press(CONFIRM)
    expect(person.page.locator("main [role=status]")).to_contain_text(done(len(dossiers), len(dossiers)))


def sign_together(chair: law.Person, dossiers: Sequence[str]) -> None:
    """Look at the first paper, go on by key, then confirm once for all."""
    chair.open("/desk/signing/several/")
    tick(chair, dossiers)
    chair.press("#choose .signbar button[data-color=accent]")
    expect(chair.page.locator("main tbody tr[data-row]")).to_have_count(len(dossiers))
    batch = chair.page.url
    chair.press("main tbody tr[data-row] a >> nth=0")
    expect(chair.page.locator("main svg.preview__page").first).to_be_visible()
    chair.open(batch)
    chair.press("form[action$='/start/'] button")
    status = chair.page.locator("main [role=status]")
    expect(status).to_contain_text(done(len(dossiers), len(dossiers)), timeout=60_000)
