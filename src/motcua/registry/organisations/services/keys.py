"""Whose key signs: one key, one officer or one agency."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from motcua.registry.organisations.errors import KeyTaken
from motcua.registry.organisations.models import Agency, Officer

_LOCK = 0x6D63_7369_676E


def require_free_key(key: str, *, path: str = "") -> None:
    """That no officer signs with this key, and no agency but the one at `path`; in the caller's transaction.

    Otherwise who enters officers could sign in another's name. Raises KeyTaken.
    """
    if not key:
        return
    with connection.cursor() as cursor:
        # Two who name the same key at once: one after the other.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if is_taken(key, path=path):
        raise KeyTaken


def is_taken(key: str, *, path: str = "") -> bool:
    """Whether an officer, an agency elsewhere than at `path`, or the installation itself signs with this key."""
    if key == settings.EXTRACT_KEY_REF:
        return True
    others = Agency.objects.filter(seal_key=key).exclude(path=path)
    return Officer.objects.filter(signing_key=key).exists() or others.exists()
