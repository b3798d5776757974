"""Saying something to somebody: messages are written and their sending deferred."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from motcua.foundation.installation.selectors import get
from motcua.foundation.notifications.channels import email_ready, sms_address
from motcua.foundation.notifications.contributions import SECRET_MARK, Purpose, list_purposes, purpose_of
from motcua.foundation.notifications.models import ADDRESS_LENGTH, SETTINGS_PATH, Habits, Message, Preference
from motcua.foundation.notifications.rendering import has_template, render
from motcua.foundation.notifications.rules.addresses import normal_phone
from motcua.foundation.notifications.rules.timing import QUIET_FROM, QUIET_TO, after_quiet

State, Channel = Message.State, Message.Channel


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message goes to: an id and addresses that the caller knows. Empty address: not by this channel.

    language: of the person, as far as the caller knows it; what they chose for messages counts more.
    """

    id: UUID
    email: str = ""
    phone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be said. `context` goes into the templates; `source_key` names its cause, once and for all.

    link: path of the page to look at. reference: the code people know the object by; with the host's name it is all
    that an SMS says. agency_path: whose object it is. expires_at: from then on no e-mail or SMS is sent.
    """

    purpose: str
    source_key: str
    context: Mapping[str, Any] = field(default_factory=dict)
    link: str = ""
    reference: str = ""
    concerns: tuple[str, UUID] | None = None
    agency_path: str = "/"
    expires_at: datetime | None = None


def configured_channels() -> frozenset[str]:
    """Channels this installation can send by; messages in the portal always."""
    ready = {Channel.EMAIL: email_ready(), Channel.SMS: bool(sms_address().url), Channel.IN_APP: True}
    return frozenset(str(channel) for channel, is_ready in ready.items() if is_ready)


def notify(*, recipient: Recipient, notice: Notice, at: datetime) -> list[Message]:
    """Write one message per channel that the recipient allows and has an address for, and defer its sending.

    Runs in the caller's transaction: message, job and cause commit together. A source key that was used before
    writes nothing. Gives the messages that are new; of a notice that has expired, only the one in the portal, where
    old news is read as such. An address nobody can send to makes a message that has failed, so that it is seen.
    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A message is written inside the transaction of its cause")
    has_expired = notice.expires_at is not None and notice.expires_at <= at
    habits = habits_of(recipient.id)
    language = habits.language or recipient.language or get("languages.default")
    channels = [
        channel
        for channel in _channels(recipient, purpose_of(notice.purpose))
        if has_template(notice.purpose, channel) and not (has_expired and channel != Channel.IN_APP)
    ]
    written = [_build(channel, recipient, notice, language, at) for channel in channels]
    Message.objects.bulk_create(written, ignore_conflicts=True)
    new = set(Message.objects.filter(pk__in=[it.pk for it in written]).values_list("pk", flat=True))
    found = [message for message in written if message.pk in new]
    for message in found:
        if message.state == State.QUEUED:
            queue(message, at, habits)
    return found


def habits_of(recipient_id: UUID) -> Habits:
    """What the recipient chose, else the defaults (not saved)."""
    chosen = Habits.objects.filter(pk=recipient_id).first()
    return chosen or Habits(recipient_id=recipient_id, quiet_from=QUIET_FROM, quiet_to=QUIET_TO)


def _channels(recipient: Recipient, purpose: Purpose) -> list[str]:
    addresses = {Channel.EMAIL: recipient.email, Channel.SMS: recipient.phone}
    usable = [channel for channel in addresses if addresses[channel] and channel in configured_channels()]
    if purpose.at_once:
        return [str(Channel.IN_APP), *map(str, usable)]
    group = purpose.group
    chosen = dict(
        Preference.objects.filter(recipient_id=recipient.id, group=group.code).values_list(
            "channel", "is_enabled"
        )
    )
    return [str(Channel.IN_APP), *(it for it in usable if chosen.get(it, it in group.channels))]


def _build(channel: str, recipient: Recipient, notice: Notice, language: str, at: datetime) -> Message:
    base_url = get("site.base_url")
    context = {
        **notice.context,
        "reference": notice.reference,
        "url": f"{base_url}{notice.link}",
        "settings_url": f"{base_url}{SETTINGS_PATH}",
        "secret": SECRET_MARK,
    }
    words = render(notice.purpose, channel, context, language)
    kind, concerns_id = notice.concerns or ("", None)
    message = Message(
        channel=channel, purpose=notice.purpose, recipient_id=recipient.id, language=language,
        subject=words.subject, body=words.body, link=notice.link, reference=notice.reference,
        source_key=f"{notice.source_key}:{channel}", concerns_kind=kind, concerns_id=concerns_id,
        agency_path=notice.agency_path, created_at=at, not_before=at, expires_at=notice.expires_at,
    )  # fmt: skip
    if channel == Channel.IN_APP:
        message.state, message.sent_at, message.delivered_at = State.DELIVERED, at, at
        return message
    message.address = normal_phone(recipient.phone) if channel == Channel.SMS else _email(recipient.email)
    if not message.address:
        message.state, message.last_error = State.FAILED, "bad_address"
    return message


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text if len(text) <= ADDRESS_LENGTH else ""


def queue(message: Message, at: datetime, habits: Habits | None = None) -> None:
    """Let the message wait until `at`, an SMS until after the recipient's quiet hours; defer the job for then.

    In the transaction in which the message became or stays queued.
    """
    start = allowed_from(message, at, habits)
    if start != message.not_before:
        message.not_before = start
        message.save(update_fields=["not_before"])
    task = jobs.configure_task("notifications.deliver", schedule_at=start)
    task.defer(message_id=str(message.id))


def allowed_from(message: Message, at: datetime, habits: Habits | None = None) -> datetime:
    """`at`, or the end of the quiet hours in which it lies. Only an SMS that nobody waits for has quiet hours."""
    if message.channel != Channel.SMS or message.purpose in {it.code for it in list_purposes() if it.at_once}:
        return at
    habits = habits or habits_of(message.recipient_id)
    return after_quiet(timezone.localtime(at), habits.quiet_from, habits.quiet_to)
