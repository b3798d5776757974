"""Where rooms declare their settings, what can be tried, and what must be there before going live."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

Kind = Literal["text", "url", "email", "colour", "choice", "int", "secret", "file", "list"]
Words = str | Promise
Choices = tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that belong on one page. `needs_reason`: a change says why; it is kept with the value."""

    code: str
    title: Words
    lead: Words = ""
    order: int = 50
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class Declaration:
    """One setting. Its key begins with its group: `mail.host`.

    default: what holds while nobody chose, or a function that gives it, for instance what Django's settings say.
    check: is given the value in its proper type, gives it as it will be kept, raises BadValue. env: the variable by
    which an operator fixes the value; `default` then gives the operator's. choices: for `choice` and `list`.
    bounds: lowest and highest for `int`. accept: what the browser offers for `file`.
    """

    key: str
    kind: Kind
    label: Words
    help: Words = ""
    default: Any = ""
    check: Callable[[Any], Any] | None = None
    group: str = ""
    env: str = ""
    choices: Choices = ()
    bounds: tuple[int | None, int | None] = (None, None)
    accept: str = ""

    def usual(self) -> Any:
        """The value while nobody chose another."""
        return self.default() if callable(self.default) else self.default


@dataclass(frozen=True, slots=True)
class Trial:
    """A button that tries what a group has set up.

    run: is given what was asked for (`asks`: the question, "" for none), gives a sentence on what happened, raises
    TrialFailed. It reaches only what the settings name, within seconds.
    """

    key: str
    group: str
    label: Words
    run: Callable[[str], Words]
    asks: Words = ""


class State(StrEnum):
    DONE = "done"
    WARNING = "warning"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a requirement stands, why in one sentence, and where it is mended: a group of settings, or a named page."""

    state: State
    why: Words
    group: str = ""
    url_name: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that must be there before an installation goes live. `look`: given the moment; None: not here."""

    key: str
    label: Words
    look: Callable[[datetime], Standing | None]
    order: int = 50


_groups: dict[str, Group] = {}
_declarations: dict[str, Declaration] = {}
_trials: dict[str, Trial] = {}
_requirements: dict[str, Requirement] = {}


def register_group(group: Group) -> None:
    """Raises ImproperlyConfigured when another group has the code."""
    _register(_groups, group.code, group)


def register_setting(*declarations: Declaration) -> None:
    """Raises ImproperlyConfigured when another setting has the key, or its group is not there."""
    for declaration in declarations:
        group = declaration.group or declaration.key.split(".")[0]
        if group not in _groups:
            raise ImproperlyConfigured(f"{declaration.key}: there is no group {group}")
        _register(_declarations, declaration.key, declaration)


def register_trial(trial: Trial) -> None:
    """Raises ImproperlyConfigured when another trial has the key."""
    _register(_trials, trial.key, trial)


def register_requirement(*requirements: Requirement) -> None:
    """Raises ImproperlyConfigured when another requirement has the key."""
    for requirement in requirements:
        _register(_requirements, requirement.key, requirement)


def _register(register: dict[str, Any], key: str, entry: Any) -> None:
    if key in register:
        raise ImproperlyConfigured(f"{key} stands twice")
    register[key] = entry


def groups() -> list[Group]:
    """All groups, in their order."""
    return sorted(_groups.values(), key=lambda group: group.order)


def group(code: str) -> Group | None:
    return _groups.get(code)


def declarations(group_code: str = "") -> list[Declaration]:
    """Of one group, or all, in the order of registration."""
    found: Iterable[Declaration] = _declarations.values()
    return [it for it in found if not group_code or group_of(it) == group_code]


def declaration(key: str) -> Declaration:
    """Raises KeyError."""
    return _declarations[key]


def group_of(declared: Declaration) -> str:
    return declared.group or declared.key.split(".")[0]


def trials(group_code: str = "") -> list[Trial]:
    return [it for it in _trials.values() if not group_code or it.group == group_code]


def trial(key: str) -> Trial | None:
    return _trials.get(key)


def requirements() -> list[Requirement]:
    """All, in their order."""
    return sorted(_requirements.values(), key=lambda it: it.order)
