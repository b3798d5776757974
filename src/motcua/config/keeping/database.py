"""The database's part: one snapshot for the dump, the counts and the list of files; and putting it back."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import psycopg
from psycopg import sql

from motcua.config.database_url import as_variables, read_database_url
from motcua.config.keeping.errors import CannotKeep
from motcua.config.keeping.parts import CHUNK
from motcua.foundation.postgres import server
from motcua.foundation.postgres.cluster import ROOTS_FOLDER, locate
from motcua.foundation.postgres.errors import CannotStartPostgres
from motcua.foundation.postgres.programs import Account, find_programs

_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
"""
_FILES = "SELECT DISTINCT sha256 FROM foundation_files_storedfile ORDER BY sha256"
_STILL_NAMED = "SELECT DISTINCT sha256 FROM foundation_files_storedfile WHERE sha256 = ANY(%s)"
_MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a database is and which programs fit it. Password and options go to them by the environment.

    options: libpq's other parameters, for instance `sslmode`.
    """

    programs: Path
    host: str
    port: str
    name: str
    user: str
    password: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict, repr=False)

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        where = {"host": self.host, "port": self.port, "dbname": self.name, "user": self.user}
        return psycopg.connect(**self.options, **where, password=self.password or None)  # type: ignore[arg-type]

    def command(self, program: str, *options: str) -> list[str]:
        where = [f"--host={self.host}", f"--port={self.port}", f"--username={self.user}", "--no-password"]
        return [str(self.programs / program), *where, f"--dbname={self.name}", *options]

    def environment(self) -> dict[str, str]:
        base = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"} | as_variables(self.options)
        return base | ({"PGPASSWORD": self.password} if self.password else {})


def embedded(var: Path) -> Place:
    """The embedded database of `var`, as its owner; it must run or be startable. Raises CannotKeep."""
    try:
        address = server.ensure_running(var)
        cluster = locate(var)
        programs = find_programs(cluster.account(), major=cluster.major(), copies=ROOTS_FOLDER)
    except CannotStartPostgres as problem:
        raise CannotKeep(str(problem)) from problem
    return Place(
        programs.folder, str(address.socket_dir), str(address.port), address.database, server.OWNER_ROLE
    )


def named(url: str) -> Place:
    """The database of a URL, with the programs of its version found on this machine. Raises CannotKeep."""
    found = read_database_url(url)
    place = Place(
        Path(), found.host, found.port or "5432", found.name, found.user, found.password, found.options
    )
    try:
        with place.connect() as connection:
            major = connection.info.server_version // 10_000
    except psycopg.Error as problem:
        raise CannotKeep(f"The database does not answer: {str(problem).splitlines()[0]}") from problem
    try:
        folder = find_programs(Account(os.geteuid(), os.getegid()), major=major, copies=ROOTS_FOLDER).folder
    except CannotStartPostgres:
        program = shutil.which("pg_dump")
        if not program:
            raise CannotKeep(
                f"pg_dump of PostgreSQL {major} was not found. Install postgresql-client."
            ) from None
        folder = Path(program).parent
    return replace(place, programs=folder)


class Snapshot:
    """One instant of a database; open until the end of `snapshot`."""

    def __init__(self, place: Place, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        self._place, self._connection = place, connection
        self._id = str(self._one("SELECT pg_export_snapshot()"))
        self.major = connection.info.server_version // 10_000

    def _one(self, query: str) -> object:
        row = self._connection.execute(query.encode()).fetchone()
        return row[0] if row else None

    def migrations(self) -> tuple[str, ...]:
        return tuple(str(name) for (name,) in self._connection.execute(_MIGRATIONS))

    def tables(self) -> dict[str, int]:
        """Rows of every table."""
        return count_rows(self._connection)

    def count_files(self) -> int:
        return int(str(self._one("SELECT count(DISTINCT sha256) FROM foundation_files_storedfile")))

    def files(self) -> Iterator[str]:
        """Digests of all files that rows name, in order; read piece by piece."""
        return list_files(self._connection)

    def still_named(self, digests: set[str]) -> set[str]:
        """Those of the digests that are named now, after the snapshot: the others were erased meanwhile."""
        with self._place.connect() as now:
            return {str(digest) for (digest,) in now.execute(_STILL_NAMED, [list(digests)])}

    def dump(self) -> Iterator[bytes]:
        """pg_dump's custom format, in chunks of CHUNK bytes. Raises CannotKeep with its first words."""
        options = ["--format=custom", f"--snapshot={self._id}", "--no-owner", "--compress=gzip:4"]
        command = self._place.command("pg_dump", *options)
        with tempfile.TemporaryFile() as said:
            with _running(self._place, command, said) as (process, output):
                while chunk := output.read(CHUNK):
                    yield chunk
            _refuse_failure(process, said, "pg_dump")


