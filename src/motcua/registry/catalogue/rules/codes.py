"""Codes of procedures in all the forms they are written in. Pure.

Source: vietnam.md 2.3: `N.NNNNNN`, alone or followed by the code of the agency that publishes it, in the old form
(`1.001193.000.00.00.H62`) or the new one (`1.012753.H19`); the base code is the same nationwide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BASE = r"(?P<base>[0-9]\.[0-9]{6})"
# Decision 20/2020/QĐ-TTg: at most 35 characters, the highest level on the left.
_NEW = r"(?P<new>[A-Z][0-9]{2}(?:\.[0-9A-Z]{1,8})*)"
# QCVN 102:2016: four groups, the highest level on the right.
_OLD = r"(?P<units>[0-9]{3}\.[0-9]{2}\.[0-9]{2})\.(?P<top>[A-Z][0-9]{2})"
_CODE = re.compile(rf"{_BASE}(?:\.(?:{_OLD}|{_NEW}))?")
LONGEST = 44


@dataclass(frozen=True, slots=True)
class ProcedureCode:
    """`base`: "1.012753", the same nationwide. `suffix`: as written, "000.00.00.H62", "H19", "" for none.

    `publisher`: the agency of the suffix in the new form where it is the top one ("H62"), else the suffix as it is,
    since units below are mapped by a table, never by rule.
    """

    base: str
    suffix: str = ""
    publisher: str = ""


def parse_code(text: str) -> ProcedureCode | None:
    """A code in any form, with spaces around it or small letters; None when it is none."""
    found = _CODE.fullmatch(text.strip().upper()) if len(text) <= LONGEST + 20 else None
    if not found or len(found.group()) > LONGEST:
        return None
    suffix = found.group()[len(found["base"]) + 1 :]
    is_top = found["top"] and not found["units"].strip("0.")
    return ProcedureCode(found["base"], suffix, found["top"] if is_top else suffix)
