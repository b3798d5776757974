"""Who acts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

ActorKind = Literal["citizen", "officer", "client", "system", "anonymous"]


# How an officer signs for the head: KT. as deputy, TL. by order, TUQ. by authorisation, Q. as acting head.
Authority = Literal["KT", "TL", "TUQ", "Q"]


@dataclass(frozen=True, slots=True)
class Delegated:
    """A right that another officer lent and that is in force now.

    `delegation_id` is what the journal names as mandate; `title`: the delegator's; `until`: the day it ends, itself not
    included, None while it stands. `procedures`: codes of the procedures it is limited to; empty: none.
    Source: Decree 30/2020/NĐ-CP art. 13.
    """

    delegation_id: UUID
    authority: Authority
    right: str
    path: str
    title: str
    until: date | None = None
    procedures: tuple[str, ...] = ()

    def covers(self, right: str, agency_path: str, procedure: str = "") -> bool:
        allowed = not self.procedures or procedure in self.procedures
        return self.right == right and agency_path.startswith(self.path) and allowed


@dataclass(frozen=True, slots=True)
class Behalf:
    """In whose name somebody acts, and how far: one of `person_id` and `organisation_id` is set.

    A representative of an organisation (`is_office`) may do everything in it; who holds a mandate what its `powers`
    ("apply", "see", "receive") allow, for one procedure or dossier where these are named.
    """

    person_id: UUID | None = None
    organisation_id: UUID | None = None
    organisation_kind: str = ""
    procedure: str = ""
    dossier_id: UUID | None = None
    powers: frozenset[str] = frozenset()
    is_office: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """The doer of an act, as the journal records it.

    `person_id` is the citizen's or officer's id; `post_id`, `agency_id` and `agency_path` are set for officers. When
    a citizen acts for another, `behalf` says for whom and `mandate_id` is the mandate or the representation that allows
    it. An agency path is `/H44/H44.25/`: the agency and everything below it share the prefix. `grants` are (right,
    agency path) pairs: the officer's own, and those lent without a limit to procedures. `delegations` are the lent ones
    that add something to their own; `title` is the post's. A client (another program) has its own id as account, the
    agency it belongs to, and its scopes as grants.
    """

    kind: ActorKind
    account_id: UUID | None = None
    person_id: UUID | None = None
    post_id: UUID | None = None
    agency_id: UUID | None = None
    agency_path: str = ""
    mandate_id: UUID | None = None
    grants: tuple[tuple[str, str], ...] = ()
    delegations: tuple[Delegated, ...] = ()
    title: str = ""
    behalf: Behalf | None = None
    # The unit of an officer's post.
    unit_id: UUID | None = None

    def may(self, power: str) -> bool:
        """Whether a citizen may "apply", "see" or "receive" here: for themselves always, for another by its mandate."""
        return self.behalf is None or self.behalf.is_office or power in self.behalf.powers

    @property
    def person(self) -> UUID:
        """The citizen's or officer's id. Raises ValueError for clients, the system and a stranger."""
        if self.person_id is None:
            raise ValueError(f"{self.kind} is no person")
        return self.person_id

    @property
    def account(self) -> UUID:
        """The account of who signed in. Raises ValueError for the system and for a stranger."""
        if self.account_id is None:
            raise ValueError(f"{self.kind} has no account")
        return self.account_id

    @property
    def is_officer(self) -> bool:
        return self.kind == "officer"

    def scopes(self, *roles: str) -> tuple[str, ...]:
        """Agency paths below which the actor holds one of the roles (any role when none is named)."""
        return tuple(sorted({path for role, path in self.grants if not roles or role in roles}))

    def holds(self, role: str, agency_path: str) -> bool:
        return any(held == role and agency_path.startswith(path) for held, path in self.grants)

    @property
    def rights(self) -> frozenset[str]:
        """Rights held somewhere in any way, lent ones too, also those limited to some procedures."""
        return frozenset(right for right, _ in self.grants) | {one.right for one in self.delegations}

    @property
    def own_grants(self) -> tuple[tuple[str, str], ...]:
        """The grants that nobody lent: what the officer may hand on."""
        lent = {(one.right, one.path) for one in self.delegations if not one.procedures}
        return tuple(pair for pair in self.grants if pair not in lent)

    def owns(self, right: str, agency_path: str) -> bool:
        """Whether the actor holds the right themself, not by a delegation."""
        return any(held == right and agency_path.startswith(path) for held, path in self.own_grants)

    def delegated(self, right: str, agency_path: str, procedure: str = "") -> Delegated | None:
        """The delegation under which the actor would act with this right there; None when it is their own, or when
        they do not hold it at all. `procedure`: the code of the procedure that the act belongs to.
        """
        if self.owns(right, agency_path):
            return None
        lent = (one for one in self.delegations if one.covers(right, agency_path, procedure))
        return next(lent, None)

    def under(self, lent: Delegated) -> Actor:
        """The same doer, by this delegation on the record."""
        return replace(self, mandate_id=lent.delegation_id)


SYSTEM = Actor(kind="system")
ANONYMOUS = Actor(kind="anonymous")
