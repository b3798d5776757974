"""Writes the pictures of the documentation: `.venv/bin/python tools/screenshots.py`.

Starts a demonstration of its own on free ports with an empty data folder, and removes both at the end; with
`--base URL` uses one that runs (it adds seven dossiers and a request there). Needs what `make test` installs:
Playwright and Debian's Chromium. The pictures are for docs/images; everybody in them is made up.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright
from rich.console import Console

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from motcua.config.demo import acting, permit, story, using  # noqa: E402  the path comes first
from motcua.config.demo.browser import Browser, Teller  # noqa: E402

IMAGES = ROOT / "docs" / "images"
MAX_BYTES = 60_000
READY_WITHIN_SECONDS = 600
PROCEDURE = "/procedures/1.001193/"
CHILDREN = ("Minh Khôi", "Bảo An", "Gia Hân", "Đức Anh", "Ngọc Diệp", "Hà My")


@dataclass(frozen=True, slots=True)
class Screen:
    width: int
    height: int
    scale: float


DESKTOP = Screen(1280, 860, 1)
PHONE = Screen(390, 844, 1.5)
TALL = Screen(390, 1400, 1)
LOCALES = {"vi": "vi-VN", "en": "en-GB", "de": "de-DE"}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", help="a running demonstration, for instance http://127.0.0.1:8000")
    parser.add_argument("--language", default="vi", choices=list(LOCALES))
    parser.add_argument("--folder", type=Path, default=IMAGES)
    parser.add_argument("--only", choices=["permit"], help="these pictures alone")
    options = parser.parse_args()
    os.chdir(ROOT)  # the demonstration finds its fonts from here
    options.folder.mkdir(parents=True, exist_ok=True)
    with running_demo(options.base) as base, sync_playwright() as playwright:
        executable = shutil.which("chromium") or "/usr/bin/chromium"
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        camera = Camera(chromium, base, options.language, options.folder)
        (take_permit if options.only else take_all)(camera)
        chromium.close()


# --- The demonstration ----------------------------------------------------------------------------------------


@contextmanager
def running_demo(base: str | None) -> Iterator[str]:
    if base:
        yield base.rstrip("/")
        return
    var = Path(tempfile.mkdtemp(prefix="motcua-pictures-"))
    web, eid, tsa, sms = free_ports(4)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    settings = {
        "PYTHONPATH": os.pathsep.join(sys.path[:2]),
        "MOTCUA_VAR": str(var),
        "MOTCUA_PORT": str(web),
        "MOTCUA_EID_PORT": str(eid),
        "MOTCUA_TSA_PORT": str(tsa),
        "MOTCUA_SMS_PORT": str(sms),
    }
    command = [sys.executable, "-m", "motcua.config.cli", "demo"]
    log = var / "demo.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=kept | settings, stdout=output, stderr=output)
    try:
        base = f"http://127.0.0.1:{web}"
        wait_for_story(process, base, log)
        yield base
    except BaseException:
        print(log.read_text(errors="replace")[-3000:], file=sys.stderr)
        raise
    finally:
        process.terminate()
        process.wait(timeout=60)
        remove_database(var)
        shutil.rmtree(var, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def wait_for_story(process: subprocess.Popen[bytes], base: str, log: Path) -> None:
    """The demonstration plays its story first, and then says where to go by hand."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while "Now do the same by hand" not in log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("The demonstration did not start.")
        time.sleep(0.5)
    httpx.get(f"{base}/health/ready").raise_for_status()


def remove_database(var: Path) -> None:
    from motcua.foundation.postgres import cluster, server

    server.stop(var)
    shutil.rmtree(cluster.locate(var).home, ignore_errors=True)


# --- The camera -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Camera:
    chromium: Chromium
    base: str
    language: str
    folder: Path

    def take(self, name: str, url: str, *, screen: Screen = DESKTOP, visitor: Browser | None = None) -> None:
        """Write the first view of a page as `visitor` sees it (nobody: a stranger) to NAME.png."""
        context = self.chromium.new_context(
            viewport={"width": screen.width, "height": screen.height},
            device_scale_factor=screen.scale,
            reduced_motion="reduce",
            color_scheme="light",
            locale=LOCALES[self.language],
        )
        cookies = dict(visitor.client.cookies if visitor else {}) | {"motcua_language": self.language}
        context.add_cookies(
            [{"name": key, "value": value, "url": self.base} for key, value in cookies.items()]
        )
        page = context.new_page()
        response = page.goto(self.base + url.removeprefix(self.base), wait_until="networkidle")
        if not response or response.status != 200:
            raise SystemExit(f"{url} → {response.status if response else 'no answer'}")
        page.evaluate("document.fonts.ready")
        size = write_png(page.screenshot(), self.folder / f"{name}.png")
        print(f"{name}.png  {size // 1024} KB")
        context.close()


