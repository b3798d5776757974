"""The two forms of an agency's code. Pure. Source: Decision 20/2020/QĐ-TTg (new), QCVN 102:2016/BTTTT (old)."""

from __future__ import annotations

import re
from typing import Literal

MAX_LENGTH = 35
_NEW = re.compile(r"[A-Z][0-9]{2}(\.[0-9A-Z]{1,8})*")
_OLD = re.compile(r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}")


def code_form(code: str) -> Literal["new", "old", ""]:
    """ "H44.1" is new (highest level on the left), "000.00.01.H44" old; "" is neither, or over 35 characters."""
    if len(code) > MAX_LENGTH:
        return ""
    if _OLD.fullmatch(code):
        return "old"
    return "new" if _NEW.fullmatch(code) else ""
