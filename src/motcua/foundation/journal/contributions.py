"""What higher rooms give the journal, in their `apps.py`: consumers, a time stamper, a maker of extracts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist

from motcua.foundation.journal.models import Batch, Entry
from motcua.foundation.journal.rules.stamps import BadStamp, StampFacts
from motcua.foundation.kernel.actors import Actor

__all__ = [
    "BadStamp",
    "Consumer",
    "Criteria",
    "Extract",
    "ExtractMaker",
    "HeadSealer",
    "SealedEntry",
    "StampFacts",
    "TimeStamper",
    "consumers",
    "extract_maker",
    "head_sealer",
    "register_consumer",
    "set_extract_maker",
    "set_head_sealer",
    "set_time_stamper",
    "time_stamper",
]


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry with its position."""

    position: int
    entry: Entry

    @property
    def details(self) -> Mapping[str, Any] | None:
        """The personal values, read when they are asked for; None when there are none or they were erased."""
        try:
            return self.entry.detail.values
        except ObjectDoesNotExist:
            return None


@dataclass(frozen=True, slots=True)
class Consumer:
    """Who follows the journal.

    `handle` is called in order of position, inside the transaction that also moves the stored position: what
    it does in this database happens exactly once. What it does outside must be unique by (consumer, position).
    An entry may be handed over again after a rollback. `kinds`: None for every kind. `reset(position)` removes
    the effects of all entries after that position (0: of all), for a replay. `starts_at_end`: a new consumer
    begins with what is sealed after it was first run, instead of with the first entry. `handle_all` is called instead
    of `handle` with all entries of a step, for who reads and writes many rows together; where it raises, the entries
    are handed to `handle` one by one, so that the one at fault is found.
    """

    name: str
    handle: Callable[[SealedEntry], None]
    kinds: frozenset[str] | None = None
    reset: Callable[[int], None] | None = None
    starts_at_end: bool = False
    handle_all: Callable[[Sequence[SealedEntry]], None] | None = None


class TimeStamper(Protocol):
    """A time-stamp authority (RFC 3161). `digest`: 32 bytes, SHA-256. `token`: DER of the TimeStampToken."""

    def stamp(self, digest: bytes) -> bytes:
        """Ask the authority; may take seconds and raise anything when it cannot be reached."""

    def check(self, token: bytes, digest: bytes) -> StampFacts:
        """Offline. Raises BadStamp for a token that is broken or stamps something else."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """Which entries. All given ones must hold; none at all: every entry. Moments aware, `begins <= at < ends`.

    `kind`: a kind (`dossier.signed`), or with a dot at its end all of an object (`dossier.`). `person`: a citizen
    who acted or was concerned; `concerns`: who was concerned; `officer`: the officer's id. `within`: only acts of
    these agencies; None: of all, and of who has none.
    """

    person: UUID | None = None
    officer: UUID | None = None
    account: UUID | None = None
    agency: UUID | None = None
    object: UUID | None = None
    concerns: UUID | None = None
    kind: str = ""
    begins: datetime | None = None
    ends: datetime | None = None
    within: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """What an auditor is given: entries in order of position, and the batches whose heads cover them."""

    asked_by: Actor
    asked_at: datetime
    reason: str
    criteria: Criteria
    entries: tuple[SealedEntry, ...]
    batches: tuple[Batch, ...]


ExtractMaker = Callable[[Extract], bytes]
# The installation's signature of a head (32 bytes), as text; "" when it has no key for it.
HeadSealer = Callable[[bytes], str]

_consumers: dict[str, Consumer] = {}
_single: dict[str, Any] = {"time_stamper": None, "extract_maker": None, "head_sealer": None}


def register_consumer(consumer: Consumer) -> None:
    """Raises ImproperlyConfigured when another consumer has the name."""
    if _consumers.setdefault(consumer.name, consumer) != consumer:
        raise ImproperlyConfigured(f"Two consumers are named {consumer.name}")


def consumers() -> tuple[Consumer, ...]:
    """All of them, by name."""
    return tuple(sorted(_consumers.values(), key=lambda consumer: consumer.name))


def set_time_stamper(stamper: TimeStamper | Callable[[], TimeStamper | None] | None) -> None:
    """None: heads are not stamped."""
    _single["time_stamper"] = stamper


def time_stamper() -> TimeStamper | None:
    given = _single["time_stamper"]
    stamper: TimeStamper | None = given() if callable(given) else given
    return stamper


def set_head_sealer(sealer: HeadSealer | None) -> None:
    """None: proofs carry no signature of the installation."""
    _single["head_sealer"] = sealer


def head_sealer() -> HeadSealer | None:
    sealer: HeadSealer | None = _single["head_sealer"]
    return sealer


def set_extract_maker(maker: ExtractMaker | None) -> None:
    """The maker gets an Extract and returns a signed PDF."""
    _single["extract_maker"] = maker


def extract_maker() -> ExtractMaker | None:
    maker: ExtractMaker | None = _single["extract_maker"]
    return maker
