"""What lies inside an archive, in this order: part of `var`, `database/…`, `files/…`, the rest of `var`, manifest."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, cast

from motcua.config.keeping.errors import CannotKeep
from motcua.config.keeping.manifest import Manifest, Part, read_manifest

MANIFEST = "manifest.json"
CHUNK = 4 * 1024 * 1024
_READ = 256 * 1024
_MOST_MANIFEST = 256 * 1024 * 1024
_AREAS = {"database", "files", "var"}

# Given the path of a part, where its bytes go; None: nowhere, they are only checked.
Sink = Callable[[PurePosixPath], BinaryIO | None]


@dataclass(slots=True)
class Tally:
    """Sizes and digests of everything that passed."""

    parts: dict[str, Part] = field(default_factory=dict)
    _database: Any = field(default_factory=hashlib.sha256)
    _names: Any = field(default_factory=hashlib.sha256)

    def add_chunk(self, content: bytes) -> None:
        self._database.update(content)
        before = self.parts.get("database", Part(0, ""))
        self.parts["database"] = Part(before.size + len(content), self._database.hexdigest())

    def add_file(self, digest: str, size: int) -> None:
        self._names.update(f"{digest}\n".encode())
        before = self.parts.get("files", Part(0, "", 0))
        self.parts["files"] = Part(before.size + size, self._names.hexdigest(), before.count + 1)

    def add_var(self, name: str, digest: str, size: int) -> None:
        self.parts[name] = Part(size, digest)


class Writer:
    """Adds parts to an archive."""

    def __init__(self, stream: BinaryIO) -> None:
        self._tar = tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115  finish closes it
        self.tally = Tally()

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        # Closed by `finish`; after an error the rest is written to whoever still listens, and does not matter.
        with suppress(OSError, ValueError):
            self._tar.close()

    def add_database(self, dump: Iterable[bytes]) -> None:
        """The dump, in chunks, since its size is known only at the end."""
        for number, chunk in enumerate(dump):
            self._add(f"database/{number:08d}", len(chunk), io.BytesIO(chunk))
            self.tally.add_chunk(chunk)

    def add_file(self, path: Path, digest: str) -> bool:
        """A file of the store; False when it is not there or is not what its name says."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return False
        with file:
            # Read twice: what is damaged must not come into the archive under its name.
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                return False
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            self._add(f"files/{digest[:2]}/{digest[2:4]}/{digest}", size, file)
        self.tally.add_file(digest, size)
        return True

    def add_var(self, path: Path, name: PurePosixPath) -> None:
        """A file of the folder `var`, up to the size that it has now."""
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            source = _Hashing(file)
            self._add(f"var/{name}", size, cast(BinaryIO, source))
        self.tally.add_var(f"var/{name}", source.hexdigest(), size)

    def finish(self, manifest: Manifest) -> None:
        content = manifest.to_json()
        self._add(MANIFEST, len(content), io.BytesIO(content))
        self._tar.close()

    def _add(self, name: str, size: int, source: BinaryIO) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, source)


class _Hashing(io.RawIOBase):
    def __init__(self, file: BinaryIO) -> None:
        self._file, self._hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self._hash.update(content)
        return content

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def walk(stream: BinaryIO, sink: Sink) -> Manifest:
    """Read an archive to its end, hand its parts out, and compare them with the manifest.

    Raises CannotKeep for a name that leads outside, a part that is no plain file, and whatever differs from the
    manifest or is missing in the archive.
    """
    tally, manifest = Tally(), None
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                source = archive.extractfile(member) if member.isreg() else None
                if source is None or manifest:
                    raise CannotKeep("The backup holds something that no backup holds.")
                if member.name == MANIFEST:
                    if member.size > _MOST_MANIFEST:
                        raise CannotKeep("The backup's manifest is too long.")
                    manifest = read_manifest(source.read())
                else:
                    _pass_on(_safe(member.name), source, sink, tally)
    except (tarfile.TarError, EOFError) as problem:
        raise CannotKeep("The backup is damaged or was cut off.") from problem
    if manifest is None:
        raise CannotKeep("The backup was cut off: it has no manifest.")
    if tally.parts != dict(manifest.parts):
        raise CannotKeep("The backup does not hold what its manifest says.")
    return manifest


def _safe(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or len(path.parts) < 2 or path.parts[0] not in _AREAS:
        raise CannotKeep("The backup names a file outside its folders.")
    return path


def _pass_on(path: PurePosixPath, source: IO[bytes], sink: Sink, tally: Tally) -> None:
    target = sink(path)
    digest, size = hashlib.sha256(), 0
    try:
        while content := source.read(_READ):
            digest.update(content)
            size += len(content)
            if path.parts[0] == "database":
                tally.add_chunk(content)
            if target:
                target.write(content)
    finally:
        if target:
            target.close()
    if path.parts[0] == "files":
        if path.name != digest.hexdigest():
            raise CannotKeep(f"The file {path.name} in the backup is damaged.")
        tally.add_file(path.name, size)
    elif path.parts[0] == "var":
        tally.add_var(str(path), digest.hexdigest(), size)
