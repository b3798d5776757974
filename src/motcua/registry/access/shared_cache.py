"""Django's cache in the database, for the few short-lived values that every process and machine must see:
authorization codes and the counts of rate limits.

Values are JSON: Django's own database cache unpickles, so that whoever can write a row could run code. Keys are kept
as digests, since an authorization code is part of one.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.db.models import QuerySet

_SET = """
INSERT INTO registry_access_sharedvalue AS s (key, value, expires_at) VALUES (%s, %s::jsonb, %s)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
"""
_ONLY_IF_GONE = " WHERE s.expires_at <= %s"


class SharedCache(BaseCache):
    """`get`, `set`, `add`, `touch` and `delete`; anything that is JSON. One statement each."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def _key(self, key: str, version: int | None) -> str:
        return hashlib.sha256(self.make_key(key, version=version).encode()).hexdigest()

    def _end(self, timeout: Any) -> datetime:
        seconds = self.get_backend_timeout(timeout)
        return datetime.max.replace(tzinfo=UTC) if seconds is None else datetime.fromtimestamp(seconds, UTC)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        rows = _rows(self._key(key, version)).filter(expires_at__gt=_now())
        found = rows.values_list("value", flat=True).first()
        return default if found is None else found

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._write(_SET, [self._key(key, version), json.dumps(value), self._end(timeout)])

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        values = [self._key(key, version), json.dumps(value), self._end(timeout), _now()]
        return bool(self._write(_SET + _ONLY_IF_GONE, values))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        rows = _rows(self._key(key, version)).filter(expires_at__gt=_now())
        return bool(rows.update(expires_at=self._end(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(_rows(self._key(key, version)).delete()[0])

    def clear(self) -> None:
        self._write("DELETE FROM registry_access_sharedvalue", [])

    def _write(self, statement: str, values: list[Any]) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)


def _now() -> datetime:
    return datetime.now(UTC)


def _rows(key: str) -> QuerySet[Any]:
    """Resolved when used: settings name this module before there are models."""
    model = apps.get_model("registry_access", "SharedValue")
    return model._default_manager.filter(key=key)