def write_png(content: bytes, path: Path) -> int:
    """Fewer colours, then fewer pixels, until the file is small enough. Returns its size in bytes."""
    whole = Image.open(io.BytesIO(content)).convert("RGB")
    for scale in (1, 0.85, 0.7):
        picture = whole.resize((round(whole.width * scale), round(whole.height * scale)))
        for colours in (256, 128, 64, 32):
            small = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            output = io.BytesIO()
            small.save(output, "PNG", optimize=True)
            if output.tell() <= MAX_BYTES:
                path.write_bytes(output.getvalue())
                return output.tell()
    raise SystemExit(f"{path.name} cannot be made smaller than {MAX_BYTES} bytes")


# --- The walk -------------------------------------------------------------------------------------------------


def take_all(camera: Camera) -> None:
    """Everybody's pages. One dossier goes to its end, one before the signature, the others wait for acceptance."""
    camera.take("home", "/")
    camera.take("home-phone", "/", screen=PHONE)
    camera.take("procedure", PROCEDURE)
    mother = Browser(camera.base)
    finished, to_sign, *_waiting = [apply(camera, mother, child) for child in CHILDREN]
    reception, justice, chair = (
        sign_in_officer(camera.base, who) for who in ("reception", "justice", "chair")
    )
    camera.take("inbox", "/desk/", visitor=reception)
    accept(reception, finished)
    accept(reception, to_sign)
    camera.take("officer-dossier", desk(to_sign), visitor=justice)
    draft(justice, finished)
    draft(justice, to_sign)
    sign(chair, finished)
    camera.take("signing", "/desk/signing/", visitor=chair)
    act(reception, finished, "return-result")
    camera.take("dossier-result", finished, visitor=mother)
    camera.take("dossier-result-phone", finished, visitor=mother, screen=PHONE)
    mother.get(finished)
    code = mother.page.xpath("//section[@class='result']//strong")[0].text
    camera.take("verify", f"/verify/?code={code}")
    take_account(camera, mother)
    take_standing_in(camera, chair)
    take_offices(camera)
    take_permit(camera)


def take_permit(camera: Camera) -> None:
    """A permit with a missing plan, then with three tasks at once; the story's permit shared by a code."""
    owner, builder = Browser(camera.base), sign_in_officer(camera.base, "construction")
    dossier = permit.apply(owner, Teller(Console(quiet=True)))
    walk = permit.Walk(owner, builder, dossier)
    accept(sign_in_officer(camera.base, "reception"), walk.own)
    builder.get(walk.desk)
    ask = permit.link(builder, "/supplement/")
    camera.take("ask-supplement", ask, visitor=builder)
    builder.get(ask)
    missing = {"text": [permit.MISSING], "about": ["component drawings"], "reason": permit.REASON}
    builder.post(builder.form(), missing)
    camera.take("supplement-phone", f"{walk.own}supplement/", visitor=owner, screen=PHONE)
    permit.bring_it(walk, Teller(Console(quiet=True)))
    act(builder, walk.own, "complete-task", {"outcome": "complete"})
    camera.take("tasks", walk.desk, visitor=builder)
    using.share(owner, Teller(Console(quiet=True)))
    owner.get("/documents/shares/")
    camera.take("share-phone", permit.link(owner, "/documents/shares/0"), visitor=owner, screen=PHONE)


def take_account(camera: Camera, mother: Browser) -> None:
    """The mother's account, and the head of a cooperative who chooses for whom to act."""
    mother.get("/account/data/correct/")
    mother.post(mother.form(), {"source": "other", "words": "Họ của tôi viết sai trên giấy biên nhận."})
    camera.take("account", "/account/", visitor=mother, screen=TALL)
    camera.take("data-tracker", "/account/data-tracker/", visitor=mother, screen=TALL)
    camera.take("your-data", "/account/data/", visitor=mother, screen=TALL)
    head = Browser(camera.base)
    acting.sign_in_with_account(head)
    camera.take("acting", head.url, visitor=head, screen=PHONE)


