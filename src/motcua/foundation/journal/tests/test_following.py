"""Consumers follow in order, exactly once, and go past what they cannot handle; stamps come when they can."""

from __future__ import annotations

import signal
import threading
from datetime import timedelta

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from motcua.foundation.journal import consuming, following
from motcua.foundation.journal.consuming import WAITS, consume
from motcua.foundation.journal.contributions import Consumer, register_consumer, set_time_stamper
from motcua.foundation.journal.errors import EntryLost, NoSuchDeadLetter, PositionAhead, UnknownConsumer
from motcua.foundation.journal.following import Follower
from motcua.foundation.journal.models import Batch, ConsumerPosition, Detail, Entry, Hold, Stamp
from motcua.foundation.journal.sealing import Sealer
from motcua.foundation.journal.selectors import journal_state, last_position, list_dead_letters, seal_of
from motcua.foundation.journal.services import follow_once, replay, retry_dead_letter
from motcua.foundation.journal.stamping import Stamper
from motcua.foundation.journal.tests.factories import AT, FakeStamper, entry, tamper
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import Refused
from motcua.foundation.kernel.ids import new_id


class Notes:
    """A consumer whose effects are rows: holds on what it read, so that a rollback takes them back."""

    def __init__(self, name: str = "notes", **options) -> None:
        self.broken: dict = {}
        self.consumer = Consumer(name, self.handle, reset=self.reset, **options)
        register_consumer(self.consumer)

    def handle(self, sealed) -> None:
        Hold.objects.create(object_id=sealed.entry.id, reason=str(sealed.position), placed_at=AT)
        if error := self.broken.get(sealed.entry.id):
            raise error

    def reset(self, position: int) -> None:
        held = [it.id for it in Hold.objects.all() if int(it.reason) > position]
        Hold.objects.filter(id__in=held).delete()

    def read(self) -> list[int]:
        return sorted(int(it.reason) for it in Hold.objects.all())

    def step(self, at=AT) -> int:
        return consume(self.consumer, at=at)


@pytest.fixture
def notes(db):
    follow_once()
    return Notes(starts_at_end=True)


def sealed(*, count: int = 1, **changes) -> list[int]:
    kept = [entry(**changes) for _ in range(count)]
    Sealer().seal(at=AT)
    return [seal_of(it.id).position for it in kept]


def test_a_consumer_is_handed_every_entry_once_in_order(notes):
    assert notes.step() == 0
    expected = sealed(count=3)
    assert notes.step() == 3
    assert notes.step() == 0
    assert notes.read() == expected


def test_a_consumer_sees_details_or_none(db):
    follow_once()
    seen = []
    consumer = Consumer("details", lambda it: seen.append(it.details), starts_at_end=True)
    consume(consumer, at=AT)
    first = entry(details={"reason": "x"})
    entry()
    Detail.objects.filter(pk=entry(details={"reason": "y"}).pk).delete()
    Sealer().seal(at=AT)
    consume(consumer, at=AT)
    assert seen == [{"reason": "x"}, None, None]
    assert first.detail_digest


def test_a_new_consumer_starts_with_the_first_entry(db):
    follow_once()
    expected = [*range(1, last_position() + 1), *sealed()]
    notes = Notes()
    follow_once()
    assert notes.read() == expected


@pytest.mark.parametrize("follow", [follow_once, lambda: following._sealing()()])
def test_a_consumer_that_starts_at_the_end_hears_what_waited_for_the_first_sealing(db, follow):
    """However late it is itself: a follower that starts under load has sealed before its other threads begin."""
    follow_once()
    notes = Notes(starts_at_end=True)
    waiting = entry()
    follow()
    notes.step()
    assert notes.read() == [seal_of(waiting.id).position]


def test_a_consumer_of_some_kinds_passes_the_others_by(db):
    follow_once()
    notes = Notes(starts_at_end=True, kinds=frozenset({"dossier.signed"}))
    notes.step()
    sealed(count=2)
    expected = sealed(kind="dossier.signed")
    sealed()
    assert notes.step() == 4
    assert notes.read() == expected


def test_many_entries_are_handed_over_in_several_steps(notes, monkeypatch):
    monkeypatch.setattr(consuming, "STEP_ENTRIES", 2)
    notes.step()
    expected = sealed(count=5)
    assert [notes.step() for _ in range(4)] == [2, 2, 1, 0]
    assert notes.read() == expected


