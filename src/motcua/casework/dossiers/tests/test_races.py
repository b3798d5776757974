"""What happens when two do the same at the same time, each with a connection of their own."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from motcua.casework.dossiers.errors import DossierMoved, OldPreview, TaskTakenBy
from motcua.casework.dossiers.models import Component, Dossier, Draft
from motcua.casework.dossiers.services import handling, tasking
from motcua.casework.dossiers.services.acting import Target
from motcua.casework.dossiers.services.drafts import discard_idle_drafts
from motcua.casework.dossiers.services.papers import make_certificate
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tests.factories import (
    MORNING,
    accepted,
    awaiting_signature,
    empty_draft,
    filled_in,
    handed_over,
    seen,
    submitted,
    target,
)
from motcua.casework.dossiers.tests.players import at_once
from motcua.casework.dossiers.tests.process_factories import LANES, run_by, step
from motcua.casework.process.models import Task
from motcua.casework.process.services import publish_definition
from motcua.casework.warehouse.models import Document
from motcua.foundation.files import contributions
from motcua.foundation.files.services import read_file, store_bytes, sweep_unused
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import place_hold
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.services.keeping import erase_old
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.registry.organisations.services import next_number

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("races")]


@pytest.fixture
def db(shared_database):
    """Not a transaction: other connections must see what is done."""


def split(outcomes: list[Any]) -> tuple[list[Any], list[type]]:
    """What was done, and the kinds of the refusals."""
    done = [outcome for outcome in outcomes if not isinstance(outcome, Exception)]
    return done, [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)]


def entries(dossier: Dossier, kind: str) -> int:
    return Entry.objects.filter(object_id=dossier.id, kind=kind).count()


def test_of_two_who_accept_at_once_one_wins_and_the_other_is_told(world):
    dossier = submitted(world.desk, world.mother)
    page = target(dossier)

    def accept():
        return handling.accept_dossier(actor=world.desk.reception, target=page, at=MORNING)

    done, refused = split(at_once(accept, accept))
    assert ([it.code for it in done], refused) == (["H44.04894-260310-0001"], [DossierMoved])
    dossier.refresh_from_db()
    assert (dossier.code, dossier.revision) == ("H44.04894-260310-0001", page.revision + 1)
    assert (dossier.documents.count(), entries(dossier, "dossier.accepted")) == (1, 1)
    # The number that the loser would have taken is not lost.
    assert accepted(world.desk, world.mother).code == "H44.04894-260310-0002"


def test_two_dossiers_accepted_at_once_get_two_codes(world):
    pages = [target(submitted(world.desk, world.mother)) for _ in range(2)]
    done, refused = split(
        at_once(
            *(
                lambda page=page: handling.accept_dossier(actor=world.desk.reception, target=page, at=MORNING)
                for page in pages
            )
        )
    )
    assert sorted(it.code[-4:] for it in done) == ["0001", "0002"]
    assert refused == []


def test_a_double_click_on_submit_makes_one_dossier(world):
    draft = filled_in(world.desk, world.mother)

    def submit():
        return submit_dossier(actor=world.mother, draft_id=draft.id, at=MORNING)

    done, refused = split(at_once(submit, submit, submit))
    assert ({it.id for it in done}, len(done), refused) == ({draft.id}, 3, [])
    assert Dossier.objects.count() == 1
    assert Component.objects.count() == 1
    assert Task.objects.count() == 1
    assert entries(done[0], "dossier.submitted") == 1


def test_signing_and_returning_at_once_does_one_of_them(world):
    dossier = awaiting_signature(world.desk, world.mother)
    page, digest, leader = target(dossier), seen(dossier), world.desk.leader
    done, refused = split(
        at_once(
            lambda: handling.sign_result(actor=leader, target=page, seen_sha256=digest, at=MORNING),
            lambda: handling.return_task(actor=leader, target=page, reason="Sai tên đệm", at=MORNING),
        )
    )
    assert (len(done), refused) == (1, [DossierMoved])
    assert entries(dossier, "dossier.signed") + entries(dossier, "dossier.task_returned") == 1
    assert Document.objects.count() == entries(dossier, "dossier.signed")
    assert Task.objects.filter(completed_at=None).count() == 1


def _one_task_each(world):
    """A dossier at a step of the leader's with a timer that interrupts it: two who want it at once."""
    dossier = submitted(world.desk, world.mother)
    review = step("review", "leader", "complete-task", ("agree", "signing"), timers=[LATE])
    signing = step("signing", "leader", "sign", ("sign", "end"))
    rows = [step("reception", "reception", "accept", ("accept", "review")), review, signing]
    run_by(dossier, {"start": "reception", "lanes": LANES, "steps": rows})
    handling.accept_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    handling.hand_over_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    task = Task.objects.get(subject=dossier.id, completed_at=None)
    return dossier, Target(dossier.id, target(dossier).revision, task.pk)


LATE = {"name": "late", "after": "1wd", "to": "signing", "interrupts": True}


def test_of_two_who_take_a_task_at_once_one_has_it_and_the_other_is_told_who(world):
    dossier = handed_over(world.desk, world.mother)
    page, task = target(dossier), Task.objects.get(subject=dossier.id, completed_at=None)
    named = Target(page.dossier_id, page.revision, task.pk)
    colleague = replace(world.desk.specialist, person_id=world.desk.reception.person_id)
    done, refused = split(
        at_once(
            lambda: tasking.claim(actor=world.desk.specialist, target=named, at=MORNING),
            lambda: tasking.claim(actor=colleague, target=named, at=MORNING),
        )
    )
    assert (len(done), refused) == (1, [TaskTakenBy])
    assert entries(dossier, "dossier.task_claimed") == 1


