"""Where higher rooms say who stands behind an account, and where officers of a role begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.models import Account, Proposal


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


_homes: list[Callable[[Account], str | None]] = []


def register_home(find: Callable[[Account], str | None]) -> None:
    """`find(account)` gives the path of the agency an officer without a post today will belong to, None without one."""
    _homes[:] = [find]


def home_of(account: Account) -> str:
    """The agency path of an officer's post, today's or the next; "/" for who has neither."""
    if identity := identify(account):
        return identity.actor.agency_path
    return (_homes[0](account) if _homes else None) or "/"


_landings: dict[str, str] = {}


def register_landing(role: str, url_name: str) -> None:
    """Officers whose roles handle no dossiers begin on this page instead of the inbox."""
    _landings[role] = url_name


def landing_of(actor: Actor) -> str | None:
    """The name of the page an officer begins on; None for the inbox."""
    held = {role for role, _ in actor.grants}
    return next((url_name for role, url_name in _landings.items() if role in held), None)


@dataclass(frozen=True, slots=True)
class Right:
    """What programs ask for. `handles_dossiers`: it is held at an agency and below, never everywhere.

    Which rights those are also stands in migration 0006, where the database refuses it.
    """

    code: str
    label: str | Promise
    note: str | Promise
    handles_dossiers: bool = False


_rights: dict[str, Right] = {}


def register_right(right: Right) -> None:
    """Called from `apps.py`."""
    _rights[right.code] = right


def list_rights() -> list[Right]:
    """The whole vocabulary, in the order of registration."""
    return list(_rights.values())


@dataclass(frozen=True, slots=True)
class ProposalKind:
    """An act for which two people are needed.

    `right` is what proposer and approver hold at the agency the act is about; `proposer_rights` who may also propose.
    `act` does it, in the transaction of the approval; `describe` says in a sentence what would be done.
    `first_alone`: while nobody else could approve, the proposer alone does it (a new installation's second
    administrator).
    """

    code: str
    label: str | Promise
    right: str
    act: Callable[[Proposal, Actor, datetime], object]
    describe: Callable[[Proposal], str]
    proposer_rights: tuple[str, ...] = ()
    first_alone: bool = False


_kinds: dict[str, ProposalKind] = {}


def register_proposal_kind(kind: ProposalKind) -> None:
    """Called from `apps.py`."""
    _kinds[kind.code] = kind


def proposal_kind(code: str) -> ProposalKind:
    """Raises KeyError: a kind that nobody registered is a mistake in a program."""
    return _kinds[code]
