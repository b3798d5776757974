"""Who acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

ActorKind = Literal["citizen", "officer", "client", "system", "anonymous"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The doer of an act, as the journal records it.

    `person_id` is the citizen's or officer's id; `post_id`, `agency_id` and `agency_path` are set for officers;
    `mandate_id` when acting for another. An agency path is `/H44/H44.25/`: the agency and everything below it
    share the prefix. `grants` are (role, agency path) pairs. A client (another program) has its own id as account,
    the agency it belongs to, and its scopes as grants.
    """

    kind: ActorKind
    account_id: UUID | None = None
    person_id: UUID | None = None
    post_id: UUID | None = None
    agency_id: UUID | None = None
    agency_path: str = ""
    mandate_id: UUID | None = None
    grants: tuple[tuple[str, str], ...] = ()

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


SYSTEM = Actor(kind="system")
ANONYMOUS = Actor(kind="anonymous")
