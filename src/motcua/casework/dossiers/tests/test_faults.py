"""Each fault by name, with real connections and processes that are really killed. Nothing waits for a clock."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.casework.dossiers.errors import ActNotAllowed, DossierMoved, TaskDoneBy, TaskTakenBy
from motcua.casework.dossiers.models import Component, Dossier, SupplementPaper
from motcua.casework.dossiers.services import handling, supplements, tasking
from motcua.casework.dossiers.services.acting import Target
from motcua.casework.dossiers.services.supplements import Item
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING, picture, snapshot, target
from motcua.casework.dossiers.tests.players import Players, at_once
from motcua.casework.dossiers.tests.process_factories import LANES, run_by, step
from motcua.casework.dossiers.tests.ways import HOUSE, MIXED_CONTENT
from motcua.casework.process import contributions
from motcua.casework.process.models import Instance, Task, Timer, Token
from motcua.casework.process.selectors import find_public_words
from motcua.casework.process.services import defer_due_timers, defer_waiting_services
from motcua.casework.warehouse.models import Document
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import DomainError, NotFound, Refused

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("races")]
DAY = timedelta(days=1)
LATE = {"name": "late", "after": "1wd", "to": "after", "interrupts": True}
WITH_TIMER = {
    "start": "reception",
    "lanes": LANES,
    "steps": [
        step("reception", "reception", "accept", ("accept", "work")),
        step("work", "specialist", "complete-task", ("done", "after"), timers=[LATE]),
        step("after", "specialist", "complete-task", ("done", "signing")),
        step("signing", "leader", "sign", ("sign", "end")),
    ],
}
WITH_SERVICE = {
    "start": "reception",
    "lanes": LANES,
    "steps": [
        step("reception", "reception", "accept", ("accept", "noting")),
        {"name": "noting", "kind": "service", "service": "test.note", "to": "work"},
        step("work", "specialist", "complete-task", ("done", "end")),
    ],
}


@pytest.fixture
def db(shared_database: None) -> None:
    """Not a transaction: other connections and processes must see what is done."""


@pytest.fixture
def players(world):
    return Players.of(world)


@pytest.fixture
def running(world):
    """A dossier handed over by a process of the test's."""

    def run(content: dict[str, Any]) -> Dossier:
        dossier = factories.submitted(world.desk, world.mother)
        run_by(dossier, content)
        handling.accept_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
        handling.hand_over_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
        dossier.refresh_from_db()
        return dossier

    return run


def on(dossier: Dossier, name: str) -> Target:
    page = target(dossier)
    return Target(page.dossier_id, page.revision, open_token(dossier, name).pk)


def open_token(dossier: Dossier, name: str) -> Token:
    return Token.objects.get(subject=dossier.id, step=name, completed_at=None)


def steps(dossier: Dossier) -> list[str]:
    return sorted(Token.objects.filter(subject=dossier.id, completed_at=None).values_list("step", flat=True))


def entries(dossier: Dossier, kind: str) -> int:
    return Entry.objects.filter(object_id=dossier.id, kind=f"dossier.{kind}").count()


def jobs(dossier: Dossier) -> Any:
    return ProcrastinateJob.objects.filter(task_name="dossiers.advance", args__subject=str(dossier.id))


def run_jobs(dossier: Dossier, *, at: Any) -> list[object]:
    """All that wait, those of killed workers too, each twice."""
    calls = [it.args for it in jobs(dossier).exclude(status="succeeded").order_by("id")] * 2
    return [
        tasking.advance(dossier_id=dossier.id, token_id=UUID(it["token"]), timer=it["timer"], at=at)
        for it in calls
    ]


def killed(work: Callable[[Callable[[], None]], object]) -> None:
    """Do the work in a process of its own and kill it (SIGKILL) when it says, by what it is given, that it is there."""
    reads, writes = os.pipe()
    connections.close_all()
    child = os.fork()
    if not child:
        try:

            def here() -> None:
                os.write(writes, connection.connection.info.backend_pid.to_bytes(4))
                Event().wait()

            work(here)
        finally:
            os._exit(1)
    os.close(writes)
    try:
        told = os.read(reads, 4)
        assert told, "it ended before it could be killed"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reads)
    # Until the database has noticed, too, it holds what was locked.
    until(f"SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = {int.from_bytes(told)}")


