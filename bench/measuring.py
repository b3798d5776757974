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
    method: str
    path: str
    data: dict[str, str | list[str]] | None = None


class Visitor:
    """A browser of one person: one connection, cookies, no redirects followed."""

    def __init__(self, base: str) -> None:
        self.client = httpx.Client(base_url=base, timeout=60, headers={"Accept-Encoding": "gzip"})

    def send(self, request: Request) -> httpx.Response:
        # What a page would show of the act before it is not carried along.
        self.client.cookies.delete("messages")
        headers = {}
        if request.method == "POST":
            headers = {
                "X-CSRFToken": self.client.cookies.get("csrftoken", ""),
                "Origin": str(self.client.base_url),
            }
            headers["Origin"] = headers["Origin"].rstrip("/")
        answer = self.client.request(request.method, request.path, data=request.data, headers=headers)
        expected = 302 if request.method == "POST" else 200
        if answer.status_code != expected:
            raise WrongAnswer(f"{request.method} {request.path}: {answer.status_code} instead of {expected}")
        return answer


class Meter:
    """Measures rows. `settle` waits until the worker has nothing left to do."""

    def __init__(self, groups: Groups, settle: Callable[[], None]) -> None:
        self.groups, self.settle = groups, settle
        self.dossiers = 0
        self.rows: list[Row] = []

    def measure(self, name: str, visitor: Visitor, requests: Sequence[Request]) -> Row:
        """Send the requests one after the other; the first few warm up and are not counted."""
        warm_up = min(WARM_UP, len(requests) // 4)
        for request in requests[:warm_up]:
            visitor.send(request)
        self.settle()
        before, times = self.groups.cpu_seconds(), []
        for request in requests[warm_up:]:
            started = time.perf_counter()
            visitor.send(request)
            times.append((time.perf_counter() - started) * 1000)
        self.settle()
        after = self.groups.cpu_seconds()
        row = Row(
            name=name,
            dossiers=self.dossiers,
            requests=len(times),
            p50=statistics.median(times),
            p95=statistics.quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0],
            cpu={group: (after[group] - before[group]) * 1000 / len(times) for group in before},
        )
        self.rows.append(row)
        return row
