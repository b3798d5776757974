"""Where higher rooms say what they send messages for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from motcua.foundation.notifications.models import Message

CHANNELS = tuple(Message.Channel.values)
# In the alphabet of SMS, and as long as a code.
SECRET_MARK = "######"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Group:
    """Purposes that a person switches on and off together. `channels`: those that are on until they say otherwise."""

    code: str
    label: str | Promise
    channels: frozenset[str] = frozenset(CHANNELS)


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a message is for. Its words are the templates `notifications/<code>/`: subject.txt, email.txt, sms.txt,
    in_app.txt. A channel without a template is not used.

    at_once: the person asked for it this very moment, or is warned: sent at any hour, whatever they switched off.
    secret: gives what stands in the words for `{{ secret }}` when the message is handed over; the stored words hold
    SECRET_MARK instead, so that nobody who reads messages, jobs or backups learns it.
    """

    code: str
    label: str | Promise
    group: Group
    at_once: bool = False
    secret: Callable[[Message], str] | None = None


_purposes: dict[str, Purpose] = {}


def register_purpose(purpose: Purpose) -> None:
    """Called from `apps.py`."""
    _purposes[purpose.code] = purpose


def purpose_of(code: str) -> Purpose:
    """Raises KeyError: a purpose that nobody registered is a mistake in a program."""
    return _purposes[code]


def purpose_label(code: str) -> str:
    """In words, in the active language; the code itself when the room that sent it is gone."""
    purpose = _purposes.get(code)
    return str(purpose.label) if purpose else code


def list_purposes() -> list[Purpose]:
    return list(_purposes.values())


def list_groups() -> list[Group]:
    """Every group that can be switched off once, in the order of registration."""
    chosen = [purpose.group for purpose in _purposes.values() if not purpose.at_once]
    return list({group.code: group for group in chosen}.values())


def revealed(message: Message) -> str:
    """The words as they are sent: with the secret, for a purpose that has one."""
    purpose = _purposes.get(message.purpose)
    if not purpose or not purpose.secret:
        return message.body
    return message.body.replace(SECRET_MARK, purpose.secret(message))