# --- Two at once ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["claim", "complete"])
def test_of_two_officers_on_one_task_one_does_it_and_the_other_is_told(running, players, world, act):
    dossier = running(WITH_TIMER)
    page = on(dossier, "work")
    calls = {
        "claim": lambda who: tasking.claim(actor=players.actor(who), target=page, at=MORNING),
        "complete": lambda who: tasking.complete_task(actor=players.actor(who), target=page, at=MORNING),
    }
    outcomes = at_once(*(lambda who=who: calls[act](who) for who in ("specialist", "builder")))
    refused = [it for it in outcomes if isinstance(it, Exception)]
    assert [type(it) for it in refused] == [TaskTakenBy if act == "claim" else TaskDoneBy]
    assert entries(dossier, "task_claimed" if act == "claim" else "task_completed") == 1
    assert steps(dossier) == ["work" if act == "claim" else "after"]


@pytest.mark.parametrize("first", ["sign", "recall"])
def test_what_is_taken_back_is_not_signed_and_what_is_signed_is_not_taken_back(world, first):
    dossier = factories.awaiting_signature(world.desk, world.mother)
    page, seen, desk = target(dossier), factories.seen(dossier), world.desk
    acts = {
        "sign": lambda: handling.sign_result(actor=desk.leader, target=page, seen_sha256=seen, at=MORNING),
        "recall": lambda: tasking.recall(actor=desk.specialist, target=page, at=MORNING),
    }
    with transaction.atomic():
        acts[first]()
        second = acts["recall" if first == "sign" else "sign"]
    with pytest.raises(DossierMoved):
        second()
    assert Document.objects.filter(subject=dossier.id).count() == (first == "sign")
    assert steps(dossier) == ["returning" if first == "sign" else "verification"]
    page = target(dossier)
    with pytest.raises(DomainError):
        second()


@pytest.mark.parametrize("first", ["timer", "person"])
def test_a_timer_and_a_person_at_the_same_instant_in_both_orders(running, world, first):
    dossier = running(WITH_TIMER)
    page, due = on(dossier, "work"), MORNING + DAY

    def timer() -> object:
        return tasking.advance(dossier_id=dossier.id, token_id=page.task_id, timer="late", at=due)

    def person() -> object:
        return tasking.complete_task(actor=world.desk.specialist, target=page, at=due)

    acts = {"timer": timer, "person": person}
    second = acts["person" if first == "timer" else "timer"]
    begun, waits = Event(), Event()

    def holds() -> object:
        with transaction.atomic():
            done = acts[first]()
            begun.set()
            assert waits.wait(20)
        return done

    def comes_second() -> object:
        assert begun.wait(20)
        return second()

    def watch() -> None:
        assert begun.wait(20)
        until_somebody_waits()
        waits.set()

    done, refused, _ = at_once(holds, comes_second, watch)
    assert isinstance(done, Dossier)
    assert isinstance(refused, DossierMoved) if first == "timer" else refused is None
    assert (entries(dossier, "timer_fired"), entries(dossier, "task_completed")) == (
        (1, 0) if first == "timer" else (0, 1)
    )
    assert steps(dossier) == ["after"]


def until_somebody_waits() -> None:
    until(
        "SELECT count(*) > 0 FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
        " WHERE a.datname = current_database() AND NOT l.granted"
    )


def until(question: str) -> None:
    """The database answers yes."""
    for _ in range(2_000):
        with connection.cursor() as cursor:
            cursor.execute(question)
            if cursor.fetchone()[0]:
                return
        Event().wait(0.01)
    raise AssertionError(f"never: {question}")


# --- Killed ---------------------------------------------------------------------------------------------------


def test_a_worker_killed_between_act_and_timer_loses_nothing_and_the_sweep_fires_it_once(running, world):
    dossier = running(WITH_TIMER)
    token, due = open_token(dossier, "work"), MORNING + DAY
    # The job was deferred in the act's transaction: whoever was killed after the commit leaves it behind.
    assert [it.args["timer"] for it in jobs(dossier)] == ["late"]

    def work(here: Callable[[], None]) -> None:
        with transaction.atomic():
            tasking.advance(dossier_id=dossier.id, token_id=token.pk, timer="late", at=due)
            here()

    before = snapshot(dossier)
    killed(work)
    assert snapshot(dossier) == before
    jobs(dossier).delete()
    assert [defer_due_timers(before=due + DAY) for _ in range(3)] == [1, 0, 0]
    done = run_jobs(dossier, at=due)
    assert [it is not None for it in done] == [True, False]
    assert (entries(dossier, "timer_fired"), steps(dossier)) == (1, ["after"])


