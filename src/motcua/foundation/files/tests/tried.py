"""What a reader does that a hostile file has taken over."""

from __future__ import annotations

import ctypes
import os
from typing import Any, BinaryIO

from motcua.foundation.kernel.lockdown import Objection


def crash(file: BinaryIO, **_: Any) -> None:
    ctypes.string_at(0)


def spin(file: BinaryIO, **_: Any) -> None:
    while True:
        pass


def swell(file: BinaryIO, **_: Any) -> int:
    return len(bytes(2_000_000_000))


def make_up(file: BinaryIO, *, code: str, answer: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    if code:
        raise Objection(code, **{name: value for name, value in answer.items() if name != "code"})
    return answer, answer.get("content", "").encode()


def lie(file: BinaryIO, **_: Any) -> None:
    os.write(0, b"\x00\x00\x00\x08" + bytes(8) + b'["gotcha')
    os._exit(0)
