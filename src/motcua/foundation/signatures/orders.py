"""What is handed to the processes that examine strangers' files, `worker` and `xml_worker`, and how they are asked.

An order is one line of JSON (`at`: ISO 8601; `trust`; `crls`, `ocsps`: lengths in bytes), then those lists and answers
as they are, then the file: base64 would cost more than the examination where many lists are kept.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from motcua.foundation.signatures.evidence import Evidence, issuer_mark, name_mark
from motcua.foundation.signatures.trust import TrustList, trust_from_json, trust_to_json

# Of the clock: a busy server is no reason to doubt a paper. A hostile one is stopped by its processor time.
MAX_SECONDS = 15
MAX_CPU_SECONDS = 5
MAX_ADDRESS_SPACE = 500 * 1024 * 1024
# Of these, and of the file, one copy each stays in the address space.
MAX_EVIDENCE_BYTES = 150 * 1024 * 1024


class NotExamined(Exception):
    """The process gave no answer. problem: a code of `verification.explain`."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Order:
    """A file to examine, and what it is judged by. at: aware, now."""

    at: datetime
    trust: TrustList
    evidence: Evidence
    content: bytes


def ask_worker(module: str, order: Order, *, seconds: float) -> bytes:
    """What this module wrote when it examined the file, at most `seconds` from now. Raises NotExamined."""
    try:
        worker = subprocess.run(  # noqa: S603  a module of this room
            [sys.executable, "-m", module],
            input=write_order(order),
            capture_output=True,
            timeout=seconds,
            # Nothing of this process's environment, where secrets may be.
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotExamined("too_costly") from None
    if worker.returncode != 0:
        raise NotExamined("too_costly" if worker.returncode < 0 else "unreadable")
    return worker.stdout


def confine() -> None:
    """Limit this process for good: processor time, memory, no files written, no log."""
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_ADDRESS_SPACE, MAX_ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    logging.disable()


def write_order(order: Order) -> bytes:
    """The order as bytes, with no more evidence than MAX_EVIDENCE_BYTES; the reverse is `read_order`."""
    evidence = _most_useful(order.evidence, order.trust)
    head = {
        "at": order.at.isoformat(),
        "trust": trust_to_json(order.trust),
        "crls": [len(one) for one in evidence.crls],
        "ocsps": [len(one) for one in evidence.ocsps],
    }
    return b"".join([json.dumps(head).encode(), b"\n", *evidence.crls, *evidence.ocsps, order.content])


def read_order(source: BinaryIO) -> Order:
    """From what `write_order` made."""
    head = json.loads(source.readline())
    crls = tuple(source.read(length) for length in head["crls"])
    ocsps = tuple(source.read(length) for length in head["ocsps"])
    at = datetime.fromisoformat(head["at"])
    return Order(at, trust_from_json(head["trust"]), Evidence(crls, ocsps), source.read())


def _most_useful(evidence: Evidence, trust: TrustList) -> Evidence:
    """Lists of listed authorities before others, else in the given order, as much as fits."""
    if sum(map(len, evidence.crls + evidence.ocsps)) <= MAX_EVIDENCE_BYTES:
        return evidence
    listed = {name_mark(one.certificate.subject) for one in trust.authorities}
    ranked = sorted(evidence.crls, key=lambda one: issuer_mark(one) not in listed)
    kept = set(_fitting([*evidence.ocsps, *ranked]))
    crls, ocsps = (tuple(one for one in kind if one in kept) for kind in (evidence.crls, evidence.ocsps))
    return Evidence(crls, ocsps)


def _fitting(ranked: Iterable[bytes]) -> Iterable[bytes]:
    room = MAX_EVIDENCE_BYTES
    for one in ranked:
        if len(one) <= room:
            room -= len(one)
            yield one
