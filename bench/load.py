"""`make load`: people at work all at once, for minutes; no error, memory flat.

Citizens look, read and submit; officers open their inbox, search, read, accept and hand over, each over an own
kept-alive connection with short pauses, as in a day's busiest hour. In the middle there are five times as many for a
while. Ends with 1 if a request was not answered as it should be or memory grew.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import httpx  # noqa: E402
from rich import box  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from bench import report as reports  # noqa: E402
from bench.installation import Installation  # noqa: E402
from bench.machine import calibrate  # noqa: E402
from bench.measuring import Request, Visitor, WrongAnswer  # noqa: E402
from bench.processes import Groups  # noqa: E402

if TYPE_CHECKING:
    from bench.scenario import Scenario

SPIKE_TIMES, PAUSE = 5, (0.1, 0.9)
# Memory of the last third against that of the second: caches fill in the first.
GROWTH = 1.10
_PUBLIC = (
    "/",
    "/search/?q=dang+ky+khai+sinh",
    "/search/?q=ket+hon",
    "/procedures/1.001193/",
    "/figures/",
    "/figures/now/",
)
_WORDS = ("nguyen thi mau lan", "tran mau", "khai sinh mau an", "le thi hong mau")


@dataclass
class Ledger:
    """What all users met: milliseconds by row, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, row: str, milliseconds: float) -> None:
        with self.lock:
            self.times[row].append(milliseconds)

    def fail(self, words: str) -> None:
        with self.lock:
            self.errors.append(words)


@dataclass
class Stock:
    """Work that users take from: drafts to submit, dossiers to accept; each is taken once."""

    drafts: list[str]
    submitted: list[str]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, name: str) -> str | None:
        with self.lock, suppress(IndexError):
            return str(getattr(self, name).pop())
        return None


def citizen_requests(random: Random, stock: Stock) -> Iterator[tuple[str, Request]]:
    while True:
        for path in random.sample(_PUBLIC, 2):
            yield "public pages", Request("GET", path)
        yield "own list", Request("GET", "/dossiers/")
        if random.random() < 0.3 and (draft := stock.take("drafts")):
            yield "submit", Request("POST", f"/drafts/{draft}/submit/", {"declared": "1"})
            yield "citizen's dossier page", Request("GET", f"/dossiers/{draft}/")


def officer_requests(random: Random, stock: Stock, known: list[str]) -> Iterator[tuple[str, Request]]:
    while True:
        yield "inbox", Request("GET", "/desk/")
        yield "officer's dossier page", Request("GET", f"/desk/dossiers/{random.choice(known)}/")
        yield "search dossiers", Request("GET", f"/desk/search/?q={random.choice(_WORDS)}")
        if random.random() < 0.5 and (dossier := stock.take("submitted")):
            act = f"/desk/dossiers/{dossier}/acts"
            yield "accept", Request("POST", f"{act}/accept/", {"revision": "1"})
            yield "hand over", Request("POST", f"{act}/hand-over/", {"revision": "2"})


def work(
    visitor: Visitor,
    requests: Iterator[tuple[str, Request]],
    ledger: Ledger,
    until: threading.Event,
    random: Random,
) -> None:
    """One user until told to stop."""
    for row, request in requests:
        started = time.perf_counter()
        try:
            visitor.send(request)
            ledger.note(row, (time.perf_counter() - started) * 1000)
        except (WrongAnswer, httpx.HTTPError) as error:
            ledger.fail(f"{row}: {error}")
        if until.wait(random.uniform(*PAUSE)):
            return


@dataclass
class Crowd:
    """Signed-in users; as many of them as are asked for work at a time, three officers to a citizen."""

    scenario: Scenario
    stock: Stock
    known: list[str]
    ledger: Ledger = field(default_factory=Ledger)

    def run(self, users: int, seconds: float, seed: int) -> None:
        from bench.scenario import OFFICERS

        stop, threads = threading.Event(), []
        for number in range(users):
            random = Random(f"{seed}/{number}")
            if number % 4 == 3:
                visitor, requests = self.scenario.sign_in_citizen(), citizen_requests(random, self.stock)
            else:
                visitor = self.scenario.sign_in_officer(OFFICERS["reception"])
                requests = officer_requests(random, self.stock, self.known)
            arguments = (visitor, requests, self.ledger, stop, random)
            threads.append(threading.Thread(target=work, args=arguments, daemon=True))
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        stop.set()
        for thread in threads:
            thread.join(timeout=60)


