"""A province from an empty folder: one command, then browsers, to the first dossier."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import FilePayload, expect

from motcua.config.demo.papers import birth_evidence
from motcua.config.demo.story import COMMUNE, example_answers
from motcua.foundation.postgres import server
from motcua.foundation.postgres.cluster import locate
from motcua.registry.access.tests.factories import totp
from tests.journeys.conftest import DESKTOP, PHONE, OpenBrowser
from tests.journeys.person import Person
from tests.running import ROOT, _free_ports, ask, environment_of

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("running")]

PASSWORD = "bốn từ khác nhau"
SECRET = "a secret between provider and installation"
MOTHER = json.loads((ROOT / "sandbox" / "eid" / "people.json").read_text(encoding="utf-8"))[0]["claims"][
    "sub"
]
SAVE = "#page-form .taskend button:not([name])"
ANSWERS = """
province: {{code: H44, name: Tỉnh Phú Thọ, place_code: "25"}}
site: {{base_url: "{base}", place_name: Tỉnh Phú Thọ}}
eid: {{issuer: "{eid}", client_id: motcua, client_secret: {{file: eid-secret}}}}
procedures: [{packs}]
administrators:
  - {{username: quan.tri, full_name: Vi Thị Mẫu Quản, title: Quản trị hệ thống}}
"""


@dataclass(frozen=True)
class Colleague:
    unit: str
    title: str
    username: str
    full_name: str
    role: str


COLLEAGUES = (
    Colleague("one_stop_desk", "Công chức tiếp nhận", "tiep.nhan", "Đỗ Thị Mẫu Hiền", "reception"),
    Colleague("office", "Chủ tịch", "chu.tich", "Hà Văn Mẫu Chủ", "leader"),
)


@dataclass(frozen=True)
class Site:
    base: str
    folder: Path
    told: dict[str, Any]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run(self.folder / "var", *arguments)


def run(var: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A `motcua` command of a real installation."""
    environment = environment_of(var)
    del environment["MOTCUA_DEMO"]
    command = [sys.executable, "-m", "motcua.config.cli", *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)


