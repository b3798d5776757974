"""kill -9 of follower, worker and database under load. Minutes: MOTCUA_CHAOS_SECONDS, one by default."""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.chaos.site import Site

pytestmark = pytest.mark.chaos

SECONDS = float(os.environ.get("MOTCUA_CHAOS_SECONDS", "60"))
SEED = int(os.environ.get("MOTCUA_CHAOS_SEED", "0")) or int(time.time())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """After the storm: everything ran, was killed again and again, and has come to rest."""
    site = Site(tmp_path_factory.mktemp("chaos"))
    try:
        site.set_up()
        for name in ("worker", "follow-1", "follow-2"):
            site.start(name)
        chance = random.Random(SEED)
        loads, end = site.work(SECONDS), time.monotonic() + SECONDS
        while time.monotonic() < end:
            time.sleep(chance.uniform(0.3, 3))
            site.kill_something(chance)
        for load in loads:
            assert load.wait(timeout=120) == 0
        for name, process in site.processes.items():
            if process.poll() is not None:
                site.start(name)
        site.wait_for(
            "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND scheduled_at IS NULL"
        )
        site.wait_for(
            "SELECT count(*) FROM foundation_journal_entry e WHERE NOT EXISTS"
            " (SELECT FROM foundation_journal_leaf l WHERE l.entry_id = e.id)"
        )
        yield site
    finally:
        site.remove()


def known_acts(site: Site) -> Counter[tuple[str, str]]:
    lines = [line for path in site.var.glob("ledger-*") for line in path.read_text().splitlines()]
    return Counter((kind, object_id) for kind, object_id in map(json.loads, lines))


def test_there_was_a_storm_and_work_in_it(site):
    assert sum(site.killed.values()) >= SECONDS / 6
    assert len(known_acts(site)) >= SECONDS


def test_every_act_is_in_the_journal_once(site):
    rows = site.ask(
        "SELECT kind, object_id::text FROM foundation_journal_entry"
        " WHERE kind IN ('dossier.submitted', 'dossier.accepted', 'dossier.handed_over')"
    )
    journal, known = Counter(rows), known_acts(site)
    assert set(journal.values()) == {1}
    assert set(known) <= set(journal)


def test_the_seals_are_whole_and_without_a_gap(site):
    told = json.loads(site.run("journal", "verify", "--json").stdout)
    assert told["whole"], told
    [(first, last, count)] = site.ask(
        "SELECT min(position), max(position), count(*) FROM foundation_journal_leaf"
    )
    assert (first, last - first + 1) == (1, count)


def test_every_job_is_done_once_in_effect(site):
    assert (
        site.ask(
            "SELECT task_name, status, count(*) FROM procrastinate_jobs WHERE status NOT IN ('succeeded', 'todo') GROUP BY 1, 2"
        )
        == []
    )
    [(accepted,)] = site.ask("SELECT count(*) FROM foundation_journal_entry WHERE kind = 'dossier.accepted'")
    receipts = site.ask(
        "SELECT dossier_id, count(*), count(file_id) FROM casework_dossiers_officialdocument WHERE kind = 'receipt' GROUP BY 1"
    )
    assert len(receipts) == accepted
    assert {(count, rendered) for _dossier, count, rendered in receipts} == {(1, 1)}
