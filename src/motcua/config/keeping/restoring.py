"""A site from a backup: into a fresh folder, or nothing at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import psycopg

from motcua.config.keeping import archive
from motcua.config.keeping.database import Place, Restoring, count_rows, embedded, list_files
from motcua.config.keeping.errors import CannotKeep
from motcua.config.keeping.making import Tell
from motcua.config.keeping.manifest import Manifest, refuse_newer
from motcua.config.keeping.parts import walk
from motcua.foundation.postgres import server
from motcua.foundation.postgres.cluster import ROOTS_FOLDER, Cluster, locate
from motcua.foundation.postgres.errors import CannotStartPostgres
from motcua.foundation.postgres.programs import find_programs

# The dump is compressed; tables and indexes need about so much more room than it.
_UNPACKED = 8


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands in the folder now. migrations: those of the program that the database does not have yet."""

    folder: Path
    manifest: Manifest = field(repr=False)
    migrations: tuple[str, ...] = ()


def restore_backup(
    path: Path, key: archive.Key, folder: Path, *, known: Collection[str], tell: Tell
) -> Restored:
    """Make an installation of the backup `path` in `folder`, which must be empty or not exist.

    The archive is read to its end and checked before anything is touched; then it is unpacked, restored into a
    new embedded database, and compared again: rows of every table, every file that a row names. known: the
    program's migrations as "app.name". Raises CannotKeep; then folder and database are as they were.
    """
    folder = folder.absolute()
    cluster = _fresh(folder)
    tell("check", 0, 0)
    with archive.reading(path, key) as stream:
        manifest = walk(stream, lambda _part: None)
    try:
        programs = find_programs(cluster.account(), major=None, copies=ROOTS_FOLDER)
    except CannotStartPostgres as problem:
        raise CannotKeep(str(problem)) from problem
    refuse_newer(manifest, known=known, postgresql=programs.major)
    _refuse_too_big(manifest, folder, cluster)
    existed = folder.exists()
    mark = _claim(folder)
    try:
        _fill(path, key, folder, manifest, tell)
        mark.unlink()
    except BaseException as problem:
        _clear(folder, cluster, existed=existed)
        if isinstance(problem, OSError):
            raise CannotKeep(f"{folder} cannot be written: {problem.strerror or problem}.") from problem
        if isinstance(problem, psycopg.Error):
            raise CannotKeep(f"The new database says: {str(problem).splitlines()[0]}") from problem
        raise
    return Restored(folder, manifest, tuple(sorted(set(known) - set(manifest.migrations))))


