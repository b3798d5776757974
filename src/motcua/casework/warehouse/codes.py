"""Verification codes: short enough to read on the telephone, long enough not to be guessed. Pure but for chance."""

from __future__ import annotations

import secrets

# Crockford's base 32: no I, L, O, U, so that nothing is misread.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def new_code() -> str:
    """Ten symbols, 50 bits, as "7K4M-2QXD-9R"."""
    symbols = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return f"{symbols[:4]}-{symbols[4:8]}-{symbols[8:]}"


def read_code(text: str) -> str:
    """What a person typed or a QR held, as a code; spaces, case and look-alikes are forgiven. Empty if hopeless."""
    symbols = "".join(char for char in text.upper().translate(_READ_AS) if char in _ALPHABET)
    return f"{symbols[:4]}-{symbols[4:8]}-{symbols[8:]}" if len(symbols) == 10 else ""
