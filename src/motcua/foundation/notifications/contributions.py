"""Where higher rooms say what they send messages for."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from motcua.foundation.notifications.models import Message

CHANNELS = tuple(Message.Channel.values)


@dataclass(frozen=True, slots=True)
class Group:
    """Purposes that a person switches on and off together. `channels`: those that are on until they say otherwise."""

    code: str
    label: str | Promise
    channels: frozenset[str] = frozenset(CHANNELS)


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a message is for. Its words are the templates `notifications/<code>/`: subject.txt, email.txt, sms.txt,
    in_app.txt. A channel without a template is not used."""

    code: str
    label: str | Promise
    group: Group


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
    """Every group once, in the order of registration."""
    return list({purpose.group.code: purpose.group for purpose in _purposes.values()}.values())
