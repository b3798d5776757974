"""What a person agrees to, and takes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.notifications.services.reading import switch_channel
from motcua.registry.people.facts import ConsentTerms, consent_terms
from motcua.registry.people.models import Consent, Person


@dataclass(frozen=True, slots=True)
class Standing:
    """A consent as it stands. `row`: the latest; None when the person never said anything."""

    terms: ConsentTerms
    row: Consent | None

    @property
    def holds(self) -> bool:
        return self.row.withdrawn_at is None if self.row else self.terms.by_default

    @property
    def is_outdated(self) -> bool:
        """It was given to other words than those of today."""
        return self.row is not None and self.holds and self.row.text_version != self.terms.version


def list_consents(actor: Actor) -> list[Standing]:
    """The actor's own, one a purpose. One query."""
    rows = Consent.objects.filter(person=actor.person).order_by("given_at", "id")
    latest = {row.purpose: row for row in rows}
    return [Standing(terms, latest.get(terms.purpose)) for terms in consent_terms()]


@transaction.atomic
def set_consent(*, actor: Actor, purpose: str, given: bool, at: datetime) -> None:
    """Give or withdraw a consent; with it, the channel of messages it is about. Saying the same twice does nothing.

    Raises NotFound for a purpose nobody asks about, Refused for who is no citizen.
    """
    if actor.kind != "citizen":
        raise Refused
    terms = next((it for it in consent_terms() if it.purpose == purpose), None)
    if terms is None:
        raise NotFound
    person = Person.objects.select_for_update().get(pk=actor.person)
    latest = Consent.objects.filter(person=person, purpose=purpose).order_by("-given_at", "-id").first()
    standing = Standing(terms, latest)
    if standing.holds == given and not (given and standing.is_outdated):
        return
    _write(person, standing, given, at)
    if terms.channel:
        switch_channel(recipient_id=person.id, channel=terms.channel, is_enabled=given)
    happening = Happening(
        kind="consent.given" if given else "consent.withdrawn",
        object_kind="consent",
        object_id=person.id,
        concerns_id=person.id,
        facts={"purpose": purpose, "version": terms.version},
    )
    record(actor=actor, happening=happening, at=at)


def _write(person: Person, standing: Standing, given: bool, at: datetime) -> None:
    terms, row = standing.terms, standing.row
    if row and row.withdrawn_at is None:
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
    if given or row is None:
        # A consent that held by default and is refused leaves a row, too: given by use, withdrawn now.
        Consent.objects.create(
            person=person,
            purpose=terms.purpose,
            text_version=terms.version,
            given_at=at,
            withdrawn_at=None if given else at,
        )
