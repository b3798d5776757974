"""A person's browser without scripts, and who tells the story they play in."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urljoin

import httpx
import lxml.html
from rich.console import Console

PATIENCE_SECONDS = 30
T = TypeVar("T")
# Name, content, media type of a file in a form.
Upload = tuple[str, bytes, str]


class StoryStopped(RuntimeError):
    """A step did not give what it should; the page's words are in the message."""


class Browser:
    """A person's browser without scripts: keeps cookies, follows links and forms."""

    def __init__(self, base: str) -> None:
        self.base = base
        # The story is told in English; the pages' words that it quotes are too.
        self.client = httpx.Client(follow_redirects=True, timeout=30, cookies={"motcua_language": "en"})
        self.page: lxml.html.HtmlElement
        self.url = base

    def get(self, path: str) -> lxml.html.HtmlElement:
        return self._take(self.client.get(urljoin(self.url, path)))

    def _take(self, response: httpx.Response) -> lxml.html.HtmlElement:
        if response.status_code >= 400:
            words = " ".join(lxml.html.fromstring(response.text).text_content().split())[:400]
            raise StoryStopped(f"{response.request.method} {response.url} → {response.status_code}: {words}")
        self.url = str(response.url)
        self.page = lxml.html.fromstring(response.text)
        self.page.make_links_absolute(self.url)
        return self.page

    def post(
        self,
        form: lxml.html.FormElement,
        values: Mapping[str, str | list[str]],
        files: Mapping[str, Upload] | Sequence[tuple[str, Upload]] | None = None,
    ) -> lxml.html.HtmlElement:
        """Send a form of the current page with its own values and the given ones."""
        data: dict[str, str | list[str]] = dict(form.form_values())
        data |= values
        action = form.action or self.url
        headers = {"Referer": self.url}
        return self._take(self.client.post(action, data=data, files=files, headers=headers))

    def form(self, action: str = "") -> lxml.html.FormElement:
        """The page's own form whose address ends with `action`: not of head, foot or "You act for …"."""
        around = "ancestor::header or ancestor::footer or ancestor::div[@class='acting']"
        for form in self.page.xpath(f"//form[@method='post'][not({around})]"):
            if (form.get("action") or "").endswith(action):
                return form
        raise StoryStopped(f"{self.url} has no form {action!r}")

    def download(self, url: str) -> bytes:
        response = self.client.get(urljoin(self.url, url))
        if response.status_code != 200:
            raise StoryStopped(f"GET {url} → {response.status_code}")
        return response.content

    def words(self, xpath: str) -> str:
        found = self.page.xpath(xpath)
        return " ".join(found[0].text_content().split()) if found else ""


def sign_in_at_desk(base: str, username: str) -> Browser:
    """Anybody of the made-up officers, by the name of the account."""
    officer = Browser(base)
    officer.get("/desk/sign-in/")
    forms = officer.page.xpath("//form[contains(@action, 'sign-in/demo')]")
    officer.post(next(form for form in forms if form.fields["username"] == username), {})
    return officer


class Teller:
    """Prints each step with its figure and link."""

    def __init__(self, console: Console) -> None:
        self.console, self.number, self.begun = console, 0, time.monotonic()

    def step(self, words: str, figure: str, link: str = "") -> None:
        self.number += 1
        took = (time.monotonic() - self.begun) * 1000
        self.console.print(f"[bold]{self.number:2}[/bold]  {words}", soft_wrap=True)
        self.console.print(
            f"    {figure}  [dim]{took:.0f} ms[/dim]" + (f"  {link}" if link else ""), soft_wrap=True
        )
        self.begun = time.monotonic()


def wait_for(look: Callable[[], T | None], what: str) -> T:
    """What `look` gives as soon as it is something: other processes do their part in their own time."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        if time.monotonic() > give_up_at:
            raise StoryStopped(f"{what} did not come within {PATIENCE_SECONDS} s")
        time.sleep(0.1)
    return found
