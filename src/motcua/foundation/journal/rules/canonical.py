"""The bytes of an entry that are sealed: canonical form, version 1."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import orjson

# In the order in which they are read. All of the entry's columns: a test compares.
COLUMNS = (
    "id",
    "sequence",
    "transaction_id",
    "recorded_at",
    "at",
    "kind",
    "actor_kind",
    "account_id",
    "person_id",
    "mandate_id",
    "post_id",
    "agency_id",
    "object_kind",
    "object_id",
    "concerns_id",
    "facts",
    "detail_digest",
)
_FACTS, DIGEST = COLUMNS.index("facts"), COLUMNS.index("detail_digest")
MOMENTS = ("recorded_at", "at")
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z
VERSION = 1


def canonical(position: int, values: tuple[Any, ...]) -> bytes:
    """The canonical text of an entry at a position: JSON in UTF-8, sorted names, no spaces.

    values: in the order of COLUMNS; identifiers as UUIDs or their text, moments in UTC (naive, or aware),
    `detail_digest` bytes or None, `facts` the text that PostgreSQL writes for jsonb: it keeps every digit of a
    number, which a parsed value would not. Raises TypeError for values that no entry can have.
    """
    fields: dict[str, Any] = dict(zip(COLUMNS, values, strict=True))
    digest = values[DIGEST]
    fields["facts"] = orjson.Fragment(values[_FACTS] or "null")
    fields["detail_digest"] = None if digest is None else bytes(digest).hex()
    fields["position"] = position
    fields["version"] = VERSION
    return orjson.dumps(fields, option=_OPTIONS)


def leaf_hash(text: bytes) -> bytes:
    """SHA-256(0x00 || text), 32 bytes. Source: RFC 6962 section 2.1."""
    return hashlib.sha256(b"\x00" + text).digest()


def tag_of(key: bytes, leaf: bytes) -> bytes:
    """HMAC-SHA-256 of a leaf hash under the installation's journal key, 32 bytes. Source: RFC 2104."""
    return hmac.digest(key, leaf, "sha256")


def detail_digest(salt: bytes, values: Mapping[str, Any]) -> bytes:
    """SHA-256 over salt and canonical JSON (sorted keys, no spaces, UTF-8): 32 bytes."""
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(salt + text.encode()).digest()
