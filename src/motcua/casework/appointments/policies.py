"""Who may call tickets, look after a queue, and see appointments."""

from __future__ import annotations

from django.db.models import Q

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.policies import within

CALLING = "reception"
SETTING_UP = "leader"


def callable_queues(actor: Actor, prefix: str = "") -> Q:
    """Queues at whose counters the officer may sit. `prefix` leads to them ("queue__")."""
    return within(f"{prefix}agency_path", actor.scopes(CALLING) if actor.is_officer else ())


def own_queue(actor: Actor) -> Q:
    """The queue of the officer's own agency, where they lead it."""
    leads = actor.is_officer and actor.holds(SETTING_UP, actor.agency_path)
    return Q(agency_path=actor.agency_path) if leads and actor.agency_path else Q(pk__in=[])


def own_appointments(actor: Actor) -> Q:
    """Appointments that a person booked for themself. Acting for another changes nothing: one comes in person."""
    return Q(person_id=actor.person_id) if actor.kind == "citizen" and actor.person_id else Q(pk__in=[])
