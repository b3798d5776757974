"""The container: a tar of an age file and, with a passphrase, the key that opens it.

`OPEN-BY-HAND.txt`; `identity.age`, the archive's own X25519 key encrypted with the passphrase (scrypt), only
where there is one; `backup.age`, a tar encrypted to that key and to the recipients. Reason: age with a
passphrase is offered by pyrage for content in memory only. tar and age open it without motcua.
Source: age-encryption.org/v1.
"""

from __future__ import annotations

import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyrage

from motcua.config.keeping.errors import CannotKeep

_HELP = """\
A backup made by motcua. `motcua restore FILE` makes an installation of it. By hand, with tar and age:
  tar -xf FILE
  age -d identity.age > key.txt           (asks for the passphrase; or use the key you keep yourself)
  age -d -i key.txt backup.age | tar -x
  cat database/* | pg_restore --no-owner -d DATABASE
"""
_SMALL = 64 * 1024
_PIPE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Lock:
    """Who can open the archive: whoever knows the passphrase ("" for none), and the age recipients."""

    passphrase: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """What opens an archive: the passphrase, or identities (`AGE-SECRET-KEY-1…`)."""

    passphrase: str = ""
    identities: tuple[str, ...] = ()


@contextmanager
def writing(path: Path, lock: Lock) -> Iterator[tuple[BinaryIO, Key]]:
    """A stream whose bytes are encrypted into the new file `path`, and a key that reads it back until the end.

    The key is the archive's own: forgotten afterwards, or kept under the passphrase. Memory stays the same
    however much is written. The file is complete and on disk when this returns.
    Raises CannotKeep for bad recipients, no room on the disk, no right to write; leaves no file then.
    """
    own = pyrage.x25519.Identity.generate()
    try:
        recipients = [own.to_public(), *map(pyrage.x25519.Recipient.from_str, lock.recipients)]
    except pyrage.RecipientError as problem:
        raise CannotKeep("A recipient is no age public key (age1…).") from problem
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            _add(out, "OPEN-BY-HAND.txt", _HELP.encode())
            if lock.passphrase:
                _add(out, "identity.age", pyrage.passphrase.encrypt(str(own).encode(), lock.passphrase))
            with _growing(out, "backup.age"), _encrypting(out, recipients) as stream:
                yield stream, Key(identities=(str(own),))
            out.write(bytes(2 * tarfile.BLOCKSIZE))
            out.flush()
            os.fsync(out.fileno())
    except OSError as problem:
        path.unlink(missing_ok=True)
        raise CannotKeep(f"The backup cannot be made in {path.parent}: {_words(problem)}.") from problem
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def reading(path: Path, key: Key) -> Iterator[BinaryIO]:
    """The decrypted bytes of an archive, as a stream; to be read to the end.

    Raises CannotKeep when the file cannot be read, is no archive, does not open with this key, or was changed
    or cut off: at the latest when the stream was read to its end.
    """
    try:
        with path.open("rb") as file:
            identity, content = _members(file)
            with _decrypting(content, _identities(identity, key)) as stream:
                yield stream
    except (OSError, pyrage.DecryptError) as problem:
        # A damaged end comes as an OSError without a number.
        if isinstance(problem, OSError) and problem.errno:
            raise CannotKeep(f"{path} cannot be read: {_words(problem)}.") from problem
        raise CannotKeep(
            f"{path} does not open: the key is another one, or the file was changed or cut off."
        ) from problem


def read_identities(path: Path) -> tuple[str, ...]:
    """The secret keys of an age identity file. Raises CannotKeep."""
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise CannotKeep(f"{path} cannot be read.") from problem
    found = tuple(line.strip() for line in lines if line.strip().startswith("AGE-SECRET-KEY-"))
    if not found:
        raise CannotKeep(f"{path} holds no age secret key (AGE-SECRET-KEY-1…).")
    return found


def _words(problem: OSError) -> str:
    words = problem.strerror or str(problem)
    return f"{words}: {problem.filename}" if problem.filename else words


