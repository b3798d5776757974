"""Where higher rooms say what work an agency or an officer still has to do. An agency with open work cannot end; an
officer can leave, and who ends their post is told."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.utils.functional import Promise

CountOpen = Callable[[str], int]

_open_work: dict[str, tuple[str | Promise, CountOpen]] = {}


def register_open_work(name: str, words: str | Promise, count: CountOpen) -> None:
    """Called in `apps.py`. `count(path)` says how much is open at the agency of this very path, not below it.

    words: how people call it: "open dossiers".
    """
    _open_work[name] = (words, count)


def open_work(path: str) -> list[tuple[str | Promise, int]]:
    """What is open at an agency, in words and figures; [] when nothing is."""
    counted = ((words, count(path)) for words, count in _open_work.values())
    return [(words, number) for words, number in counted if number]


_work_of_officers: list[Callable[[UUID], int]] = []


def register_work_of_officers(count: Callable[[UUID], int]) -> None:
    """Called in `apps.py`. `count(officer)` says how many open tasks lie with an officer."""
    _work_of_officers.append(count)


def work_of_officer(officer_id: UUID) -> int:
    """How many open tasks lie with an officer."""
    return sum(count(officer_id) for count in _work_of_officers)
