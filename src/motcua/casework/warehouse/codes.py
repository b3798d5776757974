"""Codes: short enough to read on the telephone, long enough not to be guessed. Pure but for chance."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.utils.crypto import salted_hmac

# Crockford's base 32: no I, L, O, U, so that nothing is misread.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def new_code() -> str:
    """Ten symbols, 50 bits, as "7K4M-2QXD-9R"."""
    number = secrets.randbits(50)
    symbols = "".join([_ALPHABET[number >> place & 31] for place in range(0, 50, 5)])
    return f"{symbols[:4]}-{symbols[4:8]}-{symbols[8:]}"


def read_code(text: str) -> str:
    """What a person typed or a QR held, as a code; spaces, case and look-alikes are forgiven. Empty if hopeless."""
    symbols = "".join(char for char in text.upper().translate(_READ_AS) if char in _ALPHABET)
    return f"{symbols[:4]}-{symbols[4:8]}-{symbols[8:]}" if len(symbols) == 10 else ""


_SHARE_SYMBOLS = 16


def share_code(share_id: UUID) -> str:
    """The code of a share: sixteen symbols, 80 bits, as "7K4M-2QXD-9R0T-W3ZB".

    Made of the id under the server's secret key, so that the database alone gives no code away.
    """
    digest = salted_hmac("motcua.warehouse.share", str(share_id), algorithm="sha256").digest()
    number = int.from_bytes(digest[:10], "big")
    symbols = "".join(_ALPHABET[number >> (5 * place) & 31] for place in range(_SHARE_SYMBOLS))
    return "-".join(symbols[start : start + 4] for start in range(0, _SHARE_SYMBOLS, 4))


def share_digest(typed: str) -> str:
    """By what a share is found: a digest of its code, however that was typed. Empty if it cannot be one."""
    symbols = "".join(char for char in typed.upper().translate(_READ_AS) if char in _ALPHABET)
    if len(symbols) != _SHARE_SYMBOLS:
        return ""
    return salted_hmac("motcua.warehouse.share.code", symbols, algorithm="sha256").hexdigest()