def test_effects_are_taken_back_when_the_process_dies_before_the_position_is_stored(notes, monkeypatch):
    notes.step()
    expected = sealed(count=2)
    monkeypatch.setattr(consuming, "_move", lambda *_: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        notes.step()
    assert notes.read() == []
    monkeypatch.undo()
    assert notes.step() == 2
    assert notes.read() == expected


def test_trouble_of_the_database_is_not_the_entrys_fault(notes):
    notes.step()
    first, second = entry(), entry()
    Sealer().seal(at=AT)
    notes.broken[second.id] = OperationalError("gone")
    for _ in range(len(WAITS) + 2):
        with pytest.raises(OperationalError):
            notes.step()
    assert (notes.read(), list_dead_letters()) == ([], [])
    notes.broken.clear()
    assert notes.step() == 2
    assert first


def broken_in_the_middle(notes, error: Exception | None = None):
    notes.step()
    before, bad, after = entry(), entry(), entry()
    Sealer().seal(at=AT)
    notes.broken[bad.id] = error or ValueError("Trần Thị Hồng Nhung")
    return [seal_of(it.id).position for it in (before, bad, after)]


def try_until_dead(notes):
    at, tries = AT, 0
    while not list_dead_letters():
        notes.step(at)
        tries += 1
        at += WAITS[-1]
        assert tries < 20
    return at


def test_an_entry_that_fails_is_tried_again_after_growing_waits(notes):
    before, bad, _ = broken_in_the_middle(notes)
    assert notes.step() == 1
    assert notes.read() == [before]
    at = AT
    for number, wait in enumerate(WAITS, 1):
        assert notes.step(at) == 0
        assert ConsumerPosition.objects.get(name="notes").tries == number
        assert notes.step(at + wait - timedelta(milliseconds=1)) == 0
        assert ConsumerPosition.objects.get(name="notes").tries == number
        at += wait
    assert list_dead_letters() == []
    notes.broken.clear()
    assert notes.step(at) == 2
    assert notes.read() == [before, bad, bad + 1]


def test_an_entry_that_goes_on_failing_becomes_a_dead_letter_and_the_consumer_goes_on(notes, caplog):
    before, bad, after = broken_in_the_middle(notes)
    notes.step(try_until_dead(notes))
    assert notes.read() == [before, after]
    (letter,) = list_dead_letters()
    assert (letter.consumer, letter.position, letter.reason) == ("notes", bad, "ValueError")
    assert letter.tries == len(WAITS) + 1
    assert letter.first_at < letter.last_at
    assert "Hồng Nhung" not in caplog.text
    assert "test_following.py" in caplog.text


def with_state(state):
    error = OperationalError("words of the database")
    error.__cause__ = psycopg.errors.lookup(state)("words of the database")
    return error


@pytest.mark.parametrize("state", ["54000", "57014", "58030"])
def test_what_an_entry_makes_the_database_refuse_is_its_fault(notes, state):
    """Too long a statement, a time limit: else the consumer would stand before this entry for ever."""
    before, bad, after = broken_in_the_middle(notes, with_state(state))
    notes.step(try_until_dead(notes))
    assert notes.read() == [before, after]
    assert [it.position for it in list_dead_letters()] == [bad]


@pytest.mark.parametrize("state", ["08006", "40P01", "53300", "57P01", "57P03", "55P03"])
def test_states_of_a_database_in_trouble_count_no_try(notes, state):
    broken_in_the_middle(notes, with_state(state))
    with pytest.raises(OperationalError):
        notes.step()
    assert ConsumerPosition.objects.get(name="notes").tries == 0


def test_the_reason_of_a_refusal_is_its_code(notes):
    broken_in_the_middle(notes, Refused())
    try_until_dead(notes)
    assert list_dead_letters()[0].reason == "Refused: refused"


def test_a_broken_foreign_key_is_found_before_the_position_is_stored_and_is_the_entrys_fault(notes):
    """The database would look at it only when everything is committed, and refuse the whole step for ever."""
    before, bad, after = broken_in_the_middle(notes)
    notes.broken.clear()
    real = notes.handle

    def handle(sealed):
        real(sealed)
        if sealed.position == bad:
            Detail.objects.create(entry_id=new_id(), salt=b"", values={})

    consumer = Consumer("notes", handle)
    at = AT
    while not list_dead_letters():
        consume(consumer, at=at)
        at += WAITS[-1]
    consume(consumer, at=at)
    assert notes.read() == [before, after]
    assert list_dead_letters()[0].reason == IntegrityError.__name__


def test_a_dead_letter_can_be_retried(notes):
    _, bad, _ = broken_in_the_middle(notes)
    at = try_until_dead(notes)
    (letter,) = list_dead_letters()
    assert retry_dead_letter(actor=SYSTEM, letter_id=letter.id, at=at) is False
    assert bad not in notes.read()
    notes.broken.clear()
    assert retry_dead_letter(actor=SYSTEM, letter_id=letter.id, at=at) is True
    assert bad in notes.read()
    assert list_dead_letters() == []
    assert [it.id for it in list_dead_letters(resolved=True)] == [letter.id]
    with pytest.raises(NoSuchDeadLetter):
        retry_dead_letter(actor=SYSTEM, letter_id=letter.id, at=at)


def test_a_retry_is_an_entry_from_the_command_line_too(notes):
    _, bad, _ = broken_in_the_middle(notes)
    try_until_dead(notes)
    (letter,) = list_dead_letters()
    for done in (False, True):
        with pytest.raises(SystemExit):
            call_command("journal", "dead-letters", "--retry", str(letter.id))
        retried = Entry.objects.filter(kind="dead_letter.retried").latest("sequence")
        assert (retried.actor_kind, retried.object_id) == ("system", letter.entry_id)
        assert retried.facts == {"consumer": "notes", "position": bad, "resolved": done}
        notes.broken.clear()


def test_a_dead_letter_whose_entry_is_lost_says_so(notes):
    broken_in_the_middle(notes)
    at = try_until_dead(notes)
    (letter,) = list_dead_letters()
    tamper(f"DELETE FROM foundation_journal_entry WHERE id = '{letter.entry_id}'")
    with pytest.raises(EntryLost, match="no longer in the journal"):
        retry_dead_letter(actor=SYSTEM, letter_id=letter.id, at=at)
    with pytest.raises(CommandError, match="no longer in the journal"):
        call_command("journal", "dead-letters", "--retry", str(letter.id))


def test_a_replay_from_ahead_is_refused_and_nothing_is_skipped(notes):
    notes.step()
    expected = sealed(count=3)
    (before,) = ConsumerPosition.objects.filter(name="notes").values_list("position", flat=True)
    with pytest.raises(PositionAhead, match=str(before)):
        replay(actor=SYSTEM, consumer="notes", from_position=before + 1, at=AT)
    with pytest.raises(CommandError, match=str(before)):
        call_command("journal", "replay", "notes", "--from", str(before + 1_000))
    assert journal_state().consumers[0].lag == 3
    notes.step()
    assert notes.read() == expected


def test_a_replay_takes_effects_back_and_follows_again(notes):
    notes.step()
    expected = sealed(count=4)
    notes.step()
    replay(actor=SYSTEM, consumer="notes", from_position=expected[1], at=AT)
    assert notes.read() == expected[:2]
    notes.step()
    assert notes.read() == expected
    assert Entry.objects.filter(kind="journal.replayed", facts__consumer="notes").count() == 1


def test_a_replay_gives_dead_letters_another_chance(notes):
    before, bad, _ = broken_in_the_middle(notes)
    at = try_until_dead(notes)
    replay(actor=SYSTEM, consumer="notes", from_position=before - 1, at=at)
    assert list_dead_letters() == []
    for _ in range(20):
        at += WAITS[-1]
        notes.step(at)
    assert [it.position for it in list_dead_letters()] == [bad]
    notes.broken.clear()
    replay(actor=SYSTEM, consumer="notes", from_position=before - 1, at=at)
    notes.step(at)
    assert list_dead_letters() == []
    assert bad in notes.read()


def test_who_is_not_registered_cannot_be_replayed(db):
    with pytest.raises(UnknownConsumer):
        replay(actor=SYSTEM, consumer="nobody", at=AT)
    with pytest.raises(CommandError, match="nobody"):
        call_command("journal", "replay", "nobody")


def test_two_consumers_cannot_have_one_name(db):
    Notes("same")
    with pytest.raises(ImproperlyConfigured):
        Notes("same")


def test_the_state_says_how_far_everything_is(notes):
    notes.step()
    sealed(count=2)
    entry()
    state = journal_state()
    assert (state.unsealed, state.sealed) == (1, last_position())
    assert [(it.name, it.lag, it.dead_letters) for it in state.consumers] == [("notes", 2, 0)]
    broken_in_the_middle(notes)
    try_until_dead(notes)
    assert (journal_state().dead_letters, journal_state().consumers[0].dead_letters) == (1, 1)


def test_the_latest_head_is_stamped_once(db):
    stamper = FakeStamper()
    set_time_stamper(stamper)
    kept = entry()
    assert follow_once(stamp=True)
    assert Stamper().stamp() is False
    assert stamper.asked == 1
    assert seal_of(kept.id).stamped_at == AT


def test_an_authority_that_is_down_is_logged_once_and_the_next_stamp_covers_everything(db, caplog):
    authority, stamper = FakeStamper(down=True), Stamper()
    set_time_stamper(authority)
    first = entry()
    for _ in range(3):
        entry()
        assert Sealer().seal(at=AT)
        assert stamper.stamp() is False
    assert caplog.text.count("time_stamp_failed") == 1
    assert seal_of(first.id).stamped_at is None
    authority.down = False
    assert stamper.stamp() is True
    assert Stamp.objects.get().batch_id == Batch.objects.order_by("-number").first().number
    assert seal_of(first.id).stamped_at == AT


def test_the_sealer_slows_down_only_while_a_stamp_is_overdue(db):
    """Each batch until the next stamp stands in every proof before it: an outage must not make them endless."""
    authority, clock = FakeStamper(down=True), [0.0]
    step = following._sealing(clock=lambda: clock[0])

    def seals_at_once() -> bool:
        before = last_position()
        entry()
        step()
        return last_position() > before

    entry()
    Sealer().seal(at=timezone.now() - timedelta(minutes=12))
    assert [seals_at_once(), seals_at_once()] == [True, True]  # no authority is waited for
    set_time_stamper(authority)
    assert [seals_at_once(), seals_at_once()] == [True, False]
    clock[0] += 1
    assert [seals_at_once(), seals_at_once()] == [True, False]
    authority.down = False
    Stamper().stamp()
    clock[0] += 1
    assert [seals_at_once(), seals_at_once()] == [True, True]


def test_a_token_on_something_else_is_not_stored(db):
    authority = FakeStamper()
    authority.stamp = lambda digest: b"stamped:else"
    set_time_stamper(authority)
    entry()
    follow_once(stamp=True)
    assert not Stamp.objects.exists()


def test_without_an_authority_nothing_is_stamped(db):
    entry()
    follow_once(stamp=True)
    assert not Stamp.objects.exists()


class TestTheProcess:
    @pytest.fixture
    def db(self, shared_database, alone):
        follow_once()

    @pytest.fixture
    def running(self, db, monkeypatch):
        """A follower in a thread, and a way to wait until something is so."""
        monkeypatch.setattr("motcua.foundation.journal.following.POLL_SECONDS", 0.01)
        follower = Follower()
        thread = threading.Thread(target=follower.run)

        def until(condition) -> None:
            for _ in range(1000):
                if condition():
                    return
                threading.Event().wait(0.02)
            raise AssertionError("it did not come to pass within 20 seconds")

        def start():
            thread.start()
            return until

        yield start
        follower.stop()
        thread.join(15)
        assert not thread.is_alive()

    def test_it_seals_stamps_and_lets_follow(self, running):
        notes = Notes(starts_at_end=False)
        set_time_stamper(FakeStamper())
        kept = entry()
        until = running()
        until(lambda: (seal := seal_of(kept.id)) and seal.position in notes.read())
        until(Stamp.objects.exists)
        later = entry()
        until(lambda: (seal := seal_of(later.id)) and seal.position in notes.read())
        assert len(notes.read()) == len(set(notes.read()))

    def test_an_authority_that_hangs_does_not_keep_others_waiting(self, running):
        hangs = threading.Event()
        authority = FakeStamper()
        authority.stamp = lambda digest: hangs.wait(30) and b""
        set_time_stamper(authority)
        entry()
        Sealer().seal(at=AT)
        until = running()
        kept = entry()
        until(lambda: seal_of(kept.id))
        hangs.set()

    def test_it_survives_that_the_database_cuts_all_lines(self, running):
        notes = Notes(starts_at_end=False)
        until = running()
        first = entry()
        until(lambda: seal_of(first.id))
        with connection._nodb_cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = %s AND backend_type = 'client backend'",
                [connection.settings_dict["NAME"]],
            )
        connection.close()
        kept = entry()
        until(lambda: (seal := seal_of(kept.id)) and seal.position in notes.read())

    def test_two_at_once_hand_over_nothing_twice(self, running):
        notes = Notes(starts_at_end=False)
        until = running()
        second = Follower()
        thread = threading.Thread(target=second.run)
        thread.start()
        kept = [entry() for _ in range(30)]
        until(lambda: (seal := seal_of(kept[-1].id)) and seal.position in notes.read())
        second.stop()
        thread.join(15)
        assert len(notes.read()) == len(set(notes.read())) == last_position()

    def test_the_command_ends_when_told(self, db, monkeypatch):
        handlers = {}
        monkeypatch.setattr(signal, "signal", handlers.__setitem__)
        thread = threading.Thread(target=call_command, args=("follow",))
        thread.start()
        for _ in range(500):
            if signal.SIGTERM in handlers:
                break
            threading.Event().wait(0.02)
        handlers[signal.SIGTERM](signal.SIGTERM, None)
        thread.join(15)
        assert not thread.is_alive()

    def test_the_command_can_do_everything_there_is_and_end(self, db, capsys):
        notes = Notes(starts_at_end=False)
        with transaction.atomic():
            kept = entry()
        call_command("follow", "--once")
        assert seal_of(kept.id).position in notes.read()
        assert "1 entries sealed" in capsys.readouterr().out
