"""Codes of intake sheets: printed before anybody knows whose dossier it will be, typed in later. Pure but for chance.

"P-7K4M-2QXD-9R": P for paper (phiếu), nine symbols by chance (45 bits) and a check symbol. The symbols are Crockford's
base 32; the check symbol is Damm's scheme over the field of 32 elements: one wrong symbol, and two symbols that changed
places, wherever they stand, always give another one.
"""

from __future__ import annotations

import re
import secrets

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# As a code is kept; PostgreSQL reads it too.
PATTERN = "^P-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}$"
LENGTH = 10
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
# x^5 + x^2 + 1, by which the field is made.
_FIELD = 0b100101


def check_symbol(symbols: str) -> str:
    """The last symbol of a code that begins with these. Source: M. Damm, "Totally anti-symmetric quasigroups", 2004."""
    held = 0
    for symbol in symbols:
        held = (held ^ SYMBOLS.index(symbol)) << 1
        held ^= _FIELD if held & 0b100000 else 0
    return SYMBOLS[held]


def new_sheet_code() -> str:
    symbols = "".join(secrets.choice(SYMBOLS) for _ in range(LENGTH - 1))
    return _written(symbols + check_symbol(symbols))


def read_sheet_code(text: str) -> str:
    """What was typed or scanned, as a code; "" where it cannot be one. Case, spaces and look-alikes are forgiven.

    text: the code, with or without "P", or the address that the QR code of the slip holds ("…?code=P-…").
    """
    typed = text.strip().upper().rpartition("CODE=")[2][:60]
    symbols = re.sub(r"[\s.·-]", "", typed).translate(_READ_AS)
    if len(symbols) == LENGTH + 1 and symbols.startswith("P"):
        symbols = symbols[1:]
    is_code = len(symbols) == LENGTH and set(symbols) <= set(SYMBOLS)
    return _written(symbols) if is_code and check_symbol(symbols[:-1]) == symbols[-1] else ""


def is_meant_for_sheet(text: str) -> bool:
    """Whether who typed it reads it off a slip, right or wrong: it begins with "P-", or with "P" before ten symbols."""
    typed = re.sub(r"[\s.·-]", "", text.strip().upper().rpartition("CODE=")[2][:60])
    return text.strip().upper().startswith("P-") or (typed.startswith("P") and len(typed) == LENGTH + 1)


def _written(symbols: str) -> str:
    return f"P-{symbols[:4]}-{symbols[4:8]}-{symbols[8:]}"
