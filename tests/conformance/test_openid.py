"""Signing in, seen from outside: OpenID Connect with PKCE, each answer good once."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from motcua.config.demo.browser import Browser
from tests.people import answer, stranger
from tests.running import Running

pytestmark = [pytest.mark.conformance, pytest.mark.xdist_group("running")]


def ask_to_sign_in(person: Browser) -> httpx.URL:
    """Where the sign-in button leads: the authorization request."""
    person.get("/sign-in/?next=/dossiers/")
    form = person.form("/oidc/eid/login/")
    data = dict(form.form_values())
    back = person.client.post(form.action, data=data, headers={"Referer": person.url}, follow_redirects=False)
    return httpx.URL(back.headers["Location"])


def choose_a_person(person: Browser, request: httpx.URL) -> httpx.URL:
    """At the stand-in. Where it leads back: the callback with its code."""
    page = answer(person.client.get(request)).page
    button = page.xpath("//button[@name='person']")[0]
    back = person.client.post(request, data={"person": button.get("value")}, follow_redirects=False)
    return httpx.URL(back.headers["Location"])


def is_signed_in(person: Browser) -> bool:
    back = person.client.get(f"{person.base}/dossiers/", follow_redirects=False)
    return back.status_code == 200


def test_the_request_binds_the_answer_to_this_browser(running: Running) -> None:
    """PKCE with S256 (RFC 7636), `state` (RFC 6749 10.12); different each time."""
    requests = [parse_qs(urlsplit(str(ask_to_sign_in(stranger(running)))).query) for _ in range(2)]
    for request in requests:
        assert request["response_type"] == ["code"]
        assert "openid" in request["scope"][0].split()
        assert request["code_challenge_method"] == ["S256"]
        assert len(request["code_challenge"][0]) == 43
        assert request["redirect_uri"] == [f"{running.base}/accounts/oidc/eid/login/callback/"]
    first, second = requests
    assert first["state"] != second["state"]
    assert first["code_challenge"] != second["code_challenge"]


def test_an_answer_is_good_once(running: Running) -> None:
    person = stranger(running)
    callback = choose_a_person(person, ask_to_sign_in(person))
    back = person.client.get(callback)
    assert str(back.url) == f"{running.base}/dossiers/"
    person.client.cookies.delete("sessionid")
    again = person.client.get(callback)
    assert again.url.path == "/sign-in/"
    assert not is_signed_in(person)


def test_an_answer_is_worth_nothing_in_another_browser(running: Running) -> None:
    person, thief = stranger(running), stranger(running)
    callback = choose_a_person(person, ask_to_sign_in(person))
    ask_to_sign_in(thief)
    back = thief.client.get(callback)
    assert back.url.path == "/sign-in/"
    assert not is_signed_in(thief)
