"""Delivery reports, signed by HMAC-SHA-256 of the body, sent until the other side takes them."""

from __future__ import annotations

import hashlib
import hmac
import json
import queue
import threading
from datetime import UTC, datetime

import httpx

from sandbox.sms.gate import Sms

TRIES, WAIT_SECONDS = 5, 1.0


class Reporter:
    """Sends one report after the other, in a thread of its own."""

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._secret = url, secret
        self._queue: queue.Queue[Sms] = queue.Queue()
        threading.Thread(target=self._work, daemon=True).start()

    def report(self, sms: Sms) -> None:
        self._queue.put(sms)

    def _work(self) -> None:
        pause = threading.Event()
        while True:
            sms = self._queue.get()
            for _ in range(TRIES):
                if self.send(sms):
                    break
                pause.wait(WAIT_SECONDS)

    def send(self, sms: Sms) -> bool:
        """Whether the other side took it, or said that it never will."""
        state = "failed" if sms.is_lost else "delivered"
        report = {"id": sms.id, "key": sms.key, "state": state, "at": datetime.now(UTC).isoformat()}
        body = json.dumps(report).encode()
        signature = hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Signature": f"sha256={signature}"}
        try:
            status = httpx.post(self._url, content=body, headers=headers, timeout=10).status_code
        except httpx.HTTPError:
            return False
        return status < 500
