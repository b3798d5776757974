"""One act on many dossiers: each done or refused by itself, none twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.casework.dossiers.errors import InputMissing, NothingTicked, NotInBulk, TooManyTicked
from motcua.casework.dossiers.models import BulkActItem, Dossier, OfficialDocument
from motcua.casework.dossiers.services import bulk_acts, handling
from motcua.casework.dossiers.services.bulk_acts import (
    AT_ONCE,
    MOST,
    Chosen,
    Confirmed,
    begin_bulk_act,
    run_bulk_act,
)
from motcua.casework.dossiers.services.clock import begin_clock
from motcua.casework.dossiers.tests.factories import (
    MORNING,
    accepted,
    awaiting_signature,
    handed_over,
    returned,
    signed,
    snapshot,
    submitted,
    target,
)
from motcua.casework.process.models import Task
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.chunks import insert
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.worktime.history import Counting
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.access.models import Account, RoleGrant
from motcua.registry.organisations.selectors import get_calendar

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


def shown(dossier):
    """The dossier as a list shows it now."""
    at = target(dossier)
    task = Task.objects.filter(subject=dossier.id, completed_at=None).first()
    return Chosen(at.dossier_id, at.revision, task.pk if task else None)


def begin(actor, act, chosen, bulk_id=None, **inputs):
    confirmed = Confirmed(act, chosen, inputs)
    return begin_bulk_act(actor=actor, bulk_id=bulk_id or new_id(), confirmed=confirmed, at=MORNING)


def done(actor, act, chosen, **inputs):
    """What became of each: "" for done, else the code of the refusal."""
    bulk = begin(actor, act, chosen, **inputs)
    run_bulk_act(bulk.id, now=lambda: MORNING)
    return outcomes(bulk)


def outcomes(bulk):
    items = bulk.items.order_by("position")
    return ["" if it.state == "done" else (it.problem or {}).get("code", it.state) for it in items]


def test_accepts_each_as_if_it_were_accepted_alone(world):
    dossiers = [submitted(world.desk, world.mother) for _ in range(3)]
    assert done(world.desk.reception, "accept", [shown(it) for it in dossiers]) == [""] * 3
    codes = {Dossier.objects.get(pk=it.pk).code for it in dossiers}
    assert len(codes) == 3
    assert (
        Entry.objects.filter(kind="dossier.accepted", object_id__in=[it.id for it in dossiers]).count() == 3
    )
    assert all(it.documents.filter(kind="receipt").count() == 1 for it in dossiers)


def test_half_that_fail_leave_the_other_half_done_and_say_why(world):
    new = [submitted(world.desk, world.mother) for _ in range(2)]
    old = [handed_over(world.desk, world.mother) for _ in range(2)]
    before = [snapshot(it) for it in old]
    mixed = [shown(it) for pair in zip(new, old, strict=True) for it in pair]
    bulk = begin(world.desk.reception, "accept", mixed)
    run_bulk_act(bulk.id, now=lambda: MORNING)
    assert outcomes(bulk)[::2] == ["", ""]
    problems = [it.problem for it in bulk.items.filter(state="refused")]
    assert len(problems) == 2
    assert all(it["detail"] for it in problems)
    assert [snapshot(it) for it in old] == before
    assert {Dossier.objects.get(pk=it.pk).status for it in new} == {2}


def test_a_dossier_that_moved_since_it_was_listed_is_left_alone(world):
    dossiers = [submitted(world.desk, world.mother) for _ in range(2)]
    listed = [shown(it) for it in dossiers]
    handling.accept_dossier(actor=world.desk.reception, target=target(dossiers[0]), at=MORNING)
    before = snapshot(dossiers[0])
    assert done(world.desk.reception, "accept", listed) == ["dossier_moved", ""]
    assert snapshot(dossiers[0]) == before


def test_the_same_page_sent_twice_does_nothing_twice(world):
    dossiers = [accepted(world.desk, world.mother) for _ in range(2)]
    listed, bulk_id = [shown(it) for it in dossiers], new_id()
    for _ in range(2):
        bulk = begin(world.desk.reception, "hand-over", listed, bulk_id)
        run_bulk_act(bulk.id, now=lambda: MORNING)
    assert outcomes(bulk) == ["", ""]
    entries = Entry.objects.filter(kind="dossier.handed_over", object_id__in=[it.id for it in dossiers])
    assert entries.count() == 2


def test_a_run_that_the_database_broke_off_is_taken_up_where_it_stood(world, monkeypatch):
    dossiers = [submitted(world.desk, world.mother) for _ in range(3)]
    bulk = begin(world.desk.reception, "accept", [shown(it) for it in dossiers])
    calls = []

    def broken(**given):
        calls.append(given)
        if len(calls) == 2:
            raise OperationalError
        return handling.accept_dossier(**given)

    monkeypatch.setitem(bulk_acts.OFFERED, "accept", bulk_acts.Deed(broken))
    with pytest.raises(OperationalError):
        run_bulk_act(bulk.id, now=lambda: MORNING)
    assert outcomes(bulk) == ["", "waiting", "waiting"]
    run_bulk_act(bulk.id, now=lambda: MORNING)
    assert outcomes(bulk) == [""] * 3
    assert len(calls) == 4


def test_one_that_breaks_the_program_does_not_keep_the_others_waiting(world, monkeypatch):
    dossiers = [submitted(world.desk, world.mother) for _ in range(2)]

    def broken(**given):
        if given["target"].dossier_id == dossiers[0].id:
            raise ZeroDivisionError
        return handling.accept_dossier(**given)

    monkeypatch.setitem(bulk_acts.OFFERED, "accept", bulk_acts.Deed(broken))
    assert done(world.desk.reception, "accept", [shown(it) for it in dossiers]) == ["server_error", ""]


def serials(dossiers):
    """The running numbers in the codes of those that are accepted, and of their forms 01, both from the first."""
    codes = [it.code for it in Dossier.objects.filter(pk__in=[it.pk for it in dossiers]).exclude(code=None)]
    receipts = OfficialDocument.objects.filter(dossier__in=dossiers, kind="receipt")
    numbers = sorted(int(it.rpartition("-")[2]) for it in codes)
    forms = sorted(int(it.number.partition("/")[0]) for it in receipts)
    return [it - numbers[0] for it in numbers], [it - forms[0] for it in forms]


def test_one_that_fails_after_it_took_a_number_leaves_no_gap(world, monkeypatch):
    dossiers = [submitted(world.desk, world.mother) for _ in range(4)]

    def broken(**given):
        done = handling.accept_dossier(**given)
        if given["target"].dossier_id in {dossiers[0].id, dossiers[2].id}:
            raise NotFound
        return done

    monkeypatch.setitem(bulk_acts.OFFERED, "accept", bulk_acts.Deed(broken))
    listed, before = [shown(it) for it in dossiers], snapshot(dossiers[2])
    assert done(world.desk.reception, "accept", listed) == ["not_found", "", "not_found", ""]
    assert serials(dossiers) == ([0, 1], [0, 1])
    assert snapshot(dossiers[2]) == before
    # The next one alone goes on from there.
    handling.accept_dossier(actor=world.desk.reception, target=target(dossiers[0]), at=MORNING)
    assert serials(dossiers) == ([0, 1, 2], [0, 1, 2])


def test_what_cannot_be_written_together_is_done_one_by_one(world, monkeypatch):
    dossiers = [submitted(world.desk, world.mother) for _ in range(3)]

    def broken(**given):
        done = handling.accept_dossier(**given)
        if given["target"].dossier_id == dossiers[1].id:  # a second receipt: only the database refuses it
            second = {"kind": "receipt", "number": "1", "content": {}, "made_at": MORNING}
            insert(OfficialDocument(dossier=done, **second))
        return done

    monkeypatch.setitem(bulk_acts.OFFERED, "accept", bulk_acts.Deed(broken))
    listed, before = [shown(it) for it in dossiers], snapshot(dossiers[1])
    assert done(world.desk.reception, "accept", listed) == ["", "server_error", ""]
    assert snapshot(dossiers[1]) == before
    assert serials(dossiers) == ([0, 1], [0, 1])


def test_the_same_dossier_twice_is_done_once(world):
    dossier, other = (submitted(world.desk, world.mother) for _ in range(2))
    listed = [shown(dossier), shown(other), shown(dossier)]
    assert done(world.desk.reception, "accept", listed) == ["", "", "dossier_moved"]


@pytest.mark.parametrize("act", ["accept", "hand-over"])
def test_another_dossier_costs_the_database_its_savepoint_and_no_more(world, act):
    make = submitted if act == "accept" else accepted

    def queries(count):
        chosen = [shown(make(world.desk, world.mother)) for _ in range(count)]
        bulk = begin(world.desk.reception, act, chosen)
        with CaptureQueriesContext(connection) as found:
            run_bulk_act(bulk.id, now=lambda: MORNING)
        assert outcomes(bulk) == [""] * count
        return len(found)

    assert queries(8) - queries(4) == 4 * 2


def test_who_may_not_do_the_act_alone_may_not_do_it_in_bulk(world):
    dossier = submitted(world.desk, world.mother)
    listed, before = [shown(dossier)], snapshot(dossier)
    assert done(world.desk.specialist, "accept", listed) == ["refused"]
    assert done(world.other_desk.reception, "accept", listed) == ["not_found"]
    assert done(world.desk.reception, "assign", listed, officer=str(world.desk.reception.person_id)) == [
        "refused"
    ]
    assert snapshot(dossier) == before
    with pytest.raises(Refused):
        begin(world.mother, "accept", listed)


def test_rights_are_those_of_the_moment_it_is_done(world):
    dossier = submitted(world.desk, world.mother)
    bulk = begin(world.desk.reception, "accept", [shown(dossier)])
    RoleGrant.objects.filter(account=world.desk.reception.account_id).delete()
    run_bulk_act(bulk.id, now=lambda: MORNING)
    assert outcomes(bulk) == ["not_found"]
    Account.objects.filter(pk=world.desk.reception.account_id).update(is_active=False)
    bulk = begin(world.desk.reception, "accept", [shown(dossier)])
    run_bulk_act(bulk.id, now=lambda: MORNING)
    assert outcomes(bulk) == ["refused"]


def test_assigns_to_an_officer_and_back_to_the_unit_with_the_reason_on_record(world):
    dossiers = [handed_over(world.desk, world.mother) for _ in range(2)]
    listed, specialist = [shown(it) for it in dossiers], world.desk.specialist.person_id
    assert done(world.desk.leader, "assign", listed, officer=str(specialist), reason="Nghỉ việc") == ["", ""]
    tasks = Task.objects.filter(subject__in=[it.id for it in dossiers], completed_at=None)
    assert {it.claimed_by for it in tasks} == {specialist}
    assert done(world.desk.leader, "hand-back", listed, reason="Nghỉ việc") == ["", ""]
    assert {it.claimed_by for it in tasks.all()} == {None}
    entry = Entry.objects.filter(kind="dossier.task_handed_back", object_id=dossiers[0].id).get()
    assert entry.facts["former"] == str(specialist)
    assert entry.detail.values["reason"] == "Nghỉ việc"


def test_refuses_many_for_the_same_ground_with_a_form_each(world):
    dossiers = [submitted(world.desk, world.mother) for _ in range(2)]
    why = {"ground": "not_competent", "reason": "Không thuộc thẩm quyền của xã."}
    assert done(world.desk.reception, "refuse", [shown(it) for it in dossiers], **why) == ["", ""]
    for it in dossiers:
        assert Dossier.objects.get(pk=it.pk).status == 3
        assert it.documents.filter(kind="refusal").count() == 1
    with pytest.raises(InputMissing):
        begin(world.desk.reception, "refuse", [shown(dossiers[0])], ground="not_competent")


def test_apologises_for_many_at_once_and_for_none_twice(world, monkeypatch):
    # Else they are due the same day, when nobody could apologise in time.
    limit = parse_limit("3wd")
    monkeypatch.setattr("motcua.casework.dossiers.services.clock.limit_of", lambda dossier: limit)
    dossiers = [handed_over(world.desk, world.mother) for _ in range(2)]
    for it in dossiers:
        changes = begin_clock(it, Counting(limit, get_calendar()), at=MORNING)
        Dossier.objects.filter(pk=it.pk).update(**changes)
    later = {"on": "2026-03-20", "reason": "Phải xác minh thêm."}
    assert done(world.desk.leader, "extend", [shown(it) for it in dossiers], **later) == ["", ""]
    moved = Dossier.objects.get(pk=dossiers[0].pk)
    assert moved.due_at.date().isoformat() == "2026-03-20"
    assert moved.basis_at < moved.due_at
    assert done(world.desk.leader, "extend", [shown(it) for it in dossiers], **later) == [
        "extended_before",
        "extended_before",
    ]


def test_stops_many_and_takes_each_stop_back(world):
    dossiers = [handed_over(world.desk, world.mother) for _ in range(2)]
    why = {"ground": "other", "reason": "Người nộp đã mất."}
    assert done(world.desk.leader, "stop", [shown(it) for it in dossiers], **why) == ["", ""]
    assert done(world.desk.specialist, "recall-stop", [shown(it) for it in dossiers]) == ["refused"] * 2
    assert done(world.desk.leader, "recall-stop", [shown(it) for it in dossiers]) == ["", ""]
    assert {Dossier.objects.get(pk=it.pk).status for it in dossiers} == {4}


def test_sends_many_back_with_one_reason(world):
    dossiers = [awaiting_signature(world.desk, world.mother) for _ in range(2)]
    chosen = [shown(it) for it in dossiers]
    assert done(world.desk.leader, "return-task", chosen, reason="Sai tên xã") == ["", ""]
    returns = Entry.objects.filter(kind="dossier.task_returned", object_id__in=[it.id for it in dossiers])
    assert {it.detail.values["reason"] for it in returns} == {"Sai tên xã"}


def test_an_officer_without_the_right_is_given_no_task(world):
    listed = [shown(handed_over(world.desk, world.mother))]
    reception = str(world.desk.reception.person_id)
    assert done(world.desk.leader, "assign", listed, officer=reception) == ["not_their_task"]


def test_returns_results_at_the_counter_with_a_slip_each(world):
    dossiers = [signed(world.desk, world.mother) for _ in range(2)]
    listed = [*(shown(it) for it in dossiers), shown(returned(world.desk, world.mother))]
    found = done(world.desk.reception, "return-result", listed, way="counter")
    assert found[:2] == ["", ""]
    assert found[2]
    dossiers[0].refresh_from_db()
    assert (dossiers[0].status, dossiers[0].return_way) == (10, "counter")
    assert dossiers[0].return_receiver
    assert dossiers[0].documents.filter(kind="return").count() == 1


def test_refuses_what_is_no_bulk_act_nothing_and_too_much(world):
    one = Chosen(UUID(int=1), 1)
    with pytest.raises(NotInBulk):
        begin(world.desk.leader, "sign", [one])
    with pytest.raises(NothingTicked):
        begin(world.desk.reception, "accept", [])
    with pytest.raises(TooManyTicked):
        begin(world.desk.reception, "accept", [one] * (MOST + 1))
    bulk_id = new_id()
    begin(world.desk.reception, "accept", [one], bulk_id)
    with pytest.raises(NotFound):
        begin(world.desk.specialist, "accept", [one], bulk_id)


def test_much_is_left_to_a_job_at_once_and_little_to_one_that_looks_later(world):
    one = Chosen(UUID(int=1), 1)
    little = begin(world.desk.reception, "accept", [one] * AT_ONCE)
    much = begin(world.desk.reception, "accept", [one] * (AT_ONCE + 1))
    jobs = {
        job.args["bulk_id"]: job.scheduled_at
        for job in ProcrastinateJob.objects.filter(task_name="dossiers.act_on_many")
    }
    assert jobs[str(much.id)] is None
    assert jobs[str(little.id)] is not None
    assert BulkActItem.objects.filter(state="waiting").count() == 2 * AT_ONCE + 1
