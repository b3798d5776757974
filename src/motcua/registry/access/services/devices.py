"""Known devices: who signed in here once is not slowed by what strangers try elsewhere with the same name."""

from __future__ import annotations

import secrets

from django.core import signing

from motcua.registry.access.services.throttle import ADDRESS, DEVICE, NAME, PAIR, Try

COOKIE = "motcua_device"
COOKIE_AGE = 180 * 24 * 3600
_SALT = "motcua.access.device"


def new_cookie(username: str) -> str:
    """What a browser keeps after a sign-in: signed, with a number of its own and the name it is good for."""
    return signing.dumps([username.casefold(), secrets.token_hex(8)], salt=_SALT, compress=False)


def sign_in_tries(*, username: str, address: str, cookie: str) -> tuple[Try, ...]:
    """By what a sign-in is counted: the device where it is known for this name; else address, both, and the name."""
    name = username.casefold()
    try:
        known, number = signing.loads(cookie, salt=_SALT, max_age=COOKIE_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        known, number = None, ""
    if known == name:
        return (Try(DEVICE, str(number)),)
    return (Try(ADDRESS, address), Try(PAIR, f"{name}\0{address}"), Try(NAME, name))
