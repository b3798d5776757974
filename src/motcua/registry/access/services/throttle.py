"""Slowing down who guesses: waits that grow, counted in the database, for all processes alike.

A wait is never longer than the limit's `longest`, and a name alone is slowed by a minute at most: strangers who try
it on purpose do not keep its owner out, who is besides known by the cookie of an earlier sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from motcua.registry.access.errors import Slow
from motcua.registry.access.models import Slowed

FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` tries without waiting; then 1, 2, 4 … seconds, `longest` at most.

    After `forgotten_after` without a try counting begins anew.
    """

    name: str
    free: int
    longest: int
    forgotten_after: timedelta = FORGOTTEN_AFTER


ADDRESS = Limit("address", 30, 900)
PAIR = Limit("name and address", 5, 900)
NAME = Limit("name", 10, 60)
DEVICE = Limit("device", 5, 300)
FACTOR = Limit("factor", 5, 300)
PROOF = Limit("proof", 5, 300)
INVITATION = Limit("invitation", 10, 900)
# What strangers may ask without signing in, right or wrong: an address may stand for a whole office or hospital.
VERIFICATION = Limit("verification", 60, 30, timedelta(minutes=10))
STATUS = Limit("status", 120, 30, timedelta(minutes=10))

# One statement counts and decides, so that tries side by side are counted too. No row: one has to wait.
_COUNT = """
INSERT INTO registry_access_slowed AS s (key, failures, last_at, until)
VALUES (%(key)s, 1, %(at)s, %(at)s)
ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN s.last_at < %(forgotten)s THEN 1 ELSE s.failures + 1 END,
    last_at = %(at)s,
    until = CASE WHEN s.last_at < %(forgotten)s OR s.failures + 1 < %(free)s THEN %(at)s
                 ELSE %(at)s + least(%(longest)s, power(2, least(s.failures + 1 - %(free)s, 20)))
                              * interval '1 second' END
 WHERE s.until <= %(at)s
RETURNING failures
"""


@dataclass(frozen=True, slots=True)
class Try:
    """Whose tries are counted together: a limit and what tells them apart. Kept as a digest only."""

    limit: Limit
    what: str

    @property
    def key(self) -> str:
        digest = salted_hmac("motcua.access.throttle", f"{self.limit.name}\0{self.what}", algorithm="sha256")
        return digest.hexdigest()


def count(*tries: Try, at: datetime) -> None:
    """Count one try before it is looked at. Raises Slow when one has to wait; what comes after is not counted then."""
    for one in tries:
        values: dict[str, str | int | datetime] = {
            "key": one.key,
            "at": at,
            "forgotten": at - one.limit.forgotten_after,
            "free": one.limit.free,
            "longest": one.limit.longest,
        }
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, values)
            counted = cursor.fetchone()
        if not counted:
            until = Slowed.objects.values_list("until", flat=True).filter(key=one.key).first() or at
            raise Slow(seconds=max(1, round((until - at).total_seconds())))


def forget(*tries: Try) -> None:
    """It was right: what was counted is forgotten, but for an address, which many share and gets one try back."""
    shared = [one.key for one in tries if one.limit is ADDRESS]
    Slowed.objects.filter(key__in=[one.key for one in tries if one.key not in shared]).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_access_slowed SET failures = failures - 1 WHERE key = ANY(%s) AND failures > 0",
            [shared],
        )


def sweep(*, at: datetime) -> int:
    """Delete what is forgotten; gives how many rows went."""
    return Slowed.objects.filter(last_at__lt=at - FORGOTTEN_AFTER, until__lt=at).delete()[0]
