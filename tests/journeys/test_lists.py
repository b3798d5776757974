"""A list in a form, at a small phone without scripts: more items, fewer, and back on another device."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE, OpenBrowser
from tests.journeys.person import Person
from tests.journeys.test_birth_registration import MOTHER, SAVE
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

RESIDENCE = "1.004194"
ALLOWANCE = "1.001776"
SMALL = {"width": 320, "height": 640}
CHILD = {"members-0-full_name": "Trần Minh Khôi", "members-0-birth_date_day": "31"}
WIFE = {"members-1-full_name": "Trần Thị Mẫu"}
ADD, ADDED = 'button[name="add"][value="members"]', "#id_members-1"


def sign_in_at(person: Person, url: str) -> None:
    person.open(url)
    person.press("main form[action$='/oidc/eid/login/'] button")
    person.press(f"button[name=person][value='{MOTHER}']")


def fill(person: Person, values: dict[str, str]) -> None:
    for name, value in values.items():
        person.page.locator(f'#page-form [name="{name}"]').fill(value)


def standing(person: Person, name: str) -> str:
    return person.page.locator(f'#page-form [name="{name}"]').input_value()


def test_members_are_added_and_taken_out_without_scripts_and_found_again_elsewhere(
    running: Running, browse: OpenBrowser
) -> None:
    phone = browse(viewport=SMALL, java_script_enabled=False)
    sign_in_at(phone, f"{running.base}/apply/{RESIDENCE}/")
    phone.press("main form[method=post]:not([action]) button")
    draft = phone.page.url.split("/drafts/")[1].split("/")[0]
    phone.open(f"{running.base}/drafts/{draft}/members/")
    phone.press(ADD)
    fill(phone, CHILD)
    phone.press(ADD)
    assert standing(phone, "members-0-full_name") == CHILD["members-0-full_name"]
    assert standing(phone, "members-0-birth_date_day") == "31"
    fill(phone, WIFE)
    phone.press(SAVE, status=422)
    phone.page.locator('[data-error-summary] a[href="#id_members-1-sex"]').wait_for()
    phone.press('button[name="remove"][value="members-0"]')
    assert standing(phone, "members-0-full_name") == WIFE["members-1-full_name"]
    assert phone.page.locator(ADDED).count() == 0
    laptop = browse(viewport=DESKTOP)
    sign_in_at(laptop, f"{running.base}/dossiers/")
    laptop.press(f"main a[href='/drafts/{draft}/']")
    assert laptop.page.url.endswith(f"/drafts/{draft}/members/")
    assert standing(laptop, "members-0-full_name") == WIFE["members-1-full_name"]
    # The phone still shows what it saw; the laptop saves first, and the phone is told.
    fill(laptop, {"members-0-full_name": "Trần Thị Khác"})
    laptop.press(SAVE, status=422)
    fill(phone, {"members-0-full_name": "Trần Thị Mẫu Hai"})
    phone.press(SAVE, status=409)
    assert standing(phone, "members-0-full_name") == "Trần Thị Mẫu Hai"
    assert "Trần Thị Khác" in phone.page.locator("main").inner_text()


def test_what_is_calculated_is_shown_while_somebody_types(running: Running, browse: OpenBrowser) -> None:
    phone = browse(base_url=running.base, viewport=PHONE)
    sign_in_at(phone, f"/apply/{ALLOWANCE}/")
    phone.press("main form[method=post]:not([action]) button")
    while not phone.page.url.endswith("/ground/"):
        phone.answer({"for_whom": "self"})
        phone.press(SAVE)
    amount = phone.page.locator("[data-value=monthly_amount]")
    expect(amount).to_be_hidden()
    phone.page.locator("[name=group][value=disabled_severe]").check()
    expect(amount).to_contain_text(re.compile(r"1[.,]000[.,]000"))
    phone.look()
    phone.page.locator("[name=group][value=disabled]").check()
    expect(amount).to_contain_text(re.compile(r"750[.,]000"))
