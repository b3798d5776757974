"""Taking, keeping and reading files. The same content is kept once, under its SHA-256 (`stores`)."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone

from motcua.foundation.files.content import KINDS, MB, Kind, identify, megabytes
from motcua.foundation.files.errors import DamagedFile, DisposedFile, EmptyFile, FileTooLarge, QuarantinedFile
from motcua.foundation.files.models import DiscardedContent, StoredFile
from motcua.foundation.files.stores import store
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import clean_line

from .scanning import refuse_infected, scan_later

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from motcua.foundation.files.sniffing import KindCode

logger = logging.getLogger(__name__)

_CHUNK = 256 * 1024
_NAME_LENGTH = 200
# How long content waits for its row: longer than any transaction, and than people need to notice a wrong database.
AWAITED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class UploadRules:
    """What may be uploaded at one place. Limits above those of the installation have no effect.

    `max_bytes`: for any file. `max_bytes_of`: for single kinds.
    """

    max_bytes: int = 10 * MB
    kinds: frozenset[KindCode] = frozenset({"pdf", "jpeg", "png"})
    max_bytes_of: Mapping[KindCode, int] = field(default_factory=dict)

    def limits(self) -> dict[KindCode, int]:
        """Bytes by kind: the smallest of the place's and the installation's limits."""
        highest = min(self.max_bytes, settings.MAX_UPLOAD_BYTES)
        return {
            kind: min(
                highest, settings.FILES_MAX_BYTES.get(kind, highest), self.max_bytes_of.get(kind, highest)
            )
            for kind in KINDS
        }


DOSSIER_PAPERS = UploadRules()


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """An upload that may be kept: scanned, opened, cleaned; its content is in the store. `scanned_at`: None if not."""

    sha256: str
    size_bytes: int
    kind: Kind
    name: str
    scanned_at: datetime | None


@contextmanager
def checked_upload(
    *, upload: UploadedFile, actor: Actor, at: datetime, rules: UploadRules = DOSSIER_PAPERS
) -> Iterator[CheckedUpload]:
    """Examine an upload and put its content into the store, for `store_checked` inside the block.

    To be called outside a transaction: it takes its time (an S3 store that hangs: minutes), and an infected file is an
    entry (`file.infected`) that must not be rolled back with the act it stopped. Content that gets no row within
    AWAITED is deleted by the sweep. Pictures lose their metadata here; a PDF stays as it is.
    The name loses its folders and gets a suffix that fits.
    Raises a FileRefused: EmptyFile, FileTooLarge, InfectedFile, CannotScan, and those of `content.identify`.
    """
    limits = {kind: limit for kind, limit in rules.limits().items() if kind in rules.kinds}
    size, limit = upload.size or 0, max(limits.values())
    if size == 0:
        raise EmptyFile
    if size > limit or getattr(upload, "too_large", False):
        raise FileTooLarge(limit=megabytes(limit), size=megabytes(size))
    with _incoming() as path:
        digest = _write(path, upload.chunks(_CHUNK))
        is_clean = refuse_infected(path, sha256=digest, actor=actor, at=at)
        kind, cleaned = identify(path, allowed=rules.kinds, max_bytes=limits)
        if cleaned is not None:
            digest, size = _write(path, [cleaned]), len(cleaned)
        name = clean_name(upload.name or "", suffixes=kind.suffixes)
        _await_row(digest, at=at)
        store().keep(path, digest)
    yield CheckedUpload(digest, size, kind, name, at if is_clean else None)


@transaction.atomic
def store_checked(
    checked: CheckedUpload, *, belongs_to: UUID | None = None, owner_id: UUID | None = None
) -> StoredFile:
    """Enter a checked upload, in the caller's transaction: its content is in the store already.

    belongs_to: the object it is stored for. owner_id: the person whose file it is. Legal holds on either cover it.
    """
    # Nothing deletes awaited content; this is for a transaction that outlives even that.
    lock_content(checked.sha256, shared=True)
    file = StoredFile.objects.create(
        sha256=checked.sha256,
        size_bytes=checked.size_bytes,
        media_type=checked.kind.media_type,
        name=checked.name,
        belongs_to=belongs_to,
        owner_id=owner_id,
        scanned_at=checked.scanned_at,
    )
    if settings.CLAMD and not file.scanned_at:
        scan_later(file)
    return file


def as_checked(file: StoredFile) -> CheckedUpload:
    """A stored upload, to be entered once more for another object: the content is kept once."""
    kind = next(kind for kind in KINDS.values() if kind.media_type == file.media_type)
    return CheckedUpload(file.sha256, file.size_bytes, kind, file.name, file.scanned_at)


@transaction.atomic
def store_bytes(*, content: bytes, name: str, media_type: str, belongs_to: UUID | None = None) -> StoredFile:
    """Keep a file that we made. Runs in the caller's transaction. Raises EmptyFile.

    After a rollback the content stays without a row until the sweep finds it.
    """
    if not content:
        raise EmptyFile
    with _incoming() as path:
        digest = _write(path, [content])
        _keep(path, digest)
    return StoredFile.objects.create(
        sha256=digest,
        size_bytes=len(content),
        media_type=media_type,
        name=clean_name(name),
        belongs_to=belongs_to,
        is_upload=False,
    )


def open_file(file: StoredFile) -> BinaryIO:
    """The content as a stream that the caller closes. It is verified while it is read: its last part is given out
    only when the whole is what was stored.

    Raises QuarantinedFile; DisposedFile; DamagedFile when it is missing, here, or no longer what was stored, while
    reading.
    """
    if file.quarantined_at is not None:
        raise QuarantinedFile(signature=file.infection)
    if file.disposed_at is not None:
        raise DisposedFile(day=f"{timezone.localdate(file.disposed_at):%d/%m/%Y}")
    try:
        source = store().open(file.sha256)
    except FileNotFoundError as error:
        raise _damaged(file) from error
    return io.BufferedReader(_Verified(source, file), _CHUNK)


def read_file(file: StoredFile) -> bytes:
    """The whole content, verified. Raises as `open_file`."""
    with open_file(file) as stream:
        return stream.read()


class _Verified(io.RawIOBase):
    """Reads one part ahead, so that damage is known before the last part is given out."""

    def __init__(self, source: BinaryIO, file: StoredFile) -> None:
        self._source, self._file = source, file
        self._hash, self._part = hashlib.sha256(), memoryview(b"")
        self._ahead = source.read(_CHUNK)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if not self._part:
            self._part = memoryview(self._next())
        target = memoryview(buffer).cast("B")
        count = min(len(target), len(self._part))
        target[:count], self._part = self._part[:count], self._part[count:]
        return count

    def _next(self) -> bytes:
        part = self._ahead
        self._hash.update(part)
        self._ahead = self._source.read(_CHUNK) if part else b""
        if not self._ahead and self._hash.hexdigest() != self._file.sha256:
            raise _damaged(self._file)
        return part

    def close(self) -> None:
        self._source.close()
        super().close()


def clean_name(name: str, *, suffixes: tuple[str, ...] = ()) -> str:
    """A file name that can be shown and offered for download: no folders, one line, at most 200 characters.

    Ends with one of `suffixes`, the first of which is added when none is there.
    """
    base = clean_line(name.replace("\\", "/").rsplit("/", 1)[-1]).lstrip(".") or "file"
    stem, dot, suffix = base.rpartition(".")
    ending = dot + suffix if stem and len(suffix) <= 10 else ""
    stem = base.removesuffix(ending)
    if suffixes and ending.lower() not in suffixes:
        stem, ending = base, suffixes[0]
    return stem[: _NAME_LENGTH - len(ending)] + ending


def lock_content(digest: str, *, shared: bool) -> None:
    """Until the transaction ends: who stores content and who deletes the same content wait for each other."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [int(digest[:16], 16) - 2**63])


def _damaged(file: StoredFile) -> DamagedFile:
    logger.error("file_damaged file=%s sha256=%s", file.pk, file.sha256)
    return DamagedFile(file=str(file.pk))


@contextmanager
def _incoming() -> Iterator[Path]:
    """A temporary file on the file system of FILES_DIR, removed afterwards unless it was moved."""
    folder = Path(settings.FILES_DIR) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    path = Path(name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _write(path: Path, chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


@transaction.atomic
def _await_row(digest: str, *, at: datetime) -> None:
    """Note that content is about to get a row, so that nobody deletes it for want of one. The sweep takes it back."""
    lock_content(digest, shared=True)
    DiscardedContent.objects.update_or_create(
        pk=digest,
        defaults={"awaited_until": at + AWAITED},
        create_defaults={"since": at, "awaited_until": at + AWAITED},
    )


def _keep(path: Path, digest: str) -> None:
    lock_content(digest, shared=True)
    store().keep(path, digest)
