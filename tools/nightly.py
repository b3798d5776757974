"""`make nightly`: what takes too long for `make test`, and the page docs/nightly.md.

Every page at both widths in all languages (tests/test_every_page.py), then Lighthouse over one page of each kind, in a
demonstration of its own (`--base URL`: in one that runs; a dossier is added there). Ends with 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from playwright.sync_api import sync_playwright  # noqa: E402  the path comes first

from bench.machine import calibrate  # noqa: E402
from bench.report import commit, machine_line  # noqa: E402
from motcua.config.demo import story  # noqa: E402
from motcua.config.demo.browser import Browser  # noqa: E402
from tools import screenshots as walk  # noqa: E402

PAGE = ROOT / "docs" / "nightly.md"
RESULTS = ROOT / "test-results" / "nightly.json"
# All do more where MOTCUA_NIGHTLY is set.
NIGHTLY_TESTS = (
    "tests/test_every_page.py",
    "src/motcua/casework/dossiers/tests/test_stateful.py",
    "src/motcua/casework/process/tests/test_oracle.py",
    "tests/test_figures_recounted.py",
    "src/motcua/config/simulation/tests/test_province.py",
    "src/motcua/oversight/indicators/tests/test_random_histories.py",
)
LANGUAGES, FORMS, GOAL = ("vi", "en", "de"), ("phone", "desktop"), 100
# Source: design, section 8. What only its reader may open has no goal for search engines.
CATEGORIES = {"accessibility": "accessibility", "best-practices": "best practices", "seo": "SEO"}
OFFICERS = {
    "reception": f"demo.reception.{story.COMMUNE}",
    "specialist": f"demo.justice.{story.COMMUNE}",
    "leader": f"demo.chair.{story.COMMUNE}",
    "administrator": "demo.administrator",
    "auditor": "demo.auditor",
}
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@dataclass(frozen=True, slots=True)
class View:
    """A page and who looks at it; "stranger": nobody has signed in, and search engines may come, too."""

    name: str
    path: str
    reader: str = "stranger"
    is_public: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """One page in one language on one kind of device; `lost`: what cost points, or why there are no scores."""

    view: View
    form: str
    language: str
    scores: dict[str, int]
    lost: list[str]

    @property
    def is_met(self) -> bool:
        return bool(self.scores) and min(self.scores.values()) >= GOAL


@dataclass(frozen=True, slots=True)
class Tested:
    """What pytest said last, and whether all passed."""

    words: str
    is_met: bool


def main() -> int:
    options = _options()
    os.chdir(ROOT)  # the demonstration finds its fonts from here
    machine = machine_line(calibrate())
    print(machine, flush=True)
    tested = None if options.only == "lighthouse" else test_every_page()
    judged = [] if options.only == "pages" else judge(options.base, options.pages)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([asdict(one) for one in judged], indent=1, ensure_ascii=False) + "\n")
    if options.write:
        PAGE.write_text(markdown(machine, tested, judged), encoding="utf-8")
        print(f"Page: {PAGE}")
    missed = [one for one in judged if not one.is_met]
    print(f"Lighthouse: {len(judged)} views judged, {len(missed)} below {GOAL}.")
    return int(bool(missed) or (tested is not None and not tested.is_met))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="write docs/nightly.md")
    parser.add_argument("--only", choices=["pages", "lighthouse"], help="one of the two")
    parser.add_argument("--base", help="a running demonstration, for instance http://127.0.0.1:8000")
    parser.add_argument(
        "--pages", nargs="+", metavar="NAME", help="only these pages by Lighthouse: home, verify …"
    )
    options = parser.parse_args()
    if options.write and (options.only or options.pages):
        parser.error("Only a whole run is written down.")
    return options


# --- Every page -----------------------------------------------------------------------------------------------


def test_every_page() -> Tested:
    """Every page, random acts on dossiers and random processes, as they are at night."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *NIGHTLY_TESTS]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"MOTCUA_NIGHTLY": "1"}, capture_output=True, text=True
    )
    last = done.stdout.strip().rsplit("\n", 1)[-1] or "no result"
    print(f"Every page: {last}" if done.returncode == 0 else done.stdout + done.stderr, flush=True)
    return Tested(last, done.returncode == 0)


