"""What is wrong with a process, collected: an author wants the whole list. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`place`: a node, "node.outcome", "lanes.NAME" or a line of a file; empty when it is about the whole.

    `kind`: "unknown-step", "unreachable", "endless", "stuck", or "process" for all else.
    """

    place: str
    why: str
    kind: str = "process"

    def __str__(self) -> str:
        return f"{self.place}: {self.why}" if self.place else self.why


class BadProcess(ValueError):
    """The definition cannot be run. `findings`: everything that is wrong, in the order of the file."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(map(str, self.findings)))
