"""Who may change procedures: whoever keeps the catalogue of the agency whose procedure it is."""

from __future__ import annotations

from django.db.models import Q

from motcua.foundation.kernel.actors import Actor

RIGHT = "catalogue"


def publishers_of(actor: Actor) -> frozenset[str] | None:
    """Codes of the publishers whose procedures the actor keeps, "" for the nation's; None: everybody's.

    The nation's are kept by who holds the right for a whole province.
    """
    kept: set[str] = set()
    for path in actor.scopes(RIGHT) if actor.is_officer else ():
        parts = path.strip("/").split("/")
        if path == "/":
            return None
        kept |= {parts[-1], ""} if len(parts) == 1 else {parts[-1]}
    return frozenset(kept)


def kept_by(actor: Actor) -> Q:
    """Drafts and procedures of the publishers whose catalogue the actor keeps."""
    publishers = publishers_of(actor)
    return Q() if publishers is None else Q(publisher__in=publishers)


def keeps(actor: Actor, publisher: str) -> bool:
    publishers = publishers_of(actor)
    return actor.is_officer and (publishers is None or publisher in publishers)
