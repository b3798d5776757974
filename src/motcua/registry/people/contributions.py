"""Where higher rooms say what of a person they show in the account, hold and move, and who reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from motcua.foundation.kernel.actors import Actor


@dataclass(frozen=True, slots=True)
class AccountSection:
    """A part of "My account". `rows(actor)`: facts for components/fact_list; `links`: (words, name of a page)."""

    code: str
    title: str | Promise
    order: int
    rows: Callable[[Actor], Sequence[Mapping[str, Any]]]
    links: tuple[tuple[str | Promise, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One kind of what is held about people.

    `export(person)`: everything of it as JSON values, one mapping a row. `erase(person, at)`: removes what may go and
    gives how many rows; it runs in the transaction of the answer, knows legal holds, and may run twice. None: the
    law keeps it, as `why_kept` says; `retention`: which rule of retention.yaml says until when ("": none does).
    """

    name: str
    label: str | Promise
    export: Callable[[UUID], list[dict[str, Any]]]
    erase: Callable[[UUID, datetime], int] | None
    why_kept: str | Promise
    retention: str = ""


# What a reading was, in words for the person; facts are those of the entry.
Reading = Callable[[Mapping[str, Any]], str | Promise]

_sections: dict[str, AccountSection] = {}
_holdings: dict[str, PersonalData] = {}
_readings: dict[str, Reading] = {}


def register_account_section(section: AccountSection) -> None:
    """Called in `apps.py`."""
    _sections[section.code] = section


def account_sections() -> list[AccountSection]:
    return sorted(_sections.values(), key=lambda it: it.order)


def register_personal_data(holding: PersonalData) -> None:
    """Called in `apps.py`."""
    _holdings[holding.name] = holding


def personal_data() -> list[PersonalData]:
    return list(_holdings.values())


def register_reading(kind: str, words: Reading) -> None:
    """Called in `apps.py`: entries of this kind are readings and stand in the data tracker."""
    _readings[kind] = words


def reading_kinds() -> frozenset[str]:
    return frozenset(_readings)


def reading_words(kind: str, facts: Mapping[str, Any]) -> str:
    """What the reader did, in the active language. Raises KeyError for a kind that is no reading."""
    return str(_readings[kind](facts))


Move = Callable[[UUID, UUID], int]
_movers: dict[str, Move] = {}


def register_mover(name: str, move: Move) -> None:
    """`move(gone, kept)` puts everything of one person under the other's id, in the caller's transaction.

    Gives how many things it moved; the journal says so under `name`.
    """
    _movers[name] = move


def move_all(gone: UUID, kept: UUID) -> dict[str, int]:
    """Name -> how many, in the order of registration."""
    return {name: move(gone, kept) for name, move in _movers.items()}
