"""Agencies and the officers of a one-stop desk, as the services enter them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from PIL import Image, ImageDraw

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.signatures.keys import issue_signing_key
from motcua.registry.access.models import Account
from motcua.registry.organisations.delegation.services import (
    NewAbsence,
    NewDelegation,
    enter_absence,
    grant_delegation,
)
from motcua.registry.organisations.models import Absence, Agency, Delegation
from motcua.registry.organisations.selectors import identify_officer
from motcua.registry.organisations.services import Seal, set_seal_image, set_signature_image

BLUE, RED = (20, 50, 160), (200, 30, 40)


@dataclass(frozen=True, slots=True)
class Desk:
    """A commune and its three officers, each with one role."""

    agency: Agency
    reception: Actor
    specialist: Actor
    leader: Actor
    # Reads only, until something is delegated to them.
    deputy: Actor

    @property
    def officers(self) -> tuple[Actor, Actor, Actor]:
        return self.reception, self.specialist, self.leader


def desk_of(agency: Agency) -> Desk:
    """The desk of an agency whose officers are entered."""

    def holder(role: str) -> Actor:
        """The one entered first, where several hold the role."""
        holders = Account.objects.filter(grants__role=role, grants__agency_path=agency.path)
        return identify_officer(holders.order_by("officer__id")[0]).actor

    return Desk(agency, holder("reception"), holder("specialist"), holder("leader"), holder("reader"))


def overseer(role: str) -> Actor:
    """Who holds a role for all agencies: auditor, operator."""
    return identify_officer(Account.objects.get(grants__role=role, grants__agency_path="/")).actor


def ink_picture(colour: tuple[int, int, int], *, mode: str = "RGBA") -> bytes:
    """A ring of that ink, PNG; its background is transparent in the mode RGBA."""
    image = Image.new(mode, (200, 200), 0)
    ImageDraw.Draw(image).ellipse((20, 20, 180, 180), outline=colour, width=20)
    output = io.BytesIO()
    image.save(output, "PNG")
    return output.getvalue()


def give_pictures(desk: Desk, *, key_ref: str, at: datetime) -> None:
    """A picture of the leader's signature, and a seal of the agency with a key of its own."""
    agency = desk.agency
    issue_signing_key(
        settings.SIGNATURES_DIR,
        key_ref=key_ref,
        person=agency.name,
        organisation=agency.name,
        title="",
        at=at,
        days=365,
    )
    set_signature_image(officer_id=desk.leader.person, png=ink_picture(BLUE), at=at)
    set_seal_image(agency_id=agency.id, seal=Seal(ink_picture(RED), 34, key_ref), at=at)


def away(actor: Actor, *, at: datetime, days: int = 3) -> Absence:
    """The officer is away from that day on, as they enter it themself."""
    today = timezone.localdate(at)
    new = NewAbsence(actor.person, today, today + timedelta(days=days))
    return enter_absence(actor=actor, new=new, at=at)


def lending(desk: Desk, *, at: datetime, days: int = 3, **changes: Any) -> NewDelegation:
    """KT. for the deputy for some days from that day on."""
    today = timezone.localdate(at)
    wanted: dict[str, Any] = {
        "delegator_id": desk.leader.person,
        "delegate_id": desk.deputy.person,
        "authority": "KT",
        "right": "leader",
        "valid_from": today,
        "valid_to": today + timedelta(days=days),
    }
    return NewDelegation(**(wanted | changes))


def delegated(desk: Desk, *, at: datetime, **changes: Any) -> Delegation:
    """What the leader has delegated."""
    return grant_delegation(actor=desk.leader, new=lending(desk, at=at, **changes), at=at)


def again(actor: Actor) -> Actor:
    """The officer with the rights they hold now."""
    return identify_officer(Account.objects.get(pk=actor.account_id)).actor