def main() -> int:
    options = _options()
    console = Console(highlight=False, width=120)
    console.print(f"Machine: {reports.machine_line(calibrate())}", soft_wrap=True)
    var = Path(os.environ.get("MOTCUA_BENCH_VAR", ROOT / "var" / "load")).absolute()
    failed = False
    with Installation(var) as installation:
        import django

        django.setup()
        from bench.scenario import COMMUNE, Scenario
        from motcua.casework.dossiers.models import Dossier

        scenario = Scenario(installation)
        console.print(json.dumps(scenario.grow(options.dossiers, 1)), soft_wrap=True)
        here = Dossier.objects.filter(agency__place_code=COMMUNE.code)
        for users in options.users:
            stock = Stock(
                drafts=[str(scenario.prepare_draft(number)) for number in range(options.drafts)],
                submitted=[str(it) for it in here.filter(status=1).values_list("id", flat=True)],
            )
            known = [str(it) for it in here.values_list("id", flat=True)[:500]]
            crowd = Crowd(scenario, stock, known)
            memory = _watched(installation, crowd, users, options.minutes * 60)
            failed |= _show(console, users, crowd.ledger, memory)
        scenario.close()
    if options.facts:
        from bench import analysis

        console.print("\nA nation's year:")
        failed |= not analysis.measure(options.facts, lambda line: console.print(f"  {line}", soft_wrap=True))
    return 1 if failed else 0


def _watched(installation: Installation, crowd: Crowd, users: int, seconds: float) -> list[float]:
    """Run with a spike in the middle; memory of all processes in MB, once a second or so."""
    groups, memory, done = Groups(installation.pids()), [], threading.Event()

    def watch() -> None:
        while not done.wait(1):
            memory.append(sum(it.pss or it.rss for it in groups.memory().values()))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    spike = min(60.0, seconds / 10)
    crowd.run(users, (seconds - spike) / 2, seed=1)
    crowd.run(users * SPIKE_TIMES, spike, seed=2)
    crowd.run(users, (seconds - spike) / 2, seed=3)
    done.set()
    watcher.join()
    return memory


def _show(console: Console, users: int, ledger: Ledger, memory: list[float]) -> bool:
    """Print what one run found; whether it failed."""
    table = Table("row", "requests", "p50 ms", "p95 ms", "p99 ms", "max ms", box=box.SIMPLE)
    for row, times in sorted(ledger.times.items()):
        cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
        figures = (statistics.median(times), cuts[94], cuts[98], max(times))
        table.add_row(row, f"{len(times):,}", *(f"{it:.1f}" for it in figures))
    console.print(f"\n{users} users, {SPIKE_TIMES * users} in the spike:")
    console.print(table)
    third = len(memory) // 3
    second, last = statistics.fmean(memory[third : 2 * third]), statistics.fmean(memory[2 * third :])
    grew = last > second * GROWTH
    console.print(
        f"Memory: {second:.0f} MB in the second third, {last:.0f} in the last: {'grew' if grew else 'flat'}"
    )
    console.print(f"Errors: {len(ledger.errors)}")
    for words in ledger.errors[:10]:
        console.print(f"  {words}", soft_wrap=True)
    return grew or bool(ledger.errors)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Let many people work at once and see that nothing breaks.")
    parser.add_argument("--minutes", type=float, default=10, help="for each number of users")
    parser.add_argument("--users", type=int, nargs="+", default=[4, 16])
    parser.add_argument("--dossiers", type=int, default=20_000, help="made up before")
    parser.add_argument("--drafts", type=int, default=300, help="prepared to be submitted")
    parser.add_argument(
        "--facts", type=int, default=33_000_000, help="of a nation, for tiles and analysis; 0 leaves them out"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
