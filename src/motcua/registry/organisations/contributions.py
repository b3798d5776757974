"""Where higher rooms say what work an agency still has to do. An agency with open work cannot end."""

from __future__ import annotations

from collections.abc import Callable

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
