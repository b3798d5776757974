"""Processes as rows: what each act leaves behind."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.casework.process import contributions
from motcua.casework.process.models import Instance, ProcessDefinition, Task, Timer, Token
from motcua.casework.process.rules.definition import BadProcess
from motcua.casework.process.selectors import find_standing, list_tasks
from motcua.casework.process.services import (
    CannotRecall,
    Move,
    Place,
    Setting,
    TaskIsDone,
    UnknownOutcome,
    assign_task,
    build_course,
    claim_task,
    complete_task,
    defer_due_timers,
    enter_courses,
    fire_timer,
    pause_process,
    publish_definition,
    recall_task,
    receive_message,
    release_task,
    resume_process,
    run_service,
    start_process,
)
from motcua.casework.process.tests.processes import choice, node, process, task, timer
from motcua.foundation.kernel.ids import new_id
from motcua.registry.organisations.selectors import get_calendar

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2026, 3, 10, 9, 0, tzinfo=HANOI)
WHO, COLLEAGUE = new_id(), new_id()
HOME, OTHER = "/H44/H44.04894/", "/H44/H44.08152/"
pytestmark = pytest.mark.django_db

LINEAR = process(task("check", submit="sign"), task("sign", sign="end", back="check"))
SPLIT = process(
    task("check", go="ask"),
    node("ask", "parallel", ["fire", "roads"]),
    task("fire", "asked"),
    task("roads", "asked"),
    node("asked", "parallel", ["decide"]),
    task("decide"),
)


@pytest.fixture
def setting():
    return Setting(agency_path=HOME, calendar=get_calendar(), job="dossiers.advance")


@pytest.fixture
def start(setting):
    def begin(content, **facts):
        definition = publish_definition(code="1.001193", digest=f"{new_id().hex:0<64}", content=content)
        subject = new_id()
        kept = Setting(HOME, setting.calendar, lambda: facts, setting.place, setting.job)
        start_process(definition=definition, subject=subject, setting=kept, at=AT)
        return subject, kept

    return begin


def done(subject, setting, step, outcome="done", *, by=WHO, at=AT):
    standing = find_standing(subject)
    token = next(it for it in standing.tokens if it.step == step)
    return complete_task(standing, token, Move(outcome, by, at), setting)


def at(subject):
    standing = find_standing(subject)
    return sorted(it.step for it in standing.tokens) if standing else []


def first_task(subject):
    return find_standing(subject).tasks[0]


def jobs():
    found = ProcrastinateJob.objects.filter(task_name="dossiers.advance").order_by("id")
    return [(job.args["timer"], job.scheduled_at) for job in found]


def test_a_process_opens_its_first_task_with_role_place_and_due_time(start):
    subject, _ = start(process(task("check") | {"limit_hours": 4}))
    opened = first_task(subject)
    assert (opened.step, opened.role, opened.agency_path) == ("check", "specialist", HOME)
    # Four working hours from 9:00: until the break at 11:30, then from 13:30.
    assert opened.due_at.astimezone(HANOI).strftime("%H:%M") == "15:00"


def test_an_outcome_ends_the_task_and_opens_the_next(start):
    subject, setting = start(LINEAR)
    moved = done(subject, setting, "check", "submit")
    assert [(it.step, it.outcome) for it in list_tasks(subject)] == [("check", "submit"), ("sign", "")]
    assert [first_task(subject)] == moved.opened


def test_going_back_opens_the_earlier_step_anew(start):
    subject, setting = start(LINEAR)
    first = first_task(subject)
    done(subject, setting, "check", "submit")
    done(subject, setting, "sign", "back")
    again = first_task(subject)
    assert (again.step, again.pk != first.pk, again.number) == ("check", True, 3)


def test_the_last_outcome_ends_the_process(start):
    subject, setting = start(LINEAR)
    done(subject, setting, "check", "submit")
    assert done(subject, setting, "sign", "sign").ended
    assert Instance.objects.get(subject=subject).ended_at == AT
    assert find_standing(subject) is None


def test_a_task_cannot_be_completed_by_who_read_it_before_another_did(start):
    subject, setting = start(LINEAR)
    stale = find_standing(subject)
    done(subject, setting, "check", "submit")
    with pytest.raises(TaskIsDone), transaction.atomic():
        complete_task(stale, stale.tasks[0], Move("submit", COLLEAGUE, AT), setting)
    assert Token.objects.filter(subject=subject).count() == 2


def test_an_outcome_the_step_does_not_have_changes_nothing(start):
    subject, setting = start(LINEAR)
    with pytest.raises(UnknownOutcome):
        done(subject, setting, "check", "refuse")
    assert at(subject) == ["check"]


def test_several_tasks_are_open_after_a_split_and_the_join_waits_for_the_last(start):
    subject, setting = start(SPLIT)
    done(subject, setting, "check", "go")
    assert at(subject) == ["fire", "roads"]
    done(subject, setting, "roads")
    assert at(subject) == ["asked", "fire"]
    assert [it.step for it in find_standing(subject).tasks] == ["fire"]
    done(subject, setting, "fire")
    assert at(subject) == ["decide"]


def test_a_choice_looks_at_the_facts_and_at_earlier_outcomes(start):
    chosen = process(
        task("check", go="which"),
        choice("which", "exclusive", "small", work_new="large"),
        task("large"),
        task("small"),
    )
    subject, setting = start(chosen, work="new")
    done(subject, setting, "check", "go")
    assert at(subject) == ["large"]
    rows = [{"if": {"field": "outcome.check", "equals": "hard"}, "to": "large"}]
    by_outcome = process(
        task("check", hard="note", easy="note"),
        task("note", "which"),
        {"name": "which", "kind": "exclusive", "choices": rows, "otherwise": "small"},
        task("large"),
        task("small"),
    )
    subject, setting = start(by_outcome)
    done(subject, setting, "check", "hard")
    done(subject, setting, "note")
    assert at(subject) == ["large"]


def test_a_task_lies_where_its_lane_says(setting):
    unit = new_id()
    lanes = {"office": {"title": {"vi": "PCCC"}, "agency": {"unit_of_province": "construction"}}}
    definition = publish_definition(
        code="1.001193", digest="d" * 64, content=process(task("ask"), lanes=lanes)
    )
    there = Setting(HOME, setting.calendar, place=lambda lane: Place("/H44/", unit))
    [opened] = start_process(definition=definition, subject=new_id(), setting=there, at=AT).opened
    assert (opened.agency_path, opened.unit_id, opened.is_elsewhere) == ("/H44/", unit, True)


def test_a_step_is_meant_for_who_did_the_other(start):
    subject, setting = start(
        process(task("check", "sign"), task("sign", "file"), task("file") | {"person": {"did": "check"}})
    )
    done(subject, setting, "check", by=COLLEAGUE)
    done(subject, setting, "sign")
    assert (first_task(subject).claimed_by, first_task(subject).claimed_at) == (COLLEAGUE, None)


def test_who_claims_first_has_the_task(start):
    subject, _ = start(LINEAR)
    one, other = first_task(subject), first_task(subject)
    assert claim_task(one, by=WHO, at=AT)
    assert not claim_task(other, by=COLLEAGUE, at=AT)
    assert first_task(subject).claimed_by == WHO


def test_assigning_and_giving_back_look_at_what_the_page_showed(start):
    subject, _ = start(LINEAR)
    one, stale = first_task(subject), first_task(subject)
    assert assign_task(one, to=COLLEAGUE)
    assert not release_task(stale)
    assert release_task(one)
    assert first_task(subject).claimed_by is None


def test_a_completed_task_is_taken_back_while_nobody_began_what_follows(start):
    subject, setting = start(SPLIT)
    moved = done(subject, setting, "check", "go")
    assert moved.can_be_recalled
    again = recall_task(find_standing(subject), moved.left.number, setting, Move("", WHO, AT))
    assert (at(subject), again.claimed_by, again.due_at) == (["check"], WHO, moved.left.due_at)
    assert Instance.objects.get(subject=subject).outcomes == {}
    done(subject, setting, "check", "go")
    assert at(subject) == ["fire", "roads"]


@pytest.mark.parametrize("touch", ["claimed", "assigned", "completed", "another"])
def test_nothing_is_taken_back_once_somebody_began(start, touch):
    subject, setting = start(SPLIT)
    moved = done(subject, setting, "check", "go")
    if touch == "claimed":
        claim_task(moved.opened[1], by=COLLEAGUE, at=AT)
    if touch == "assigned":
        assign_task(moved.opened[0], to=COLLEAGUE)
    if touch == "completed":
        done(subject, setting, "fire", by=COLLEAGUE)
        moved.left.number = 2
    who = COLLEAGUE if touch == "another" else WHO
    with pytest.raises(CannotRecall):
        recall_task(find_standing(subject), moved.left.number, setting, Move("", who, AT))


def test_a_move_that_joined_others_cannot_be_taken_back(start):
    subject, setting = start(SPLIT)
    done(subject, setting, "check", "go")
    assert done(subject, setting, "fire").can_be_recalled
    assert not done(subject, setting, "roads").can_be_recalled


def test_a_boundary_timer_fires_once_beside_the_task_and_has_a_job_at_its_time(start):
    rows = (task("check", timers=[timer("late", "warn", interrupts=False)]), task("warn"))
    subject, setting = start(process(*rows))
    due = AT + timedelta(days=2)
    assert jobs()[-1] == ("late", due)
    standing = find_standing(subject)
    early = fire_timer(standing, standing.tasks[0], "late", setting, at=AT)
    moved = fire_timer(standing, standing.tasks[0], "late", setting, at=due)
    again = find_standing(subject)
    assert (early, moved.steps, at(subject)) == (None, ["warn"], ["check", "warn"])
    assert fire_timer(again, again.tasks[0], "late", setting, at=due) is None


def test_an_interrupting_timer_ends_the_task(start):
    rows = (task("check", timers=[timer("late", "escalate", interrupts=True)]), task("escalate"))
    subject, setting = start(process(*rows))
    standing = find_standing(subject)
    fire_timer(standing, standing.tasks[0], "late", setting, at=AT + timedelta(days=2))
    assert at(subject) == ["escalate"]
    assert Task.objects.get(subject=subject, step="check").completed_by is None


def test_a_timer_of_a_task_that_is_done_is_gone(start):
    rows = (task("check", timers=[timer("late", "warn", interrupts=False)]), task("warn"))
    subject, setting = start(process(*rows))
    done(subject, setting, "check")
    assert Timer.objects.count() == 0


def test_an_intermediate_timer_and_a_message_hold_the_process(start):
    rows = (
        node("wait", "timer", "paid", after="2wd"),
        node("paid", "message", "file", message="paid"),
        task("file"),
    )
    subject, setting = start(process(*rows))
    standing = find_standing(subject)
    fire_timer(standing, standing.tokens[0], "", setting, at=AT + timedelta(days=2))
    assert at(subject) == ["paid"]
    move = Move("", None, AT)
    assert receive_message(find_standing(subject), "other", setting, move) is None
    assert receive_message(find_standing(subject), "paid", setting, move).steps == ["file"]
    assert receive_message(find_standing(subject), "paid", setting, move) is None


def test_a_service_is_run_by_its_job_and_the_process_goes_on(start, monkeypatch):
    run = []
    monkeypatch.setattr(contributions, "_services", {"register": lambda subject, at: run.append(subject)})
    subject, setting = start(process(node("book", "service", "file", service="register"), task("file")))
    assert jobs()[-1] == ("", None)
    standing = find_standing(subject)
    run_service(standing, standing.tokens[0], setting, at=AT)
    assert (run, at(subject)) == ([subject], ["file"])


def test_what_waits_for_the_citizen_is_not_due_and_has_its_whole_limit_again(start):
    rows = (task("check", timers=[timer("late", "warn", interrupts=False)]), task("warn"))
    subject, setting = start(process(*rows))
    pause_process(find_standing(subject), at=AT)
    standing, later = find_standing(subject), AT + timedelta(days=7)
    assert fire_timer(standing, standing.tasks[0], "late", setting, at=later) is None
    resume_process(find_standing(subject), setting, at=later)
    opened = first_task(subject)
    assert (opened.paused_at, opened.due_at) == (None, later + timedelta(hours=1))
    assert Timer.objects.get().due_at == later + timedelta(days=2)
    assert jobs()[-1] == ("late", later + timedelta(days=2))


def test_the_sweep_calls_the_jobs_of_timers_whose_own_were_lost(start):
    rows = (task("check", timers=[timer("late", "warn", interrupts=False)]), task("warn"))
    start(process(*rows))
    before = len(jobs())
    assert defer_due_timers(before=AT) == 0
    assert defer_due_timers(before=AT + timedelta(days=3)) == 1
    assert jobs()[before:] == [("late", None)]


def test_the_citizens_words_stay_those_of_the_step_before_where_a_step_has_none(start):
    said = task("check", "think") | {
        "public": {"vi": "Đang kiểm tra", "en": "Being checked", "de": "Wird geprüft"}
    }
    subject, setting = start(process(said, task("think")))
    done(subject, setting, "check")
    assert Instance.objects.get(subject=subject).public_step == "check"


def test_a_running_process_keeps_its_definition_when_another_is_published(start):
    subject, setting = start(LINEAR)
    publish_definition(code="1.001193", digest="e" * 64, content=process(task("other")))
    done(subject, setting, "check", "submit")
    assert at(subject) == ["sign"]


def test_a_course_in_bulk_is_what_the_single_acts_leave_behind(start, setting):
    subject, kept = start(SPLIT)
    done(subject, kept, "check", "go")
    done(subject, kept, "fire")
    names = (
        "number",
        "kind",
        "step",
        "arrived",
        "cause",
        "role",
        "due_at",
        "completed_at",
        "outcome",
        "completed_by",
    )
    single = list(Token.objects.filter(subject=subject).order_by("number").values_list(*names))
    first = Instance.objects.get(subject=subject)
    again = Instance(definition=first.definition, subject=new_id(), started_at=AT)
    moves = [Move("go", WHO, AT), Move("done", WHO, AT)]
    enter_courses([build_course(again, moves, setting=setting)])
    assert list(Token.objects.filter(instance=again.pk).order_by("number").values_list(*names)) == single
    assert Instance.objects.get(pk=again.pk).next_number == first.next_number


def test_the_database_refuses_what_no_process_has(start, setting):
    subject, _ = start(LINEAR)
    open_one = first_task(subject)
    refused = [
        ("token_number", lambda: Token.objects.create(instance=open_one.instance, subject=subject, number=1, kind="join", step="x", opened_at=AT)),
        ("task_outcome_when_done", lambda: Token.objects.filter(pk=open_one.pk).update(outcome="submit")),
        ("task_has_role_and_due", lambda: Token.objects.filter(pk=open_one.pk).update(role="")),
        ("task_claimed_by_somebody", lambda: Token.objects.filter(pk=open_one.pk).update(claimed_at=AT)),
        ("subject", lambda: start_process(definition=open_one.instance.definition, subject=subject, setting=setting, at=AT)),
    ]  # fmt: skip
    for name, change in refused:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            change()


def test_publishing_the_same_definition_again_keeps_the_first():
    first = publish_definition(code="1.001193", digest="a" * 64, content=LINEAR)
    assert publish_definition(code="1.001193", digest="a" * 64, content=LINEAR) == first
    assert publish_definition(code="1.001193", digest="b" * 64, content=LINEAR) != first


def test_refuses_to_publish_a_process_that_cannot_run():
    before = ProcessDefinition.objects.count()
    with pytest.raises(BadProcess):
        publish_definition(code="1.001193", digest="c" * 64, content={"start": "x", "steps": []})
    assert ProcessDefinition.objects.count() == before


def test_what_opens_while_it_waits_for_the_citizen_waits_too(start):
    late = [timer("late", "warn", interrupts=False, after="1wd")]
    subject, setting = start(process(task("ask", "decide"), task("decide", timers=late), task("warn")))
    pause_process(find_standing(subject), at=AT)
    done(subject, setting, "ask")  # an opinion comes in meanwhile
    standing, later = find_standing(subject), AT + timedelta(days=7)
    assert [it.paused_at for it in standing.tasks] == [AT]
    assert fire_timer(standing, standing.tasks[0], "late", setting, at=later) is None
    resume_process(find_standing(subject), setting, at=later)
    assert (first_task(subject).paused_at, Timer.objects.get().due_at) == (
        None,
        later + timedelta(days=1),
    )


@pytest.mark.parametrize(
    ("agency", "is_elsewhere"),
    [("/H44/", True), (HOME, False), (OTHER, True), (f"{HOME}H44.04894.01/", True)],
)
def test_a_task_lies_elsewhere_unless_the_agency_that_decides_has_it(setting, agency, is_elsewhere):
    placed = Setting(HOME, setting.calendar, place=lambda _lane: Place(agency), job=setting.job)
    lanes = {
        "office": {
            "title": {"vi": "Sở", "en": "Department", "de": "Amt"},
            "agency": {"unit_of_province": "x"},
        }
    }
    definition = publish_definition(code="1.001193", digest="d" * 64, content=process(task("a"), lanes=lanes))
    start_process(definition=definition, subject=new_id(), setting=placed, at=AT)
    assert Task.objects.get().is_elsewhere is is_elsewhere