# --- Lighthouse -----------------------------------------------------------------------------------------------


def judge(base: str | None, names: list[str] | None) -> list[Judged]:
    """Every view on every kind of device in every language."""
    with walk.running_demo(base) as site, chromium() as port:
        cookies, views = prepare(site)
        if names:
            views = [view for view in views if view.name in names]
        asked = [(view, form, language) for view in views for form in FORMS for language in LANGUAGES]
        runs = [
            {
                "url": site + view.path,
                "form": form,
                "cookies": cookies[view.reader] | {"motcua_language": language},
                "categories": [one for one in CATEGORIES if view.is_public or one != "seo"],
            }
            for view, form, language in asked
        ]
        return [
            _told(Judged(*one, said.get("scores", {}), said["lost"] if "lost" in said else [said["error"]]))
            for one, said in zip(asked, _lighthouse(port, runs), strict=True)
        ]


@contextmanager
def chromium() -> Iterator[int]:
    """The system's Chromium; the port on which it takes orders."""
    program, (port,) = shutil.which("chromium") or "/usr/bin/chromium", walk.free_ports(1)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=[*CHROMIUM_ARGUMENTS, f"--remote-debugging-port={port}"]
        )
        yield port
        browser.close()


def prepare(site: str) -> tuple[dict[str, dict[str, str]], list[View]]:
    """Sign everybody in, bring one dossier before its signature and begin another.

    Cookies (name: value) by reader, and the views.
    """
    mother = Browser(site)
    dossier = walk.apply(None, mother, walk.CHILDREN[1])
    mother.get(walk.PROCEDURE)
    mother.post(mother.form("/apply/1.001193/"), {})
    draft = mother.url
    readers = {name: sign_in(site, username) for name, username in OFFICERS.items()}
    walk.accept(readers["reception"], dossier)
    walk.draft(readers["specialist"], dossier)
    views = [
        *_public(),
        *_citizens(dossier.removeprefix(site), draft.removeprefix(site)),
        *_officers(walk.desk(dossier)),
    ]
    return {"stranger": {}, "citizen": _cookies(mother)} | {
        name: _cookies(browser) for name, browser in readers.items()
    }, views


def sign_in(site: str, username: str) -> Browser:
    """An officer of the demonstration, by the button that only it has."""
    officer = Browser(site)
    officer.get("/desk/sign-in/")
    officer.post(officer.page.xpath(f"//form[.//input[@name='username'][@value='{username}']]")[0], {})
    return officer


def _cookies(browser: Browser) -> dict[str, str]:
    return dict(browser.client.cookies.items())


def _public() -> list[View]:
    return [
        View("home", "/"),
        View("search", "/search/?q=khai+sinh"),
        View("procedure", walk.PROCEDURE),
        View("life event", "/life-events/birth/"),
        View("places", "/places/?q=ky+son"),
        View("figures", "/figures/"),
        View("how figures are made", "/figures/how/"),
        View("verify", "/verify/"),
        View("help", "/help/"),
        View("sign-in", "/sign-in/"),
        View("officers' sign-in", "/desk/sign-in/", is_public=False),
    ]


def _citizens(dossier: str, draft: str) -> list[View]:
    pages = {
        "own dossiers": "/dossiers/",
        "dossier": dossier,
        "form": draft,
        "account": "/account/",
        "data tracker": "/account/data-tracker/",
        "messages": "/messages/",
    }
    return [View(name, path, "citizen", is_public=False) for name, path in pages.items()]


