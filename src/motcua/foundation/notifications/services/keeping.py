"""What becomes of messages afterwards: reports of the gate, sending again, erasure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from motcua.foundation.journal.selectors import locked_holds
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.notifications.errors import CannotRetryMessage
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.policies import within_scopes
from motcua.foundation.notifications.services.notifying import queue

State, Channel = Message.State, Message.Channel
ERASE_AT_ONCE = 500


@transaction.atomic
def retry_message(*, actor: Actor, scopes: Iterable[str], message_id: UUID, at: datetime) -> Message:
    """An operator sends a failed message again, as a new one to the gate. Journalled.

    scopes: agency paths below which the actor may do so. Raises NotFound, CannotRetryMessage.
    """
    messages = Message.objects.select_for_update().filter(within_scopes(scopes), pk=message_id)
    message = messages.first()
    if not message:
        raise NotFound
    if message.state != State.FAILED or not message.address:
        raise CannotRetryMessage
    message.state, message.tries, message.last_error, message.expires_at = State.QUEUED, 0, "", None
    message.round += 1
    message.save(update_fields=["state", "tries", "last_error", "expires_at", "round"])
    queue(message, at)
    happening = Happening(
        kind="message.retried",
        object_kind="message",
        object_id=message.id,
        concerns_id=message.recipient_id,
        facts={"channel": message.channel, "purpose": message.purpose, "round": message.round},
    )
    record(actor=actor, happening=happening, at=at)
    return message


@transaction.atomic
def record_report(*, key: str, state: str, at: datetime) -> bool:
    """The gate says what became of a message. Gives whether that changed anything.

    key: as the gate was given it. state: "delivered" or "failed". States never move backwards: what was delivered
    stays so, a failure counts only for the round that was sent last. Reports may come twice, late, or before the
    sending itself was recorded; unknown keys change nothing.
    """
    message_id, _, sent_round = key.partition(".")
    try:
        known = Message.objects.select_for_update().filter(pk=UUID(message_id), channel=Channel.SMS)
    except ValueError:
        return False
    message = known.first()
    if not message or (message.tries == 0 and message.round == 0):
        return False
    if state == State.DELIVERED and message.state in {State.QUEUED, State.SENDING, State.SENT, State.FAILED}:
        message.state, message.last_error, message.delivered_at = State.DELIVERED, "", at
        message.sent_at = message.sent_at or at
    elif (
        state == State.FAILED
        and message.state in {State.SENDING, State.SENT}
        and sent_round == str(message.round)
    ):
        message.state, message.last_error = State.FAILED, "not_delivered"
    else:
        return False
    message.save(update_fields=["state", "last_error", "delivered_at", "sent_at"])
    return True


def erase_old(*, before: datetime, at: datetime) -> int:
    """Erase addresses and words of messages written before `before`; what was sent when stays. Gives how many.

    Those that still wait are left, and those on whose recipient or object a legal hold lies. In several
    transactions of at most 500 rows, so that it may be stopped and run again.
    """
    old = Message.objects.filter(created_at__lt=before, erased_at=None)
    old = old.exclude(state__in=[State.QUEUED, State.SENDING]).order_by("created_at", "id")
    erased, last = 0, None
    while True:
        page = old.filter(_after(*last)) if last else old
        rows = list(page.values_list("pk", "recipient_id", "concerns_id", "created_at")[:ERASE_AT_ONCE])
        if not rows:
            return erased
        with transaction.atomic():
            kept = locked_holds({it for _, *ids, _ in rows for it in ids if it})
            chosen = [pk for pk, *ids, _ in rows if not kept.intersection(ids)]
            erased += Message.objects.filter(pk__in=chosen).update(
                address="", subject="", body="", link="", erased_at=at
            )
        last = (rows[-1][3], rows[-1][0])


@transaction.atomic
def erase_messages_to(recipient_id: UUID, *, at: datetime) -> int:
    """Erase addresses and words of all messages to one recipient, at their wish; that they were sent stays.

    Left out: what still waits to be sent, and what a legal hold lies on. Gives how many.
    """
    own = Message.objects.filter(recipient_id=recipient_id, erased_at=None)
    own = own.exclude(state__in=[State.QUEUED, State.SENDING])
    rows = list(own.values_list("pk", "concerns_id"))
    kept = locked_holds({recipient_id, *(it for _, it in rows if it)})
    if recipient_id in kept:
        return 0
    chosen = [pk for pk, concerns_id in rows if concerns_id not in kept]
    return Message.objects.filter(pk__in=chosen).update(
        address="", subject="", body="", link="", erased_at=at
    )


def _after(created_at: datetime, pk: UUID) -> Q:
    return Q(created_at__gt=created_at) | Q(created_at=created_at, pk__gt=pk)
