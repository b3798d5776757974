"""Sending one message: claim, hand to the channel, record. No row is locked while a gate thinks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from motcua.foundation.notifications.adapters.email import send_email
from motcua.foundation.notifications.adapters.sms import send_sms
from motcua.foundation.notifications.contributions import revealed
from motcua.foundation.notifications.errors import SendingFailed
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.rules.timing import wait_after
from motcua.foundation.notifications.services.notifying import allowed_from, queue

logger = logging.getLogger(__name__)
State = Message.State

# Longer than every time-out of the adapters together; after it, a worker that claimed a message counts as dead.
CLAIM = timedelta(minutes=5)
# How late a message is when the sweep looks after it.
LATE = timedelta(minutes=5)
# So few that a sweep is over before the next one, even when every gate hangs.
SWEEP_AT_ONCE = 20

SENDERS: dict[str, Callable[[Message], str]] = {
    Message.Channel.EMAIL: send_email,
    Message.Channel.SMS: send_sms,
}


def deliver(message_id: UUID, *, at: datetime) -> None:
    """Send one message, if it waits and its time has come; else do nothing. May run twice and at once.

    At least once: a worker killed between the gate's answer and its record leaves a message that is sent again, with
    the same key (Message-ID, Idempotency-Key), by which relay or gate can discard it. That is the only double.
    """
    message = _claim(message_id, at)
    if not message:
        return
    try:
        message.body = revealed(message)
        provider_id = SENDERS[message.channel](message)
    except SendingFailed as failure:
        _record_failure(message, failure, at)
    except Exception:
        logger.exception("message_not_sent message=%s channel=%s", message.id, message.channel)
        _record_failure(message, SendingFailed("unexpected", permanent=False), at)
    else:
        _record_sent(message, provider_id, at)


@transaction.atomic
def _claim(message_id: UUID, at: datetime) -> Message | None:
    message = Message.objects.select_for_update(skip_locked=True).filter(_ready(at), pk=message_id).first()
    if not message:
        return None
    if message.expires_at and message.expires_at <= at:
        message.state = State.EXPIRED
        message.save(update_fields=["state"])
        return None
    if allowed_from(message, at) > at:
        # It was to go in the evening, and no worker was there.
        message.state = State.QUEUED
        message.save(update_fields=["state"])
        queue(message, at)
        return None
    message.state, message.claimed_at = State.SENDING, at
    message.tries += 1
    message.save(update_fields=["state", "claimed_at", "tries"])
    return message


def _ready(at: datetime) -> Q:
    """Messages whose time has come, and those whose worker died while it was sending."""
    return Q(state=State.QUEUED, not_before__lte=at) | Q(state=State.SENDING, claimed_at__lte=at - CLAIM)


def _own(message: Message) -> QuerySet[Message]:
    """The row as this try left it; none when a report or another worker went on since."""
    return Message.objects.filter(pk=message.pk, claimed_at=message.claimed_at, state=State.SENDING)


def _record_sent(message: Message, provider_id: str, at: datetime) -> None:
    named = {"provider_id": provider_id[:100]}
    if not _own(message).update(**named, state=State.SENT, sent_at=at, last_error=""):
        Message.objects.filter(pk=message.pk).update(**named)


@transaction.atomic
def _record_failure(message: Message, failure: SendingFailed, at: datetime) -> None:
    found = _own(message).select_for_update().first()
    if not found:
        return
    found.last_error = failure.code
    wait = None if failure.permanent else wait_after(found.tries)
    found.state = State.FAILED if wait is None else State.QUEUED
    found.save(update_fields=["state", "last_error"])
    logger.info("message_not_taken message=%s code=%s tries=%s", found.id, failure.code, found.tries)
    if wait is not None:
        queue(found, at + wait)


def sweep(*, at: datetime) -> int:
    """Send what should have gone long ago: left by killed workers, or whose job was lost. At most 20 a time.

    Gives how many were looked after.
    """
    late = Message.objects.filter(_ready(at), not_before__lte=at - LATE).order_by("not_before")
    found = list(late.values_list("pk", flat=True)[:SWEEP_AT_ONCE])
    for message_id in found:
        deliver(message_id, at=at)
    return len(found)
