"""An SMS gate that answers as it is told: status, type and content of the next answers."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Gate:
    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], Any]] = []
        self.bodies: list[bytes] = []
        self.answers: list[tuple[int, bytes]] = []
        # Set when the test is over, so that a hanging answer does not outlive it.
        self.over = threading.Event()
        self.hangs = self.drips = False

    def say(self, status: int, content: Any) -> None:
        self.answers.append((status, content if isinstance(content, bytes) else json.dumps(content).encode()))

    def __enter__(self) -> Gate:
        gate = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                gate.bodies.append(content)
                gate.asked.append((dict(self.headers), json.loads(content)))
                if gate.hangs:
                    gate.over.wait(10)
                    return
                if gate.drips:
                    self.send_response(202)
                    self.end_headers()
                    with suppress(OSError):
                        for _ in range(500):
                            if not gate.over.wait(0.02):
                                self.wfile.write(b" ")
                    return
                status, answer = gate.answers.pop(0) if gate.answers else (202, b'{"id": "g-1"}')
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", answer.decode())
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/messages"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
