"""Reading messages. Who may see which is decided above: callers pass the recipient's id, or agency paths."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from motcua.foundation.journal.selectors import list_entries
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.notifications.models import Message, Preference
from motcua.foundation.notifications.policies import within_scopes

PAGE_SIZE = 20
_UNREAD = """
SELECT count(*) FROM foundation_notifications_message
 WHERE recipient_id = %s AND channel = 'in_app' AND read_at IS NULL AND erased_at IS NULL
"""
_UNREAD_ABOUT = """
SELECT concerns_id, count(*) FROM foundation_notifications_message
 WHERE recipient_id = %s AND channel = 'in_app' AND read_at IS NULL AND erased_at IS NULL
   AND purpose = %s AND concerns_id = ANY (%s)
 GROUP BY concerns_id
"""


@dataclass(frozen=True, slots=True)
class MessagePage:
    """At most 20 messages, latest first; `next_before`: the token of the page after, empty when there is none."""

    messages: list[Message]
    next_before: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show of the messages sent; empty: all. day: of writing, local. concerns: the object's id."""

    state: str = ""
    channel: str = ""
    purpose: str = ""
    day: date | None = None
    concerns: UUID | None = None

    def condition(self) -> Q:
        wanted = {"state": self.state, "channel": self.channel, "purpose": self.purpose}
        condition = Q(**{name: value for name, value in wanted.items() if value})
        if self.concerns:
            condition &= Q(concerns_id=self.concerns)
        if self.day:
            starts = timezone.make_aware(datetime.combine(self.day, time.min))
            condition &= Q(created_at__gte=starts, created_at__lt=starts + timedelta(days=1))
        return condition


def list_own_messages(recipient_id: UUID, *, before: str = "") -> MessagePage:
    """What a person was told in the portal. `before`: the token of the page before (wrong ones are ignored)."""
    own = Message.objects.filter(recipient_id=recipient_id, channel="in_app", erased_at=None)
    return _page(own, before)


def count_unread(recipient_id: UUID) -> int:
    """For the bell of every page."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [recipient_id])
        (count,) = cursor.fetchone()
    return int(count)


def count_unread_about(recipient_id: UUID, purpose: str, objects: Collection[UUID]) -> dict[UUID, int]:
    """Object -> how many messages about it, for one purpose, a person has not read. One query, none without objects."""
    if not objects:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD_ABOUT, [recipient_id, purpose, list(objects)])
        return dict(cursor.fetchall())


def has_switched_off(recipient_id: UUID, group: str) -> bool:
    """Whether a person wants neither e-mail nor SMS for a group: of what can wait, they are told nothing at all."""
    off = Preference.objects.filter(recipient_id=recipient_id, group=group, is_enabled=False)
    return off.count() == 2


def list_sent(scopes: Iterable[str], chosen: Filter, *, before: str = "") -> MessagePage:
    """What was sent about objects below the agency paths; without the words."""
    found = Message.objects.filter(within_scopes(scopes)).filter(chosen.condition())
    return _page(found.defer("body", "subject", "link"), before)


@dataclass(frozen=True, slots=True)
class Unsent:
    """`waiting`: should have gone by now; `failed`: of those written today."""

    waiting: int
    failed: int


def count_unsent(scopes: Iterable[str], *, at: datetime) -> Unsent:
    """Messages about objects below the agency paths that did not go out. Two queries."""
    here, today = (
        within_scopes(scopes),
        timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0),
    )
    waiting = Message.objects.filter(here, state__in=["queued", "sending"], not_before__lte=at)
    failed = Message.objects.filter(here, state="failed", created_at__gte=today)
    return Unsent(waiting.count(), failed.count())


def get_sent(scopes: Iterable[str], message_id: UUID) -> Message:
    """One of `list_sent`. Raises NotFound."""
    found = Message.objects.filter(within_scopes(scopes), pk=message_id)
    message = found.defer("body", "subject", "link").first()
    if not message:
        raise NotFound
    return message


def list_retries(message: Message) -> list[datetime]:
    """When operators sent a message again, oldest first, as the journal says."""
    return [entry.at for entry in list_entries([message.id]) if entry.kind == "message.retried"]


def preferences_of(recipient_id: UUID) -> dict[tuple[str, str], bool]:
    """(group, channel) -> on or off, where the recipient chose."""
    chosen = Preference.objects.filter(recipient_id=recipient_id)
    return {(it.group, it.channel): it.is_enabled for it in chosen}


def _page(found: QuerySet[Message], before: str) -> MessagePage:
    if place := _parse_before(before):
        moment, key = place
        # The first half lets the index find the place; the second decides among those of one moment.
        found = found.filter(created_at__lte=moment).filter(Q(created_at__lt=moment) | Q(pk__lt=key))
    rows = list(found.order_by("-created_at", "-id")[: PAGE_SIZE + 1])
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    return MessagePage(rows, f"{rows[-1].created_at.isoformat()}_{rows[-1].pk}" if more else "")


def _parse_before(token: str) -> tuple[datetime, UUID] | None:
    moment, _, last = token.partition("_")
    try:
        before, key = datetime.fromisoformat(moment), UUID(last)
    except ValueError:
        return None
    return (before, key) if before.tzinfo else None
