"""kill -9 of follower, worker and database under load. Minutes: MOTCUA_CHAOS_SECONDS, one by default."""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from tests.chaos.site import Site

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("chaos")]

SECONDS = float(os.environ.get("MOTCUA_CHAOS_SECONDS", "60"))
SEED = int(os.environ.get("MOTCUA_CHAOS_SEED", "0")) or int(time.time())
# Deliveries of the worker at the same time: its default of `--concurrency`.
AT_ONCE = 2
# Jobs that wait for their time (retention at night) are none of this.
JOBS_WAITING = (
    "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
    " AND (scheduled_at IS NULL OR scheduled_at < now() + interval '5 minutes')"
)
LATER_SWEEP = """
from datetime import timedelta
from django.utils import timezone
from motcua.foundation.notifications.delivery import sweep
while sweep(at=timezone.now() + timedelta(minutes=6)): pass
"""


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
        site.wait_for(
            "SELECT count(*) FROM foundation_journal_entry e WHERE NOT EXISTS"
            " (SELECT FROM foundation_journal_leaf l WHERE l.entry_id = e.id)"
        )
        site.wait_for(
            "SELECT (SELECT max(position) FROM foundation_journal_leaf)"
            " - (SELECT min(position) FROM foundation_journal_consumerposition)"
        )
        site.wait_for(JOBS_WAITING)
        # Messages whose worker was killed between sending and recording are looked after some minutes later.
        site.run("shell", "-c", LATER_SWEEP)
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
    assert (told["verdict"], told["faults"]) == ("whole", []), told
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


def mailed(site: Site) -> list[EmailMessage]:
    """The e-mails in the demonstration's folder; one that was being written when its process was killed is none."""
    texts = [path.read_bytes() for path in (site.var / "demo" / "mail").iterdir()]
    whole = [mail for text in texts for mail in text.split(b"\n" + b"-" * 79 + b"\n")[:-1]]
    return [message_from_bytes(mail, policy=policy.default) for mail in whole]


def test_every_mail_went_out_and_doubles_can_be_told_by_their_message_id(site, record_property):
    """At least once: a kill between relay and record sends again, and nothing else does."""
    sent = dict(
        site.ask(
            "SELECT provider_id, tries FROM foundation_notifications_message"
            " WHERE channel = 'email' AND state = 'sent'"
        )
    )
    mails = mailed(site)
    copies = Counter(mail["Message-ID"] for mail in mails)
    assert set(copies) == set(sent)
    # The subject names code and act: what a person would see as a repetition is one to their mailbox, too.
    by_subject: dict[str, set[str]] = {}
    for mail in mails:
        by_subject.setdefault(mail["Subject"], set()).add(mail["Message-ID"])
    assert {len(ids) for ids in by_subject.values()} == {1}
    assert len(by_subject) == len(sent)
    doubles = {key: count for key, count in copies.items() if count > 1}
    record_property("mails", len(mails))
    record_property("doubles", sum(doubles.values()) - len(doubles))
    print(f"{len(mails)} mails, {sum(doubles.values()) - len(doubles)} doubles, kills: {site.killed}")
    # Only a try that did not record its end can have sent a double.
    assert all(count <= sent[key] for key, count in copies.items())
    # Each kill of worker or database interrupts as many as are sent at once.
    interrupted = site.killed.get("worker", 0) + site.killed.get("database", 0)
    assert sum(doubles.values()) - len(doubles) <= interrupted * AT_ONCE


def test_every_applicant_was_told_once_of_each_step(site):
    """One message of each cause and channel."""
    told = site.ask(
        "SELECT source_key, state FROM foundation_notifications_message WHERE channel = 'email' ORDER BY 1"
    )
    [(causes,)] = site.ask(
        "SELECT count(*) FROM foundation_journal_entry WHERE kind IN ('dossier.submitted', 'dossier.accepted')"
    )
    assert len(told) == causes
    assert {state for _key, state in told} == {"sent"}
    assert site.ask("SELECT count(*) FROM foundation_journal_deadletter") == [(0,)]
