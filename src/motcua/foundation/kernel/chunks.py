"""Many acts in one transaction: what they read is read for all of them at once, what they write is written together.

Outside of a chunk everything here is done at once: an act alone is a chunk of one, by the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model
from procrastinate.contrib.django import app as jobs

from motcua.foundation.kernel.rows import insert_many

T = TypeVar("T")
Write = Callable[[Sequence[Any]], None]
ReadMany = Callable[..., Mapping[UUID, T]]


@dataclass(slots=True)
class Chunk:
    """Acts on `subjects`, each at most once. `counters`: running numbers whose rows the transaction holds."""

    subjects: tuple[UUID, ...]
    found: dict[Hashable, dict[UUID, Any]] = field(default_factory=dict)
    counters: dict[Hashable, int] = field(default_factory=dict)
    rows: list[tuple[Write, Any]] = field(default_factory=list)

    @contextmanager
    def act(self) -> Iterator[None]:
        """One act: when it raises, all of it is undone and nothing of the others."""
        written, counters = len(self.rows), dict(self.counters)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del self.rows[written:]
            self.counters = counters
            raise

    def write(self) -> None:
        """What was put off, the rows of each kind together, kinds in the order of their first row."""
        kinds: dict[Write, list[Any]] = {}
        for write, row in self.rows:
            kinds.setdefault(write, []).append(row)
        self.rows.clear()
        for write, rows in kinds.items():
            write(rows)


_running: ContextVar[Chunk | None] = ContextVar("chunk", default=None)


@contextmanager
def chunk_of(subjects: Collection[UUID]) -> Iterator[Chunk]:
    """Acts on these subjects, in the caller's transaction. What they put off is written when the chunk is left.

    Readers of one by many (`of_many`) and numbers of series hold their rows until the transaction ends: for a second,
    not for minutes.
    """
    chunk = Chunk(tuple(dict.fromkeys(subjects)))
    token = _running.set(chunk)
    try:
        yield chunk
    finally:
        _running.reset(token)
    chunk.write()


def running_chunk() -> Chunk | None:
    return _running.get()


def of_many(read_many: ReadMany[T]) -> Callable[..., T | None]:
    """A reader of one subject (and hashable arguments) by a reader of many; None for what was not found.

    In a chunk the first call reads for all of its subjects. Each is handed out once: who asks again asks anew.
    """

    @wraps(read_many)
    def read(subject: UUID, *args: Hashable) -> T | None:
        chunk = _running.get()
        if chunk is None or subject not in chunk.subjects:
            return read_many([subject], *args).get(subject)
        known = _ahead(chunk, read_many, args)
        return known.pop(subject) if subject in known else read_many([subject], *args).get(subject)

    return read


def _ahead(chunk: Chunk, read_many: ReadMany[T], args: tuple[Hashable, ...]) -> dict[UUID, T | None]:
    key = (read_many, args)
    if key not in chunk.found:
        rows = read_many(chunk.subjects, *args)
        chunk.found[key] = {subject: rows.get(subject) for subject in chunk.subjects}
    return chunk.found[key]


def read_ahead(read: Callable[..., Any], *args: Hashable) -> None:
    """Let a reader `of_many` read now for the whole chunk: locks that an act takes are lost when it is undone."""
    if chunk := _running.get():
        _ahead(chunk, read.__wrapped__, args)  # type: ignore[attr-defined]


def put_off(write: Write, *rows: object) -> None:
    """Write the rows now, or together with others when the chunk is left. `write`: a function of a module, or hashable
    by what it does."""
    chunk = _running.get()
    if chunk is None:
        write(rows)
    else:
        chunk.rows += [(write, row) for row in rows]


def insert(*rows: Model) -> None:
    """New rows of one model, now or with those of the chunk."""
    if rows:
        put_off(_inserting(type(rows[0])), *rows)


@cache
def _inserting(model: type[Model]) -> Write:
    def write(rows: Sequence[Model]) -> None:
        if len(rows) == 1:
            rows[0].save(force_insert=True)
            return
        insert_many(model, rows)
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias

    return write


def defer_job(task: str, **kwargs: Any) -> None:
    """Defer a job by its task's name, in the caller's transaction."""
    put_off(_deferring(task), kwargs)


@cache
def _deferring(task: str) -> Write:
    return lambda rows: _defer(task, rows)


def _defer(task: str, rows: Sequence[dict[str, Any]]) -> None:
    jobs.configure_task(task).batch_defer(*rows)


@dataclass(frozen=True, slots=True)
class Update:
    """UPDATE of rows by their keys, one statement for all that change the same columns.

    `columns`: names of fields; `same`: of those that must have the value which was read, else `moved` is raised.
    """

    model: type[Model]
    columns: tuple[str, ...]
    same: tuple[str, ...] = ()
    moved: type[Exception] | None = None

    def __call__(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Rows: the key, the values of `columns`, then those of `same`."""
        statement, fields = _statement(self)
        one = "(" + ", ".join(["%s"] * len(fields)) + ")"
        values = [
            it.get_db_prep_save(value.pk if isinstance(value, Model) else value, connection)
            for row in rows
            for it, value in zip(fields, row, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(statement % ", ".join([one] * len(rows)), values)
            if self.moved and cursor.rowcount != len(rows):
                raise self.moved


@cache
def _statement(update: Update) -> tuple[str, list[Any]]:
    meta, quote = update.model._meta, connection.ops.quote_name
    fields: list[Any] = [meta.pk, *(meta.get_field(name) for name in (*update.columns, *update.same))]
    types = [it.db_type(connection) for it in fields]
    new = len(update.columns) + 1
    sets = [f"{quote(it.column)} = v.c{i}::{types[i]}" for i, it in enumerate(fields[:new]) if i]
    named = [f"t.{quote(it.column)} = v.c{i}::{types[i]}" for i, it in enumerate(fields) if not 0 < i < new]
    names = ", ".join(f"c{i}" for i in range(len(fields)))
    table, new_values, same_row = quote(meta.db_table), ", ".join(sets), " AND ".join(named)
    # Names of tables and columns, no values.
    return f"UPDATE {table} AS t SET {new_values} FROM (VALUES %s) AS v ({names}) WHERE {same_row}", fields  # noqa: S608


def update(row: Model, **changes: object) -> None:
    """Change columns of a stored row, now or with others of the chunk, and let the object say it."""
    for name, value in changes.items():
        setattr(row, name, value)
    put_off(Update(type(row), tuple(changes)), (row.pk, *changes.values()))
