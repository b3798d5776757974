"""Positions have no gaps and follow the commits, whoever writes, seals or is killed meanwhile."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.foundation.journal import sealing, verification
from motcua.foundation.journal.models import Batch, Entry, Leaf
from motcua.foundation.journal.sealing import Sealer
from motcua.foundation.journal.selectors import journal_state, seal_of
from motcua.foundation.journal.services import (
    Line,
    encode_actor,
    encode_facts,
    record_lines,
    verify_journal,
)
from motcua.foundation.journal.tests.factories import AT, entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.rows import NULL, encode_moment, encode_new_id


def until_settled(sealer: Sealer, sequence: int) -> bool:
    """Transactions of other databases of the cluster, in which other tests run, have to end first."""
    for _ in range(500):
        if Batch.objects.order_by("-number").first().settled_sequence >= sequence:
            return True
        threading.Event().wait(0.02)
        entry()
        sealer.seal(at=AT)
    return False


@pytest.fixture
def db(shared_database, alone):
    """Several connections, and nothing unsealed at the beginning."""
    sealer = Sealer()
    while sealer.seal(at=AT):
        pass


@contextmanager
def another_connection() -> Iterator[psycopg.Connection]:
    parameters = connection.get_connection_params()
    wanted = {
        key: parameters[key] for key in ("dbname", "user", "host", "port", "password") if parameters.get(key)
    }
    with psycopg.connect(**wanted) as other:
        other.execute("SET ROLE motcua_app")
        other.commit()
        yield other


INSERT = """INSERT INTO foundation_journal_entry (id, at, kind, actor_kind, object_kind, object_id, facts)
VALUES (gen_random_uuid(), now(), 'dossier.accepted', 'system', 'dossier', gen_random_uuid(), '{}') RETURNING id"""


def write(other: psycopg.Connection):
    return other.execute(INSERT).fetchone()[0]


def in_threads(*work: Callable[[], None]) -> None:
    problems = []

    def run(each: Callable[[], None]) -> None:
        try:
            each()
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []


def positions() -> list[int]:
    return list(Leaf.objects.order_by("position").values_list("position", flat=True))


def order_of_commits() -> list:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM foundation_journal_entry ORDER BY pg_xact_commit_timestamp(xmin), sequence"
        )
        return [row[0] for row in cursor.fetchall()]


def sealed_ids() -> list:
    return list(Leaf.objects.order_by("position").values_list("entry_id", flat=True))


def test_nothing_new_seals_nothing(db):
    before = Batch.objects.count()
    assert Sealer().seal(at=AT) == 0
    assert Batch.objects.count() == before


def test_a_batch_is_chained_to_the_one_before(db):
    for _ in range(3):
        entry()
        Sealer().seal(at=AT)
    first, second = Batch.objects.order_by("-number")[:2][::-1]
    assert (second.number, second.first_position) == (first.number + 1, first.last_position + 1)
    assert bytes(second.previous_head) == bytes(first.head)


def test_entries_are_sealed_in_the_order_of_their_commits(db):
    with another_connection() as early, another_connection() as late:
        drew_first, drew_second = write(early), write(late)
        late.commit()
        early.commit()
    Sealer().seal(at=AT)
    assert sealed_ids()[-2:] == [drew_second, drew_first]


def test_a_transaction_that_still_runs_blocks_nobody_and_is_sealed_when_it_ends(db):
    sealer = Sealer()
    with another_connection() as slow:
        pending = write(slow)
        for _ in range(3):
            kept = entry()
            assert sealer.seal(at=AT) == 1
            assert seal_of(kept.id)
            assert seal_of(pending) is None
        slow.commit()
    assert sealer.seal(at=AT) == 1
    assert sealed_ids()[-1] == pending
    assert positions() == list(range(1, len(positions()) + 1))


def test_a_new_sealer_finds_what_ended_late_although_later_numbers_are_sealed(db):
    with another_connection() as slow:
        pending = write(slow)
        entry()
        Sealer().seal(at=AT)
        entry()
        Sealer().seal(at=AT)
        slow.commit()
    assert Sealer().seal(at=AT) == 1
    assert seal_of(pending)


def test_the_floor_stays_below_a_transaction_that_drew_its_number_and_wrote_nothing_yet(db):
    """Its id may lie beyond the highest that a snapshot knows of: only an id of one's own tells."""
    with another_connection() as slow:
        drawn = slow.execute("SELECT foundation_journal_next_sequence()").fetchone()[0]
        entry()
        sealer = Sealer()
        sealer.seal(at=AT)
        assert Batch.objects.order_by("-number").first().settled_sequence < drawn
        slow.execute(INSERT.replace("(id,", "(sequence, id,").replace("VALUES (", f"VALUES ({drawn}, "))
        slow.commit()
    assert sealer.seal(at=AT) == 1


