"""Who works on requests to be called back."""

from __future__ import annotations

from django.db.models import Q

from motcua.casework.dossiers.policies import HELPING_RIGHTS
from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.policies import within

# Who leads an agency sees how people are answered there, and is told of what is late.
SEEING_RIGHTS = (*HELPING_RIGHTS, "leader")


def seen_by(actor: Actor) -> Q:
    return within("agency_path", actor.scopes(*SEEING_RIGHTS)) if actor.is_officer else Q(pk__in=[])


def answered_by(actor: Actor) -> Q:
    return within("agency_path", actor.scopes(*HELPING_RIGHTS)) if actor.is_officer else Q(pk__in=[])
