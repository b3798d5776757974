import re
from pathlib import Path

import pytest

from sandbox.eid.people import PEOPLE


@pytest.mark.parametrize(
    ("ui_locales", "accepted", "language", "words"),
    [
        ("de", "en", "de", "Als wer möchten Sie sich anmelden?"),
        ("fr en-GB vi", "de", "en", "Who do you want to sign in as?"),
        (None, "de-AT,de;q=0.9", "de", "Als wer möchten Sie sich anmelden?"),
        (None, "fr", "vi", "Bạn muốn đăng nhập là ai?"),
    ],
)
def test_speaks_the_language_asked_for(party, ui_locales, accepted, language, words):
    response = party.browser.get(party.address(ui_locales=ui_locales), headers={"Accept-Language": accepted})
    assert f'<html lang="{language}">' in response.text
    assert words in response.text


def test_offers_everyone_and_says_that_they_are_made_up(party):
    page = party.browser.get(party.address(ui_locales="en")).text
    assert all(person.claims["HoVaTen"] in page for person in PEOPLE.values())
    assert "stand-in for VNeID" in page
    assert "made up" in page


def test_asks_nothing_of_other_hosts_and_runs_no_script(party):
    response = party.browser.get(party.address())
    assert re.findall(r'(?:src|href)="([^"]+)"', response.text) == ["data:,", "/static/eid.css"]
    assert "<script" not in response.text
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:8000 http://localhost:8000" in policy
    assert "url(" not in (Path(__file__).parents[1] / "static" / "eid.css").read_text(encoding="utf-8")


def test_sets_no_cookie(party):
    assert "Set-Cookie" not in party.browser.get(party.address()).headers
