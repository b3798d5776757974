"""Answers that must differ from others: of two spouses, of members of a household, of where one moves and lives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .cleaning import key_of
from .definition import Answers, Field, Text

RESIDENCE = "eid.residence_commune"
_NUMBER = "personal_number"


def same_as(item: Field, value: Any, facts: Answers, claims: Mapping[str, str]) -> str:
    """The first of what the question must differ from that has the same answer; "" for none.

    A person counts by the personal number. facts: the answers of the whole form, with what is known.
    """
    for name in item.differs_from:
        other = claims.get(name) if name == RESIDENCE else facts.get(name)
        other = other.get(_NUMBER) if isinstance(other, Mapping) else other
        if other not in (None, "") and other == value:
            return name
    return ""


def repeated_people(item: Field, items: Sequence[Any]) -> Iterator[tuple[str, Text]]:
    """Of a list of people: the key in the list ("1-who-personal_number") of each number that an item before it has,
    and what that item is called ("Child 1"). Nothing of a list of other things, as one person may own two of them."""
    path = _number_path(item)
    first: dict[Any, int] = {}
    for position, it in enumerate(items if path else ()):
        number = _at(it, path)
        if number and first.setdefault(number, position) != position:
            name = item.item_label or item.label
            text = {language: f"{words} {first[number] + 1}" for language, words in name.items()}
            yield key_of(position, *path), text


def _number_path(item: Field) -> tuple[str, ...]:
    """Where an item of a list of people has its number: it asks one itself, or begins with a person."""
    if any(part.name == _NUMBER and part.kind == _NUMBER for part in item.fields):
        return (_NUMBER,)
    head = item.fields[0]
    if head.kind == "person" and any(part.name == _NUMBER for part in head.fields):
        return (head.name, _NUMBER)
    return ()


def _at(value: Any, path: Sequence[str]) -> str:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""
