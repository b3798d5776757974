"""Calls of the API: who makes them, how many, and what they were answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from motcua.registry.access.clients.errors import KeyReused
from motcua.registry.access.clients.models import KeptAnswer

# Longer than any program tries again (design: a day at least).
KEPT_FOR = timedelta(days=3)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """The program that calls and, where a person acts through it, their account and in whose name they do."""

    client_id: UUID
    account_id: UUID | None = None
    acting_as: str = ""

    @property
    def id(self) -> UUID:
        """Whose calls are counted together and whose keys are apart from others'."""
        return self.account_id or self.client_id


@dataclass(frozen=True, slots=True)
class Allowance:
    """Calls in a window of a minute: allowed, left (0 also when there were too many), seconds until the next window."""

    limit: int
    remaining: int
    reset: int
    is_over: bool


# One statement a call: who calls at the same time waits for nobody longer than this takes.
_COUNT = """
WITH used AS (
    INSERT INTO registry_access_clientcalls AS c (client_id, day, operation, calls)
    VALUES (%(client)s, %(day)s, %(operation)s, 1)
    ON CONFLICT (client_id, day, operation) DO UPDATE SET calls = c.calls + 1
)
INSERT INTO registry_access_callwindow AS w (caller, minute, calls) VALUES (%(caller)s, %(minute)s, 1)
ON CONFLICT (caller) DO UPDATE SET
    calls = CASE WHEN w.minute = excluded.minute THEN w.calls + 1 ELSE 1 END,
    minute = excluded.minute
RETURNING calls
"""
# Waits for who takes the same key at the same moment.
_TAKE = """
INSERT INTO registry_access_keptanswer (client_id, caller, key, digest, at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (client_id, caller, key) DO NOTHING RETURNING id
"""


def count_call(caller: Caller, operation: str, *, at: datetime) -> Allowance:
    """Count one call, and say how many more API_CALLS_PER_MINUTE leaves in this minute. One query."""
    minute = at.replace(second=0, microsecond=0)
    values: dict[str, Any] = {
        "client": caller.client_id,
        "caller": caller.id,
        "day": timezone.localdate(at),
        "operation": operation[:80],
        "minute": minute,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        calls = cursor.fetchone()[0]
    limit = settings.API_CALLS_PER_MINUTE
    reset = max(1, round((minute + _MINUTE - at).total_seconds()))
    return Allowance(limit, max(0, limit - calls), reset, calls > limit)


@dataclass(frozen=True, slots=True)
class Keyed:
    """A call that must be done once: whose, under which Idempotency-Key, and the digest of what was sent."""

    caller: Caller
    key: str
    digest: str


def digest_of_call(operation: str, content: Any) -> str:
    """SHA-256 (hex) of what a call asks for. `content`: JSON values; the order of members does not count."""
    text = json.dumps([operation, content], sort_keys=True, cls=DjangoJSONEncoder, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Once:
    """A status and JSON values; `again`: kept from the first time."""

    status: int
    answer: Any
    again: bool


@transaction.atomic
def once(keyed: Keyed, act: Callable[[], tuple[int, Any]], *, at: datetime) -> Once:
    """Do what a call asks for, unless the same call was answered before: then give that answer again.

    One transaction: the answer is kept if and only if the act was done. Of two that come at the same moment the second
    waits for the first. Raises KeyReused when the key came with something else, and whatever `act` raises.
    Source: draft-ietf-httpapi-idempotency-key-header-07.
    """
    if (taken := _take_key(keyed, at)) is None:
        row = KeptAnswer.objects.get(client_id=keyed.caller.client_id, caller=keyed.caller.id, key=keyed.key)
        if row.digest != keyed.digest:
            raise KeyReused
        return Once(row.status or 200, row.answer, again=True)
    status, answer = act()
    kept = json.loads(json.dumps(answer, cls=DjangoJSONEncoder))
    KeptAnswer.objects.filter(pk=taken).update(status=status, answer=kept)
    return Once(status, kept, again=False)


def _take_key(keyed: Keyed, at: datetime) -> int | None:
    """The id of the row that now holds the key; None where it was taken before."""
    values: list[Any] = [keyed.caller.client_id, keyed.caller.id, keyed.key, keyed.digest, at]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        found = cursor.fetchone()
    return found[0] if found else None


def forget_answers(*, at: datetime) -> int:
    """Delete answers older than KEPT_FOR; gives how many went."""
    return KeptAnswer.objects.filter(at__lt=at - KEPT_FOR).delete()[0]
