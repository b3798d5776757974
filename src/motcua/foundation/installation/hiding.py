"""Secrets at rest, and digests that tell values apart without telling them.

Both keys are derived (HKDF, RFC 5869) from the installation's secret, which is not in the database.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@lru_cache(maxsize=4)
def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"motcua settings: " + purpose).derive(secret.encode())


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(settings.SECRET_KEY, b"secrets")))


def hide(secret: str) -> str:
    return _fernet().encrypt(secret.encode()).decode()


def show(token: str) -> str | None:
    """The secret; None when it was hidden under another installation's secret."""
    try:
        return _fernet().decrypt(token.encode()).decode()
    except InvalidToken:
        return None


def digest(value: Any) -> str:
    """32 hexadecimal digits, keyed, so that nobody guesses a short value from it; "" for None."""
    if value is None:
        return ""
    plain = json.dumps(value, sort_keys=True, ensure_ascii=False).encode()
    return hmac.new(_derived(settings.SECRET_KEY, b"digests"), plain, hashlib.sha256).hexdigest()[:32]
