"""The nightly verification: what it reads, and what it keeps."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from procrastinate.contrib.django import app

from motcua.foundation.journal import heads
from motcua.foundation.journal.models import Leaf
from motcua.foundation.journal.nightly import verify_and_keep
from motcua.foundation.journal.outside import KnownHeads
from motcua.foundation.journal.sealing import Sealer
from motcua.foundation.journal.selectors import journal_state
from motcua.foundation.journal.tests.factories import AT, entry, tamper

pytestmark = pytest.mark.django_db
NIGHT = timedelta(days=1)


def seal(count):
    for _ in range(count):
        entry()
    Sealer().seal(at=AT)


def test_reads_everything_at_first_and_then_only_what_is_new():
    seal(3)
    first = verify_and_keep(at=AT)
    seal(2)
    second = verify_and_keep(at=AT + NIGHT)
    assert first.first_position == 1
    assert second.first_position == first.last_position + 1
    assert second.last_position == first.last_position + 2
    assert second.fault_count == 0


def test_reads_everything_again_after_a_week():
    seal(2)
    starts = [verify_and_keep(at=AT + night * NIGHT).first_position for night in range(9)]
    assert [night for night, start in enumerate(starts) if start == 1] == [0, 7]


def test_keeps_what_is_wrong_and_reads_everything_until_it_is_mended():
    seal(3)
    changed = Leaf.objects.order_by("-position")[1]
    tamper(f"UPDATE foundation_journal_entry SET kind = 'dossier.signed' WHERE id = '{changed.entry_id}'")
    found = verify_and_keep(at=AT)
    assert [(fault["kind"], fault["position"]) for fault in found.faults] == [("changed", changed.position)]
    assert journal_state().last_verification == found
    assert verify_and_keep(at=AT + NIGHT).first_position == 1


@pytest.mark.parametrize("after", [1, 2_500, 19_998, 30_000])
def test_reads_only_the_end_of_the_file_of_heads(settings, after):
    """Some years of it are gigabytes."""
    path = settings.JOURNAL_HEADS_FILE
    path.parent.mkdir()
    with path.open("w") as file:
        for number in range(1, 20_001):
            file.write(json.dumps({"number": number, "last": number, "head": "00" * 32}) + "\n")
            if number % 3 == 0:
                file.write(json.dumps({"stamped": number, "sha256": "00" * 32}) + "\n")
    lines = list(heads.lines(path.stat().st_size, after=after))
    everything = list(heads.lines(path.stat().st_size))
    later = [line for line in everything if line.get("number", line.get("stamped")) > after]
    assert lines == everything[-len(lines) :]
    assert len(later) <= len(lines) <= len(later) + 2_000
    known = KnownHeads(path.stat().st_size, after=after)
    assert (known.head_of(after + 1) is not None) == (after < 20_000)
    known.beyond(after)
    assert sorted(known.stamps) == [number for number in range(3, 20_001, 3) if number > after]


def test_the_later_heads_and_stamps_are_compared_from_there():
    seal(2)
    verify_and_keep(at=AT)
    seal(1)
    tamper(
        "UPDATE foundation_journal_batch SET root = previous_head WHERE number = (SELECT max(number) FROM foundation_journal_batch)"
    )
    heads.catch_up()
    found = verify_and_keep(at=AT + NIGHT)
    assert found.first_position > 1
    assert {fault["kind"] for fault in found.faults} == {"root_rewritten", "chain_broken"}


def test_runs_every_night_by_itself():
    names = {name for name, _ in app.periodic_registry.periodic_tasks}
    assert "verification.nightly" in names