def take_standing_in(camera: Camera, chair: Browser) -> None:
    """The chair away, with a deputy; afterwards everything is as it was."""
    camera.take("absence", "/desk/absence/", visitor=chair)
    acting.go_away(chair)
    camera.take("delegations", "/desk/delegations/", visitor=chair)
    deputy = sign_in_officer(camera.base, "deputy")
    camera.take("signing-for", "/desk/signing/", visitor=deputy)
    acting.come_back(chair)


def take_offices(camera: Camera) -> None:
    """Who looks after the installation and after other people's data."""
    administrator = sign_in_overseer(camera.base, "administrator")
    administrator.get("/desk/organisations/")
    communes = administrator.page.xpath("//main//tbody//td[4]/a/@href")[0]
    administrator.get("/desk/organisations/?q=K%E1%BB%B3+S%C6%A1n")
    agency = administrator.page.xpath("//main//tbody//a/@href")[0]
    for name, url in (
        ("organisations", communes),
        ("agency", agency),
        ("accounts", "/desk/accounts/"),
        ("checklist", "/desk/checklist/"),
        ("settings", "/desk/settings/"),
        ("theme", "/desk/settings/theme/"),
        ("clients", "/desk/clients/new/"),
    ):
        camera.take(name, url, visitor=administrator)
    camera.take("people", "/desk/people/", visitor=sign_in_officer(camera.base, "reception"))
    for name, url, who in (
        ("data-requests", "/desk/data-requests/", "data-protection"),
        ("journal", "/desk/audit/", "auditor"),
        ("followers", "/desk/following/", "operator"),
    ):
        camera.take(name, url, visitor=sign_in_overseer(camera.base, who))


def apply(camera: Camera | None, mother: Browser, child: str) -> str:
    """Fill in and submit; for the first child also a picture of a question. Returns the dossier's path."""
    mother.get(PROCEDURE)
    mother.post(mother.form("/apply/1.001193/"), {})
    if "/sign-in/" in mother.url:
        story.sign_in(mother)
    if "/drafts/" not in mother.url:
        mother.post(mother.form(), {})
    story.fill_in(mother, story.example_answers() | {"given_name": child})
    if camera and child == CHILDREN[0]:
        draft_path = mother.url.split("/check/", maxsplit=1)[0]
        camera.take("question", f"{draft_path}/name/", visitor=mother, screen=PHONE)
        camera.take("check", mother.url, visitor=mother, screen=PHONE)
    mother.post(mother.form("/submit/"), {"declared": "1"})
    return mother.url


def sign_in_officer(base: str, who: str) -> Browser:
    return sign_in_at_desk(base, f"demo.{who}.{story.COMMUNE}")


def sign_in_overseer(base: str, who: str) -> Browser:
    return sign_in_at_desk(base, f"demo.{who}")


def sign_in_at_desk(base: str, username: str) -> Browser:
    officer = Browser(base)
    officer.get("/desk/sign-in/")
    forms = officer.page.xpath(f"//form[.//input[@name='username'][@value='{username}']]")
    officer.post(forms[0], {})
    return officer


def desk(dossier: str) -> str:
    return "/desk/dossiers/" + dossier.rstrip("/").rsplit("/", 1)[1] + "/"


def act(officer: Browser, dossier: str, code: str, values: dict[str, str | list[str]] | None = None) -> None:
    officer.get(desk(dossier))
    officer.post(officer.form(f"/acts/{code}/"), values or {})


def accept(reception: Browser, dossier: str) -> None:
    act(reception, dossier, "accept")
    act(reception, dossier, "hand-over")


def draft(justice: Browser, dossier: str) -> None:
    justice.get(desk(dossier))
    form = justice.form("/acts/draft-result/")
    checks = [box.get("value") for box in form.xpath(".//input[@type='checkbox']")]
    justice.post(form, {"check": checks})
    justice.post(justice.form("/acts/submit-for-signature/"), {})


def sign(chair: Browser, dossier: str) -> None:
    chair.get(f"/desk/signing/?dossier={desk(dossier).split('/')[3]}")
    chair.post(chair.form("/acts/sign/"), {})


if __name__ == "__main__":
    main()
