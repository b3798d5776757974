"""A stranger's identity provider (npm `oidc-provider`) in the place of the national eID."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from motcua.foundation.postgres import server
from tests.conformance.node import node
from tests.journeys.conftest import OpenBrowser, browse, chromium  # noqa: F401  fixtures
from tests.running import MOTCUA, ROOT, environment_of

pytestmark = [pytest.mark.conformance, pytest.mark.xdist_group("running")]

SECRET = "a secret of these tests"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def _process(command: list[str], environment: dict[str, str], log: Path, address: str) -> Iterator[None]:
    with (
        log.open("w") as output,
        subprocess.Popen(command, env=environment, cwd=ROOT, stdout=output, stderr=output) as process,
    ):
        try:
            _wait(address, process, log)
            yield
        finally:
            process.terminate()


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up_at = time.monotonic() + 60
    while time.monotonic() < give_up_at:
        try:
            httpx.get(address)
            return
        except httpx.TransportError:
            if process.poll() is not None:
                break
            time.sleep(0.2)
    pytest.fail(log.read_text())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An installation whose eID is the stranger's provider: no story, no worker."""
    var, web, eid = tmp_path_factory.mktemp("other-provider"), _free_port(), _free_port()
    base, issuer = f"http://127.0.0.1:{web}", f"http://127.0.0.1:{eid}"
    back = f"{base}/accounts/oidc/eid/login/callback/"
    provider = [*node("oidc_provider.mjs", "oidc-provider"), str(eid), back]
    environment = environment_of(var) | {
        "MOTCUA_MAKE_SECRETS": "1",
        "MOTCUA_BASE_URL": base,
        "MOTCUA_EID_ISSUER": issuer,
        "MOTCUA_EID_CLIENT_SECRET": SECRET,
        "DJANGO_SETTINGS_MODULE": "motcua.config.settings.demo",
    }
    try:
        server.ensure_running(var)
        for command, role in ((["migrate", "--verbosity", "0"], "owner"), (["world"], "app")):
            subprocess.run(
                [MOTCUA, *command], env=environment | {"MOTCUA_DATABASE_ROLE": role}, cwd=ROOT, check=True
            )
        outside = os.environ | {"CLIENT_SECRET": SECRET}
        discovery = f"{issuer}/.well-known/openid-configuration"
        serve = [str(MOTCUA), "serve", "--port", str(web)]
        with (
            _process(provider, dict(outside), var / "provider.log", discovery),
            _process(serve, environment, var / "web.log", f"{base}/health/live"),
        ):
            yield base
    finally:
        server.stop(var)


def _sign_in(person: OpenBrowser, site: str, name: str):
    page = person(java_script_enabled=False).page
    page.goto(f"{site}/sign-in/?next=/dossiers/", wait_until="domcontentloaded")
    page.locator("form[action*='oidc/eid/login'] button").click()
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("anything")
    page.locator("button[type=submit]").click()
    page.locator("button[type=submit]").click()
    page.wait_for_url(f"{site}/**", wait_until="domcontentloaded")
    return page


def test_a_person_signs_in_through_a_strangers_provider(site, browse) -> None:  # noqa: F811
    page = _sign_in(browse, site, "nhung")
    assert page.url == f"{site}/dossiers/"
    assert "Nguyễn Thị Hồng Nhung" in page.content()


def test_a_weak_identity_is_refused(site, browse) -> None:  # noqa: F811
    page = _sign_in(browse, site, "weak")
    assert page.url.startswith(f"{site}/sign-in/?problem=assurance")
