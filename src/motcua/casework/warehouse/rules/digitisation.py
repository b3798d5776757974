"""State of digitisation of a paper, as the national portal counts it. Pure. Source: vietnam.md 1.6."""

from __future__ import annotations

from typing import Literal

Digitisation = Literal[0, 1, 2, 3]
NOT_DIGITISED, DIGITISED, USED_AGAIN, RESULT_USED_AGAIN = 0, 1, 2, 3


def state_of(*, has_file: bool, is_reused: bool, is_result: bool) -> Digitisation:
    """0 not digitised, 1 digitised, 2 used again, 3 used again as the result of another dossier.

    is_result: it is the electronic result of a dossier, not a digitised paper.
    """
    if not has_file:
        return 0
    if not is_reused:
        return 1
    return 3 if is_result else 2


def reuse_code(state: int) -> Literal[0, 1, 2]:
    """DuocTaiSuDung of the synchronisation message: 0 no, 1 used again, 2 as the result of another dossier [M]."""
    return {USED_AGAIN: 1, RESULT_USED_AGAIN: 2}.get(state, 0)  # type: ignore[return-value]
