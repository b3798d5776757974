"""Running a function of ours on a stranger's bytes in a process that can do nothing else.

The function runs in a child of a *fork server* (`lockdown`), which this process starts at the first use and which
has the function's module loaded already: a call costs a fork, not the start of an interpreter. What the child may
do is told in `lockdown`. The child's answer is JSON and bytes, never pickled objects: it may have been taken over.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NoReturn

from .lockdown import HEADER, Objection

__all__ = ["Answer", "Broken", "Limited", "Objection", "Overrun"]

logger = logging.getLogger(__name__)

_START = "from motcua.foundation.kernel.lockdown import main; main()"
_MB = 1024 * 1024
_CHUNK = 256 * 1024
# CPU time ran out, or the fork server killed the child at its deadline.
_OVERRUN_SIGNALS = {9, 24}


class Overrun(Exception):
    """The call took more time or memory than it may, or answered at too great length."""


class Broken(Exception):
    """The call ended without an answer: the bytes made the child crash, or the function failed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the function returned: a JSON value and, optionally, bytes."""

    value: Any
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Limited:
    """A function `package.module:name` and what one call of it may cost.

    The function is called as `function(file, **options)`: file is binary, readable and seekable; options are JSON
    values. It returns a JSON value, or a pair of a JSON value and bytes; it raises Objection to be heard outside.
    Whatever it imports must be imported by its module: in the child nothing can be opened any more.
    """

    function: str
    cpu_seconds: int = 5
    wall_seconds: float = 10
    memory_bytes: int = 768 * _MB
    answer_bytes: int = 32 * _MB

    def __post_init__(self) -> None:
        _modules.add(self.function.partition(":")[0])

    def __call__(self, source: BinaryIO | bytes, **options: Any) -> Answer:
        """Call the function on a file (with a descriptor; read from its start) or on bytes.

        Raises Objection as the function did, Overrun, Broken. Safe from several threads at once.
        """
        with _descriptor(source) as handle:
            order = {
                "function": self.function,
                "options": options,
                "cpu_seconds": self.cpu_seconds,
                "wall_seconds": self.wall_seconds,
                "memory_bytes": self.memory_bytes,
            }
            # Without a byte it was the server that died, not the child: once more, with a fresh one.
            reply = self._ask(order, handle) or self._ask(order, handle)
        return self._read(reply)

    def _ask(self, order: dict[str, Any], source: int) -> bytes:
        os.lseek(source, 0, os.SEEK_SET)
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                _server.send(json.dumps(order).encode(), [theirs.fileno(), source])
            return self._receive(ours)

    def _receive(self, connection: socket.socket) -> bytes:
        """The child's reply and, as its last byte, the signal that ended it (0: none)."""
        # The server kills at `wall_seconds`; should it hang itself, we wait no longer than a little more.
        deadline, reply = time.monotonic() + self.wall_seconds + 2, bytearray()
        while True:
            ready, _, _ = select.select([connection], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise Overrun("time")
            try:
                chunk = connection.recv(_CHUNK)
            except ConnectionResetError:
                return bytes(reply)
            if not chunk:
                return bytes(reply)
            reply += chunk
            if len(reply) > self.answer_bytes + HEADER.size + 1:
                raise Overrun("answer")

    def _read(self, reply: bytes) -> Answer:
        if len(reply) >= HEADER.size:
            head_size, content_size = HEADER.unpack_from(reply)
            start = HEADER.size + head_size
            if len(reply) >= start + content_size:
                return self._interpret(reply[HEADER.size : start], reply[start : start + content_size])
        signal = reply[-1] if reply else 0
        if signal in _OVERRUN_SIGNALS:
            raise Overrun("time")
        self._fail(f"signal {signal}")

    def _interpret(self, head: bytes, content: bytes) -> Answer:
        try:
            told = json.loads(head)
            outcome, value = told["outcome"], told["value"]
            objection = Objection(value["code"], **value["fields"]) if outcome == "objection" else None
        except (ValueError, TypeError, LookupError, RecursionError):
            self._fail("nonsense")
        if objection:
            raise objection
        if outcome == "memory":
            raise Overrun("memory")
        if outcome != "done":
            self._fail(repr(value)[:100])
        return Answer(value, content)

    def _fail(self, why: str) -> NoReturn:
        logger.warning("limited_call_failed function=%s why=%s", self.function, why)
        raise Broken(why)


@contextmanager
def _descriptor(source: BinaryIO | bytes) -> Iterator[int]:
    if not isinstance(source, bytes):
        yield source.fileno()
        return
    handle = os.memfd_create("limited")
    try:
        with open(handle, "wb", closefd=False) as file:
            file.write(source)
        yield handle
    finally:
        os.close(handle)


@dataclass(slots=True)
class _Server:
    """The fork server of this process. It ends by itself when this process does."""

    control: socket.socket | None = None
    process: subprocess.Popen[bytes] | None = None
    # A process that was forked from ours must not talk to our server; one that lacks a module is of no use.
    fits: tuple[int, frozenset[str]] = (0, frozenset())
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, order: bytes, handles: list[int]) -> None:
        with self.lock:
            if self.fits != (os.getpid(), frozenset(_modules)) or self.control is None:
                self._start()
            try:
                self._send(order, handles)
            except (BrokenPipeError, ConnectionResetError):
                self._start()
                self._send(order, handles)

    def _send(self, order: bytes, handles: list[int]) -> None:
        if self.control is None:
            raise BrokenPipeError
        socket.send_fds(self.control, [order], handles)

    def _start(self) -> None:
        self.stop()
        modules = frozenset(_modules)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603  our own interpreter, our own modules
                # Not `-m`: the server's module must be the one that functions import Objection from.
                [sys.executable, "-c", _START, str(theirs.fileno()), *sorted(modules)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # Nothing of this process's environment, where secrets may be.
                env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
            )
        self.control, self.fits = ours, (os.getpid(), modules)

    def stop(self) -> None:
        if self.control is not None:
            self.control.close()
        if self.process is not None and self.fits[0] == os.getpid():
            try:
                self.process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.control = self.process = None


_modules: set[str] = set()
_server = _Server()
atexit.register(_server.stop)
