"""What must not open: other people's records, acts by address, foreign addresses, foreign scripts."""

from __future__ import annotations

from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from motcua.config.demo.browser import Browser
from tests.people import answer, begin, citizen, officer, other_citizen, send, stranger, submitted
from tests.running import Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

NOBODY = "00000000-0000-7000-8000-000000000000"
FOREIGN = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "https:///evil.example/",
    "javascript:alert(1)",
]


@pytest.fixture(scope="module")
def mother(running: Running) -> Browser:
    return citizen(running)


@pytest.fixture(scope="module")
def dossier(mother: Browser) -> str:
    return submitted(mother)


@pytest.fixture(scope="module")
def draft(mother: Browser) -> str:
    return begin(mother)


@pytest.fixture(scope="module")
def finished(running: Running) -> str:
    """The story's dossier, with a receipt and a result."""
    [[found]] = running.ask(
        "SELECT id FROM casework_dossiers_dossier WHERE status = 10 ORDER BY submitted_at LIMIT 1"
    )
    return str(found)


def is_our_page(browser: Browser, path: str, status: int) -> None:
    back = answer(browser.client.get(browser.base + path))
    assert back.status == status, path
    assert len(back.page.xpath("//main//h1")) == 1, path
    assert back.page.xpath("//main//a[@href] | //main//form"), path


def test_what_is_not_there_is_a_page_that_helps_on(running: Running, mother: Browser, draft: str) -> None:
    for path in (
        "/nothing/", "/procedures/9.999999/", "/life-events/none/", "/dossiers/not-an-id/", f"/dossiers/{NOBODY}/",
        f"/drafts/{NOBODY}/check/", f"/drafts/{draft}/no-such-page/", f"/dossiers/{NOBODY}/papers/1/",
        "/apply/9.999999/", "/status/?code=H44.04894-000101-9999",
    ):  # fmt: skip
        is_our_page(mother, path, 404)
    reception = officer(running)
    for path in (f"/desk/dossiers/{NOBODY}/", f"/desk/dossiers/{NOBODY}/papers/1/", "/desk/nothing/"):
        is_our_page(reception, path, 404)


def test_a_citizen_does_not_get_to_the_desk(running: Running, mother: Browser, dossier: str) -> None:
    for path in ("/desk/", "/desk/signing/", "/desk/search/?q=mau", f"/desk/dossiers/{dossier}/"):
        is_our_page(mother, path, 403)


def test_a_stranger_is_sent_to_the_right_sign_in(running: Running, dossier: str) -> None:
    anybody = stranger(running)
    for path, sign_in in (
        ("/dossiers/", "/sign-in/"),
        (f"/dossiers/{dossier}/", "/sign-in/"),
        ("/desk/", "/desk/sign-in/"),
    ):
        back = anybody.client.get(running.base + path)
        assert back.url.path == sign_in
        assert back.url.params["next"] == path


def test_another_citizen_does_not_learn_of_the_dossier(
    running: Running, dossier: str, draft: str, finished: str
) -> None:
    father = other_citizen(running)
    [[document]] = running.ask(
        "SELECT id FROM casework_dossiers_officialdocument WHERE dossier_id = %s AND kind = 'result'",
        finished,
    )
    [[paper]] = running.ask("SELECT id FROM casework_dossiers_component WHERE dossier_id = %s", dossier)
    for path in (
        f"/dossiers/{dossier}/", f"/drafts/{draft}/check/", f"/drafts/{draft}/name/",
        f"/dossiers/{finished}/documents/{document}/", f"/dossiers/{dossier}/papers/{paper}/",
    ):  # fmt: skip
        is_our_page(father, path, 404)


def test_an_act_is_not_done_by_opening_its_address(
    running: Running, mother: Browser, dossier: str, draft: str
) -> None:
    reception = officer(running)
    for act in ("accept", "hand-over", "sign", "return-result"):
        assert reception.client.get(f"{running.base}/desk/dossiers/{dossier}/acts/{act}/").status_code == 405
    for path in (f"/drafts/{draft}/submit/", f"/drafts/{draft}/discard/", "/sign-out/", "/language/"):
        assert mother.client.get(running.base + path).status_code == 405
    assert running.ask("SELECT status FROM casework_dossiers_dossier WHERE id = %s", dossier) == [(1,)]


def test_an_officer_cannot_do_another_roles_act(running: Running, dossier: str) -> None:
    justice = officer(running, "justice")
    token = justice.get("/desk/").xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
    back = justice.client.post(
        f"{running.base}/desk/dossiers/{dossier}/acts/accept/",
        data={"csrfmiddlewaretoken": token, "revision": "1"},
    )
    assert back.status_code == 403
    assert running.ask("SELECT status FROM casework_dossiers_dossier WHERE id = %s", dossier) == [(1,)]


def test_a_form_without_its_token_is_refused_on_a_page_of_ours(running: Running, dossier: str) -> None:
    reception = officer(running)
    url = f"{running.base}/desk/dossiers/{dossier}/acts/accept/"
    back = answer(reception.client.post(url, data={"revision": "1"}))
    assert back.status == 403
    assert back.page.xpath("//main//h1")
    assert running.ask("SELECT status FROM casework_dossiers_dossier WHERE id = %s", dossier) == [(1,)]


