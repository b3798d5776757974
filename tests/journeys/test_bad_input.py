"""What goes wrong between people and machines: odd names, wrong files, double clicks, lost lines, two at once."""

from __future__ import annotations

import io
import json
import socket
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest

from motcua.config.demo.browser import Browser
from motcua.config.demo.papers import birth_evidence
from tests.people import Answer, begin, citizen, officer, send, submitted
from tests.running import ROOT, Running

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

FORM = ROOT / "packs" / "vn" / "procedures" / "1.001193" / "form.json"
MB = 1024 * 1024
ERRORS = "//*[@data-error-summary]//li"


@pytest.fixture(scope="module")
def mother(running: Running) -> Browser:
    return citizen(running)


@pytest.fixture(scope="module")
def draft(mother: Browser) -> str:
    return begin(mother)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        pytest.param("Minh 👶", "Write the name without the character “👶”.", id="emoji"),
        pytest.param("M" * 5000, "Shorten this to", id="5000-characters"),
        pytest.param("<script>alert(1)</script>", "Write the name without the character “<”.", id="markup"),
    ],
)
def test_says_what_is_wrong_with_a_name_and_keeps_what_was_typed(
    mother: Browser, draft: str, typed: str, says: str
) -> None:
    mother.get(f"/drafts/{draft}/name/")
    back = send(mother, "", {"given_name": typed, "home_town_from": "mother"})
    assert back.status == 422
    assert says in back.words(ERRORS)
    assert back.page.xpath("//*[@data-error-summary]//a[@href='#id_given_name']")
    assert back.value("given_name") == typed
    assert back.value("home_town_from") == "mother"
    again = mother.get(f"/drafts/{draft}/name/")
    assert typed.startswith(again.xpath("//input[@name='given_name']/@value")[0])
    assert again.xpath("//input[@name='home_town_from'][@checked]/@value") == ["mother"]


def test_takes_a_direction_override_out_of_a_name(running: Running, mother: Browser) -> None:
    """A name that reads differently from how it is stored could stand on a certificate."""
    draft = begin(mother)
    mother.get(f"/drafts/{draft}/name/")
    back = send(mother, "", {"given_name": "Minh \u202eiôhK\u2066"})
    assert back.status == 200
    assert "\u202e" not in mother.client.get(f"{running.base}/drafts/{draft}/check/").text
    [[stored]] = running.ask(
        "SELECT answers->>'given_name' FROM casework_dossiers_draft WHERE id = %s", draft
    )
    assert stored == "Minh iôhK"


@pytest.mark.parametrize("language", ["vi", "en", "de"])
def test_says_what_is_wrong_in_the_persons_language(mother: Browser, draft: str, language: str) -> None:
    fields = [
        it
        for page in json.loads(FORM.read_text("utf-8"))["pages"]
        for group in page["groups"]
        for it in group["fields"]
    ]
    [expected] = [it["required"][language] for it in fields if it["name"] == "given_name"]
    mother.get(f"/drafts/{draft}/name/")
    mother.client.cookies.set("motcua_language", language, domain="127.0.0.1")
    try:
        back = send(mother, "", {"given_name": " "})
    finally:
        mother.client.cookies.set("motcua_language", "en", domain="127.0.0.1")
    assert back.page.get("lang") == language
    assert back.words(ERRORS) == expected


class Zeros(io.RawIOBase):
    """So many bytes that exist nowhere."""

    def __init__(self, size: int) -> None:
        self.size, self.at = size, 0

    def read(self, size: int = -1) -> bytes:
        count = self.size - self.at if size < 0 else min(size, self.size - self.at)
        self.at += count
        return bytes(count)

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = {0: 0, 1: self.at, 2: self.size}[whence] + offset
        return self.at

    def tell(self) -> int:
        return self.at


def zip_file() -> io.BytesIO:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("giay-chung-sinh.pdf", birth_evidence())
    content.seek(0)
    return content


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(zip_file, "Only files of these types can be used", id="zip-named-pdf"),
        pytest.param(io.BytesIO, "The file is empty.", id="empty"),
        pytest.param(
            lambda: Zeros(200 * MB), "The file has 200 MB, and at most 10 MB can be received.", id="200-MB"
        ),
    ],
)
def test_refuses_a_wrong_file_with_its_reason_and_keeps_the_rest(
    running: Running, mother: Browser, draft: str, make: Callable[[], io.IOBase], says: str
) -> None:
    before = stored_files(running)
    mother.get(f"/drafts/{draft}/papers/")
    files = {"birth_evidence": ("giay-chung-sinh.pdf", make(), "application/pdf")}
    back = send(mother, "", {"birth_evidence_kind": "witness"}, files)
    assert back.status == 422
    assert says in back.words(ERRORS)
    assert back.value("birth_evidence_kind") == "witness"
    assert len(back.page.xpath("//form[contains(@id, 'remove-')]")) == 1  # the right one, handed in before
    assert stored_files(running) == before


