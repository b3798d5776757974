"""Where content lies: by its SHA-256 as `ab/cd/<sha256>`, in a folder or in an S3 bucket.

The keys are the same in both, so that a store is moved by copying it (`aws s3 sync`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Store(Protocol):
    """Content by digest. Nothing here knows rows; `services` takes care of what is still needed."""

    def keep(self, path: Path, digest: str) -> None:
        """Take the content of a finished local file; the file may be gone afterwards. Safe once this returns."""

    def open(self, digest: str) -> BinaryIO:
        """The content as a stream that the caller closes, not verified. Raises FileNotFoundError."""

    def delete(self, digest: str) -> None:
        """Delete the content for good; none there is fine. Raises ContentLocked."""

    def digests(self) -> Iterator[str]:
        """The digests of all content, in no particular order."""


def store() -> Store:
    """The store of this installation: settings.FILES_STORE (an `s3:` address), else the folder FILES_DIR."""
    return _s3(settings.FILES_STORE) if settings.FILES_STORE else FolderStore(Path(settings.FILES_DIR))


@lru_cache(maxsize=4)
def _s3(address: str) -> Store:
    from .adapters.s3 import S3Store  # only where chosen: the library is an extra

    return S3Store.at(address, access_key=settings.S3_ACCESS_KEY, secret_key=settings.S3_SECRET_KEY)


def key(digest: str) -> str:
    """`ab/cd/<sha256>`. Raises ValueError for what is no digest in lower-case hexadecimal."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError("not a SHA-256")
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def digest_in(path: str) -> str | None:
    """The digest whose `key` the end of a path is; None for anything else."""
    last = path.rsplit("/", 1)[-1]
    return last if _DIGEST.fullmatch(last) and f"/{path}".endswith(f"/{key(last)}") else None


class FolderStore:
    """A folder on this machine, or one that all machines mount."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, path: Path, digest: str) -> None:
        """Move to the final place; a file already there has the same content, or was damaged and is healed."""
        target = self.folder / key(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.chmod(0o440)
        _flush(path)
        path.replace(target)
        # The two folders may be new, or be made by somebody else at this moment; clean ones cost nothing.
        for level in (target.parent, target.parents[1], self.folder):
            _flush(level)

    def open(self, digest: str) -> BinaryIO:
        return (self.folder / key(digest)).open("rb")

    def delete(self, digest: str) -> None:
        (self.folder / key(digest)).unlink(missing_ok=True)

    def digests(self) -> Iterator[str]:
        for path in self.folder.glob("??/??/*"):
            if digest := digest_in(path.relative_to(self.folder).as_posix()):
                yield digest


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
