"""Storing and reading files. Content lies in FILES_DIR as `ab/cd/<sha256>`; nothing here deletes it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import number_format

from motcua.foundation.kernel.text import clean_line

from .content import KindCode, identify
from .errors import DamagedFile, EmptyFile, FileTooLarge
from .models import StoredFile

_MB = 1024 * 1024
_CHUNK = 256 * 1024
_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class UploadRules:
    """What may be uploaded at one place. `max_bytes` above settings.MAX_UPLOAD_BYTES has no effect."""

    max_bytes: int = 10 * _MB
    kinds: frozenset[KindCode] = frozenset({"pdf", "jpeg", "png"})


DOSSIER_PAPERS = UploadRules()


def store_upload(*, upload: UploadedFile, rules: UploadRules = DOSSIER_PAPERS) -> StoredFile:
    """Keep an uploaded file that obeys `rules`. Runs in the caller's transaction.

    The content is safely on disk when this returns; after a rollback it stays there without a row, which is
    harmless: the same content is stored only once. The name loses its folders and gets a suffix that fits.
    Raises a FileRefused: EmptyFile, FileTooLarge, FileTypeNotAllowed, UnreadableFile and its kinds.
    """
    size, limit = upload.size or 0, min(rules.max_bytes, settings.MAX_UPLOAD_BYTES)
    if size == 0:
        raise EmptyFile
    if size > limit or getattr(upload, "too_large", False):
        raise FileTooLarge(limit=_megabytes(limit), size=_megabytes(size))
    with _incoming() as path:
        digest = _write(path, upload.chunks(_CHUNK))
        kind = identify(path, allowed=rules.kinds)
        _keep(path, digest)
    name = clean_name(upload.name or "", suffixes=kind.suffixes)
    return StoredFile.objects.create(sha256=digest, size_bytes=size, media_type=kind.media_type, name=name)


def store_bytes(*, content: bytes, name: str, media_type: str) -> StoredFile:
    """Keep a file that we made. Runs in the caller's transaction. Raises EmptyFile."""
    if not content:
        raise EmptyFile
    with _incoming() as path:
        digest = _write(path, [content])
        _keep(path, digest)
    return StoredFile.objects.create(
        sha256=digest, size_bytes=len(content), media_type=media_type, name=clean_name(name)
    )


def open_file(file: StoredFile) -> BinaryIO:
    """The content as a stream that the caller closes; not verified. Raises DamagedFile when it is missing."""
    try:
        return _content_path(file.sha256).open("rb")
    except FileNotFoundError as error:
        raise DamagedFile(file=str(file.pk)) from error


def read_file(file: StoredFile) -> bytes:
    """The whole content, verified. Raises DamagedFile when it is missing or not what was stored."""
    with open_file(file) as stream:
        content = stream.read()
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise DamagedFile(file=str(file.pk))
    return content


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


def _megabytes(size: int) -> str:
    value = size / _MB
    return number_format(value, 0 if value == int(value) else 1)


def _content_path(digest: str) -> Path:
    return Path(settings.FILES_DIR) / digest[:2] / digest[2:4] / digest


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
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _keep(path: Path, digest: str) -> None:
    """Move to the final place; a file already there has the same content, or was damaged and is healed."""
    target = _content_path(digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    path.chmod(0o440)
    path.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