def stored_files(running: Running) -> tuple[int, int]:
    """Rows and files on disk."""
    [[rows]] = running.ask("SELECT count(*) FROM foundation_files_storedfile")
    return rows, sum(1 for path in (running.var / "files").rglob("*") if path.is_file())


def count_dossiers(running: Running) -> int:
    [[count]] = running.ask("SELECT count(*) FROM casework_dossiers_dossier")
    return int(count)


def test_a_double_click_on_submit_makes_one_dossier(running: Running, mother: Browser) -> None:
    draft, before = begin(mother), count_dossiers(running)
    for back in at_once(mother, mother, "/submit/", {"declared": "1"}):
        assert back.status == 200
        assert back.url == f"{running.base}/dossiers/{draft}/"
    assert count_dossiers(running) == before + 1


def at_once(first: Browser, second: Browser, action: str, values: dict[str, str]) -> list[Answer]:
    """Both send the form of the page they stand on at the same moment."""
    ready = threading.Barrier(2)

    def press(person: Browser) -> Answer:
        ready.wait()
        return send(person, action, values)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(press, (first, second)))


def test_a_line_lost_while_submitting_makes_one_dossier(running: Running, mother: Browser) -> None:
    draft, before = begin(mother), count_dossiers(running)
    form = mother.form("/submit/")
    send_and_hang_up(mother, form.action, dict(form.form_values()) | {"declared": "1"})
    back = send(mother, "/submit/", {"declared": "1"})
    assert back.url == f"{running.base}/dossiers/{draft}/"
    assert count_dossiers(running) == before + 1


def send_and_hang_up(person: Browser, url: str, values: dict[str, str]) -> None:
    body, address = urlencode(values), urlsplit(url)
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.client.cookies.jar)
    head = [
        f"POST {address.path} HTTP/1.1", f"Host: {address.netloc}", f"Cookie: {cookies}", f"Referer: {person.url}",
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", "", body,
    ]  # fmt: skip
    with socket.create_connection((address.hostname, address.port)) as line:
        line.sendall("\r\n".join(head).encode())


@pytest.fixture
def dossier(mother: Browser) -> str:
    return submitted(mother)


def state_of(running: Running, dossier: str) -> tuple[object, ...]:
    """Code, revision, status, acceptances and receipts."""
    [row] = running.ask(
        "SELECT code, revision, status,"
        " (SELECT count(*) FROM foundation_journal_entry WHERE kind = 'dossier.accepted' AND object_id = dossier.id),"
        " (SELECT count(*) FROM casework_dossiers_officialdocument WHERE dossier_id = dossier.id AND kind = 'receipt')"
        " FROM casework_dossiers_dossier dossier WHERE id = %s",
        dossier,
    )
    return row


def test_two_officers_who_accept_at_once_accept_it_once(running: Running, dossier: str) -> None:
    first, second = officer(running), officer(running)
    for person in (first, second):
        person.get(f"/desk/dossiers/{dossier}/")
    backs = at_once(first, second, "/acts/accept/", {})
    done = [back for back in backs if back.page.xpath("//p[contains(@class, 'message--success')]")]
    told = [
        back
        for back in backs
        if "Nothing was changed." in back.words("//p[contains(@class, 'message--error')]")
    ]
    assert (len(done), len(told)) == (1, 1)
    code, revision, _status, acceptances, receipts = state_of(running, dossier)
    assert (revision, acceptances, receipts) == (2, 1, 1)
    assert all(str(code) in back.words("//main") for back in backs)


def test_an_act_on_an_old_page_changes_nothing_and_says_so(running: Running, dossier: str) -> None:
    slow, quick = officer(running), officer(running)
    slow.get(f"/desk/dossiers/{dossier}/")
    quick.get(f"/desk/dossiers/{dossier}/")
    send(quick, "/acts/accept/", {})
    before = state_of(running, dossier)
    back = send(slow, "/acts/accept/", {})
    assert back.url == f"{running.base}/desk/dossiers/{dossier}/"
    assert "Nothing was changed." in back.words("//p[contains(@class, 'message--error')]")
    assert state_of(running, dossier) == before
