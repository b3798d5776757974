"""Inbox, own list, search by code, figures, and who looked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.selectors import (
    Looking,
    count_by_status,
    count_promises,
    find_status,
    list_history,
    list_inbox,
    list_own_dossiers,
    list_readers,
    list_signing_queue,
    open_dossier,
)
from motcua.casework.dossiers.services.handling import accept_dossier
from motcua.casework.dossiers.tests.factories import (
    MORNING,
    accepted,
    awaiting_signature,
    handed_over,
    returned,
    submitted,
    target,
)
from motcua.foundation.kernel.actors import ANONYMOUS, SYSTEM

pytestmark = pytest.mark.django_db


def inbox(actor, *, at=MORNING, **chosen):
    return [row.dossier for row in list_inbox(actor, Looking(**chosen), at=at).rows]


def test_the_inbox_holds_what_the_role_must_do_at_its_own_agency(world):
    new, checked = submitted(world.desk, world.mother), handed_over(world.desk, world.mother)
    waiting = awaiting_signature(world.desk, world.neighbour)
    submitted(world.other_desk, world.mother)
    assert [inbox(officer) for officer in world.desk.officers] == [[new], [checked], [waiting]]


def test_nobody_but_an_officer_has_tasks(world):
    submitted(world.desk, world.mother)
    for actor in (world.mother, SYSTEM, ANONYMOUS):
        assert inbox(actor) == []


def test_the_inbox_is_parted_by_due_date_and_every_task_counted_once(world):
    # One hour is the desk's share. Now is Tuesday 9:00.
    made = {
        "overdue": submitted(world.desk, world.mother, at=MORNING - timedelta(days=1)),
        "today": submitted(world.desk, world.mother),
        "soon": submitted(world.desk, world.mother, at=MORNING + timedelta(hours=9)),
        "later": submitted(world.desk, world.mother, at=MORNING + timedelta(days=6)),
    }
    counts = list_inbox(world.desk.reception, at=MORNING).counts
    assert (counts.everything, counts.overdue, counts.today, counts.soon, counts.later) == (4, 1, 1, 1, 1)
    for segment, dossier in made.items():
        assert inbox(world.desk.reception, due_in=segment) == [dossier]


def test_the_inbox_shows_the_nearest_due_date_first_and_every_task_once(world):
    days = [submitted(world.desk, world.mother, at=MORNING + timedelta(days=day % 3)) for day in range(25)]
    first = list_inbox(world.desk.reception, at=MORNING)
    second = list_inbox(world.desk.reception, Looking(after=first.next_after), at=MORNING)
    rows = first.rows + second.rows
    assert (len(first.rows), len(second.rows), second.next_after) == (20, 5, "")
    assert {row.dossier for row in rows} == set(days)
    assert [row.task.due_at for row in rows] == sorted(row.task.due_at for row in rows)


def test_the_sign_queue_is_the_leaders_alone(world):
    waiting = awaiting_signature(world.desk, world.mother)
    assert [row.dossier for row in list_signing_queue(world.desk.leader)] == [waiting]
    for officer in (world.desk.reception, world.desk.specialist, world.other_desk.leader):
        assert list_signing_queue(officer) == []


def test_a_citizen_sees_their_own_dossiers_latest_first_a_page_at_a_time(world):
    made = [
        submitted(world.desk, world.mother, at=MORNING + timedelta(minutes=minute)) for minute in range(22)
    ]
    submitted(world.desk, world.neighbour)
    first = list_own_dossiers(world.mother)[: selectors.PAGE_SIZE]
    second = list_own_dossiers(world.mother, before=first[-1].submitted_at)
    assert first + second == made[::-1]


def test_a_status_is_found_by_reference_and_by_code(world):
    dossier = accepted(world.desk, world.mother)
    for typed in (dossier.code, dossier.reference, f" {dossier.code.lower()} "):
        assert find_status(typed) == dossier
    for typed in ("", " ", dossier.code[:-1], "%", str(dossier.id)):
        assert find_status(typed) is None


def test_figures_count_every_dossier_at_its_status(world):
    for make in (submitted, submitted, accepted, returned):
        make(world.desk, world.mother)
    assert count_by_status() == {1: 2, 2: 1, 10: 1}


def test_a_promise_is_kept_when_the_result_was_there_by_the_due_moment(world):
    returned(world.desk, world.mother)
    accepted(world.desk, world.mother)
    returned(world.desk, world.mother, at=MORNING + timedelta(hours=7))  # after 15:00: due a day later
    promises = count_promises(at=MORNING + timedelta(days=1))
    assert (promises.kept, promises.late, promises.day.day) == (1, 1, 10)


def test_who_looked_is_shown_however_much_else_of_the_person_was_read(world):
    first, second = submitted(world.desk, world.mother), submitted(world.desk, world.mother)
    open_dossier(world.desk.leader, first.id, at=MORNING)
    for _ in range(60):
        open_dossier(world.desk.reception, second.id, at=MORNING)
    assert [reader.by for reader in list_readers(first)] == ["Phan Thị Mẫu Hà"]


def test_what_happened_is_shown_however_often_the_dossier_was_read(world):
    dossier = submitted(world.desk, world.mother)
    for _ in range(210):
        open_dossier(world.desk.reception, dossier.id, at=MORNING)
    accept_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    for with_readings in (False, True):
        last = list_history(dossier, with_readings=with_readings)[-1]
        assert (last.entry.kind, last.by) == ("dossier.accepted", "Đỗ Thị Mẫu Hiền")
