"""What tests let the limited process try. Each answers with the name of what happened."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import time
from pathlib import Path
from typing import Any, BinaryIO

from motcua.foundation.kernel.lockdown import Objection

LIBC = ctypes.CDLL(None, use_errno=True)


def length(file: BinaryIO, *, more: int = 0) -> tuple[int, bytes]:
    content = file.read()
    return len(content) + more, content[::-1]


def object_to(file: BinaryIO) -> None:
    raise Objection("too_blue", shade=file.read().decode())


def fail(file: BinaryIO) -> None:
    raise KeyError("Nguyễn Thị Bí Mật")


def attempt(file: BinaryIO, *, what: str, argument: Any = None) -> str:
    try:
        return str(ATTEMPTS[what](argument))
    except OSError as error:
        return type(error).__name__


def connect(address: tuple[str, int]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as ours:
        ours.connect(tuple(address))


def connect_anyhow(address: tuple[str, int]) -> int:
    """Past Python's own checks: the bare system call."""
    return LIBC.socket(socket.AF_INET, socket.SOCK_STREAM, 0)


ATTEMPTS = {
    "connect": connect,
    "socket": connect_anyhow,
    "read": lambda path: Path(path).read_text(),
    "write": lambda path: Path(path).write_text("x"),
    "fork": lambda _: os.fork(),
    "execute": lambda _: os.execv("/bin/true", ["true"]),
    "kill": lambda pid: os.kill(pid, signal.SIGKILL),
    "environment": lambda _: sorted(set(os.environ) - {"LC_CTYPE"}),
    "descriptors": lambda _: [number for number in range(64) if is_open(number)],
}


def is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def spin(file: BinaryIO) -> None:
    while True:
        pass


def sleep(file: BinaryIO) -> None:
    file.read()
    lock = ctypes.c_int(0)
    while True:
        # futex(FUTEX_WAIT): waits without using CPU time.
        LIBC.syscall(202, ctypes.byref(lock), 0, 0, None, None, 0)


def swell(file: BinaryIO) -> int:
    return len(bytes(2_000_000_000))


def crash(file: BinaryIO) -> None:
    ctypes.string_at(0)


def babble(file: BinaryIO) -> tuple[None, bytes]:
    return None, bytes(100_000)


def lie(file: BinaryIO) -> None:
    """What a process that was taken over could answer."""
    os.write(0, b"\x00\x00\x00\x08" + bytes(8) + b'["gotcha')
    os._exit(0)


def moment(file: BinaryIO) -> float:
    return time.monotonic()
