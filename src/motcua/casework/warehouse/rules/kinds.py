"""Result codes of the national list (mã kết quả). Pure. Source: vietnam.md 2.3."""

from __future__ import annotations

import re
from typing import Literal

_FORM = re.compile(r"KQ\.[GH]\d{2}\.\d{6}")
Problem = Literal["malformed", "unknown"]


def problem_of(code: str, known: frozenset[str]) -> Problem | None:
    """Why a result code cannot be taken: not KQ.<level-1 code>.<six digits>, or in no list; None: it can.

    Level-1 codes are G (ministries) and H (provinces) with two digits (Decision 20/2020/QĐ-TTg).
    """
    if not _FORM.fullmatch(code):
        return "malformed"
    return None if code in known else "unknown"
