"""Time-stamp authorities for tests: the stand-in as its own process, one with a clock of its own, and odd ones."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

REPOSITORY = Path(__file__).resolve().parents[5]


@dataclass(frozen=True)
class StandIn:
    """`python -m sandbox.tsa`, running."""

    url: str
    state: Path


@contextmanager
def running_stand_in(state: Path) -> Iterator[StandIn]:
    command = [sys.executable, "-m", "sandbox.tsa", "--port", "0", "--state", state]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().split(" on ")[1].strip()
            yield StandIn(address, state)
        finally:
            process.terminate()


@contextmanager
def answering(answer: bytes, kind: str = "application/timestamp-reply") -> Iterator[str]:
    """A server that answers every POST with these bytes; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            with suppress(OSError):  # the client had enough
                self.wfile.write(answer)

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
