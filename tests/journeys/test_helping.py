"""Nobody left alone with a form: explanations, a call back, a screen that is shown, a page read aloud."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from motcua.config.demo.story import example_answers
from tests.journeys.conftest import DESKTOP, PHONE, OpenBrowser
from tests.journeys.person import Person
from tests.journeys.test_birth_registration import MOTHER, SAVE, officer
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]
START = "/procedures/1.001193/"
# A voice that speaks at once and writes down what it is given.
VOICE = """
window.said = [];
class Said extends EventTarget { constructor(text) { super(); this.text = text; } }
Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: Said });
Object.defineProperty(window, 'speechSynthesis', { value: Object.assign(new EventTarget(), {
  speaking: false, pending: false, getVoices: () => [{ lang: 'vi-VN', name: 'Thử' }, { lang: 'en-GB', name: 'Trial' }],
  speak(it) { this.speaking = true; window.said.push([it.lang, it.text]); }, cancel() { this.speaking = false; } }) });
"""


def read_aloud(mother: Person) -> None:
    mother.page.add_init_script(VOICE)
    mother.open(START)
    mother.page.locator("[data-aloud]").click()
    expect(mother.page.locator("[data-aloud]")).to_have_attribute("aria-pressed", "true")
    said = mother.page.evaluate("window.said")
    assert said[0] == ["en-GB", mother.page.locator("h1").inner_text()]
    mother.page.locator("summary", has_text="Giấy chứng sinh").click()
    expect(mother.page.locator("img.specimen").first).to_be_visible()
    mother.look()


def ask_for_a_call(mother: Person) -> str:
    """The number of the request."""
    mother.press(".footer a[href='/help-me/']")
    mother.page.locator("[name=name]").fill("Bà Lê Thị Mẫu")
    mother.page.locator("[name=phone]").fill("0912 345 678")
    desk = mother.page.locator("select[name=desk]")
    if desk.count():
        place = desk.locator("option", has_text="Kỳ Sơn")
        desk.select_option(place.first.get_attribute("value"))
    mother.page.wait_for_timeout(2_100)  # nobody types faster; a program is asked to send again
    mother.press("form:has([name=phone]) .taskend button")
    found = re.search(r"/help-me/([^/]+)/", mother.page.url)
    assert found
    return found[1]


def show_my_screen(mother: Person) -> str:
    """Signed in and in an application; the code."""
    mother.open(START)
    mother.press("form[action='/apply/1.001193/'] button")
    mother.press("main form[action$='/oidc/eid/login/'] button")
    mother.press(f"button[name=person][value='{MOTHER}']")
    if "/drafts/" not in mother.page.url:
        mother.press("form[action='/apply/1.001193/'] button")
    mother.page.locator("summary", has_text=re.compile("helper|người hỗ trợ|Show my screen")).last.click()
    mother.press("form[action$='/my-screen/'] button")
    code: str = mother.page.locator(".showing__code > span").first.inner_text()
    return code


def see_the_screen(helper: Person, mother: Person, code: str) -> None:
    """A wrong code first."""
    helper.open("/desk/showing/")
    helper.page.locator("[name=code]").fill("00000000")
    helper.press("main form .taskend button", status=422)
    helper.page.locator("[name=code]").fill(code)
    helper.press("main form .taskend button")
    heading = mother.page.locator("h1").inner_text()
    expect(helper.page.locator("#screen-title")).to_have_text(heading)
    expect(mother.page.locator("form[action$='/my-screen/end/']")).to_be_visible()
    assert (
        helper.page.locator(
            "#screen fieldset :is(input, select, textarea):enabled:not([type=hidden])"
        ).count()
        == 0
    )


def type_and_point(helper: Person, mother: Person) -> None:
    """What she types is seen before she saves; what the helper points at, she is shown."""
    while not mother.page.locator("#page-form input[type=text]:visible").count():
        mother.answer(example_answers())
        mother.press(SAVE)
    box = mother.page.locator("#page-form input[type=text]:visible").first
    name = box.get_attribute("name")
    box.fill("Mẫu vừa gõ")
    expect(helper.page.locator(f"#screen [name='{name}']")).to_have_value("Mẫu vừa gõ", timeout=6_000)
    helper.page.locator("#point-field").select_option(index=1)
    helper.page.locator("#point-words").fill("Ghi đủ dấu.")
    helper.press("#point button")
    expect(mother.page.locator(".showing__words")).to_contain_text("Ghi đủ dấu.", timeout=6_000)
    expect(mother.page.locator(".pointed").first).to_be_visible()
    mother.look()
    helper.look()


def end_it(helper: Person, mother: Person) -> None:
    """The helper sees nothing more, and she reads who looked."""
    mother.press("form[action$='/my-screen/end/'] button")
    expect(helper.page.locator("#screen [data-over]")).to_be_visible(timeout=6_000)
    assert "Mẫu vừa gõ" not in helper.page.content()
    mother.open("/account/data-tracker/")
    expect(mother.page.locator("#readings li, main li").first).to_be_visible()


def test_a_stranger_is_called_back_and_a_mother_is_helped_at_her_screen(
    running: Running, browse: OpenBrowser
) -> None:
    mother = browse(base_url=running.base, viewport=PHONE)
    read_aloud(mother)
    number = ask_for_a_call(mother)
    helper = officer(browse(base_url=running.base, viewport=DESKTOP), "reception")
    helper.open("/desk/help-calls/")
    helper.press(f"main a:has-text('{number}')")
    helper.press("form[action$='/claim/'] button")
    expect(helper.page.locator("a[href='tel:0912345678']")).to_be_visible()
    code = show_my_screen(mother)
    see_the_screen(helper, mother, code)
    type_and_point(helper, mother)
    end_it(helper, mother)
    helper.open("/desk/help-calls/")
    helper.press(f"main a:has-text('{number}')")
    helper.page.locator("[name=words]").fill("Đã hướng dẫn ghi tờ khai.")
    helper.press("form[action$='/note/'] button:not([name])")
    mother.open(f"/help-me/{number}/")
    expect(mother.page.locator("form[action$='/cancel/']")).to_have_count(0)
