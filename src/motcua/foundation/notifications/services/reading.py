"""What recipients do: read in the portal, choose how they are told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.notifications.contributions import list_groups
from motcua.foundation.notifications.models import Habits, Message, Preference

Channel = Message.Channel


@transaction.atomic
def mark_read(*, recipient_id: UUID, message_id: UUID, at: datetime) -> Message:
    """The recipient opens a message in the portal. Gives it. Raises NotFound, also for another's message."""
    own = Message.objects.select_for_update().filter(recipient_id=recipient_id, channel=Channel.IN_APP)
    message = own.filter(pk=message_id, erased_at=None).first()
    if not message:
        raise NotFound
    if message.read_at is None:
        message.read_at = at
        message.save(update_fields=["read_at"])
    return message


def mark_all_read(*, recipient_id: UUID, at: datetime) -> int:
    """Everything the recipient has in the portal counts as read. Gives how many were not."""
    own = Message.objects.filter(recipient_id=recipient_id, channel=Channel.IN_APP, read_at=None)
    return own.filter(erased_at=None).update(read_at=at)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a recipient wants: (group, channel) -> on or off for e-mail and SMS, language (or empty), quiet hours."""

    channels: Mapping[tuple[str, str], bool]
    language: str
    quiet_from: time
    quiet_to: time


@transaction.atomic
def save_preferences(*, recipient_id: UUID, choice: Choice) -> None:
    """Keep a recipient's choice. What waits already goes out as it was queued."""
    Habits.objects.update_or_create(
        recipient_id=recipient_id,
        defaults={
            "language": choice.language,
            "quiet_from": choice.quiet_from,
            "quiet_to": choice.quiet_to,
        },
    )
    Preference.objects.bulk_create(
        [
            Preference(recipient_id=recipient_id, group=group, channel=channel, is_enabled=is_enabled)
            for (group, channel), is_enabled in choice.channels.items()
        ],
        update_conflicts=True,
        unique_fields=["recipient_id", "group", "channel"],
        update_fields=["is_enabled"],
    )


@transaction.atomic
def switch_channel(*, recipient_id: UUID, channel: str, is_enabled: bool) -> None:
    """Switch e-mail or SMS on or off for every group that a recipient may choose for."""
    Preference.objects.bulk_create(
        [
            Preference(recipient_id=recipient_id, group=group.code, channel=channel, is_enabled=is_enabled)
            for group in list_groups()
        ],
        update_conflicts=True,
        unique_fields=["recipient_id", "group", "channel"],
        update_fields=["is_enabled"],
    )


def switch_off(*, recipient_id: UUID, group: str) -> None:
    """No e-mail and no SMS for one group of purposes any more."""
    switch_group(recipient_id=recipient_id, group=group, channels=())


@transaction.atomic
def switch_group(*, recipient_id: UUID, group: str, channels: Collection[str]) -> None:
    """For one group of purposes these of e-mail and SMS, and no others."""
    Preference.objects.bulk_create(
        [
            Preference(
                recipient_id=recipient_id, group=group, channel=channel, is_enabled=channel in channels
            )
            for channel in (Channel.EMAIL, Channel.SMS)
        ],
        update_conflicts=True,
        unique_fields=["recipient_id", "group", "channel"],
        update_fields=["is_enabled"],
    )


@transaction.atomic
def forget_choices(*, recipient_id: UUID) -> int:
    """Erase how a recipient wanted to be told; the defaults hold again. Gives how many rows."""
    chosen, _ = Preference.objects.filter(recipient_id=recipient_id).delete()
    habits, _ = Habits.objects.filter(pk=recipient_id).delete()
    return chosen + habits


def mark_read_about(*, recipient_id: UUID, purpose: str, concerns_id: UUID, at: datetime) -> int:
    """What the recipient was told of one object for one purpose counts as read: they look at the object itself. Gives
    how many were not."""
    own = Message.objects.filter(recipient_id=recipient_id, channel=Channel.IN_APP, read_at=None)
    return own.filter(purpose=purpose, concerns_id=concerns_id, erased_at=None).update(read_at=at)