def test_a_timer_and_a_person_at_the_same_instant_one_of_them_wins(world):
    dossier, page = _one_task_each(world)
    due = MORNING + timedelta(days=1)
    by_timer, by_leader = at_once(
        lambda: tasking.advance(dossier_id=dossier.id, token_id=page.task_id, timer="late", at=due),
        lambda: tasking.submit_for_signature(actor=world.desk.leader, target=page, at=due),
    )
    # Without a draft the leader is refused either way; what matters is that nothing happened twice.
    assert isinstance(by_leader, DossierMoved | OldPreview)
    assert by_timer is not None
    assert entries(dossier, "dossier.timer_fired") == 1
    assert [it.step for it in Task.objects.filter(subject=dossier.id, completed_at=None)] == ["signing"]


def test_of_a_timer_and_a_person_who_completes_the_task_one_wins(world):
    dossier, page = _one_task_each(world)
    due = MORNING + timedelta(days=1)
    dossier.refresh_from_db()
    make_certificate(dossier, actor=world.desk.leader, at=MORNING)
    by_timer, by_leader = at_once(
        lambda: tasking.advance(dossier_id=dossier.id, token_id=page.task_id, timer="late", at=due),
        lambda: tasking.submit_for_signature(actor=world.desk.leader, target=page, at=due),
    )
    fired, sent = entries(dossier, "dossier.timer_fired"), entries(dossier, "dossier.submitted_for_signature")
    assert fired + sent == 1
    assert (by_timer is None) == bool(sent)
    assert isinstance(by_leader, DossierMoved) == bool(fired)
    assert Task.objects.filter(subject=dossier.id, completed_at=None).count() == 1


def test_taking_back_and_signing_at_once_does_one_of_them(world):
    dossier = awaiting_signature(world.desk, world.mother)
    page, digest = target(dossier), seen(dossier)
    done, refused = split(
        at_once(
            lambda: handling.sign_result(
                actor=world.desk.leader, target=page, seen_sha256=digest, at=MORNING
            ),
            lambda: tasking.recall(actor=world.desk.specialist, target=page, at=MORNING),
        )
    )
    assert (len(done), refused) == (1, [DossierMoved])
    assert entries(dossier, "dossier.signed") + entries(dossier, "dossier.recalled") == 1
    assert Document.objects.count() == entries(dossier, "dossier.signed")


def test_a_definition_published_in_between_does_not_change_a_running_process(world):
    dossier, page = _one_task_each(world)
    other = step("other", "leader", "complete-task", ("agree", "end"))
    publish_definition(
        code=dossier.procedure_code,
        digest="9" * 64,
        content={"start": "other", "steps": [other], "lanes": LANES},
    )
    tasking.advance(
        dossier_id=dossier.id, token_id=page.task_id, timer="late", at=MORNING + timedelta(days=1)
    )
    assert [it.step for it in Task.objects.filter(subject=dossier.id, completed_at=None)] == ["signing"]


def test_running_numbers_are_never_given_twice(world):
    agency = world.desk.agency.id

    def take():
        return [next_number(agency_id=agency, series="form-01", period="2026") for _ in range(20)]

    taken = [number for numbers in at_once(*[take] * 4) for number in numbers]
    assert sorted(taken) == list(range(1, 81))


def test_a_file_that_is_referred_to_at_the_last_moment_is_not_erased(world, monkeypatch):
    """The rooms said that nobody uses it; the database knows better."""
    file = store_bytes(content=b"a paper", name="a.pdf", media_type="application/pdf")
    draft = empty_draft(world.mother)
    draft.papers.create(component="birth_evidence", file=file, added_at=MORNING)
    monkeypatch.setattr(contributions, "_users", {"liar": lambda asked: set()})
    sweep_unused(at=MORNING)
    assert sweep_unused(at=MORNING + timedelta(days=30)).erased == 0
    assert read_file(file) == b"a paper"
    assert not Entry.objects.filter(kind="file.erased", object_id=file.pk).exists()


@pytest.mark.parametrize("what", ["draft", "message"])
def test_a_hold_that_is_being_placed_is_waited_for(world, what):
    """Erasing asks for holds once nobody can place one any more."""
    draft = empty_draft(world.mother)
    with transaction.atomic():
        notice = Notice("dossier_submitted", f"test:{draft.id}", context={"procedure": {"vi": "x"}})
        [message] = notify(recipient=Recipient(world.mother.person_id), notice=notice, at=MORNING)
    later = MORNING + timedelta(days=1)
    erase = {
        "draft": lambda: discard_idle_drafts(before=later),
        "message": lambda: erase_old(before=later, at=later),
    }[what]
    placed, waiting = Event(), Event()

    def place():
        with transaction.atomic():
            place_hold(actor=SYSTEM, object_id=world.mother.person_id, reason="Lệnh mẫu", at=MORNING)
            placed.set()
            assert waiting.wait(20)

    def erase_when_placed():
        assert placed.wait(20)
        return erase()

    def watch():
        wait_until_somebody_waits()
        waiting.set()

    assert at_once(place, erase_when_placed, watch)[1:] == [0, None]
    assert Draft.objects.filter(pk=draft.pk).exists()
    assert Message.objects.get(pk=message.pk).body


def wait_until_somebody_waits():
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'relation' AND NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")
