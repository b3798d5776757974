"""One row of the table: requests over one kept-alive connection, their times, the CPU of all processes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx

from bench.processes import Groups

WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Row:
    """Milliseconds; CPU is per request, by group of processes."""

    name: str
    dossiers: int
    requests: int
    p50: float
    p95: float
    cpu: dict[str, float]

    @property
    def all_cpu(self) -> float:
        return sum(self.cpu.values())


class WrongAnswer(RuntimeError):
    """A measured request was not answered as it should be: its time would say nothing."""


@dataclass(frozen=True, slots=True)
class Request:
    """A page's, or one of the API: `body` is JSON, `key` its Idempotency-Key, `tag` its If-Match.

    expected: the right status; 0: of a page, 200 or after a form 302.
    """

    method: str
    path: str
    data: dict[str, str | list[str]] | None = None
    body: str = ""
    key: str = ""
    tag: str = ""
    files: dict[str, tuple[str, bytes, str]] | None = None
    expected: int = 0


class Visitor:
    """A browser of one person, or a program: one connection, cookies, no redirects followed."""

    def __init__(self, base: str) -> None:
        self.client = httpx.Client(base_url=base, timeout=60, headers={"Accept-Encoding": "gzip"})
        self.token: dict[str, str] = {}

    def measure_as(self, token: dict[str, str]) -> None:
        """Go on as the program with this token; without one as before."""
        self.token = token

    def send(self, request: Request) -> httpx.Response:
        # What a page would show of the act before it is not carried along.
        self.client.cookies.delete("messages")
        answer = self.client.request(
            request.method,
            request.path,
            data=request.data,
            files=request.files,
            content=request.body or None,
            headers=self._headers(request),
        )
        expected = request.expected or (302 if request.method == "POST" else 200)
        if answer.status_code != expected:
            # A problem of the API says why.
            said = answer.text[:300] if "json" in answer.headers.get("content-type", "") else ""
            raise WrongAnswer(
                f"{request.method} {request.path}: {answer.status_code} instead of {expected} {said}".rstrip()
            )
        return answer

    def _headers(self, request: Request) -> dict[str, str]:
        if self.token:
            headers = self.token | ({"Idempotency-Key": request.key} if request.key else {})
            headers |= {"If-Match": request.tag} if request.tag else {}
            return headers | ({"Content-Type": "application/json"} if request.body else {})
        if request.method != "POST":
            return {}
        origin = str(self.client.base_url).rstrip("/")
        return {"X-CSRFToken": self.client.cookies.get("csrftoken", ""), "Origin": origin}


class Meter:
    """Measures rows. `settle` waits until the worker has nothing left to do."""

    def __init__(self, groups: Groups, settle: Callable[[], None]) -> None:
        self.groups, self.settle = groups, settle
        self.dossiers = 0
        self.rows: list[Row] = []

    def measure(
        self,
        name: str,
        visitor: Visitor,
        requests: Sequence[Request],
        answered: Callable[[httpx.Response], object] = lambda answer: None,
        *,
        each: int = 1,
    ) -> Row:
        """Send the requests one after the other; the first few warm up and are not counted.

        each: dossiers that one request handles; the row is of one of them.
        """
        warm_up = min(WARM_UP, len(requests) // 4)
        for request in requests[:warm_up]:
            answered(visitor.send(request))
        self.settle()
        before, times = self.groups.cpu_seconds(), []
        for request in requests[warm_up:]:
            started = time.perf_counter()
            answer = visitor.send(request)
            times.append((time.perf_counter() - started) * 1000 / each)
            answered(answer)
        self.settle()
        after = self.groups.cpu_seconds()
        row = Row(
            name=name,
            dossiers=self.dossiers,
            requests=len(times),
            p50=statistics.median(times),
            p95=statistics.quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0],
            cpu={group: (after[group] - before[group]) * 1000 / len(times) / each for group in before},
        )
        self.rows.append(row)
        return row