def verify_journal(folder: Path) -> tuple[str, ...]:
    """Run `motcua journal verify` in the restored installation. Returns what could not be checked, in words.

    Raises CannotKeep when the journal is not whole.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _OF_ANOTHER_SITE and value != _PLACEHOLDER
    }
    answer = subprocess.run(
        [sys.executable, "-m", "motcua.config.cli", "journal", "verify", "--json"],
        env=kept | {"MOTCUA_VAR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    server.stop(folder)
    found = _last_json(answer.stdout)
    if found.get("fault_count"):
        kind, position = found["faults"][0]["kind"], found["faults"][0]["position"]
        raise CannotKeep(
            f"Everything was restored to {folder}, but the journal is not whole: {found['fault_count']} faults, "
            f"the first at position {position}: {kind}. MOTCUA_VAR={folder} motcua journal verify names all."
        )
    if answer.returncode == 0:
        return ()
    if parts := found.get("unchecked"):
        return tuple(_UNCHECKED.get(part, part) for part in parts)
    said = answer.stderr.strip().splitlines() or ["motcua journal verify said nothing"]
    return (f"the journal ({said[-1]})",)


def _last_json(said: str) -> dict[str, Any]:
    try:
        found = json.loads(said.splitlines()[-1])
    except (ValueError, IndexError):
        return {}
    return found if isinstance(found, dict) else {}


_UNCHECKED = {
    "heads_file": "whether the end of the journal was cut off (the backup has no file of heads)",
    "stamps": "the time stamps (MOTCUA_TSA_URL is not set here)",
}
_OF_ANOTHER_SITE = {
    "MOTCUA_DATABASE_URL",
    "MOTCUA_OWNER_DATABASE_URL",
    "MOTCUA_DATABASE_ROLE",
    "MOTCUA_JOURNAL_HEADS_FILE",
}
# What the command line puts in place of secrets for commands that need none, this one among them.
_PLACEHOLDER = "not used by this command"
_MARK = "RESTORING"


def _fresh(folder: Path) -> Cluster:
    """Where the database will lie. Raises CannotKeep unless both places are empty."""
    cluster = locate(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotKeep(
            f"{folder} is not empty, and a backup is restored into a fresh folder only. "
            "Choose another with --into, or move what is there away."
        )
    if cluster.data.exists():
        raise CannotKeep(
            f"A database of this folder exists already in {cluster.home}. "
            "Choose another folder with --into, or move that database away."
        )
    return cluster


def _claim(folder: Path) -> Path:
    """Mark the folder as ours, so that of two restores at once the second touches nothing."""
    mark = folder / _MARK
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise CannotKeep(f"{folder} is being restored already.") from None
    except OSError as problem:
        raise CannotKeep(f"{folder} cannot be written: {problem.strerror}.") from problem
    return mark


def _refuse_too_big(manifest: Manifest, folder: Path, cluster: Cluster) -> None:
    database = manifest.parts["database"].size * _UNPACKED
    others = sum(part.size for name, part in manifest.parts.items() if name != "database")
    for place, needed in ((folder, others), (cluster.home, database)):
        existing = next(parent for parent in (place, *place.parents) if parent.exists())
        if (free := shutil.disk_usage(existing).free) < needed:
            raise CannotKeep(
                f"There is not enough room in {existing}: {needed >> 20} MiB are needed, {free >> 20} are free."
            )


def _fill(path: Path, key: archive.Key, folder: Path, manifest: Manifest, tell: Tell) -> None:
    place = embedded(folder)
    restoring = Restoring(place)
    try:
        with archive.reading(path, key) as stream:
            walk(stream, _Unpacking(folder, restoring, manifest, tell))
        restoring.finish()
    except BaseException:
        restoring.abandon()
        raise
    tell("compare", 0, 0)
    _compare(place, folder, manifest)
    server.stop(folder)


class _Unpacking:
    """Gives every part its place; the names were checked by `walk`."""

    def __init__(self, folder: Path, restoring: Restoring, manifest: Manifest, tell: Tell) -> None:
        self._folder, self._restoring, self._tell = folder, restoring, tell
        self._files, self._done = manifest.parts["files"].count if "files" in manifest.parts else 0, 0

    def __call__(self, part: PurePosixPath) -> BinaryIO:
        if part.parts[0] == "database":
            self._tell("database", 0, 0)
            return self._restoring.piece()
        is_file = part.parts[0] == "files"
        if is_file:
            self._done += 1
            self._tell("files", self._done, self._files)
        target = self._folder.joinpath(*part.parts if is_file else part.parts[1:])
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        mode = 0o440 if is_file else 0o600
        return open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode), "wb")


def _compare(place: Place, folder: Path, manifest: Manifest) -> None:
    with place.connect() as connection:
        if count_rows(connection) != dict(manifest.tables):
            raise CannotKeep("The restored database does not hold as many rows as the backup says.")
        if manifest.files_store == "folder":
            gone = [
                digest
                for digest in list_files(connection)
                if not (folder / "files" / digest[:2] / digest[2:4] / digest).is_file()
            ]
            if set(gone) - set(manifest.missing) - set(manifest.erased):
                raise CannotKeep("The restored database names files that the backup does not hold.")
        connection.commit()
        connection.autocommit = True
        connection.execute("ANALYZE")  # a dump has no statistics


def _clear(folder: Path, cluster: Cluster, *, existed: bool) -> None:
    with suppress(CannotStartPostgres):
        server.stop(folder)
    for place in (cluster.home, cluster.socket_dir):
        shutil.rmtree(place, ignore_errors=True)
    if not existed:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for left in folder.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