def test_an_act_killed_before_its_commit_leaves_neither_itself_nor_its_job(world):
    dossier = factories.submitted(world.desk, world.mother)
    run_by(dossier, WITH_TIMER)
    handling.accept_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    before, page = snapshot(dossier), target(dossier)

    def work(here: Callable[[], None]) -> None:
        with transaction.atomic():
            handling.hand_over_dossier(actor=world.desk.reception, target=page, at=MORNING)
            here()

    killed(work)
    assert (snapshot(dossier), jobs(dossier).count(), Timer.objects.count()) == (before, 0, 0)
    handling.hand_over_dossier(actor=world.desk.reception, target=page, at=MORNING)
    assert (steps(dossier), jobs(dossier).count()) == (["work"], 1)


def test_a_service_whose_worker_is_killed_halfway_runs_again_and_counts_once(running, world, monkeypatch):
    ran: list[UUID] = []
    monkeypatch.setitem(contributions._services, "test.note", lambda subject, at: ran.append(subject))
    dossier = running(WITH_SERVICE)
    token = open_token(dossier, "noting")

    def work(here: Callable[[], None]) -> None:
        def note(subject: UUID, at: Any) -> None:
            Dossier.objects.filter(pk=subject).update(search_text="half")
            here()

        contributions._services["test.note"] = note
        # As a worker takes it: committed before it begins.
        jobs(dossier).update(status="doing")
        tasking.advance(dossier_id=dossier.id, token_id=token.pk, timer="", at=MORNING)

    before = snapshot(dossier)
    killed(work)
    assert (snapshot(dossier), jobs(dossier).get().status) == (before, "doing")
    assert Dossier.objects.get(pk=dossier.pk).search_text != "half"
    assert [defer_waiting_services(before=MORNING + DAY) for _ in range(2)] == [1, 0]
    done = run_jobs(dossier, at=MORNING)
    assert [it is not None for it in done] == [True, False, False, False]
    assert (ran, entries(dossier, "service_run"), steps(dossier)) == ([dossier.id], 1, ["work"])
    assert defer_waiting_services(before=MORNING + DAY) == 0


# --- In between, and twice ------------------------------------------------------------------------------------


def test_what_is_published_between_start_and_completion_is_for_others(players, world):
    dossier = players.submit(HOUSE, at=MORNING)
    kept = Instance.objects.get(subject=dossier.id).definition_id
    limit_before = dossier.version_id
    players.publish(HOUSE, at=MORNING)
    handling.accept_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    handling.hand_over_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    dossier.refresh_from_db()
    assert (dossier.version_id, dossier.due_at.date().isoformat()) == (limit_before, "2026-03-25")
    assert (Instance.objects.get(subject=dossier.id).definition_id, steps(dossier)) == (kept, ["examination"])
    assert steps(players.submit(HOUSE, at=MORNING)) == ["other"]


def asked(world) -> Dossier:
    dossier = factories.handed_over(world.desk, world.mother)
    items = [Item("Giấy xác nhận")]
    supplements.request_supplement(
        actor=world.desk.specialist, target=target(dossier), items=items, reason="Thiếu", at=MORNING
    )
    dossier.refresh_from_db()
    return dossier


def test_a_supplement_sent_twice_at_once_counts_once(world, players):
    dossier = asked(world)
    players.bring(dossier, at=MORNING, number=0)

    def send() -> object:
        return players.supplement("mother", dossier, revision=dossier.revision, at=MORNING + DAY)

    outcomes = at_once(send, send)
    assert [type(it) for it in outcomes if isinstance(it, Exception)] == [DossierMoved]
    assert entries(dossier, "supplemented") == 1
    assert Component.objects.filter(dossier=dossier, supplement__isnull=False).count() == 1
    dossier.refresh_from_db()
    assert [it["kind"] for it in dossier.clock] == ["stopped", "restarted"]


def test_a_paper_added_while_the_supplement_is_sent_goes_with_it_or_is_refused(world, players):
    """It never stays behind, where nobody would look at it."""
    dossier = asked(world)
    players.bring(dossier, at=MORNING, number=0)
    added, waits = Event(), Event()

    def add() -> object:
        with transaction.atomic():
            upload = picture(shade=99)
            paper = supplements.add_paper(
                actor=world.mother, dossier_id=dossier.id, item=0, upload=upload, at=MORNING
            )
            added.set()
            assert waits.wait(20)
        return paper

    def send() -> object:
        assert added.wait(20)
        return players.supplement("mother", dossier, revision=dossier.revision, at=MORNING + DAY)

    def watch() -> None:
        assert added.wait(20)
        until_somebody_waits()
        waits.set()

    outcomes = at_once(add, send, watch)
    assert not any(isinstance(it, Exception) for it in outcomes), outcomes
    assert Component.objects.filter(dossier=dossier, supplement__isnull=False).count() == 2
    assert not SupplementPaper.objects.exists()
    with pytest.raises(NotFound):
        players.bring(dossier, at=MORNING, number=1)


