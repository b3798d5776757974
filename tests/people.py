"""People without a browser: they send what a browser would send, and look at whatever comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import lxml.html

from motcua.config.demo.browser import Browser
from motcua.config.demo.story import fill_in, sign_in, sign_in_officer
from tests.running import Running

LANGUAGE_COOKIE = "motcua_language"


# Who does what on the way of a dossier from the desk to the returned result.
ACTS = (
    ("reception", "accept"),
    ("reception", "hand-over"),
    ("justice", "draft-result"),
    ("justice", "submit-for-signature"),
    ("chair", "sign"),
    ("reception", "return-result"),
)


@dataclass(frozen=True)
class Answer:
    """What came back: the last response and, if it is a page, its elements."""

    response: httpx.Response
    page: lxml.html.HtmlElement

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def url(self) -> str:
        return str(self.response.url)

    def words(self, xpath: str) -> str:
        """The text of every element found, single-spaced."""
        return " ".join(" ".join(element.text_content() for element in self.page.xpath(xpath)).split())

    def value(self, name: str) -> str:
        """What stands in a field, or which radio is chosen."""
        found = self.page.xpath(f"//input[@name='{name}'][not(@type='radio') or @checked]/@value")
        return str(found[0]) if found else ""


def answer(response: httpx.Response) -> Answer:
    return Answer(response, lxml.html.fromstring(response.text or "<html></html>"))


def stranger(running: Running, language: str = "en") -> Browser:
    browser = Browser(running.base)
    browser.client.cookies.set(LANGUAGE_COOKIE, language, domain="127.0.0.1")
    return browser


def citizen(running: Running, language: str = "en") -> Browser:
    """The story's mother, signed in."""
    browser = stranger(running, language)
    browser.get("/sign-in/")
    sign_in(browser)
    return browser


def other_citizen(running: Running) -> Browser:
    """The father: another account."""
    browser = stranger(running)
    browser.get("/sign-in/")
    browser.post(browser.form("/oidc/eid/login/"), {})
    button = browser.page.xpath("//form//button[@name='person']")[1]
    browser.post(browser.page.xpath("//form")[0], {"person": button.get("value")})
    return browser


def officer(running: Running, who: str = "reception") -> Browser:
    browser = sign_in_officer(running.base, who)
    browser.client.cookies.set(LANGUAGE_COOKIE, "en", domain="127.0.0.1")
    return browser


def begin(mother: Browser) -> str:
    """A new draft with every page answered; she stands at the check. Returns the draft's id."""
    mother.get("/procedures/1.001193/")
    mother.post(mother.form("/apply/1.001193/"), {})
    fill_in(mother)
    return mother.url.split("/")[-3]


def submitted(mother: Browser) -> str:
    """A new dossier. Returns its id, which is the draft's."""
    draft = begin(mother)
    mother.post(mother.form("/submit/"), {"declared": "1"})
    return draft


def handle(running: Running, dossier: str) -> None:
    """Everything the officers do with a submitted dossier."""
    at_desk = {who: officer(running, who) for who, _act in ACTS}
    for who, act in ACTS:
        person = at_desk[who]
        person.get(f"/desk/signing/?dossier={dossier}" if act == "sign" else f"/desk/dossiers/{dossier}/")
        form = person.form(f"/acts/{act}/")
        checks = [box.get("value") for box in form.xpath(".//input[@name='check']")]
        person.post(form, {"check": checks} if checks else {})


def send(
    browser: Browser, action: str, values: Mapping[str, Any], files: Mapping[str, Any] | None = None
) -> Answer:
    """Send the form of the page she stands on whose address ends with `action`; any status is an answer."""
    form = browser.form(action)
    data = dict(form.form_values()) | dict(values)
    url = form.action or browser.url
    return answer(browser.client.post(url, data=data, files=files, headers={"Referer": browser.url}))
