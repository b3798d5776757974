"""Identifiers."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A version 7 UUID (RFC 9562): ordered by time of creation, so that primary-key indexes stay compact."""
    return uuid7()
