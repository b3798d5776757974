"""The key in the link: what it is made of, and by what a survey is found."""

from __future__ import annotations

import base64
from uuid import UUID

from django.utils.crypto import salted_hmac

_LENGTH = 16
_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def token_of(dossier_id: UUID) -> str:
    """Sixteen letters and digits, 80 bits; of the id under the server's key: the database gives none away."""
    digest = salted_hmac("motcua.surveys", str(dossier_id), algorithm="sha256").digest()
    return base64.b32encode(digest[:10]).decode()


def token_digest(typed: str) -> str:
    """By what a survey is found; "" for what cannot be a token. Spaces, hyphens and case are forgiven."""
    symbols = "".join(char for char in typed.upper() if char not in " -")
    if len(symbols) != _LENGTH or not set(symbols) <= _ALPHABET:
        return ""
    return salted_hmac("motcua.surveys.token", symbols, algorithm="sha256").hexdigest()
