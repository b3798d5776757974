"""The journal's first promise, held by the database: an entry is added and read, nothing else."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.utils import ProgrammingError

from motcua.foundation.journal import contributions
from motcua.foundation.journal.models import Detail, Entry
from motcua.foundation.journal.roles import SEAL_TABLES
from motcua.foundation.journal.services import follow_once
from motcua.foundation.journal.tests.factories import FakeStamper, entry

ENTRIES, DETAILS = "foundation_journal_entry", "foundation_journal_detail"
CHANGES = [
    f"UPDATE {ENTRIES} SET kind = 'dossier.forged'",
    f"DELETE FROM {ENTRIES}",
    f"TRUNCATE {ENTRIES} CASCADE",
    f"UPDATE {DETAILS} SET values = '{{}}'",
]


def run(statement: str, *, as_owner: bool = False) -> None:
    """In a savepoint, which also takes the role back."""
    with transaction.atomic(), connection.cursor() as cursor:
        if as_owner:
            cursor.execute("RESET ROLE")
        # Else checks that still wait would be in the way before the statement is even looked at.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


@pytest.fixture
def kept(db):
    return entry(details={"reason": "Sai tên đệm"})


@pytest.fixture
def sealed(kept):
    contributions.set_time_stamper(FakeStamper())
    follow_once(stamp=True)


def test_tests_act_as_the_role_that_serves_pages(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == settings.APP_DATABASE_ROLE


def test_an_entry_can_be_added_and_read(kept):
    assert Entry.objects.get(pk=kept.pk).kind == "dossier.accepted"


@pytest.mark.parametrize(
    ("table", "rights"),
    [
        (ENTRIES, {"SELECT", "INSERT"}),
        (DETAILS, {"SELECT", "INSERT", "DELETE"}),
        *((table, {"SELECT", "INSERT"}) for table in SEAL_TABLES),
    ],
)
def test_the_application_has_these_rights_and_no_others(db, table, rights):
    every = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT right_name FROM unnest(%s::text[]) AS right_name WHERE has_table_privilege(current_user, %s, right_name)",
            [every, table],
        )
        assert {name for (name,) in cursor.fetchall()} == rights


@pytest.mark.parametrize("statement", [*CHANGES, f"TRUNCATE {DETAILS}"])
def test_the_application_has_no_right_to_change_an_entry(kept, statement):
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(statement)
    assert Entry.objects.get(pk=kept.pk).kind == "dossier.accepted"


@pytest.mark.parametrize("statement", [*CHANGES, f"TRUNCATE {ENTRIES}, {DETAILS}"])
def test_even_the_owner_is_stopped_by_a_trigger(kept, statement):
    with pytest.raises(DatabaseError, match="append-only"):
        run(statement, as_owner=True)
    assert Detail.objects.get(pk=kept.pk).values == {"reason": "Sai tên đệm"}


@pytest.mark.parametrize(
    "statement",
    [
        f"ALTER TABLE {ENTRIES} DISABLE TRIGGER ALL",
        f"DROP TRIGGER entry_append_only ON {ENTRIES}",
        f"DROP TABLE {ENTRIES} CASCADE",
    ],
)
def test_the_application_cannot_take_the_protection_away(kept, statement):
    with pytest.raises(ProgrammingError):
        run(statement)


@pytest.mark.parametrize("table", SEAL_TABLES)
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = NULL", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_seals_are_changed_neither_by_the_application_nor_by_the_owner(sealed, table, change):
    column = {"leaf": "hash", "batch": "head", "stamp": "token"}[table.rpartition("_")[2]]
    statement = change.format(table, column)
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(statement)
    with pytest.raises(DatabaseError, match="append-only"):
        run(statement, as_owner=True)


def test_a_detail_can_be_erased_and_its_entry_stays(kept):
    Detail.objects.filter(pk=kept.pk).delete()
    assert bytes(Entry.objects.get(pk=kept.pk).detail_digest) == bytes(kept.detail_digest)


def test_the_application_cannot_forge_which_migrations_ran(db):
    with pytest.raises(ProgrammingError, match="permission denied"):
        run("DELETE FROM django_migrations")
