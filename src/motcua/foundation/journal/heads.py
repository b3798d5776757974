"""The heads of all batches in a file outside the database: a cut-off tail or a rewritten chain shows against it.

One JSON object a line: `{"number", "last", "head"}` of a batch, or `{"stamped", "sha256"}` of a time stamp.
A line is written, with fsync, after its row was committed; what a killed process did not write, the next pass
adds. A torn last line is cut off before the next one is written, and left out by readers.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from motcua.foundation.journal.models import Batch

log = logging.getLogger(__name__)
_TAIL_BYTES = 64 * 1024
_LINES_AT_ONCE = 10_000


def catch_up() -> None:
    """Write the heads that the file does not have yet. A file that cannot be written stops nothing; it is logged."""
    latest = Batch.objects.order_by("-number").values_list("number", flat=True).first()
    if latest is None or latest == _written.get(_path()):
        return
    try:
        with _opened() as file:
            number = _last_number(file)
            while missing := list(
                Batch.objects.filter(number__gt=number).order_by("number")[:_LINES_AT_ONCE]
            ):
                lines = [
                    {"number": it.number, "last": it.last_position, "head": bytes(it.head).hex()}
                    for it in missing
                ]
                _append(file, lines)
                number = missing[-1].number
        _written[_path()] = latest
    except OSError as error:
        log.error("journal_heads_not_written error=%s", type(error).__name__)


def note_stamp(number: int, sha256: bytes) -> None:
    """Write down that a batch was stamped, so that a lost or replaced token shows."""
    try:
        with _opened() as file:
            _append(file, [{"stamped": number, "sha256": sha256.hex()}])
    except OSError as error:
        log.error("journal_stamp_not_noted error=%s", type(error).__name__)


def size() -> int | None:
    """Bytes written until now; None when there is no file."""
    try:
        return _path().stat().st_size
    except FileNotFoundError:
        return None


def last_number() -> int:
    """The number of the last batch that was written down; 0 without a file. Raises OSError."""
    try:
        file = os.open(_path(), os.O_RDONLY)
    except FileNotFoundError:
        return 0
    try:
        return _last_number(file)
    finally:
        os.close(file)


def lines(until: int) -> Iterator[dict[str, Any]]:
    """The whole lines among the first `until` bytes; one that is no JSON object comes as {}."""
    if not until:
        return
    with _path().open("rb") as file:
        while file.tell() < until and (line := file.readline()).endswith(b"\n"):
            try:
                value = orjson.loads(line)
            except orjson.JSONDecodeError:
                value = {}
            yield value if isinstance(value, dict) else {}


_written: dict[Path, int] = {}


def _path() -> Path:
    return Path(settings.JOURNAL_HEADS_FILE)


@contextmanager
def _opened() -> Iterator[int]:
    """The file for one writer at a time, at its end, without a torn last line."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        end = os.fstat(file).st_size
        os.ftruncate(file, end - len(_tail(file).rpartition(b"\n")[2]))
        yield file
    finally:
        os.close(file)


def _tail(file: int) -> bytes:
    end = os.fstat(file).st_size
    start = max(0, end - _TAIL_BYTES)
    return os.pread(file, end - start, start)


def _last_number(file: int) -> int:
    for line in reversed(_tail(file).splitlines()):
        try:
            return int(orjson.loads(line)["number"])
        except (ValueError, KeyError, TypeError):
            continue
    return 0


def _append(file: int, values: list[dict[str, Any]]) -> None:
    data = memoryview(b"".join(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE) for value in values))
    while data:
        data = data[os.write(file, data) :]
    os.fsync(file)
