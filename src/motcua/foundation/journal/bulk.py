"""Many entries at once: what they have in common is encoded once. For bulk acts."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection, transaction

from motcua.foundation.journal.models import Detail, Entry
from motcua.foundation.journal.rules.canonical import detail_digest
from motcua.foundation.journal.rules.plain import refuse_floats
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.calls import running_call
from motcua.foundation.kernel.rows import (
    NULL,
    encode_big,
    encode_bytes,
    encode_json,
    encode_new_id,
    encode_uuid,
    insert_many,
    stamp,
)

_WHO = ("account_id", "person_id", "mandate_id", "post_id", "agency_id")
_VARYING = ("id", "sequence", "at", *_WHO, "object_id", "concerns_id", "facts", "detail_digest")
# The transaction gets its id before the numbers are drawn, which the sealer relies on.
_OWN_ID = "SELECT pg_current_xact_id()"
_NUMBERS = "SELECT nextval('foundation_journal_entry_sequence') FROM generate_series(1, %s)"
_GIVEN = frozenset({"sequence"})
_ids_of = attrgetter(*_WHO)


class Doer(NamedTuple):
    """An actor, encoded. `ids`: account, person, mandate, post, agency."""

    kind: str
    ids: tuple[bytes, ...]


class Line(NamedTuple):
    """An entry, encoded but for its details. `subject`, `concerns`: ids; `facts`: by `encode_facts`; `moment`: `at`."""

    kind: str
    doer: Doer
    object_kind: str
    subject: bytes
    concerns: bytes
    at: datetime
    moment: bytes
    facts: bytes
    details: Mapping[str, Any] | None = None


def encode_actor(actor: Actor) -> Doer:
    """Once for all that they do."""
    return Doer(actor.kind, tuple(NULL if it is None else encode_uuid(it) for it in _ids_of(actor)))


def encode_facts(facts: Mapping[str, Any]) -> bytes:
    """Facts as `record` writes them, for entries of the running call. Raises TypeError, with the key, for a float."""
    refuse_floats(facts, "facts")
    call = running_call()
    return encode_json({**facts, **call.facts()} if call else facts)


@transaction.atomic
def record_lines(lines: Iterable[Line]) -> None:
    """Add the entries in the order of their moments, one statement a table. Raises TypeError as `record` does."""
    details: list[bytes] = []
    ordered = sorted(lines, key=attrgetter("at"))
    numbers = _draw_numbers(len(ordered))
    entries = [_entry(line, number, details) for line, number in zip(ordered, numbers, strict=True)]
    insert_many(Entry, entries, given=_GIVEN)
    insert_many(Detail, details)


def insert_entries(entries: Sequence[Entry], details: Sequence[Detail]) -> None:
    """Add entries that are made already, in this order, one statement a table; in the caller's transaction."""
    for entry, number in zip(entries, _draw_numbers(len(entries)), strict=True):
        entry.sequence = number
    insert_many(Entry, entries, given=_GIVEN)
    if details:
        insert_many(Detail, details)


def _draw_numbers(count: int) -> list[int]:
    """Drawn beforehand: rows whose number a function draws are written one by one, others a page at a time."""
    with connection.cursor() as cursor:
        cursor.execute(_OWN_ID)
        cursor.execute(_NUMBERS, [count])
        return [number for (number,) in cursor.fetchall()]


def _entry(line: Line, number: int, details: list[bytes]) -> bytes:
    entry, digest = encode_new_id(), NULL
    if line.details:
        refuse_floats(line.details, "details")
        salt = secrets.token_bytes(16)
        digest = encode_bytes(detail_digest(salt, line.details))
        details.append(_detail_form() % (entry, encode_bytes(salt), encode_json(line.details)))
    return _form(line.kind, line.doer.kind, line.object_kind) % (
        entry,
        encode_big(number),
        line.moment,
        *line.doer.ids,
        line.subject,
        line.concerns,
        line.facts,
        digest,
    )


@cache
def _form(kind: str, actor_kind: str, object_kind: str) -> bytes:
    return stamp(Entry, _VARYING, given=_GIVEN, kind=kind, actor_kind=actor_kind, object_kind=object_kind)


@cache
def _detail_form() -> bytes:
    return stamp(Detail, ("entry_id", "salt", "values"))
