"""The virus scanner ClamAV, by its daemon's INSTREAM command. Source: clamd(8), COMMANDS."""

from __future__ import annotations

import re
import socket
import struct
from typing import BinaryIO

_CHUNK = 64 * 1024
_LONGEST_REPLY = 4096
_FOUND = re.compile(r"^stream: (?P<signature>.+) FOUND$")
_SIGNATURE_LENGTH = 200

# Reasons that lie in the file, not in the scanner's health: it is there, and does not take the file to its end.
REFUSED_BY_SCANNER = frozenset({"size_limit", "hung_up"})


class ScannerUnavailable(Exception):
    """The scanner gave no verdict. `reason` is a code for the log: no file's name or content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def scan(file: BinaryIO, *, address: str, timeout_seconds: float = 30) -> str | None:
    """The name of the virus that clamd finds in the rest of `file`; None when it finds nothing.

    address: `unix:/path/to/socket` or `host:port`. timeout_seconds: for connecting and for each exchange.
    Raises ScannerUnavailable: not there, too slow, file over its StreamMaxLength, or an answer nobody understands.
    """
    hung_up = False
    try:
        with _connect(address, timeout_seconds) as connection:
            try:
                connection.sendall(b"zINSTREAM\0")
                while chunk := file.read(_CHUNK):
                    connection.sendall(struct.pack(">I", len(chunk)) + chunk)
                connection.sendall(struct.pack(">I", 0))
            except (BrokenPipeError, ConnectionResetError):
                hung_up = True  # it has heard enough: what it says about it may still be readable
            reply = _reply(connection)
    except (OSError, ValueError) as error:
        raise ScannerUnavailable("hung_up" if hung_up else type(error).__name__) from error
    if hung_up and not reply:
        raise ScannerUnavailable("hung_up")
    return _verdict(reply)


def _connect(address: str, timeout_seconds: float) -> socket.socket:
    kind, _, rest = address.partition(":")
    if kind == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout_seconds)
        try:
            connection.connect(rest)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=timeout_seconds)


def _reply(connection: socket.socket) -> str:
    reply = b""
    while not reply.endswith(b"\0") and len(reply) < _LONGEST_REPLY:
        part = connection.recv(_LONGEST_REPLY)
        if not part:
            break
        reply += part
    return reply.rstrip(b"\0").decode("utf-8", "replace").strip()


def _verdict(reply: str) -> str | None:
    if reply == "stream: OK":
        return None
    if found := _FOUND.fullmatch(reply):
        return found["signature"][:_SIGNATURE_LENGTH]
    raise ScannerUnavailable("size_limit" if "size limit exceeded" in reply else "unknown_answer")
