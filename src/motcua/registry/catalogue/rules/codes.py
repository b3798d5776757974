"""Codes of procedures as people and other systems write them. Pure.

Source: vietnam.md 2.3. The base code is the same nationwide; the agency that publishes stands behind it, in an old form
(`1.001193.000.00.00.H62`) and a new one (`1.012753.H19`).
"""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"([0-9]\.[0-9]{6})(?:\.(?:[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.)?[A-Z][0-9]{2})?", re.ASCII)


def base_code(written: str) -> str:
    """The base code of a code in any form and case: "1.012753.h19" -> "1.012753"; "" of anything else."""
    found = _WRITTEN.fullmatch(written.upper()) if len(written) <= 30 else None
    return found[1] if found else ""
