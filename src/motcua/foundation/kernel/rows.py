"""Entering many rows at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timezone
from functools import cache
from operator import attrgetter
from struct import Struct
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, Field, JSONField, Model
from django.db.models.fields import NOT_PROVIDED
from uuid_utils import uuid7

# COPY in binary: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format".
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
# An encoded column without a value.
NULL = b"\xff\xff\xff\xff"
# Pieces that are sent together.
_BLOCK = 5_000
_EPOCH, _FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC), date(2000, 1, 1).toordinal()
# Moments of one zone are subtracted as they stand, in half the time: here, whose clocks have not been put forward or
# back since 1975, and at a fixed distance from UTC.
_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_EPOCH_HERE, _STEADY = _EPOCH.astimezone(_HERE), 1980
_DAY, _SECOND = 86_400_000_000, 1_000_000
_LENGTH, _SMALL, _INT, _BIG = Struct("!i").pack, Struct("!ih").pack, Struct("!ii").pack, Struct("!iq").pack
_ARRAY, _EMPTY_ARRAY = Struct("!iiIii").pack, Struct("!iiI").pack
# Of the catalogue of types (pg_type.dat).
_VARCHAR = 1043
_COUNT, _JSON = Struct("!h").pack, Struct("!iB").pack

Encode = Callable[[Any], bytes]


def insert_many(model: type[Model], rows: Iterable[object], *, given: frozenset[str] = frozenset()) -> None:
    """Insert new rows by COPY, in the caller's transaction; many times as fast as INSERT.

    rows: objects of the model, or any with its columns as attributes (`owner_id`): those are made in a twentieth of
    the time; or bytes, which are rows encoded by a `stamp`. Constraints hold as for INSERT. What only the database
    fills in (running keys, `db_default`) is left to it and not read back, but for the columns that are `given`. Sends
    no signals, calls no `save()`, sets no `auto_now`. Raises TypeError for a column of a type that has no encoder here.
    """
    connection = connections["default"]
    plan = _plan(model, given)
    with connection.cursor() as cursor, cursor.copy(plan.statement) as copy:
        copy.write(_HEADER)
        head, encoders, values_of = plan.head, plan.encoders, plan.values_of
        block: list[bytes] = []
        for row in rows:
            if type(row) is bytes:
                block.append(row)
            else:
                block.append(head)
                block += [
                    NULL if value is None else encode(value)
                    for encode, value in zip(encoders, values_of(row), strict=True)
                ]
            if len(block) > _BLOCK:
                copy.write(b"".join(block))
                block.clear()
        copy.write(b"".join(block) + _TRAILER)


def plain_rows(model: type[Model]) -> Callable[..., Any]:
    """A maker of rows for `insert_many`: every column with its default, and what is given as keywords.

    No models: made in a tenth of the time, and only the database checks them.
    """
    fields = _fields(model)
    made = [(it.attname, it.default) for it in fields if it.has_default() and callable(it.default)]
    fixed = {it.attname: it.get_default() for it in fields}

    def make(**values: object) -> Any:
        for name, default in made:
            if name not in values:
                values[name] = default()
        return SimpleNamespace(**{**fixed, **values})

    return make


def stamp(
    model: type[Model], varying: Sequence[str], *, given: frozenset[str] = frozenset(), **fixed: object
) -> bytes:
    """A row of the model with `%b` for the columns that vary: `stamp % pieces` is a row for `insert_many`.

    varying: in the order of the table's columns; their pieces are encoded by `encode_…`, or NULL. fixed: the others;
    what is in neither has its default. given: as for `insert_many`. Raises ValueError for columns in another order, or
    unknown ones.
    """
    plan, fields = _plan(model, given), _fields(model, given)
    names = [field.attname for field in fields]
    if [name for name in names if name in varying] != list(varying) or not fixed.keys() <= set(names):
        raise ValueError(f"{model.__name__} has no such columns in this order")
    values = {it.attname: it.get_default() for it in fields if it.attname not in varying} | fixed
    pieces = [
        b"%b" if name in varying else _piece(encode, values[name]).replace(b"%", b"%%")
        for name, encode in zip(names, plan.encoders, strict=True)
    ]
    return plan.head.replace(b"%", b"%%") + b"".join(pieces)


def _piece(encode: Encode, value: object) -> bytes:
    return NULL if value is None else encode(value)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How rows of a model are sent. `head`: the count of columns, before each row."""

    statement: str
    head: bytes
    encoders: tuple[Encode, ...]
    values_of: Callable[[object], tuple[Any, ...]]


