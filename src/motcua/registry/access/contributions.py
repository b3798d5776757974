"""Where higher rooms say who stands behind an account, and where officers of a role begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.models import Account


@dataclass(frozen=True, slots=True)
class Identity:
    """The actor of a request and how pages name them. `unit_name` is empty for citizens.

    acting_for: in whose name they act, empty for their own. has_lapsed: they chose to act for somebody and may not
    any more; the actor then acts for themselves.
    """

    actor: Actor
    display_name: str
    unit_name: str = ""
    acting_for: str = ""
    has_lapsed: bool = False


# In the session: what somebody chose to act as.
ACTING_AS = "acting_as"

# The account, and what its owner chose to act as (empty: themselves).
Identify = Callable[[Account, str], Identity | None]

_identifiers: dict[str, Identify] = {}


def register_identifier(kind: str, identify: Identify) -> None:
    """`identify(account, chosen)` gives the identity behind accounts of this kind, None when there is nobody."""
    _identifiers[kind] = identify


def identify(account: Account, chosen: str = "") -> Identity | None:
    return _identifiers[account.kind](account, chosen)


_landings: dict[str, str] = {}


def register_landing(role: str, url_name: str) -> None:
    """Officers whose roles handle no dossiers begin on this page instead of the inbox."""
    _landings[role] = url_name


def landing_of(actor: Actor) -> str | None:
    """The name of the page an officer begins on; None for the inbox."""
    held = {role for role, _ in actor.grants}
    return next((url_name for role, url_name in _landings.items() if role in held), None)
