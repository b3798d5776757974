"""Identifiers."""

from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A version 7 UUID (RFC 9562): ordered by time of creation, so that primary-key indexes stay compact."""
    return uuid7()


def made_at(identifier: UUID) -> datetime:
    """The moment in a version 7 UUID: its first 48 bits are milliseconds since 1970 (RFC 9562, 5.7)."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)
