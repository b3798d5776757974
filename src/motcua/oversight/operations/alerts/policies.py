"""Who sees alerts, acts on them, and changes rules."""

from __future__ import annotations

from django.db.models import Q

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.policies import within

# Leaders answer for their agencies; operators look after the installation.
SEEING = ("leader", "operator", "administrator")
MACHINE = "/"
# Who looks after the installation, in the order in which they are told.
KEEPERS = ("operator", "administrator")


def seen_by(actor: Actor) -> Q:
    """Alerts of the leader's agencies and below; those of the installation hold no agency's data."""
    if not (actor.is_officer and actor.scopes(*SEEING)):
        return Q(pk__in=[])
    return within("scope", actor.scopes("leader")) | Q(scope=MACHINE)


def acted_on_by(actor: Actor) -> Q:
    """Those of the installation only by who looks after it."""
    if not actor.is_officer:
        return Q(pk__in=[])
    theirs = within("scope", actor.scopes("leader")) & ~Q(scope=MACHINE)
    return theirs | Q(scope=MACHINE) if actor.scopes(*KEEPERS) else theirs


def can_act(actor: Actor, scope: str) -> bool:
    if scope == MACHINE:
        return bool(actor.is_officer and actor.scopes(*KEEPERS))
    return actor.is_officer and actor.holds("leader", scope)


def can_change_rules(actor: Actor) -> bool:
    """Administrators of the whole installation, and leaders of an agency that has none above it."""
    tops = [it for it in actor.scopes("leader") if it.count("/") <= 2]
    return actor.is_officer and (MACHINE in actor.scopes("administrator") or bool(tops))
