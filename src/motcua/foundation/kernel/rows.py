"""Entering many rows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, Field, IntegerField, JSONField, Model
from django.db.models.fields import NOT_PROVIDED


def insert_many(model: type[Model], rows: Iterable[object]) -> None:
    """Insert new rows by COPY, in the caller's transaction; several times as fast as INSERT.

    rows: objects of the model, or any with its columns as attributes (`owner_id`): those are made in a twentieth of
    the time. Constraints hold as for INSERT. What only the database fills in (running keys, `db_default`) is left to it
    and not read back. Sends no signals, calls no `save()`, sets no `auto_now`.
    """
    connection = connections["default"]
    fields = [field for field in model._meta.concrete_fields if not _is_filled_in(field)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    values_of = attrgetter(*(field.attname for field in fields))
    # psycopg takes everything else as it is: texts, bytes, UUIDs, dates, moments, what JSON is made of.
    prepared = [(n, it) for n, it in enumerate(fields) if _needs_preparing(it)]
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types([_type(field, connection) for field in fields])
        for row in rows:
            values = list(values_of(row))
            for number, field in prepared:
                if values[number] is not None and type(values[number]) is not int:
                    values[number] = field.get_db_prep_save(values[number], connection)
            copy.write_row(values)


def plain_rows(model: type[Model]) -> Callable[..., Any]:
    """A maker of rows for `insert_many`: every column with its default, and what is given as keywords.

    No models: made in a tenth of the time, and only the database checks them.
    """
    fields = [field for field in model._meta.concrete_fields if not _is_filled_in(field)]
    made = [(it.attname, it.default) for it in fields if it.has_default() and callable(it.default)]
    fixed = {it.attname: it.get_default() for it in fields}

    def make(**values: object) -> Any:
        for name, default in made:
            if name not in values:
                values[name] = default()
        return SimpleNamespace(**{**fixed, **values})

    return make


def _needs_preparing(field: Field[Any, Any]) -> bool:
    return isinstance(field, IntegerField) or (isinstance(field, JSONField) and field.encoder is not None)


def _type(field: Field[Any, Any], connection: BaseDatabaseWrapper) -> str:
    """The column's type as psycopg knows it: "varchar(20)" is "varchar"."""
    return str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection)).split("(")[
        0
    ]


def _is_filled_in(field: Field[Any, Any]) -> bool:
    by_default = field.db_default is not NOT_PROVIDED and not field.has_default()
    return by_default or isinstance(field, AutoField)
