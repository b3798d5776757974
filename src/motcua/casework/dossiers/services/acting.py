"""What every act on a dossier shares: lock, policy, state table, stale page, journal, task. One transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from motcua.casework.dossiers.errors import ActNotAllowed, DossierMoved
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.policies import acts_under, can_act, readable
from motcua.casework.dossiers.rules.states import ACTS, Act, Status, is_allowed
from motcua.casework.dossiers.services.submission import test_fact
from motcua.casework.process.models import Task
from motcua.casework.process.rules.definition import END
from motcua.casework.process.selectors import find_open_task
from motcua.casework.process.services import Setting, complete_task
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.registry.catalogue.models import VERSION_CONTENT
from motcua.registry.organisations.delegation.services import hold_delegation
from motcua.registry.organisations.selectors import calendar_of


@dataclass(slots=True)
class Acting:
    """An act under way. The service fills `changes` (fields of the dossier), `facts` and `details` (journal)."""

    act: Act
    actor: Actor
    dossier: Dossier
    task: Task
    at: datetime
    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


def _found(actor: Actor, dossier_id: UUID, dossiers: QuerySet[Dossier]) -> Dossier:
    related = dossiers.defer(*VERSION_CONTENT).select_related("version__procedure", "agency__parent")
    dossier = related.filter(readable(actor), pk=dossier_id).first()
    if not dossier:
        raise NotFound
    return dossier


def _check(act: Act, actor: Actor, dossier: Dossier, task: Task | None, revision: int) -> Task:
    if not can_act(actor, act, dossier):
        raise Refused
    if dossier.revision != revision:
        raise DossierMoved
    if not task or not is_allowed(act, status=Status(dossier.status), step=task.step):
        raise ActNotAllowed
    return task


def _with_mandate(act: Act, actor: Actor, dossier: Dossier, at: datetime) -> Actor:
    """Who acts under a delegation acts by it on the record, and it cannot be revoked until the act is done."""
    lent = acts_under(actor, act, dossier)
    if not lent:
        return actor
    hold_delegation(lent.delegation_id, at=at)
    return actor.under(lent)


def look_before(*, code: str, actor: Actor, dossier_id: UUID, revision: int) -> Dossier:
    """The dossier, if `acting` would let this act begin now. Locks and changes nothing; raises as `acting` does."""
    dossier = _found(actor, dossier_id, Dossier.objects.all())
    _check(ACTS[code], actor, dossier, find_open_task(dossier.id), revision)
    return dossier


@contextmanager
def acting(*, code: str, actor: Actor, dossier_id: UUID, revision: int, at: datetime) -> Iterator[Acting]:
    """Open an act of the state table; on leaving, the dossier moves and the journal says so.

    Raises NotFound, Refused (right), DelegationEnded, DossierMoved (stale page), ActNotAllowed (state).
    """
    act = ACTS[code]
    with transaction.atomic():
        dossier = _found(actor, dossier_id, Dossier.objects.select_for_update(of=("self",)))
        task = _check(act, actor, dossier, find_open_task(dossier.id), revision)
        actor = _with_mandate(act, actor, dossier, at)
        step = Acting(act=act, actor=actor, dossier=dossier, task=task, at=at)
        yield step
        _finish(step)


def changes_of(act: Act, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Fields an act changes beside the revision: its own and the status it leads to."""
    return {**changes, "status": act.target} if act.target else dict(changes)


def change(dossier: Dossier, changes: Mapping[str, Any]) -> None:
    """Let the object say what the act made of it."""
    for name, value in changes.items():
        setattr(dossier, name, value)
    dossier.revision += 1


def act_facts(dossier: Dossier, *, step: str, following: str) -> dict[str, Any]:
    """What the journal says of every act, once the dossier is changed. `following`: the step it leads to, if any."""
    facts = {"status": int(dossier.status), "step": step, **test_fact(dossier)}
    return {**facts, "next_step": following} if following else facts


def _finish(step: Acting) -> None:
    act, dossier = step.act, step.dossier
    changes = changes_of(act, step.changes)
    Dossier.objects.filter(pk=dossier.pk).update(revision=F("revision") + 1, updated_at=step.at, **changes)
    change(dossier, changes)
    following = ""
    if act.outcome:
        calendar = calendar_of(dossier.agency, on=timezone.localdate(step.at))
        setting = Setting(agency_path=dossier.agency_path, calendar=calendar)
        task = complete_task(
            task=step.task, outcome=act.outcome, by=step.actor.person_id, setting=setting, at=step.at
        )
        following = task.step if task else END
    record(
        actor=step.actor,
        happening=Happening(
            kind=act.entry,
            object_kind="dossier",
            object_id=dossier.id,
            concerns_id=dossier.owner_id,
            facts=step.facts | act_facts(dossier, step=step.task.step, following=following),
            details=step.details or None,
        ),
        at=step.at,
    )
