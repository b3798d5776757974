"""Where higher rooms say what may follow once somebody was called: taking in a dossier for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class NextStep:
    """A link beside the ticket that is served. `shows`: who may follow it."""

    label: str | Promise
    url_name: str
    shows: Callable[[HttpRequest], bool]


_steps: list[NextStep] = []


def register_next_step(step: NextStep) -> None:
    """Called from `apps.py` of a higher room. The same step twice counts once."""
    if step not in _steps:
        _steps.append(step)


def next_steps(request: HttpRequest) -> list[NextStep]:
    """Those this officer may take, in the order of registration."""
    return [step for step in _steps if step.shows(request)]
