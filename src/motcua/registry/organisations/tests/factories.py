"""Agencies and the officers of a one-stop desk, as the services enter them."""

from __future__ import annotations

from dataclasses import dataclass

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.models import Account
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import identify_officer


@dataclass(frozen=True, slots=True)
class Desk:
    """A commune and its three officers, each with one role."""

    agency: Agency
    reception: Actor
    specialist: Actor
    leader: Actor

    @property
    def officers(self) -> tuple[Actor, Actor, Actor]:
        return self.reception, self.specialist, self.leader


def desk_of(agency: Agency) -> Desk:
    """The desk of an agency whose officers are entered."""

    def holder(role: str) -> Actor:
        account = Account.objects.get(grants__role=role, grants__agency_path=agency.path)
        return identify_officer(account).actor

    return Desk(agency, holder("reception"), holder("specialist"), holder("leader"))


def overseer(role: str) -> Actor:
    """Who holds a role for all agencies: auditor, operator."""
    return identify_officer(Account.objects.get(grants__role=role, grants__agency_path="/")).actor
