"""Rows of before keep their meaning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from motcua.casework.process.tests.processes import process, task

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
DESK = "A/H44/H44.1/"


@pytest.fixture
def migrate(db):
    """Brings the tables of this room to a state, in a schema of their own."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; CREATE SCHEMA before; SET LOCAL search_path TO before")

    def to(name):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        executor = MigrationExecutor(connection)
        nodes = [("casework_process", name)] if name else executor.loader.graph.leaf_nodes("casework_process")
        return executor.migrate(nodes).apps

    yield to
    # The transaction is taken back; what is left of it runs as the tests' own role again.


def entered(apps, *rows) -> UUID:
    """A process with these tasks: step, minutes after the start, outcome ("" for an open one)."""
    content = process(task("reception", submit="check"), task("check", submit="sign"), task("sign", sign="end"))
    content["steps"][1]["act"] = "complete-task"
    definitions = apps.get_model("casework_process", "ProcessDefinition")
    definition, _new = definitions.objects.get_or_create(code="p", digest="0" * 64, defaults={"content": content})
    instance = apps.get_model("casework_process", "Instance").objects.create(
        definition=definition, subject=uuid4(), started_at=AT
    )
    for step, minutes, outcome in rows:
        at = AT + timedelta(minutes=minutes)
        apps.get_model("casework_process", "Task").objects.create(
            instance=instance, subject=instance.subject, step=step, role="specialist", agency_path=DESK,
            opened_at=at, due_at=at + timedelta(days=1), outcome=outcome,
            completed_at=at + timedelta(minutes=1) if outcome else None,
        )  # fmt: skip
    return instance.pk


def test_open_tasks_become_tokens_and_what_was_decided_is_kept(migrate):
    before = migrate("0001_initial")
    under_way = entered(
        before, ("reception", 0, "submit"), ("check", 5, "back"), ("reception", 9, "submit"), ("check", 12, "")
    )
    begun, over = entered(before, ("reception", 0, "")), entered(before, ("reception", 0, "submit"))
    after = migrate("")
    tokens = after.get_model("casework_process", "Token").objects.order_by("number")
    assert list(tokens.filter(instance=under_way).values_list("number", "kind", "step", "act", "lane")) == [
        (1, "task", "reception", "", "office"),
        (2, "task", "check", "complete-task", "office"),
        (3, "task", "reception", "", "office"),
        (4, "task", "check", "complete-task", "office"),
    ]
    assert [it.step for it in tokens.filter(instance=under_way, completed_at=None)] == ["check"]
    instances = {it.pk: it for it in after.get_model("casework_process", "Instance").objects.all()}
    kept = instances[under_way]
    assert (kept.next_number, kept.agency_path) == (5, DESK)
    assert kept.outcomes == {"reception": "submit", "check": "back"}
    assert (instances[begun].next_number, instances[begun].outcomes) == (2, {})
    assert (instances[over].next_number, instances[over].outcomes) == (2, {"reception": "submit"})
