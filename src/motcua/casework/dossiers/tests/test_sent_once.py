"""A page that is sent again because its answer was lost does nothing twice; tried with notes and with sheets."""

from __future__ import annotations

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from motcua.casework.dossiers.models import SheetBlock
from motcua.casework.dossiers.tests.factories import MORNING

pytestmark = pytest.mark.django_db
COOKIE = "motcua_sent"
TOKEN, OTHER = "0123456789abcdef" * 2, "f" * 32


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


def send(browser, *, token=TOKEN, count="1"):
    """What the form of the sheets sends; each try as a page that was opened anew, but for its token."""
    sent = {"procedure": "", "count": count, "once": token}
    return browser.post(reverse("desk:sheets"), sent)


def blocks():
    return SheetBlock.objects.count()


def test_the_same_sent_again_is_led_where_the_first_was_and_does_nothing(world, browse):
    browser = browse(world.desk.reception)
    first, again = send(browser), send(browser)
    assert (first.status_code, again.status_code, first.url, again.url) == (302, 302, again.url, first.url)
    assert blocks() == 1
    # The browser is told that it arrived, and forgets what it kept.
    assert again.cookies[COOKIE].value.endswith(TOKEN)
    assert not again.cookies[COOKIE]["httponly"]


def test_another_content_another_token_or_another_account_is_done(world, browse):
    browser = browse(world.desk.reception)
    send(browser)
    send(browser, count="2")
    send(browser, token=OTHER)
    send(browse(world.other_desk.reception))
    assert blocks() == 4


def test_what_was_refused_can_be_sent_again(world, browse):
    browser = browse(world.desk.reception)
    wrong = send(browser, count="none")
    assert wrong.status_code == 422
    # What was typed is on the page that came, so the browser need not keep it.
    assert wrong.cookies[COOKIE].value == TOKEN
    assert send(browser).status_code == 302
    assert blocks() == 1


def test_what_is_still_at_work_is_told_and_not_begun_again(world, browse):
    browser = browse(world.desk.reception)
    send(browser)
    key = f"sent:{world.desk.reception.account_id}:{TOKEN}"
    cache.set(key, {"digest": cache.get(key)["digest"]})
    told = send(browser)
    assert told.status_code == 409
    assert COOKIE not in told.cookies
    assert blocks() == 1


@pytest.mark.parametrize("token", ["", "x" * 32, "a" * 31, "0" * 5000, "'; DROP"])
def test_a_form_without_a_token_works_as_ever(world, browse, token):
    browser = browse(world.desk.reception)
    assert send(browser, token=token).status_code == 302
    assert send(browser, token=token).status_code == 302
    assert blocks() == 2


def test_who_was_signed_out_meanwhile_keeps_what_they_typed(world, browse):
    told = send(browse())
    assert told.status_code == 302
    assert "sign-in" in told.url
    assert COOKIE not in told.cookies


def test_the_page_in_place_of_one_that_did_not_come_says_nothing_of_anybody(world, browse):
    browser = browse(world.desk.reception)
    page = browser.get(reverse("ui:offline")).content.decode()
    assert "data-account" not in page
    script = browser.get(reverse("ui:service-worker"))
    assert script["Content-Type"].startswith("text/javascript")
    assert script.content == browse(world.mother).get(reverse("ui:service-worker")).content
    assert "data-account" in browser.get(reverse("desk:sheets")).content.decode()