def test_rolled_back_numbers_settle(db):
    sealer = Sealer()
    for _ in range(5):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            entry()
            raise ZeroDivisionError
    kept = entry()
    sealer.seal(at=AT)
    assert until_settled(sealer, Entry.objects.get(pk=kept.pk).sequence)


def line():
    return Line(
        "dossier.read",
        encode_actor(SYSTEM),
        "dossier",
        encode_new_id(),
        NULL,
        AT,
        encode_moment(AT),
        encode_facts({"file": "1"}),
    )


def test_bulk_entries_are_numbered_by_the_same_rule(db):
    """COPY leaves the number to the default too."""
    record_lines(line() for _ in range(20))
    assert Sealer().seal(at=AT) == 20
    assert journal_state().unsealed == 0


def test_many_entries_are_sealed_in_several_batches_and_passes(db, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH_ENTRIES", 4)
    monkeypatch.setattr(sealing, "PASS_BATCHES", 2)
    monkeypatch.setattr(sealing, "LISTED_AT_ONCE", 10)
    before = len(positions())
    record_lines(line() for _ in range(33))
    sealer, passes = Sealer(), []
    while sealed := sealer.seal(at=AT):
        passes.append(sealed)
    assert sum(passes) == 33
    assert max(passes) <= 8
    assert positions() == list(range(1, before + 34))
    assert verify_journal().is_whole


def test_concurrent_writers_get_positions_without_gaps_in_the_order_of_their_commits(db):
    """Each round: short writers, some rolled back, one that stays open, and two sealers against each other."""
    stop = threading.Event()
    before = len(positions())

    def writer(seed: int) -> Callable[[], None]:
        def run() -> None:
            chance = random.Random(seed)
            with another_connection() as other:
                for _ in range(40):
                    for _ in range(chance.randint(1, 3)):
                        write(other)
                    other.rollback() if chance.random() < 0.3 else other.commit()

        return run

    def seal() -> None:
        sealer = Sealer()
        while not stop.is_set():
            sealer.seal(at=AT)

    with another_connection() as slow:
        write(slow)
        sealers = [threading.Thread(target=in_threads, args=(seal, seal))]
        sealers[0].start()
        in_threads(*(writer(seed) for seed in range(4)))
        slow.commit()
        stop.set()
        sealers[0].join(60)
    Sealer().seal(at=AT)
    assert len(positions()) == Entry.objects.count() > before
    assert positions() == list(range(1, len(positions()) + 1))
    assert verify_journal().is_whole
    # Within a pass by commit; and what an earlier pass saw was committed before.
    places = {it: number for number, it in enumerate(order_of_commits())}
    for batch in Batch.objects.order_by("number"):
        inside = (
            Leaf.objects.filter(batch=batch.number).order_by("position").values_list("entry_id", flat=True)
        )
        order = [places[it] for it in inside]
        assert order == sorted(order)


def test_a_cause_is_sealed_before_its_effect(db):
    """The second act waits for the first one's lock before it draws its number."""
    with another_connection() as one:
        one.execute("SELECT pg_advisory_xact_lock(7)")
        cause, effects = write(one), []

        def second() -> None:
            with another_connection() as two:
                two.execute("SELECT pg_advisory_xact_lock(7)")
                effects.append(write(two))
                two.commit()

        thread = threading.Thread(target=in_threads, args=(second,))
        thread.start()
        one.commit()
        thread.join(60)
    Sealer().seal(at=AT)
    assert sealed_ids()[-2:] == [cause, *effects]


def test_only_one_sealer_works_at_a_time(db):
    entry()
    with another_connection() as other:
        assert other.execute(sealing._LOCK).fetchone()[0]
        assert Sealer().seal(at=AT) == 0
        other.rollback()
    assert Sealer().seal(at=AT) == 1


def test_a_sealer_killed_in_the_middle_leaves_nothing_and_the_next_takes_over(db, monkeypatch):
    kept, before = entry(), positions()
    killed = Sealer()
    real = sealing.insert_many

    def cut_off(model, rows):
        real(model, rows)
        with connection._nodb_cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])

    monkeypatch.setattr(sealing, "insert_many", cut_off)
    with pytest.raises(OperationalError):
        killed.seal(at=AT)
    connection.close()
    assert positions() == before
    monkeypatch.setattr(sealing, "insert_many", real)
    assert Sealer().seal(at=AT) == 1
    assert seal_of(kept.id)
    # And the one that was interrupted goes on where the other ended.
    entry()
    assert killed.seal(at=AT) == 1
    assert verify_journal().is_whole