def test_a_message_that_comes_twice_at_once_moves_the_process_once(running):
    dossier = running(MIXED_CONTENT)

    def come() -> object:
        return tasking.take_message(actor=SYSTEM, dossier_id=dossier.id, message="payment", at=MORNING)

    outcomes = at_once(come, come)
    assert [type(it) for it in outcomes if isinstance(it, Exception)] == [ActNotAllowed]
    assert (entries(dossier, "message_received"), steps(dossier)) == (1, ["asked", "check", "visit"])


# --- What random acts have found ------------------------------------------------------------------------------


def test_taking_back_leaves_what_a_timer_opened_beside_the_step(running, world):
    """The reminder is nobody's following step, and its timer does not fire a second time."""
    dossier = running(MIXED_CONTENT)
    visit, later = open_token(dossier, "visit"), MORNING + DAY
    tasking.advance(dossier_id=dossier.id, token_id=visit.pk, timer="slow", at=later)
    done = tasking.Done("done")
    tasking.complete_task(actor=world.desk.specialist, target=on(dossier, "visit"), done=done, at=later)
    tasking.recall(actor=world.desk.specialist, target=target(dossier), at=later)
    assert steps(dossier) == ["check", "paid", "reminding", "visit"]
    assert not Timer.objects.filter(token__subject=dossier.id, fired_at=None).exists()


def test_taking_back_again_and_again_does_not_put_a_timer_off(running, world):
    dossier, at = running(WITH_TIMER), MORNING
    due = Timer.objects.get(token__subject=dossier.id).due_at
    for _ in range(2):
        at += timedelta(hours=1)
        tasking.complete_task(actor=world.desk.specialist, target=on(dossier, "work"), at=at)
        tasking.recall(actor=world.desk.specialist, target=target(dossier), at=at)
    assert Timer.objects.get(token__subject=dossier.id, fired_at=None).due_at == due


def test_taking_back_gives_the_applicant_the_words_of_before(players, world):
    dossier = players.submit(HOUSE, at=MORNING)
    handling.accept_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    handling.hand_over_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    assert find_public_words(dossier.id)["en"] == "Being examined"
    tasking.recall(actor=world.desk.reception, target=target(dossier), at=MORNING)
    assert find_public_words(dossier.id)["en"] == "The desk looks at your application"


def test_what_opens_while_the_citizen_is_waited_for_waits_with_the_rest(running, world):
    dossier = running(MIXED_CONTENT)
    supplements.request_supplement(
        actor=world.desk.specialist,
        target=on(dossier, "visit"),
        items=[Item("Giấy xác nhận")],
        reason="Thiếu",
        at=MORNING,
    )
    tasking.take_message(actor=SYSTEM, dossier_id=dossier.id, message="payment", at=MORNING)
    assert not Token.objects.filter(subject=dossier.id, completed_at=None, paused_at=None).exists()


def test_the_end_of_a_branch_is_not_offered_to_be_taken_back(running, world):
    dossier = running(MIXED_CONTENT)
    tasking.advance(
        dossier_id=dossier.id, token_id=open_token(dossier, "visit").pk, timer="slow", at=MORNING + DAY
    )
    tasking.complete_task(actor=world.desk.leader, target=on(dossier, "reminding"), at=MORNING + DAY)
    dossier.refresh_from_db()
    assert not tasking.can_recall(world.desk.leader, dossier)


def test_a_leader_hands_back_the_task_of_an_absent_officer_and_a_colleague_does_not(running, world, players):
    dossier = running(WITH_TIMER)
    tasking.claim(actor=world.desk.specialist, target=on(dossier, "work"), at=MORNING)
    with pytest.raises(Refused):
        tasking.hand_back(actor=players.actor("builder"), target=on(dossier, "work"), at=MORNING)
    tasking.hand_back(actor=world.desk.leader, target=on(dossier, "work"), at=MORNING)
    assert Task.objects.get(subject=dossier.id, completed_at=None).claimed_by is None
