from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from motcua.casework.process.models import Instance, ProcessDefinition, Task
from motcua.casework.process.rules.definition import END, BadProcess
from motcua.casework.process.selectors import find_open_task, list_tasks, open_steps
from motcua.casework.process.services import (
    Setting,
    TaskIsDone,
    complete_task,
    publish_definition,
    start_process,
)
from motcua.foundation.kernel.ids import new_id
from motcua.registry.organisations.selectors import get_calendar

AT = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
pytestmark = pytest.mark.django_db


def step(code, hours, **outcomes):
    return {
        "name": code,
        "title": {"vi": code},
        "lane": "office",
        "role": "specialist",
        "limit_hours": hours,
        "outcomes": [{"name": name, "to": target} for name, target in outcomes.items()],
    }


CONTENT = {
    "start": "check",
    "steps": [step("check", 4, submit="sign"), step("sign", 2, sign=END, back="check")],
}


@pytest.fixture
def setting():
    return Setting(agency_path="/H44/H44.04894/", calendar=get_calendar())


@pytest.fixture
def started(setting):
    definition = publish_definition(code="1.001193", digest="a" * 64, content=CONTENT)
    return start_process(definition=definition, subject=new_id(), setting=setting, at=AT)


def complete(task, outcome, setting):
    return complete_task(task=task, outcome=outcome, by=new_id(), setting=setting, at=AT)


def test_a_process_opens_its_first_task_with_role_place_and_due_time(started):
    assert (started.step, started.role, started.agency_path) == ("check", "specialist", "/H44/H44.04894/")
    # Four working hours from 9:00: until the break at 11:30, then from 13:30.
    assert started.due_at.astimezone(AT.tzinfo).strftime("%H:%M") == "15:00"


def test_an_outcome_ends_the_task_and_opens_the_next(started, setting):
    following = complete(started, "submit", setting)
    assert [(task.step, task.outcome) for task in list_tasks(started.subject)] == [
        ("check", "submit"),
        ("sign", ""),
    ]
    assert find_open_task(started.subject) == following


def test_going_back_opens_the_earlier_step_anew(started, setting):
    again = complete(complete(started, "submit", setting), "back", setting)
    assert (again.step, again.pk != started.pk) == ("check", True)


def test_the_last_outcome_ends_the_process(started, setting):
    assert complete(complete(started, "submit", setting), "sign", setting) is None
    assert Instance.objects.get(subject=started.subject).ended_at == AT
    assert open_steps([started.subject]) == {}


def test_a_task_cannot_be_completed_twice(started, setting):
    stale = Task.objects.get(pk=started.pk)
    complete(started, "submit", setting)
    with pytest.raises(TaskIsDone):
        complete(stale, "submit", setting)
    assert Task.objects.filter(subject=started.subject).count() == 2


def test_an_outcome_the_step_does_not_have_changes_nothing(started, setting):
    with pytest.raises(KeyError), transaction.atomic():
        complete(started, "refuse", setting)
    assert find_open_task(started.subject) == started


def test_a_process_has_one_open_task_at_a_time(started):
    with pytest.raises(IntegrityError, match="one_open_task"), transaction.atomic():
        Task.objects.create(
            instance=started.instance, subject=started.subject, step="sign", role="leader", agency_path="/H44/",
            opened_at=AT, due_at=AT,
        )  # fmt: skip


def test_a_subject_has_one_process(started, setting):
    with pytest.raises(IntegrityError), transaction.atomic():
        start_process(definition=started.instance.definition, subject=started.subject, setting=setting, at=AT)


def test_an_open_task_has_no_outcome(started):
    with pytest.raises(IntegrityError, match="task_outcome_when_done"), transaction.atomic():
        Task.objects.filter(pk=started.pk).update(outcome="submit")


def test_publishing_the_same_definition_again_keeps_the_first(started):
    again = publish_definition(code="1.001193", digest="a" * 64, content=CONTENT)
    assert again == started.instance.definition
    other = publish_definition(code="1.001193", digest="b" * 64, content=CONTENT)
    assert other != again


def test_refuses_to_publish_a_process_that_cannot_run():
    before = ProcessDefinition.objects.count()
    with pytest.raises(BadProcess):
        publish_definition(code="1.001193", digest="c" * 64, content={"start": "x", "steps": []})
    assert ProcessDefinition.objects.count() == before
