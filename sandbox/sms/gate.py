"""What the gate was given, in memory."""

from __future__ import annotations

import re
import secrets
import threading
import time
from dataclasses import dataclass, field

KEPT = 500
NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
SEGMENT = 160
# What can be played: the answer, or what becomes of the message.
FAULTS = ("none", "down", "slow", "hang", "html", "refuse", "lost")


@dataclass(frozen=True)
class Sms:
    id: str
    to: str
    text: str
    key: str
    # It is taken, and reported as not delivered.
    is_lost: bool = False
    at: float = field(default_factory=time.time)


class Refused(Exception):
    """The message cannot be sent. `code`: bad_number, too_long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Gate:
    """Messages and the fault that is played, for several threads of one process."""

    def __init__(self) -> None:
        self._messages: dict[str, Sms] = {}
        self._fault, self._times = "none", 0
        self._lock = threading.Lock()

    @property
    def messages(self) -> list[Sms]:
        """Latest first."""
        with self._lock:
            return list(self._messages.values())[::-1]

    @property
    def fault(self) -> str:
        return self._fault

    def play(self, fault: str, times: int) -> None:
        """Play a fault for the next messages. Raises ValueError."""
        if fault not in FAULTS:
            raise ValueError(fault)
        with self._lock:
            self._fault, self._times = (fault, times) if times > 0 else ("none", 0)

    def next_fault(self) -> str:
        with self._lock:
            fault = self._fault
            self._times -= 1
            if self._times <= 0:
                self._fault, self._times = "none", 0
            return fault

    def take(self, to: str, text: str, key: str, *, is_lost: bool = False) -> tuple[Sms, bool]:
        """The message taken under this key and whether it is new; a repetition is discarded. Raises Refused."""
        if not NUMBER.fullmatch(to):
            raise Refused("bad_number")
        if not 0 < len(text) <= SEGMENT:
            raise Refused("too_long")
        with self._lock:
            if known := self._messages.get(key):
                return known, False
            taken = Sms(f"sms-{secrets.token_hex(8)}", to, text, key, is_lost)
            self._messages[key] = taken
            while len(self._messages) > KEPT:
                del self._messages[next(iter(self._messages))]
            return taken, True