@pytest.mark.parametrize("target", FOREIGN)
def test_nobody_is_sent_to_a_foreign_address(running: Running, target: str) -> None:
    anybody = stranger(running)
    anybody.get(f"/sign-in/?{urlencode({'next': target})}")
    assert anybody.form("/oidc/eid/login/").fields["next"] == ""
    anybody.post(anybody.form("/oidc/eid/login/"), {"next": target})
    button = anybody.page.xpath("//form//button[@name='person']")[0]
    anybody.post(anybody.page.xpath("//form")[0], {"person": button.get("value")})
    assert anybody.url.startswith(f"{running.base}/")
    assert send_language(anybody, target) == "/"

    clerk = stranger(running)
    clerk.get(f"/desk/sign-in/?{urlencode({'next': target})}")
    clerk.post(clerk.page.xpath("//form[contains(@action, 'sign-in/demo')]")[0], {})
    assert clerk.url == f"{running.base}/desk/"


def test_an_act_does_not_lead_to_a_foreign_address(running: Running, dossier: str) -> None:
    reception = officer(running)
    for target in FOREIGN:
        reception.get(f"/desk/dossiers/{dossier}/")
        back = send(reception, "/acts/accept/", {"revision": "999", "back": target})
        assert back.url == f"{running.base}/desk/dossiers/{dossier}/"


def send_language(browser: Browser, target: str) -> str:
    """Where changing the language leads."""
    browser.get("/")
    form = browser.page.xpath("//form[contains(@action, '/language/')]")[0]
    data = dict(form.form_values()) | {"next": target, "language": "en"}
    back = browser.client.post(
        form.action, data=data, headers={"Referer": browser.url}, follow_redirects=False
    )
    return back.headers["Location"]


def test_every_page_forbids_foreign_and_inline_scripts(
    running: Running, mother: Browser, dossier: str, draft: str, finished: str
) -> None:
    anybody, reception = stranger(running), officer(running)
    seen = {
        anybody: ["/", "/search/?q=khai+sinh", "/procedures/1.001193/", "/sign-in/", "/desk/sign-in/", "/verify/",
                  "/status/?code=x", "/figures/", "/nothing/"],
        mother: ["/dossiers/", f"/dossiers/{finished}/", f"/drafts/{draft}/name/", f"/drafts/{draft}/check/", "/desk/"],
        reception: ["/desk/", f"/desk/dossiers/{finished}/", f"/desk/dossiers/{dossier}/", "/desk/signing/",
                    "/desk/search/?q=mau", f"/desk/dossiers/{NOBODY}/"],
    }  # fmt: skip
    for browser, paths in seen.items():
        for path in paths:
            back = answer(browser.client.get(running.base + path))
            is_guarded(back.response.headers.get("Content-Security-Policy", ""), path)
            assert back.response.headers["X-Content-Type-Options"] == "nosniff", path
            assert back.response.headers["Referrer-Policy"] == "same-origin", path
            inline = back.page.xpath(
                "//script[not(@src) and @type != 'application/ld+json'] | //script[not(@src) and not(@type)] | //style | //*[@style] | //*[@*[starts-with(name(), 'on')]]"
            )
            assert not inline, path


def is_guarded(policy: str, path: str) -> None:
    rules = {name: values for name, *values in (rule.split() for rule in policy.split(";") if rule.strip())}
    assert rules["default-src"] == ["'none'"], path
    assert rules["script-src"] == rules["style-src"] == ["'self'"], path
    assert rules["frame-ancestors"] == rules["base-uri"] == ["'none'"], path


def test_no_cookie_can_be_read_by_scripts_or_sent_by_other_sites(running: Running) -> None:
    anybody = stranger(running)
    found = {}
    anybody.client.event_hooks["response"] = [
        lambda back: found.update(cookies_of(back.headers.get_list("set-cookie")))
    ]
    anybody.get("/desk/sign-in/")
    anybody.post(anybody.page.xpath("//form[contains(@action, 'sign-in/demo')]")[0], {})
    send_language(anybody, "/")
    assert {"sessionid", "csrftoken", "motcua_language"} <= set(found)
    for name, cookie in found.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] in {"Lax", "Strict"}, name


def cookies_of(lines: list[str]) -> SimpleCookie:
    jar = SimpleCookie()
    for line in lines:
        jar.load(line)
    return jar


def test_downloads_are_named_typed_and_not_kept_by_caches(
    running: Running, mother: Browser, finished: str
) -> None:
    page = mother.get(f"/dossiers/{finished}/")
    inside = [link for link in page.xpath("//main//a/@href") if f"/dossiers/{finished}/" in link]
    links = {link for link in inside if "/documents/" in link or "/papers/" in link}
    # Receipt, receipt of the result, result, the hospital's paper; the first in second languages, too.
    assert len({link.partition("?")[0] for link in links}) == 4
    for link in links:
        head = mother.client.get(link).headers
        assert head["Content-Disposition"].startswith(("attachment; filename", "inline; filename")), link
        assert head["X-Content-Type-Options"] == "nosniff", link
        assert "no-store" in head["Cache-Control"], link
        assert head["Content-Type"] == "application/pdf", link
