"""A stranger's service (npm `openid-client`) signs people in through us; a stranger's system gets a token."""

from __future__ import annotations

import json
import os
import subprocess
from uuid import uuid4

import httpx
import pytest
from authlib.integrations.httpx_client import OAuth2Client

from motcua.config.demo.browser import Browser
from motcua.config.demo.story import sign_in
from tests.conformance.node import node
from tests.people import stranger
from tests.running import Running

pytestmark = [pytest.mark.conformance, pytest.mark.xdist_group("running")]

# Nobody listens there: the answer is read from the redirection.
CALLBACK = "http://127.0.0.1:9/callback"


def officer_of(running: Running, username: str) -> Browser:
    officer = stranger(running)
    officer.get("/desk/sign-in/")
    forms = officer.page.xpath("//form[contains(@action, 'sign-in/demo')]")
    officer.post(next(form for form in forms if form.fields["username"] == username), {})
    return officer


def let_in(running: Running, **more: str | list[str]) -> tuple[str, str]:
    """Register a client as an administrator does in the browser; its id and secret."""
    administrator = officer_of(running, "demo.administrator")
    administrator.get("/desk/clients/new/")
    form: dict[str, str | list[str]] = {
        "id": str(uuid4()),
        "name": "A stranger's service",
        "agency_code": "H44",
        "contact": "it@example.org",
        "purpose": "Tries whether strangers can connect.",
        "use": "",
        "confirmed": "1",
    }
    page = administrator.post(administrator.form(), form | more)
    client_id, secret = page.xpath("//code/text()")
    return client_id, secret


def consent(person: Browser, request: str) -> str:
    """Say yes on our page; where that leads."""
    person.get(request)
    page = person.form("/identity/o/authorize")
    data = [*page.form_values(), ("action", "grant")]
    fields = {name: [value for key, value in data if key == name] for name, _value in data}
    back = person.client.post(
        page.action, data=fields, headers={"Referer": person.url}, follow_redirects=False
    )
    assert back.status_code == 302, back.text
    return back.headers["Location"]


def ask(running: Running, client: tuple[str, str], scope: str, person: Browser) -> list[dict[str, object]]:
    """What the service learns, and what it gets when the same answer comes again."""
    command = [*node("openid_client.mjs", "openid-client"), running.base, client[0], CALLBACK, scope]
    environment = os.environ | {"CLIENT_SECRET": client[1]}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as service:
        assert service.stdin and service.stdout
        callback = consent(person, service.stdout.readline().strip())
        print(callback, file=service.stdin, flush=True)
        learned = json.loads(service.stdout.readline())
    code = httpx.URL(callback).params["code"]
    again = httpx.post(
        f"{running.base}/identity/o/api/token",
        data={"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK},
        auth=client,
    )
    return [learned, again.json()]


def test_an_officer_signs_in_to_a_strangers_service(running: Running) -> None:
    claims = ["openid", "profile", "officer"]
    client = let_in(running, use="officer", claims=claims, redirect_uris=CALLBACK)
    officer = officer_of(running, "demo.chair.04894")
    learned, again = ask(running, client, " ".join(claims), officer)
    assert learned["claims"]["aud"] == client[0]  # type: ignore[index]
    assert learned["info"]["agency"].startswith("/H44/")  # type: ignore[index]
    assert any(right.startswith("leader ") for right in learned["info"]["rights"])  # type: ignore[index]
    assert again["error"] == "invalid_grant"


def test_a_citizen_signs_in_to_a_strangers_service(running: Running) -> None:
    client = let_in(running, use="citizen", claims=["openid", "profile"], redirect_uris=CALLBACK)
    citizen = stranger(running)
    citizen.get("/sign-in/?next=/")
    sign_in(citizen)
    learned, _again = ask(running, client, "openid profile", citizen)
    assert set(learned["info"]) == {"sub", "name"}  # type: ignore[call-overload]


def test_a_strangers_system_asks_the_api(running: Running) -> None:
    client_id, secret = let_in(running, scopes=["procedures:read"], is_test="on")
    with OAuth2Client(client_id, secret) as system:
        system.fetch_token(f"{running.base}/identity/o/api/token", grant_type="client_credentials")
        found = system.get(f"{running.base}/api/v1/procedures", params={"q": "khai sinh"})
    assert found.status_code == 200
    assert "1.001193" in [item["code"] for item in found.json()["items"]]
