"""Making a backup. The package says why what is copied belongs together."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from motcua.config.keeping import archive
from motcua.config.keeping.database import Place, Snapshot, snapshot
from motcua.config.keeping.errors import CannotKeep
from motcua.config.keeping.manifest import Manifest
from motcua.config.keeping.parts import Writer, walk

# Not copied from `var`: the database and the files come otherwise; the rest can be made again. Everything else is
# copied, so that a new kind of key is not forgotten.
BACKUPS = "backups"
LEFT_OUT = frozenset({"postgres", "files", BACKUPS, "backups.jsonl", "log", "demo", "templates"})
_FIRST = "journal"
# Where a restored installation looks for the heads, wherever they lay.
_HEADS = PurePosixPath("journal/heads.jsonl")
# What is being done, how much of it is done, how much there is (0: not known).
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Site:
    """What is copied. files: folder of the store, None when it lies elsewhere, as `files_store` says. settings:
    names of secrets that the environment gives and that are therefore in no file. heads: the journal's file of
    heads where it has a place of its own; None: it lies in `var/journal`.
    """

    var: Path
    place: Place
    files: Path | None
    files_store: str
    version: str
    settings: tuple[str, ...] = ()
    heads: Path | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written and read back."""

    path: Path
    size: int
    manifest: Manifest = field(repr=False)


def make_backup(site: Site, path: Path, lock: archive.Lock, *, at: datetime, tell: Tell) -> Made:
    """Write the archive `path`, read it back, and only then give it its name.

    Never overwrites. Memory is bounded whatever the size of the database; nothing lies on disk unencrypted.
    Raises CannotKeep; leaves no file then.
    """
    if path.exists():
        raise CannotKeep(f"{path} exists already. A backup never overwrites: choose another name.")
    if not path.parent.is_dir():
        raise CannotKeep(f"The folder {path.parent} does not exist.")
    inside = path.resolve().is_relative_to(site.var.resolve())
    if inside and path.resolve().relative_to(site.var.resolve()).parts[0] != BACKUPS:
        raise CannotKeep(f"A backup in {site.var} would go into the next one. Choose a folder outside.")
    scratch = path.with_name(f".{path.name}.part-{secrets.token_hex(4)}")
    try:
        with archive.writing(scratch, lock) as (stream, key), Writer(stream) as writer:
            manifest = _write(writer, site, at=at, tell=tell)
        size = scratch.stat().st_size
        tell("read back", 0, 0)
        with archive.reading(scratch, key) as written:
            walk(written, lambda _part: None)
        _name(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)
    return Made(path, size, manifest)


def _write(writer: Writer, site: Site, *, at: datetime, tell: Tell) -> Manifest:
    # The order is what makes the copy whole; see the package.
    _add_var(writer, site, first=True)
    with snapshot(site.place) as shot:
        manifest = Manifest(
            made_at=at.isoformat(),
            motcua=site.version,
            postgresql=shot.major,
            migrations=shot.migrations(),
            tables=shot.tables(),
            files_store=site.files_store,
            settings=site.settings,
        )
        writer.add_database(_told(shot.dump(), tell))
        lost = _add_files(writer, site.files, shot, tell) if site.files else set()
        missing = shot.still_named(lost)
    _add_var(writer, site, first=False)
    manifest = replace(
        manifest,
        parts=writer.tally.parts,
        missing=tuple(sorted(missing)),
        erased=tuple(sorted(lost - missing)),
    )
    writer.finish(manifest)
    return manifest


def _told(dump: Iterator[bytes], tell: Tell) -> Iterator[bytes]:
    done = 0
    for chunk in dump:
        yield chunk
        done += len(chunk)
        tell("database, bytes", done, 0)


def _add_files(writer: Writer, folder: Path, shot: Snapshot, tell: Tell) -> set[str]:
    """Returns the digests of those that are not there or damaged."""
    total, lost = shot.count_files(), set()
    for done, digest in enumerate(shot.files(), 1):
        if not writer.add_file(folder / digest[:2] / digest[2:4] / digest, digest):
            lost.add(digest)
        tell("files", done, total)
    return lost


def _add_var(writer: Writer, site: Site, *, first: bool) -> None:
    heads = site.heads if site.heads and site.heads.is_file() else None
    if heads and first:
        writer.add_var(heads, _HEADS)
    for path in _plain_files(site.var):
        name = PurePosixPath(path.relative_to(site.var))
        if heads and (name == _HEADS or path == heads):
            continue
        if name.parts[0] not in LEFT_OUT and (name.parts[0] == _FIRST) == first:
            writer.add_var(path, name)


def _plain_files(folder: Path) -> Iterator[Path]:
    """In order. Links are followed, since keys are often kept elsewhere and linked here; sockets are left out."""
    seen: set[tuple[int, int]] = set()
    for parent, folders, names in os.walk(folder, onerror=_raise, followlinks=True):
        here = os.stat(parent)
        if (here.st_dev, here.st_ino) in seen:
            folders.clear()
            continue
        seen.add((here.st_dev, here.st_ino))
        folders[:] = sorted(name for name in folders if Path(parent) != folder or name not in LEFT_OUT)
        for path in (Path(parent) / name for name in sorted(names)):
            if path.is_file():
                yield path


def _raise(problem: OSError) -> None:
    raise problem


def _name(scratch: Path, path: Path) -> None:
    """Give the finished file its name, so that it is there after a power cut too."""
    if path.exists():
        raise CannotKeep(f"{path} was made meanwhile. A backup never overwrites: choose another name.")
    scratch.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
