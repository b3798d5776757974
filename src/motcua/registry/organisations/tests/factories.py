"""Agencies and the officers of a one-stop desk, as the services enter them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from PIL import Image, ImageDraw

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.signatures.keys import issue_signing_key
from motcua.registry.access.models import Account
from motcua.registry.organisations.models import Agency
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
