"""The wall is alive while dossiers move; and a past day goes as it went."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from motcua.foundation.worktime.calendars import VIETNAM
from tests.journeys.conftest import DESKTOP, OpenBrowser
from tests.journeys.person import Person
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

# The second commune of the demonstration, where no other journey looks for its dossiers.
COMMUNE = "08152"
WALL = {"width": 1920, "height": 1080}
OPEN = "[data-live=open]"
# Two promised, and some for a machine that is busy.
SECONDS = 8


def at_desk(person: Person, base: str, who: str, page: str) -> None:
    person.open(f"{base}/desk/sign-in/")
    person.press(f"form:has(input[value='demo.{who}.{COMMUNE}']) button")
    person.open(f"{base}{page}")


def number_at(person: Person, selector: str) -> int:
    return int(person.page.locator(selector).inner_text().replace(",", "").replace(".", ""))


def test_the_wall_is_alive_while_dossiers_move(running: Running, browse: OpenBrowser) -> None:
    wall = browse(viewport=WALL)
    at_desk(wall, running.base, "chair", "/desk/operations/wall/")
    before = number_at(wall, OPEN)
    expect(wall.page.locator(".wall__drawn svg")).to_be_visible()
    ((code,),) = running.ask(
        "SELECT code FROM registry_organisations_agency WHERE place_code = %s AND valid_to IS NULL", COMMUNE
    )
    made = running.run("simulate", "--dossiers", "12", "--seed", "7", "--agency", code)
    assert made.returncode == 0, made.stderr
    # The followers have the last of them within moments, and the page two seconds later.
    expect(wall.page.locator(OPEN)).to_have_text(
        re.compile(rf"^{_open_now(running)}$"), timeout=SECONDS * 1000
    )
    assert number_at(wall, OPEN) > before
    wall.look()
    fits_on_the_screen(wall, running.base)
    # The same page never came again: it changed in place.
    assert wall.page.evaluate("performance.getEntriesByType('navigation').length") == 1


ALERT = """<li class="alert alert--overdue"><svg class="icon"></svg><div><p class="alert__title"><a href="#">Trung tâm Phục
vụ hành chính công phường Hòa Bình: 12 hồ sơ trễ hạn</a></p><p>12 trong 40 hồ sơ đang giải quyết đã quá hạn, nhiều hơn
ngưỡng 4. Nguyễn Văn An sẽ xử lý.</p></div></li>"""
_HEIGHTS = """([alert, count]) => new Promise(done => {
    document.querySelector(".wall__alerts ul").innerHTML = alert.repeat(count);
    // The chart is drawn anew after the next frame.
    setTimeout(() => done([document.documentElement.scrollHeight,
        document.querySelector(".wall__chart svg").getBoundingClientRect().height]), 300); })"""


def fits_on_the_screen(wall: Person, base: str) -> None:
    """In each language, with no alert and with as many as there may be; nobody scrolls a wall."""
    for language in ("vi", "en", "de"):
        other = wall.page.context.new_page()
        wall.page.context.add_cookies([{"name": "motcua_language", "value": language, "url": base}])
        other.goto(f"{base}/desk/operations/wall/")
        assert other.locator("html").get_attribute("lang") == language
        for alerts in (0, 1, 3):
            high, chart = other.evaluate(_HEIGHTS, [ALERT, alerts])
            assert high <= WALL["height"] and chart > 100, (language, alerts, high, chart)
        other.close()


def caught_up(running: Running) -> None:
    """Wait until the tallies have everything."""
    for _ in range(60):
        ((left,),) = running.ask(
            "SELECT (SELECT count(*) FROM foundation_journal_entry) - (SELECT position FROM "
            "foundation_journal_consumerposition WHERE name = 'indicators.evaluation')"
        )
        if left == 0:
            break
        time.sleep(0.5)


def _open_now(running: Running) -> int:
    """By the tallies, once the followers have everything."""
    caught_up(running)
    ((found,),) = running.ask(
        "SELECT sum(s.count) FROM oversight_indicators_stocknow s JOIN registry_organisations_agency a "
        "ON a.path = s.scope AND a.place_code = %s AND a.valid_to IS NULL WHERE s.state <> 'ready'",
        COMMUNE,
    )
    return int(found)


def test_a_wall_without_script_has_the_same_figures(running: Running, browse: OpenBrowser) -> None:
    plain = browse(viewport=DESKTOP, java_script_enabled=False)
    at_desk(plain, running.base, "chair", "/desk/operations/wall/")
    assert plain.page.locator("noscript meta[http-equiv=refresh]").count() == 1
    expect(plain.page.locator(".daychart")).to_be_visible()
    plain.press(".wall__links a")
    # The same as a table.
    expect(plain.page.locator("main table").first).to_be_visible()
    yesterday = (datetime.now(VIETNAM) - timedelta(days=1)).date().isoformat()
    plain.open(f"{running.base}/desk/operations/wall/?day={yesterday}&at=10:30")
    before = plain.page.locator("[data-live=came]").inner_text()
    plain.press("[data-later]")
    assert int(plain.page.locator("[data-live=came]").inner_text().replace(",", "")) >= int(
        before.replace(",", "")
    )
    assert "at=10%3A45" in plain.page.url