def test_two_sealers_that_take_turns_go_on_from_each_other(db):
    one, two = Sealer(), Sealer()
    for sealer in (one, two, one, two, two, one):
        entry()
        assert sealer.seal(at=AT) == 1
    assert positions() == list(range(1, len(positions()) + 1))
    assert verify_journal().is_whole


def test_transaction_ids_that_begin_anew_after_a_restore_do_not_matter(db):
    """A dump restored into a new cluster: the numbers go on, the ids of transactions start small."""
    from motcua.foundation.journal.tests.factories import tamper

    entry()
    Sealer().seal(at=AT)
    waiting = entry()
    tamper("UPDATE foundation_journal_entry SET transaction_id = transaction_id + 1000000000 WHERE true")
    later, sealer = entry(), Sealer()
    sealer.seal(at=AT)
    assert seal_of(waiting.id)
    assert seal_of(later.id)
    assert until_settled(sealer, Entry.objects.get(pk=later.pk).sequence)


def test_without_commit_times_the_numbers_decide(db, monkeypatch):
    monkeypatch.setattr(
        sealing,
        "_UNSEALED",
        sealing._UNSEALED.replace("'track_commit_timestamp'", "'fsync'").replace("= 'on'", "= 'no'"),
    )
    with another_connection() as early, another_connection() as late:
        drew_first, drew_second = write(early), write(late)
        late.commit()
        early.commit()
    Sealer().seal(at=AT)
    assert sealed_ids()[-2:] == [drew_first, drew_second]


def test_every_head_is_written_down_outside(db, settings):
    entry()
    Sealer().seal(at=AT)
    lines = [json.loads(line) for line in settings.JOURNAL_HEADS_FILE.read_bytes().splitlines()]
    stored = {it.number: bytes(it.head).hex() for it in Batch.objects.all()}
    assert {line["number"]: line["head"] for line in lines} == stored
    assert settings.JOURNAL_HEADS_FILE.stat().st_mode & 0o077 == 0


def test_heads_that_could_not_be_written_are_written_later(db, settings):
    good = settings.JOURNAL_HEADS_FILE
    before = len(good.read_bytes().splitlines())
    settings.JOURNAL_HEADS_FILE = good / "not a folder"
    entry()
    sealer = Sealer()
    assert sealer.seal(at=AT) == 1
    settings.JOURNAL_HEADS_FILE = good
    sealer.seal(at=AT)
    assert len(good.read_bytes().splitlines()) == before + 1


def test_an_idle_pass_asks_little(db):
    entry()
    sealer = Sealer()
    sealer.seal(at=AT)
    # A few more while somebody else's transaction keeps numbers from settling.
    for _ in range(500):
        with CaptureQueriesContext(connection) as asked:
            sealer.seal(at=AT)
        if len(asked) <= 6:
            return
        threading.Event().wait(0.02)
    pytest.fail(f"{len(asked)} queries")


def test_verification_holds_no_snapshot_and_what_is_sealed_meanwhile_is_no_fault(db, monkeypatch):
    """A snapshot of half an hour would keep vacuum from all that was deleted since."""
    monkeypatch.setattr(verification, "ROWS_AT_ONCE", 2)
    for _ in range(5):
        entry()
    Sealer().seal(at=AT)
    held = []

    def while_it_reads(count: int) -> None:
        with another_connection() as other:
            xmin = "SELECT backend_xmin FROM pg_stat_activity WHERE pid = %s"
            held.append(other.execute(xmin, [connection.connection.info.backend_pid]).fetchone()[0])
        entry()
        Sealer().seal(at=AT)

    report = verify_journal(progress=while_it_reads)
    assert (report.faults, set(held)) == ([], {None})
    assert report.entries < Leaf.objects.count()
    assert verify_journal().entries == Leaf.objects.count()
