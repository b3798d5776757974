"""What a reader does that a hostile file has taken over."""

from __future__ import annotations

import ctypes
import os
from typing import Any, BinaryIO


def crash(file: BinaryIO, **_: Any) -> None:
    ctypes.string_at(0)


def spin(file: BinaryIO, **_: Any) -> None:
    while True:
        pass


def swell(file: BinaryIO, **_: Any) -> int:
    return len(bytes(2_000_000_000))


def lie(file: BinaryIO, **_: Any) -> None:
    os.write(0, b"\x00\x00\x00\x08" + bytes(8) + b'["gotcha')
    os._exit(0)
