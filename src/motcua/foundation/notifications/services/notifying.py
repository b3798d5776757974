"""Saying something to somebody: messages are written and their sending deferred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
from motcua.foundation.notifications.contributions import SECRET_MARK, list_purposes, purpose_of
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
    return notify_all([(recipient, notice)], at=at)


def notify_all(told: Sequence[tuple[Recipient, Notice]], *, at: datetime) -> list[Message]:
    """As `notify`, of many at once: as many statements as for one."""
    if not connection.in_atomic_block:
        raise RuntimeError("A message is written inside the transaction of its cause")
    habits = Habits.objects.in_bulk({recipient.id for recipient, _ in told})
    chosen = _choices({who.id for who, notice in told if not purpose_of(notice.purpose).at_once})
    written = []
    for recipient, notice in told:
        own = habits.get(recipient.id) or _usual_habits(recipient.id)
        language = own.language or recipient.language or get("languages.default")
        for channel in _channels(recipient, notice, chosen, at):
            message = _build(channel, recipient, notice, language, at)
            if message.state == State.QUEUED:
                message.not_before = allowed_from(message, at, own)
            written.append(message)
    Message.objects.bulk_create(written, ignore_conflicts=True)
    new = set(Message.objects.filter(pk__in=[it.pk for it in written]).values_list("pk", flat=True))
    found = [message for message in written if message.pk in new]
    _defer([message for message in found if message.state == State.QUEUED])
    return found


def habits_of(recipient_id: UUID) -> Habits:
    """What the recipient chose, else the defaults (not saved)."""
    return Habits.objects.filter(pk=recipient_id).first() or _usual_habits(recipient_id)


def _usual_habits(recipient_id: UUID) -> Habits:
    return Habits(recipient_id=recipient_id, quiet_from=QUIET_FROM, quiet_to=QUIET_TO)


def _choices(recipients: Iterable[UUID]) -> dict[tuple[UUID, str, str], bool]:
    """What they chose, by recipient, group and channel."""
    rows = Preference.objects.filter(recipient_id__in=recipients)
    values = rows.values_list("recipient_id", "group", "channel", "is_enabled")
    return {(who, group, channel): is_enabled for who, group, channel, is_enabled in values}


def _channels(
    recipient: Recipient, notice: Notice, chosen: Mapping[tuple[UUID, str, str], bool], at: datetime
) -> list[str]:
    """By which the recipient is told; of a notice that has expired, only in the portal."""
    purpose, found = purpose_of(notice.purpose), [str(Channel.IN_APP)]
    if notice.expires_at is None or notice.expires_at > at:
        addresses, ready = (
            {Channel.EMAIL: recipient.email, Channel.SMS: recipient.phone},
            configured_channels(),
        )
        usable = [str(it) for it in addresses if addresses[it] and it in ready]
        group = purpose.group
        found += [
            it
            for it in usable
            if purpose.at_once or chosen.get((recipient.id, group.code, it), it in group.channels)
        ]
    return [it for it in found if has_template(notice.purpose, it)]


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
    _defer([message])


def _defer(messages: Iterable[Message]) -> None:
    """One statement for all that may be sent from the same moment on."""
    starts: defaultdict[datetime, list[dict[str, Any]]] = defaultdict(list)
    for message in messages:
        starts[message.not_before].append({"message_id": str(message.id)})
    for start, arguments in starts.items():
        jobs.configure_task("notifications.deliver", schedule_at=start).batch_defer(*arguments)


def allowed_from(message: Message, at: datetime, habits: Habits | None = None) -> datetime:
    """`at`, or the end of the quiet hours in which it lies. Only an SMS that nobody waits for has quiet hours."""
    if message.channel != Channel.SMS or message.purpose in {it.code for it in list_purposes() if it.at_once}:
        return at
    habits = habits or habits_of(message.recipient_id)
    return after_quiet(timezone.localtime(at), habits.quiet_from, habits.quiet_to)