@contextmanager
def snapshot(place: Place) -> Iterator[Snapshot]:
    """Raises CannotKeep with what the database says when it refuses or does not answer."""
    try:
        with place.connect() as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            yield Snapshot(place, connection)
    except psycopg.Error as problem:
        raise CannotKeep(f"The database says: {str(problem).splitlines()[0]}") from problem


def count_rows(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, int]:
    """Rows of every table of the schema public."""
    names = [str(name) for (name,) in connection.execute(_TABLES)]
    counts = {}
    for name in names:
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        counts[name] = int(str(row[0])) if row else 0
    return counts


def list_files(connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[str]:
    """Digests of all files that rows name, in order; read piece by piece."""
    with connection.cursor("files") as cursor:
        cursor.itersize = 5_000
        yield from (str(digest) for (digest,) in cursor.execute(_FILES))


class Restoring:
    """pg_restore, fed piece by piece."""

    def __init__(self, place: Place) -> None:
        options = ["--format=custom", "--no-owner", "--exit-on-error", "--single-transaction"]
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  closed by finish and abandon
        self._process = subprocess.Popen(  # noqa: S603  the programs beside our database
            place.command("pg_restore", *options),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            env=place.environment(),
        )
        self._input = cast(IO[bytes], self._process.stdin)

    def piece(self) -> BinaryIO:
        """Takes the next bytes of the dump; closing it does not end the dump."""
        return cast(BinaryIO, _Piece(self))

    def write(self, content: bytes) -> None:
        try:
            self._input.write(content)
        except BrokenPipeError:
            self.finish()
            raise CannotKeep("pg_restore ended early.") from None

    def finish(self) -> None:
        """Wait until everything is in. Raises CannotKeep with its first words."""
        self._end()
        try:
            _refuse_failure(self._process, self._said, "pg_restore")
        finally:
            self._said.close()

    def abandon(self) -> None:
        self._process.kill()
        self._end()
        self._said.close()

    def _end(self) -> None:
        with suppress(BrokenPipeError):
            self._input.close()
        self._process.wait()


class _Piece(io.RawIOBase):
    def __init__(self, restoring: Restoring) -> None:
        self._restoring = restoring

    def write(self, content: Any) -> int:
        self._restoring.write(bytes(content))
        return len(content)


@contextmanager
def _running(
    place: Place, command: list[str], said: BinaryIO
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    with subprocess.Popen(  # noqa: S603  the programs beside our database
        command, stdout=subprocess.PIPE, stderr=said, env=place.environment()
    ) as process:
        try:
            yield process, cast(IO[bytes], process.stdout)
        except BaseException:
            process.kill()
            raise


def _refuse_failure(process: subprocess.Popen[bytes], said: BinaryIO, program: str) -> None:
    if process.returncode == 0:
        return
    said.seek(0)
    lines = said.read(_MOST_SAID).decode(errors="replace").strip().splitlines()
    raise CannotKeep(f"{program} ended with {process.returncode}: {lines[0] if lines else 'it said nothing'}")


_MOST_SAID = 64 * 1024
