"""Reading requests to be called back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import yaml
from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q

from motcua.casework.warehouse.codes import read_code
from motcua.community.helpdesk.models import CallRequest
from motcua.community.helpdesk.policies import seen_by
from motcua.community.helpdesk.rules.limits import Limits, parse_limits
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound

MOST_LISTED = 100


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The pack's. Raises ValueError."""
    return parse_limits(yaml.safe_load((settings.PACKS / "vn" / "helping.yaml").read_text(encoding="utf-8")))


def get_by_number(typed: str) -> CallRequest:
    """For whoever has the number, however it was typed. Raises NotFound."""
    number = read_code(typed)
    found = (
        CallRequest.objects.select_related("agency", "procedure").filter(number=number).first()
        if number
        else None
    )
    if not found:
        raise NotFound
    return found


def list_own(actor: Actor) -> list[CallRequest]:
    """What the citizen asked for and is open, earliest due first. One query, none for a stranger."""
    if actor.kind != "citizen":
        return []
    return list(CallRequest.objects.filter(person_id=actor.person_id, closed_at=None).order_by("due_at")[:20])


def list_open(actor: Actor) -> list[CallRequest]:
    """What waits at the actor's agencies, earliest due first; at most 100. One query."""
    found = CallRequest.objects.filter(seen_by(actor), closed_at=None).select_related("agency", "procedure")
    return list(found.order_by("due_at", "id")[:MOST_LISTED])


@transaction.atomic
def open_call(actor: Actor, call_id: UUID, *, at: datetime) -> CallRequest:
    """A request with name and telephone, for officers of its agency; journalled. Raises NotFound."""
    related = CallRequest.objects.select_related("agency", "procedure", "dossier")
    found = related.filter(seen_by(actor), pk=call_id).first()
    if not found:
        raise NotFound
    happening = Happening("call.read", "call", found.id, concerns_id=found.person_id)
    record(actor=actor, happening=happening, at=at)
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """Requests whose limit ended in a period: `due` of them, cancelled ones left out; `in_time`: somebody called before
    it ended, reached or not."""

    due: int
    in_time: int


def count_answered(actor: Actor, *, since: datetime, until: datetime) -> Figures:
    """Of the actor's agencies. One query."""
    ended = CallRequest.objects.filter(seen_by(actor), due_at__gte=since, due_at__lt=until)
    counts = ended.exclude(state=CallRequest.State.CANCELLED).aggregate(
        due=Count("pk"), in_time=Count("pk", filter=Q(called_at__lte=F("due_at")))
    )
    return Figures(**counts)
