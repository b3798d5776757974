"""From a red tile to the dossier and back; from a figure to the dossiers that it counts."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from motcua.foundation.worktime.calendars import VIETNAM
from tests.journeys.conftest import DESKTOP, PHONE, OpenBrowser
from tests.journeys.person import Person
from tests.journeys.test_operations import COMMUNE, WALL, caught_up
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

LEADER = "demo.leader.H44"
TILE = f"a.tile[href*='{COMMUNE}']"
TOTAL, ROWS = "main .deskline strong", "main tbody tr"
# Which part of a rate a link leads to.
NUMERATOR, DENOMINATOR = "part=numerator", "part=denominator"


@pytest.fixture(scope="module")
def agency(running: Running) -> str:
    """The path of a commune with dossiers of every kind, late ones among them."""
    ((code, path),) = running.ask(
        "SELECT code, path FROM registry_organisations_agency WHERE place_code = %s AND valid_to IS NULL",
        COMMUNE,
    )
    made = running.run("simulate", "--dossiers", "150", "--seed", "11", "--agency", code)
    assert made.returncode == 0, made.stderr
    caught_up(running)
    return str(path)


def leader(browse: OpenBrowser, running: Running, **options: object) -> Person:
    person = browse(base_url=running.base, **options)
    person.open("/desk/sign-in/")
    person.press(f"form:has(input[value='{LEADER}']) button")
    return person


def number(text: str) -> int:
    """ "1.284 hồ sơ" -> 1284."""
    found = re.search(r"\d[\d.,]*", text)
    assert found, text
    return int(re.sub(r"\D", "", found[0]))


def follow(person: Person, link: str) -> int:
    """Press a number; what it leads to is a list of as many dossiers. Gives how many."""
    said = number(person.page.locator(link).first.inner_text())
    person.press(f"{link} >> nth=0")
    assert number(person.page.locator(TOTAL).inner_text()) == said
    # Fifty stand on a page.
    assert person.page.locator(ROWS).count() == min(said, 50)
    return said


def back(person: Person, where: str) -> None:
    """As the browser's own button does."""
    person.page.go_back()
    expect(person.page).to_have_url(re.compile(re.escape(where)))
    person.look()


def test_from_a_red_tile_to_the_dossier_and_back(running: Running, browse: OpenBrowser, agency: str) -> None:
    person = leader(browse, running, viewport=WALL)
    person.open("/desk/operations/wall/")
    tile = person.page.locator(TILE)
    # Red, with a shape and a number, too.
    expect(tile).to_have_attribute("data-state", "many")
    expect(tile.locator("svg")).to_be_visible()
    late = number(tile.locator("[data-live^='late.']").inner_text())
    person.press(TILE)
    assert follow(person, "a[href*='stock=late_by_now']") == late
    expect(person.page.locator(f"{ROWS} .mark--overdue")).to_have_count(min(late, 50))
    code = person.page.locator(f"{ROWS} a").first.inner_text()
    person.press(f"{ROWS} a >> nth=0")
    assert "/desk/dossiers/" in person.page.url
    expect(person.page.locator("main")).to_contain_text(code)
    back(person, "stock=late_by_now")
    back(person, "/desk/operations/?agency=")
    back(person, "/desk/operations/wall/")


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_the_map_to_what_is_late(
    running: Running, browse: OpenBrowser, agency: str, width: dict[str, int]
) -> None:
    person = leader(browse, running, viewport=width, java_script_enabled=width is DESKTOP)
    person.open("/desk/figures/map/")
    tile = f"a.maptile--overdue[href*='{COMMUNE}']"
    expect(person.page.locator(f"{tile} .maptile__state svg")).to_be_visible()
    late = number(person.page.locator(f"{tile} .maptile__state").inner_text())
    person.press(tile)
    assert follow(person, "a[href*='stock=late']") == late
    person.press(f"{ROWS} a >> nth=0")
    back(person, "stock=late")
    person.press("main a.back")
    assert "/desk/figures/?" in person.page.url


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_a_figure_to_the_dossiers_it_counts(
    running: Running, browse: OpenBrowser, agency: str, width: dict[str, int]
) -> None:
    person = leader(browse, running, viewport=width, java_script_enabled=width is DESKTOP)
    month = datetime.now(VIETNAM) - timedelta(days=45)
    person.open(f"/desk/figures/?agency={agency}&period={month:%Y-%m}")
    tile = ".figure:has(a[href*='/measures/on_time_rate/'])"
    in_time = follow(person, f"{tile} a[href*='{NUMERATOR}']")
    # Back to the figure, which says the same of itself.
    person.press("main a.back")
    assert "/measures/on_time_rate/" in person.page.url
    assert follow(person, f"main a[href*='{DENOMINATOR}']") >= in_time
    person.press("main a.back")
    person.press("main a[href*='by=channel'] >> nth=0")
    # Its parts add up to it.
    parts = [number(it) for it in person.page.locator(f"main tbody a[href*='{NUMERATOR}']").all_inner_texts()]
    assert sum(parts) == in_time
    follow(person, f"main tbody a[href*='{NUMERATOR}']")
