"""The journal itself: guarded by the database, verified every night, its heads written down outside."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from motcua.config.checkup.findings import Finding, fail, fine, warn
from motcua.foundation.journal.models import Batch, Entry
from motcua.foundation.journal.selectors import journal_state, last_head_written

_NIGHT = timedelta(hours=26)
_UNWRITTEN = timedelta(minutes=1)
_TABLES = ("entry", "detail", "leaf", "batch", "stamp")
_TRIGGERS = {
    "detail_no_update",
    *(f"{table}_{name}" for table in _TABLES if table != "detail" for name in ("append_only", "no_truncate")),
}
_GUARDS = """
SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = ANY(%s::regclass[]) AND t.tgenabled IN ('O', 'A') AND p.proname = 'foundation_journal_refuse_change'
"""
# Any column counts. Details may be deleted: retention does.
_RIGHTS = """
SELECT name FROM unnest(%s::text[]) AS name
WHERE has_any_column_privilege('foundation_journal_' || name, 'UPDATE')
   OR has_table_privilege('foundation_journal_' || name, 'TRUNCATE')
   OR (name <> 'detail' AND has_table_privilege('foundation_journal_' || name, 'DELETE'))
"""


def rights(at: datetime) -> Finding:
    """Promise 2: the application's role cannot change the journal."""
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS, [list(_TABLES)])
        open_ones = sorted(name for (name,) in cursor.fetchall())
    if open_ones:
        return fail(
            f"The database role of the application may change the journal: {', '.join(open_ones)}.",
            "Let the application connect as motcua_app, not as the owner, and give the rights again.",
            "motcua migrate",
        )
    return fine("The database role of the application cannot change the journal.")


def triggers(at: datetime) -> Finding:
    """They stop the tables' owner too."""
    with connection.cursor() as cursor:
        cursor.execute(_GUARDS, [[f"foundation_journal_{table}" for table in _TABLES]])
        missing = sorted(_TRIGGERS - {name for (name,) in cursor.fetchall()})
    if missing:
        return fail(
            f"Triggers that guard the journal are missing or off: {', '.join(missing)}.",
            "Find out who removed them, verify the journal, and make them again from its migrations as the owner.",
            "motcua journal verify",
        )
    return fine("The journal's triggers are there.")


def verification(at: datetime) -> Finding:
    last = journal_state().last_verification
    if last is None:
        first = Entry.objects.order_by("sequence").values_list("recorded_at", flat=True).first()
        if first is not None and at - first > _NIGHT:
            return warn(
                "The journal was never verified.", "See that a worker runs at night.", "motcua journal verify"
            )
        return fine("The first nightly verification of the journal is still to come.")
    if last.fault_count:
        return fail(
            f"The journal is not whole: its last verification found {last.fault_count} faults.",
            "See which entries were changed, and compare them with a backup.",
            "motcua journal verify",
        )
    if at - last.at > _NIGHT:
        return warn(
            "The last verification of the journal is older than 26 hours.",
            "See that a worker runs at night, and verify now.",
            "motcua journal verify",
        )
    if last.unchecked:
        return warn(
            f"The last verification of the journal could not check: {', '.join(last.unchecked)}.",
            "Give it the file of heads (MOTCUA_JOURNAL_HEADS_FILE) and the authority (MOTCUA_TSA_URL).",
            "motcua journal verify",
        )
    return fine("The journal was verified less than 26 hours ago and is whole.")


def heads_file(at: datetime) -> Finding | None:
    path = Path(settings.JOURNAL_HEADS_FILE)
    try:
        written = last_head_written()
    except OSError as problem:
        return warn(f"The journal's file of heads cannot be read: {problem.strerror}.", f"See {path}.")
    place = path if path.exists() else next(parent for parent in path.parents if parent.exists())
    if not os.access(place, os.W_OK):
        return warn(
            f"The journal's heads cannot be written to {path}.",
            "Give the file to the user that runs motcua follow.",
            f"chown motcua {place}",
        )
    missing = Batch.objects.filter(number__gt=written).order_by("number").first()
    if missing is not None and at - missing.sealed_at > _UNWRITTEN:
        return warn(
            f"The journal's file of heads ends with batch {written}: later ones are not written down.",
            "See that motcua follow runs, and what it says about journal_heads_not_written.",
            "motcua follow",
        )
    return fine("The heads of all batches are written down.")