def _add(out: BinaryIO, name: str, content: bytes) -> None:
    out.write(_header(name, len(content)) + content + _padding(len(content)))


def _header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.GNU_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


@contextmanager
def _growing(out: BinaryIO, name: str) -> Iterator[None]:
    """A member whose size is known only when it was written: its header is written again."""
    header_at = out.tell()
    out.write(_header(name, 0))
    begins = out.tell()
    yield
    size = out.tell() - begins
    out.write(_padding(size))
    ends = out.tell()
    out.seek(header_at)
    out.write(_header(name, size))
    out.seek(ends)


def _members(file: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The encrypted key (empty without one), and the file at the beginning of the encrypted content."""
    identity = b""
    try:
        with tarfile.open(fileobj=file, mode="r:") as container:
            for member in container:
                if member.name == "identity.age" and member.size <= _SMALL:
                    identity = container.extractfile(member).read()  # type: ignore[union-attr]
                elif member.name == "backup.age":
                    section = _Section(file, member.offset_data, member.size)
                    return identity, cast(BinaryIO, section)
    except tarfile.TarError:
        pass
    raise CannotKeep("This is no backup made by motcua, or it was cut off.")


def _identities(encrypted: bytes, key: Key) -> list[Any]:
    try:
        if key.identities:
            return [pyrage.x25519.Identity.from_str(text) for text in key.identities]
        if not encrypted:
            raise CannotKeep(
                "This backup opens with a secret key, not with a passphrase: use --identity FILE."
            )
        return [
            pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(encrypted, key.passphrase).decode())
        ]
    except pyrage.IdentityError as problem:
        raise CannotKeep("The secret key is no age key (AGE-SECRET-KEY-1…).") from problem
    except pyrage.DecryptError as problem:
        raise CannotKeep("The passphrase is wrong.") from problem


class _Section(io.RawIOBase):
    """Part of an open file."""

    def __init__(self, file: BinaryIO, begins: int, size: int) -> None:
        self._file, self._left = file, size
        file.seek(begins)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(content)
        return content


class _Pump(threading.Thread):
    """Runs age beside the reader or writer: it pulls from one stream and pushes into the other."""

    def __init__(self, work: Callable[[], None], end: BinaryIO) -> None:
        super().__init__(daemon=True)
        self._work, self._end = work, end
        self.problem: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._work()
        except BaseException as problem:
            self.problem = problem
        finally:
            with suppress(OSError):
                self._end.close()


def _pipe() -> tuple[BinaryIO, BinaryIO]:
    read_end, write_end = os.pipe()
    return os.fdopen(read_end, "rb", buffering=_PIPE), os.fdopen(write_end, "wb", buffering=_PIPE)


@contextmanager
def _encrypting(out: BinaryIO, recipients: list[Any]) -> Iterator[BinaryIO]:
    source, sink = _pipe()
    pump = _Pump(lambda: pyrage.encrypt_io(source, out, recipients), source)
    try:
        yield sink
        sink.close()
    except BrokenPipeError:
        pass  # age ended first: its reason is the one that counts
    finally:
        with suppress(OSError):
            sink.close()
        pump.join()
    if isinstance(pump.problem, pyrage.EncryptError):
        # The library turns the reason, such as a full disk, into text.
        raise OSError(None, str(pump.problem).removeprefix("OSError: "))
    if pump.problem:
        raise pump.problem


@contextmanager
def _decrypting(content: BinaryIO, identities: list[Any]) -> Iterator[BinaryIO]:
    source, sink = _pipe()
    pump = _Pump(lambda: _decrypt(content, sink, identities), sink)
    try:
        yield source
    except BaseException:
        source.close()
        pump.join()
        # What was read may be wrong only because the archive ended or was changed there.
        if pump.problem and "Broken pipe" not in str(pump.problem):
            raise pump.problem from None
        raise
    while source.read(_PIPE):
        pass
    source.close()
    pump.join()
    if pump.problem:
        raise pump.problem


def _decrypt(content: BinaryIO, sink: BinaryIO, identities: list[Any]) -> None:
    pyrage.decrypt_io(content, sink, identities)
    sink.flush()
