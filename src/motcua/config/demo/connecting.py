"""A business whose own program files several applications with one call of the API, and follows them."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from motcua.config.demo.acting import COOPERATIVE, NOTICE, PAUSE_BEGINS_DAYS, PAUSE_DAYS, sign_in_with_account
from motcua.config.demo.browser import Browser, StoryStopped, Teller, sign_in_at_desk, wait_for
from motcua.config.demo.papers import birth_evidence
from motcua.config.demo.using import example

# Nobody listens there: the answer is read from the redirection.
CALLBACK = "http://127.0.0.1:9/callback"
BRANCHES = ("Kho và nhà sơ chế", "Cửa hàng vật tư", "Vườn ươm")


def file_in_bulk(base: str, teller: Teller) -> None:
    """Registered by an administrator, let in by the head, then without a browser."""
    client = _register(base, teller)
    head = Browser(base)
    sign_in_with_account(head)
    api = httpx.Client(base_url=f"{base}/api/v1", timeout=30)
    api.headers["Authorization"] = f"Bearer {_let_in(head, client)}"
    may = [it for it in _json(api.get("/me"))["may_act_for"] if COOPERATIVE in it["name"]]
    api.headers["Acting-As"] = may[0]["value"]
    teller.step(
        "The head of a cooperative lets its own program act for it (OAuth 2 with PKCE)",
        may[0]["name"],
        f"{base}/api/v1/me",
    )
    notices = [{"key": f"notice-{uuid4()}", "dossier": _notice(api, reason)} for reason in BRANCHES]
    begun = api.post("/dossiers/bulk", json={"items": notices}, headers=_key())
    if begun.status_code != httpx.codes.ACCEPTED:
        raise StoryStopped(f"POST {begun.url} → {begun.status_code}: {begun.text[:400]}")
    bulk = begun.headers["Location"].removeprefix("/api/v1")
    done = wait_for(lambda: (it := _json(api.get(bulk)))["finished_at"] and it, "the filing of the notices")
    teller.step(
        f"The program files {len(BRANCHES)} notices with one call; a job enters them",
        f"{done['filed']} filed, {done['refused']} refused",
        f"{base}/api/v1{bulk}",
    )
    _follow(api, bulk, teller)


def _register(base: str, teller: Teller) -> tuple[str, str]:
    """As an administrator does in the browser. Gives the client's id and secret."""
    administrator = sign_in_at_desk(base, "demo.administrator")
    administrator.get("/desk/clients/new/")
    form = {
        "id": str(uuid4()),
        "name": "Phần mềm của hợp tác xã",
        "agency_code": "H44",
        "contact": "htx@example.org",
        "purpose": "Nộp và theo dõi hồ sơ của hợp tác xã.",
        "use": "citizen",
        "claims": ["openid", "citizen"],
        "redirect_uris": CALLBACK,
        "confirmed": "1",
    }
    page = administrator.post(administrator.form(), form)
    client_id, secret = page.xpath("//code/text()")
    teller.step(
        "An administrator registers the cooperative's program", f"client {client_id}", administrator.url
    )
    return client_id, secret


def _let_in(head: Browser, client: tuple[str, str]) -> str:
    """The head says yes on our page; the program changes the answer for a token."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": client[0],
        "redirect_uri": CALLBACK,
        "scope": "openid citizen",
        "state": secrets.token_urlsafe(8),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    head.get(f"/identity/o/authorize?{httpx.QueryParams(asked)}")
    form = head.form("/identity/o/authorize")
    sent: dict[str, list[str]] = {"action": ["grant"]}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    back = head.client.post(form.action, data=sent, headers={"Referer": head.url}, follow_redirects=False)
    if back.status_code != httpx.codes.FOUND:
        raise StoryStopped(f"POST {form.action} → {back.status_code}")
    code = httpx.URL(back.headers["Location"]).params["code"]
    answer = httpx.post(
        f"{head.base}/identity/o/api/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": verifier,
        },
        auth=client,
    )
    return str(_json(answer)["access_token"])


def _notice(api: httpx.Client, reason: str) -> dict[str, Any]:
    """An application whose paper was sent ahead."""
    paper = _json(
        api.post(
            "/files", files={"file": ("thong-bao.pdf", birth_evidence(), "application/pdf")}, headers=_key()
        )
    )
    begins = datetime.now().astimezone() + timedelta(days=PAUSE_BEGINS_DAYS)
    days = {"begins": f"{begins:%Y-%m-%d}", "ends": f"{begins + timedelta(days=PAUSE_DAYS):%Y-%m-%d}"}
    return {
        "procedure": NOTICE,
        "answers": example(NOTICE) | days | {"reason": reason, "notice": paper["id"]},
    }


def _follow(api: httpx.Client, bulk: str, teller: Teller) -> None:
    """One dossier, and once more with its ETag."""
    items = _json(api.get(f"{bulk}/items"))["items"]
    if not all(item["state"] == "filed" for item in items):
        raise StoryStopped(f"not all were filed: {items}")
    dossier = api.get(f"/dossiers/{items[0]['dossier_id']}")
    again = api.get(f"/dossiers/{items[0]['dossier_id']}", headers={"If-None-Match": dossier.headers["ETag"]})
    teller.step(
        "… and follows one: asked again, nothing has moved",
        f"{items[0]['reference']}, status {_json(dossier)['status']}; then {again.status_code}",
        str(dossier.url),
    )


def _key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def _json(response: httpx.Response) -> dict[str, Any]:
    if response.is_error:
        raise StoryStopped(
            f"{response.request.method} {response.url} → {response.status_code}: {response.text[:400]}"
        )
    answer: dict[str, Any] = response.json()
    return answer
