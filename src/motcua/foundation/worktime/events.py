"""What can happen to a clock, and why it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What happens to a clock."""

    STOPPED = "stopped"
    RESUMED = "resumed"  # after a suspension that a special law names: what remained goes on
    RESTARTED = "restarted"  # the full dossier or the payment arrived: the whole limit again
    EXTENDED = "extended"  # the applicant was told another date
    FINISHED = "finished"  # the result exists (status 9), fetched or not


class Why(StrEnum):
    """Why an event cannot be."""

    OUT_OF_ORDER = "out_of_order"
    AFTER_THE_END = "after_the_end"
    STANDS_STILL = "stands_still"
    RUNS = "runs"
    EXTENDED_BEFORE = "extended_before"
    TOO_LATE = "too_late"
    NOT_LATER = "not_later"
    NOT_WORKING_TIME = "not_working_time"


_SENTENCES = {
    Why.OUT_OF_ORDER: "Events must come in the order of time, none before receipt or after the moment asked for.",
    Why.AFTER_THE_END: "Nothing happens to a clock that has ended.",
    Why.STANDS_STILL: "The clock stands still already.",
    Why.RUNS: "The clock runs: it cannot be resumed.",
    Why.EXTENDED_BEFORE: "The date can be moved only once.",
    Why.TOO_LATE: "The date can be moved until the day before it only.",
    Why.NOT_LATER: "The new date must be later than the old one.",
    Why.NOT_WORKING_TIME: "The new date must lie in working time.",
}


class ImpossibleEvent(ValueError):
    """An event that cannot happen to this clock; `why` for programs, the text for people who write them."""

    def __init__(self, why: Why, event: Event) -> None:
        super().__init__(f"{_SENTENCES[why]} ({event.kind}, {event.at.isoformat()})")
        self.why = why


@dataclass(frozen=True, slots=True)
class Event:
    """`at`: aware. `until`: the new date of an extension, else None."""

    kind: Kind
    at: datetime
    until: datetime | None = None
