"""What verification found."""

from __future__ import annotations

from dataclasses import dataclass, field

_MOST_FAULTS_LISTED = 10_000


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind`: see docs/journal.md. `position`: where it is, or begins; None where there is no position."""

    kind: str
    position: int | None
    batch: int | None = None
    entry_id: str | None = None
    note: str = ""


@dataclass(slots=True)
class Report:
    """`entries`, `batches`, `stamps`: how many were looked at. `stamped_until`: position that good stamps cover.

    `heads_until`: number of the last batch whose head was written down outside the database.
    `faults` are in order of position; at most 10,000 are listed, `fault_count` counts all. `unchecked`: what
    could not be looked at: `heads_file`, `stamps`.
    """

    entries: int = 0
    batches: int = 0
    stamps: int = 0
    stamped_until: int = 0
    heads_until: int = 0
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    unchecked: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.fault_count and not self.unchecked

    def add(self, fault: Fault) -> None:
        self.fault_count += 1
        if len(self.faults) < _MOST_FAULTS_LISTED:
            self.faults.append(fault)
