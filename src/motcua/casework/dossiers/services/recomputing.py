"""Due dates counted anew after a calendar or a rule changed: looked at first, then confirmed, each an act of its own.

Source: vietnam.md 1.4: holidays and swaps are fixed year by year, often when dossiers under way were promised already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from motcua.casework.dossiers.errors import CannotCount, NoReasonToRecompute, NotLookedAt
from motcua.casework.dossiers.models import Dossier, Recomputation, RecomputedDossier
from motcua.casework.dossiers.services.acting import Target, acting, not_here
from motcua.casework.dossiers.services.clock import basis_fact, counting_of, replayed
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError, NotFound, Refused
from motcua.foundation.kernel.text import clean
from motcua.foundation.worktime.events import ImpossibleEvent
from motcua.registry.access.contributions import identify
from motcua.registry.access.policies import within
from motcua.registry.catalogue.models import VERSION_CONTENT

BATCH = 500
State = RecomputedDossier.State


def recompute(*, actor: Actor, target: Target, at: datetime, why: Recomputation | None = None) -> Dossier:
    """Count a dossier's due date anew, by the calendar of the day; an extension and stops stay what they were.

    Raises ForbiddenByLaw when nothing changes or the clock stands still, CannotCount when the calendar forbids what
    happened, as a date that was named for what is a day off now.
    """
    with acting(code="recompute", actor=actor, target=target, at=at) as step:
        changes = recounted(step.dossier, at=at)
        if not changes:
            raise not_here(step.act, step.dossier)
        before, due_at = step.dossier.due_at, changes["due_at"]
        step.changes = changes
        step.facts = {
            "due_at": due_at.isoformat(),
            "before": before.isoformat() if before else "",
            **basis_fact(step.dossier, changes),
        }
        if why:
            step.facts["recomputation"] = str(why.id)
            step.details = {"reason": why.reason}
    return step.dossier


def recounted(dossier: Dossier, *, at: datetime) -> dict[str, Any]:
    """Fields of the clock as today's calendar makes them; empty when the due date stays. Raises CannotCount."""
    if dossier.due_at is None or dossier.stopped_at:
        return {}
    counting = counting_of(dossier, on=timezone.localdate(at))
    try:
        changes = replayed(dossier, counting, dossier.clock, at=at)
    except ImpossibleEvent as error:
        raise CannotCount from error
    is_same = changes["due_at"] == dossier.due_at and changes["basis_at"] == dossier.basis_at
    return {} if is_same else changes


def would_change(dossier: Dossier, *, at: datetime) -> bool:
    """Whether counting anew would give another date."""
    return bool(_what_changes(dossier, at))


@transaction.atomic
def begin(
    *, actor: Actor, recomputation_id: UUID, agency_path: str, reason: str, at: datetime
) -> Recomputation:
    """Have a job look which due dates would change. The same id again changes nothing.

    agency_path: one for which the actor holds the right themself. Raises Refused for any other, NotFound for an id of
    somebody else's, NoReasonToRecompute.
    """
    words = clean(reason)[:1000]
    if not actor.is_officer or ("leader", agency_path) not in actor.own_grants:
        raise Refused
    if not words:
        raise NoReasonToRecompute
    made, is_new = Recomputation.objects.get_or_create(
        id=recomputation_id,
        defaults={
            "account_id": actor.account,
            "officer_id": actor.person,
            "agency_path": agency_path,
            "reason": words,
            "made_at": at,
        },
    )
    if made.officer_id != actor.person:
        raise NotFound
    if is_new:
        _defer("dossiers.look_at_due_dates", made)
    return made


def _defer(task: str, made: Recomputation) -> None:
    # One run at a time; a run that was killed is taken up again.
    jobs.configure_task(task, lock=f"{task} {made.id}").defer(recomputation_id=str(made.id))


def get_recomputation(actor: Actor, recomputation_id: UUID) -> Recomputation:
    """The actor's own. Raises NotFound."""
    made = Recomputation.objects.filter(pk=recomputation_id, officer=actor.person_id).first()
    if not made or not actor.is_officer:
        raise NotFound
    return made


def look(recomputation_id: UUID, *, at: datetime) -> None:
    """Find the dossiers under way whose due date would change. May run again: what was found stays found."""
    made = Recomputation.objects.get(pk=recomputation_id)
    if made.looked_at:
        return
    for dossiers in _in_batches(made.agency_path):
        rows = [
            RecomputedDossier(
                recomputation=made,
                dossier=dossier,
                revision=dossier.revision,
                due_before=dossier.due_at,
                due_after=changes["due_at"],
            )
            for dossier in dossiers
            if dossier.due_at and (changes := _what_changes(dossier, at))
        ]
        RecomputedDossier.objects.bulk_create(rows, ignore_conflicts=True)
    Recomputation.objects.filter(pk=made.pk).update(looked_at=at)


def _what_changes(dossier: Dossier, at: datetime) -> dict[str, Any]:
    """`recounted`; what cannot be counted keeps its date."""
    try:
        return recounted(dossier, at=at)
    except CannotCount:
        return {}


def _in_batches(path: str) -> Iterator[list[Dossier]]:
    """Dossiers under way below a path whose clock runs, by due date."""
    running = Dossier.objects.filter(within("agency_path", (path,)), status__in=[2, 4], stopped_at=None)
    related = running.select_related("version", "agency").defer(*VERSION_CONTENT, "search_text")
    ids = list(running.order_by("due_at", "id").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield list(related.filter(pk__in=ids[start : start + BATCH]))


@transaction.atomic
def confirm(*, actor: Actor, recomputation_id: UUID, at: datetime) -> Recomputation:
    """Have a job change what was shown. Again changes nothing. Raises NotFound, Refused, NotLookedAt."""
    made = get_recomputation(actor, recomputation_id)
    made = Recomputation.objects.select_for_update().get(pk=made.pk)
    if not actor.owns("leader", made.agency_path):
        raise Refused
    if not made.looked_at:
        raise NotLookedAt
    if not made.confirmed_at:
        made.confirmed_at = at
        made.save(update_fields=["confirmed_at"])
        _defer("dossiers.recompute_due_dates", made)
    return made


def run(recomputation_id: UUID, *, now: Callable[[], datetime]) -> None:
    """Do what was confirmed, dossier by dossier. What moved since it was shown is refused, and says so."""
    made = Recomputation.objects.select_related("account").get(pk=recomputation_id)
    identity = identify(made.account) if made.account.is_active else None
    for item in made.items.filter(state=State.WAITING).order_by("due_before", "pk").iterator(BATCH):
        try:
            if not identity or identity.actor.person_id != made.officer_id:
                raise Refused
            _do(item, identity.actor, made, at=now())
        except DomainError as error:
            waiting = RecomputedDossier.objects.filter(pk=item.pk, state=State.WAITING)
            waiting.update(state=State.REFUSED, problem=error.code)
    Recomputation.objects.filter(pk=made.pk, finished_at=None).update(finished_at=now())


@transaction.atomic
def _do(item: RecomputedDossier, actor: Actor, made: Recomputation, *, at: datetime) -> None:
    locked = RecomputedDossier.objects.select_for_update().filter(pk=item.pk, state=State.WAITING)
    if not locked.exists():
        return
    dossier = recompute(actor=actor, target=Target(item.dossier_id, item.revision), at=at, why=made)
    locked.update(state=State.DONE, due_after=dossier.due_at)
