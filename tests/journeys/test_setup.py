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
from tests.running import ROOT, _free_ports, environment_of

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
officers:
  - {{username: tiep.nhan, full_name: Đỗ Thị Mẫu Hiền, title: Công chức tiếp nhận, agency: "{commune}", role: reception,
     unit: Trung tâm Phục vụ hành chính công, unit_code: one_stop_desk}}
"""


@dataclass(frozen=True)
class Site:
    base: str
    folder: Path
    told: dict[str, object]

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
    answers = ANSWERS.format(base=base, eid=issuer, packs=ROOT / "packs" / "vn", commune=COMMUNE)
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


def accept_invitation(person: Person, site: Site, username: str) -> None:
    """Choose a password with the code, then add an app that makes codes."""
    codes = site.told["invitations"]
    assert isinstance(codes, dict)
    person.open("/desk/join/")
    person.page.locator("#id_code").fill(codes[username])
    person.press("main form button")
    for name in ("password", "again"):
        person.page.locator(f"#id_{name}").fill(PASSWORD)
    person.press("main form button")
    person.open("/desk/account/second-factor/app/")
    secret = person.page.locator("code.figures").inner_text().replace(" ", "")
    person.page.locator("#id_code").fill(totp(secret))
    person.press("main form button")


def test_a_province_is_set_up_from_nothing_to_its_first_dossier(site: Site, browse: OpenBrowser) -> None:
    administrator = browse(base_url=site.base, viewport=DESKTOP)
    accept_invitation(administrator, site, "quan.tri")
    settle(administrator)
    dossier = apply(browse(base_url=site.base, viewport=PHONE))
    reception = browse(base_url=site.base, viewport=DESKTOP)
    accept_invitation(reception, site, "tiep.nhan")
    reception.open(f"/desk/dossiers/{dossier}/")
    reception.press("form[action$='/acts/accept/'] button")


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


def test_a_real_installation_is_never_served_as_a_demonstration(site: Site) -> None:
    environment = environment_of(site.folder / "var")
    command = [sys.executable, "-m", "motcua.config.cli"]
    for arguments in (["serve", "--port", "0"], ["world"], ["setup", "--file", "x"]):
        refused = subprocess.run(
            [*command, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True
        )
        assert refused.returncode == 1 and "demonstration" in refused.stderr