@cache
def _plan(model: type[Model], given: frozenset[str]) -> _Plan:
    connection, fields = connections["default"], _fields(model, given)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    return _Plan(
        f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN (FORMAT BINARY)",
        _COUNT(len(fields)),
        tuple(_encoder(field, connection) for field in fields),
        attrgetter(*(field.attname for field in fields)),
    )


def _fields(model: type[Model], given: frozenset[str] = frozenset()) -> list[Field[Any, Any]]:
    fields = model._meta.concrete_fields
    return [field for field in fields if field.attname in given or not _is_filled_in(field)]


def _is_filled_in(field: Field[Any, Any]) -> bool:
    by_default = field.db_default is not NOT_PROVIDED and not field.has_default()
    return by_default or isinstance(field, AutoField)


def _encoder(field: Field[Any, Any], connection: BaseDatabaseWrapper) -> Encode:
    """By the column's type: "varchar(20)" is "varchar", "varchar(20)[]" is "varchar[]"."""
    if isinstance(field, JSONField) and field.encoder is not None:
        encoder = field.encoder
        return lambda value: _json(json.dumps(value, cls=encoder).encode())
    found = str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection))
    name = found.split("(")[0] + ("[]" if found.endswith("[]") else "")
    if name not in _ENCODERS:
        raise TypeError(f"{field.model.__name__}.{field.name}: no encoder for {name}")
    return _ENCODERS[name]


def encode_uuid(value: UUID | str) -> bytes:
    return b"\0\0\0\x10" + (value if isinstance(value, UUID) else UUID(value)).bytes


def encode_new_id() -> bytes:
    """As `new_id`, without an object in between."""
    return b"\0\0\0\x10" + uuid7().bytes


def encode_moment(value: datetime) -> bytes:
    zone = value.tzinfo
    if type(zone) is timezone:
        since = value - _epoch_in(zone)
    else:
        since = value - (_EPOCH_HERE if zone is _HERE and value.year >= _STEADY else _EPOCH)
    return _BIG(8, since.days * _DAY + since.seconds * _SECOND + since.microseconds)


@cache
def _epoch_in(zone: timezone) -> datetime:
    return _EPOCH.astimezone(zone)


def encode_big(value: int) -> bytes:
    return _BIG(8, value)


def encode_json(value: object) -> bytes:
    """Raises TypeError for what is no JSON."""
    return _json(orjson.dumps(value))


def encode_text(value: str) -> bytes:
    encoded = value.encode()
    return _LENGTH(len(encoded)) + encoded


def encode_bytes(value: bytes) -> bytes:
    return _LENGTH(len(value)) + value


def _encode_words(value: Sequence[str]) -> bytes:
    """An array of varchar: dimensions, flags, the type's number; length and lower bound of the one dimension."""
    words = b"".join(map(encode_text, value))
    array = _ARRAY(1, 0, _VARCHAR, len(value), 1) + words if value else _EMPTY_ARRAY(0, 0, _VARCHAR)
    return _LENGTH(len(array)) + array


def _json(encoded: bytes) -> bytes:
    # The first byte is the version of the format.
    return _JSON(len(encoded) + 1, 1) + encoded


_ENCODERS: dict[str, Encode] = {
    "uuid": encode_uuid,
    "varchar": encode_text,
    "varchar[]": _encode_words,
    "text": encode_text,
    "jsonb": encode_json,
    "timestamp with time zone": encode_moment,
    "date": lambda value: _INT(4, value.toordinal() - _FIRST_DAY),
    "boolean": lambda value: b"\0\0\0\1\1" if value else b"\0\0\0\1\0",
    "smallint": lambda value: _SMALL(2, value),
    "integer": lambda value: _INT(4, value),
    "bigint": encode_big,
    "bytea": encode_bytes,
}