@contextmanager
def serving(command: list[str], environment: dict[str, str], address: str) -> Iterator[None]:
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urlopen(address, timeout=2).close()
                break
            except OSError:
                assert process.poll() is None, f"{command} ended"
                assert time.monotonic() < deadline, f"{address} does not answer"
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Set up from a file, and served with a stand-in eID. Nothing of it stays."""
    folder = tmp_path_factory.mktemp("province")
    var, (web, eid) = folder / "var", _free_ports(2)
    base, issuer = f"http://127.0.0.1:{web}", f"http://127.0.0.1:{eid}"
    (folder / "eid-secret").write_text(SECRET)
    answers = ANSWERS.format(base=base, eid=issuer, packs=ROOT / "packs" / "vn")
    (folder / "setup.yaml").write_text(answers, encoding="utf-8")
    environment = {name: value for name, value in environment_of(var).items() if name != "MOTCUA_DEMO"}
    python = [sys.executable, "-m"]
    provider = [
        *python, "sandbox.eid", "--port", str(eid), "--issuer", issuer, "--client", "motcua",
        "--client-secret-file", str(folder / "eid-secret"), "--redirect-uri", f"{base}/accounts/oidc/eid/login/callback/",
    ]  # fmt: skip
    try:
        told = run(var, "setup", "--file", str(folder / "setup.yaml"), "--json")
        assert told.returncode == 0, told.stderr
        with ExitStack() as running:
            running.enter_context(
                serving(provider, dict(os.environ), f"{issuer}/.well-known/openid-configuration")
            )
            serve = [*python, "motcua.config.cli", "serve", "--port", str(web)]
            running.enter_context(serving(serve, environment, f"{base}/health/ready"))
            yield Site(base, folder, json.loads(told.stdout))
    finally:
        server.stop(var)
        for place in (locate(var).home, locate(var).socket_dir):
            shutil.rmtree(place, ignore_errors=True)


def come_in(person: Person, code: str) -> None:
    """Choose a password with the code, then add an app that makes codes and keep the recovery codes."""
    person.open("/desk/join/")
    person.page.locator("#id_code").fill(code)
    person.press("main form button")
    for name in ("password", "again"):
        person.page.locator(f"#id_{name}").fill(PASSWORD)
    person.press("main form button")
    person.press("main a[href='/desk/account/second-factor/app/']")
    secret = person.page.locator("code.figures").inner_text().replace(" ", "")
    person.page.locator("#id_code").fill(totp(secret))
    person.press("main form button")
    person.press("main a[href='/desk/account/']")


def test_a_commune_is_set_up_from_nothing_to_its_first_dossier(site: Site, browse: OpenBrowser) -> None:
    administrator = browse(base_url=site.base, viewport=DESKTOP)
    come_in(administrator, site.told["invitations"]["quan.tri"])
    settle(administrator)
    codes = staff(administrator)
    dossier = apply(browse(base_url=site.base, viewport=PHONE))
    reception = browse(base_url=site.base, viewport=DESKTOP)
    come_in(reception, codes["tiep.nhan"])
    reception.open("/desk/")
    reception.press(f"main a[href^='/desk/dossiers/{dossier}/']")
    reception.press("form[action$='/acts/accept/'] button")
    leader = browse(base_url=site.base, viewport=DESKTOP)
    come_in(leader, codes["chu.tich"])
    leader.open("/desk/signing/")


def staff(administrator: Person) -> dict[str, str]:
    """Units, posts, officers, roles and invitations of one commune. Gives the codes by user name."""
    open_commune(administrator)
    confirm(administrator, "main a[href$='/template/']")
    return {it.username: enter_colleague(administrator, it) for it in COLLEAGUES}


def open_commune(administrator: Person) -> None:
    administrator.press("#rail a[href='/desk/organisations/']")
    administrator.page.locator("#q").fill(COMMUNE)
    administrator.press("main form[role=search] button")
    administrator.press("main tbody a")


def confirm(administrator: Person, link: str, **answers: str) -> None:
    """An act on an organisation: the form, what it will change, the confirmation."""
    administrator.press(link)
    for name, value in answers.items():
        administrator.page.locator(f"main [name={name}]").fill(value)
    administrator.press("main form .taskend button")
    administrator.press("main button[name=confirm]")


def enter_colleague(administrator: Person, it: Colleague) -> str:
    """From the commune to an officer with a role. Gives the code of the invitation."""
    page = administrator.page
    open_commune(administrator)
    unit = f"main section.orgunit:has(span:text-is('{it.unit}'))"
    confirm(administrator, f"{unit} a[href$='/post/']", name=it.title)
    free = f"{unit} li:has-text('{it.title}') a[href$='/enter/']"
    confirm(administrator, free, username=it.username, full_name=it.full_name)
    # On the officer's page now, which says what is still missing.
    administrator.press(".dossierhead__acts a[href^='/desk/accounts/']")
    account = page.url
    administrator.press("main a[href$='/grant/']")
    page.locator("#id_role").select_option(it.role)
    page.locator("#id_reason").fill("Quyết định phân công")
    administrator.press("main form.form .taskend button")
    assert page.url == account
    administrator.press("main form[action$='/invite/'] button")
    code = page.locator(".callout code").inner_text()
    # Light or dark, chosen beside the code, leads to the account: this address shows nothing by itself.
    page.locator("details.menu--account summary").click()
    administrator.press("form[action$='/scheme/'] button >> nth=0")
    assert page.url == account
    return code


def settle(administrator: Person) -> None:
    """Try the identity provider and see it on the checklist; choose colours; look at every page of settings."""
    administrator.open("/desk/settings/eid/")
    administrator.press("form[action$='/try/eid/'] button")
    administrator.open("/desk/checklist/")
    row = administrator.page.locator("tr", has=administrator.page.locator("a[href='/desk/settings/eid/']"))
    expect(row.locator(".mark--done")).to_be_visible()
    administrator.open("/desk/settings/theme/")
    administrator.page.locator("form[method=post] #id_theme__main").fill("#2c4a7c")
    administrator.press("form[enctype] button[data-color=accent]")
    for page in (
        "",
        "certificates/",
        "theme/preview/?theme__main=%23aa3300&theme__second=%238e1b16",
        "retention/",
    ):
        administrator.open(f"/desk/settings/{page}")


def apply(mother: Person) -> str:
    """As anybody does; gives the dossier's id."""
    paper: FilePayload = {
        "name": "giay-chung-sinh.pdf",
        "mimeType": "application/pdf",
        "buffer": birth_evidence(),
    }
    mother.open("/procedures/1.001193/")
    mother.press("main form[action='/apply/1.001193/'] button")
    mother.press("main form[action$='/oidc/eid/login/'] button")
    mother.press(f"button[name=person][value='{MOTHER}']")
    mother.press("main form[method=post] button.ds-button")
    while "/check/" not in mother.page.url:
        mother.answer(example_answers(), paper)
        mother.press(SAVE)
    mother.page.locator("#declared").check()
    mother.press("form[action$='/submit/'] button")
    return mother.page.url.rstrip("/").rsplit("/", 1)[-1]


def test_a_second_run_changes_nothing(site: Site) -> None:
    answers = site.folder / "setup.yaml"
    said = json.loads(site.command("setup", "--file", str(answers), "--dry-run", "--json").stdout)
    assert said["changes"] == [] and said["invitations"] == {}


def test_the_server_goes_on_after_the_database_ended_its_connections(site: Site) -> None:
    ask(
        site.folder / "var",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s",
        server.APP_ROLE,
    )
    deadline = time.monotonic() + 60
    while True:
        try:
            urlopen(f"{site.base}/health/ready", timeout=20).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "no page since the database ended its connections"


def test_a_real_installation_is_never_served_as_a_demonstration(site: Site) -> None:
    environment = environment_of(site.folder / "var")
    command = [sys.executable, "-m", "motcua.config.cli"]
    for arguments in (["serve", "--port", "0"], ["world"], ["setup", "--file", "x"]):
        refused = subprocess.run(
            [*command, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True
        )
        assert refused.returncode == 1 and "demonstration" in refused.stderr
