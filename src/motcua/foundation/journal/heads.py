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
from typing import Any, BinaryIO

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
            while number < latest and (
                missing := list(Batch.objects.filter(number__gt=number).order_by("number")[:_LINES_AT_ONCE])
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


def last_head_written() -> int:
    """The number of the last batch that was written down; 0 without a file. Raises OSError."""
    try:
        file = os.open(_path(), os.O_RDONLY)
    except FileNotFoundError:
        return 0
    try:
        return _last_number(file)
    finally:
        os.close(file)


def lines(until: int, *, after: int = 0) -> Iterator[dict[str, Any]]:
    """The whole lines among the first `until` bytes; one that is no JSON object comes as {}.

    after: begin anywhere before the first line of a batch with a higher number; what stands before is not read.
    """
    if not until:
        return
    with _path().open("rb") as file:
        file.seek(_place_before(file, after, until) if after else 0)
        while file.tell() < until and (line := file.readline()).endswith(b"\n"):
            yield _parse(line)


def _parse(line: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _place_before(file: BinaryIO, after: int, until: int) -> int:
    """Where a line begins before which only batches up to `after` stand. Halves the file: numbers rise in it."""
    low, high = 0, until
    while high - low > _TAIL_BYTES:
        middle = (low + high) // 2
        file.seek(middle)
        file.readline()  # the rest of a line
        place, line = file.tell(), file.readline()
        while file.tell() < high and not isinstance(_parse(line).get("number"), int):
            place, line = file.tell(), file.readline()
        number = _parse(line).get("number")
        if file.tell() < high and isinstance(number, int) and number <= after:
            low = place
        else:
            high = middle
    return low


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
