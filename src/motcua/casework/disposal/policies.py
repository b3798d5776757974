"""Who may see and decide lists of disposition."""

from __future__ import annotations

from django.db.models import Q

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.policies import within

# Who may read a list, take something out of it and propose it; the last one decides.
RIGHTS = ("reception", "specialist", "leader")
DECIDING = "leader"


def visible(actor: Actor) -> Q:
    """Lists of agencies where the officer holds a right over dossiers themself."""
    paths = tuple(sorted({path for right, path in actor.own_grants if right in RIGHTS}))
    return within("agency__path", paths) if actor.is_officer else Q(pk__in=[])


def may_decide(actor: Actor, agency_path: str) -> bool:
    return actor.is_officer and actor.owns(DECIDING, agency_path)