def _officers(dossier: str) -> list[View]:
    pages = {
        ("inbox", "reception"): "/desk/",
        ("dossier at the desk", "specialist"): dossier,
        ("signing", "leader"): "/desk/signing/",
        ("figures of the year", "leader"): "/desk/figures/",
        ("a measure", "leader"): "/desk/figures/measures/on_time_rate/",
        ("map", "leader"): "/desk/figures/map/",
        ("operations", "leader"): "/desk/operations/",
        ("wall", "leader"): "/desk/operations/wall/",
        ("alerts", "leader"): "/desk/operations/alerts/",
        ("answers", "leader"): "/desk/satisfaction/",
        ("organisations", "administrator"): "/desk/organisations/",
        ("accounts", "administrator"): "/desk/accounts/",
        ("settings", "administrator"): "/desk/settings/",
        ("own account", "administrator"): "/desk/account/",
        ("audit", "auditor"): "/desk/audit/",
    }
    return [View(name, path, reader, is_public=False) for (name, reader), path in pages.items()]


def _lighthouse(port: int, runs: list[dict]) -> Iterator[dict]:
    node = shutil.which("node")
    if not node or not (ROOT / "node_modules" / "lighthouse").is_dir():
        raise SystemExit("Lighthouse is missing: run `make setup`.")
    command = [node, str(ROOT / "tools" / "lighthouse.mjs")]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdin and process.stdout:
            process.stdin.write(json.dumps({"port": port, "runs": runs}))
            process.stdin.close()
            yield from map(json.loads, process.stdout)


def _told(one: Judged) -> Judged:
    if not one.is_met:
        print(f"{one.view.name}, {one.form}, {one.language}: {one.scores} {'; '.join(one.lost)}", flush=True)
    return one


# --- The page -------------------------------------------------------------------------------------------------


def markdown(machine: str, tested: Tested | None, judged: list[Judged]) -> str:
    """docs/nightly.md."""
    missed = [one for one in judged if not one.is_met]
    lines = [
        "# The nightly run",
        "",
        f"Written by `make nightly ARGS=--write` on {datetime.now().astimezone():%Y-%m-%d} at commit `{commit()}`. "
        "Not to be edited by hand.",
        "",
        f"Machine: {machine}. {versions()}.",
        "",
        "## Every page",
        "",
        "HTML by html-validate, accessibility by axe (WCAG 2.2 AA), width and weight of every page there is, on a "
        "phone (360 px) and on a desktop (1,280 px), in Vietnamese, English and German.",
        "",
        "- With random acts on dossiers (`test_stateful.py`), figures counted again from the journal "
        "(`test_figures_recounted.py`), the province of the press with 20,000 dossiers against its ledger "
        f"(`test_province.py`): {tested.words if tested else 'not run'}",
        "",
        "## Lighthouse",
        "",
        f"Each score is the lowest of the three languages; the goal is {GOAL}. SEO counts on public pages.",
        "",
        *table(judged),
        "",
        f"{len(judged)} views, {len(missed)} below the goal.",
        "",
        *(f"- {one.view.name}, {one.form}, {one.language}: {'; '.join(one.lost)}" for one in missed),
    ]
    return "\n".join(lines).rstrip() + "\n"


def table(judged: list[Judged]) -> list[str]:
    """One row a page."""
    heads = [f"{form}: {words}" for form in FORMS for words in CATEGORIES.values()]
    rows = [["Page", "Reader", *heads], ["---", "---", *["---:"] * len(heads)]]
    for view in dict.fromkeys(one.view for one in judged):
        mine = [one for one in judged if one.view == view]
        rows.append(
            [view.name, view.reader, *(_lowest(mine, form, name) for form in FORMS for name in CATEGORIES)]
        )
    return ["| " + " | ".join(row) + " |" for row in rows]


def _lowest(judged: list[Judged], form: str, category: str) -> str:
    asked = [one for one in judged if one.form == form]
    if category == "seo" and not asked[0].view.is_public:
        return ""
    if any(not one.scores for one in asked):
        return "none"
    return str(min(one.scores[category] for one in asked))


def versions() -> str:
    said = {name: _first_line([name, "--version"]) for name in ("chromium", "node")}
    package = json.loads((ROOT / "node_modules" / "lighthouse" / "package.json").read_text())
    return f"Lighthouse {package['version']}, {said['chromium']}, Node {said['node']}"


def _first_line(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip().split("\n")[0]


if __name__ == "__main__":
    began = time.monotonic()
    status = main()
    print(f"Took {time.monotonic() - began:.0f} s.")
    sys.exit(status)
