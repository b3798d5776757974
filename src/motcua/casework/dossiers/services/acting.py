"""What every act on a dossier shares: lock, policy, state table, stale page, journal, task. One transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from motcua.casework.dossiers.errors import (
    ActNotAllowed,
    DossierMoved,
    ForbiddenByLaw,
    TaskDoneBy,
    TaskTakenBy,
)
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.policies import (
    AT_COUNTER,
    acts_under,
    at_counter,
    can_act,
    find_readable,
    handles,
    own_part,
    taken_in_for_others,
)
from motcua.casework.dossiers.reasons import rule_of
from motcua.casework.dossiers.rules.outcomes import outcomes_for, step_kind
from motcua.casework.dossiers.rules.states import ACTS, Act, Status, is_allowed
from motcua.casework.dossiers.services.settings import setting_of
from motcua.casework.dossiers.services.submission import test_fact
from motcua.casework.process.models import Token
from motcua.casework.process.rules.definition import END
from motcua.casework.process.rules.model import Step
from motcua.casework.process.selectors import can_do, find_standing, get_token
from motcua.casework.process.services import (
    Move,
    Moved,
    Setting,
    Standing,
    UnknownOutcome,
    complete_task,
)
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.chunks import Update, of_many, put_off, read_ahead, running_chunk
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.sharing import is_sharing, shared
from motcua.registry.catalogue.models import VERSION_CONTENT, ProcedureVersion
from motcua.registry.organisations.delegation.services import hold_delegation
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import officer_name


@dataclass(frozen=True, slots=True)
class Target:
    """The dossier an act is meant for, as the page showed it; `task_id` where several tasks are open."""

    dossier_id: UUID
    revision: int
    task_id: UUID | None = None


@dataclass(slots=True)
class Acting:
    """An act under way. The service fills `changes` (fields of the dossier), `facts` and `details` (journal), and
    `outcome` where the step has several that fit. `task` is None for an act without one."""

    act: Act
    actor: Actor
    dossier: Dossier
    standing: Standing | None
    open_task: Token | None
    at: datetime
    outcome: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def task(self) -> Token:
        if self.open_task is None:
            raise ActNotAllowed
        return self.open_task

    @property
    def running(self) -> Standing:
        if self.standing is None:
            raise ActNotAllowed
        return self.standing

    @property
    def node(self) -> Step:
        return self.running.step(self.task)


def _found(act: Act, actor: Actor, dossier_id: UUID, dossiers: QuerySet[Dossier]) -> Dossier:
    if not is_sharing():
        dossiers = dossiers.defer(*VERSION_CONTENT).select_related("version__procedure", "agency__parent")
    dossier = _of_chunk(dossier_id, actor) if running_chunk() else None
    dossier = dossier or find_readable(actor, dossiers, Q(pk=dossier_id))
    if not dossier and act.code in AT_COUNTER:
        dossier = dossiers.filter(taken_in_for_others(actor), pk=dossier_id).first()
    if not dossier:
        raise NotFound
    if is_sharing():
        dossier.version, dossier.agency = _version(dossier.version_id), _agency(dossier.agency_id)
    return dossier


def lock_chunk(actor: Actor) -> None:
    """Lock the dossiers of the running chunk that are the actor's agencies' own, always in the same order."""
    read_ahead(_of_chunk, actor)


@of_many
def _of_chunk(subjects: Sequence[UUID], actor: Actor) -> dict[UUID, Dossier]:
    rows = Dossier.objects.select_for_update(of=("self",)).filter(own_part(actor), pk__in=subjects)
    return {it.pk: it for it in rows.order_by("pk")}


@shared
def _version(version_id: UUID) -> ProcedureVersion:
    related = ProcedureVersion.objects.select_related("procedure")
    return related.defer(*(name.removeprefix("version__") for name in VERSION_CONTENT)).get(pk=version_id)


@shared
def _agency(agency_id: UUID) -> Agency:
    return Agency.objects.select_related("parent").get(pk=agency_id)


def fits(act: Act, standing: Standing, task: Token, status: Status) -> bool:
    """Whether the state table and the step allow the act at this task."""
    step = standing.step(task)
    if not is_allowed(act, status=status, kind=step_kind(step)):
        return False
    needs_outcome = act.ends or act.code in {"draft-result", "draft-refusal"}
    return not needs_outcome or bool(outcomes_for(standing.definition, step, act.code))


def _task_for(
    act: Act, actor: Actor, dossier: Dossier, standing: Standing | None, target: Target
) -> Token | None:
    """The task that is meant: the named one; else, of those where the act may be done, first the actor's own."""
    tasks = standing.tasks if standing else []
    if target.task_id:
        named = next((it for it in tasks if it.pk == target.task_id), None)
        if not named:
            _tell_who_did(actor, dossier, target.task_id)
        tasks = [named] if named else []
    status = Status(dossier.status)
    fitting = [it for it in tasks if standing and fits(act, standing, it, status)]
    own = [it for it in fitting if can_do(actor, it, dossier.procedure_code)]
    held = [it for it in fitting if can_act(actor, act, dossier, it)]
    return next(iter(own or held or fitting), None)


def _tell_who_did(actor: Actor, dossier: Dossier, task_id: UUID) -> None:
    done = get_token(task_id)
    if not done or done.subject != dossier.id:
        raise NotFound
    # What a timer ended is told as any other move.
    if done.completed_by and handles(actor, dossier):
        raise TaskDoneBy(name=officer_name(done.completed_by))


def _check(act: Act, actor: Actor, dossier: Dossier, task: Token | None, target: Target) -> None:
    may = can_act(actor, act, dossier, task) if task or act.right else handles(actor, dossier)
    if not may:
        raise Refused
    if dossier.revision != target.revision:
        raise DossierMoved
    if (act.needs and not task) or Status(dossier.status) not in act.sources:
        raise not_here(act, dossier)
    # Whose task it may be is the service's to say for the acts that change just that.
    if task and act.code not in {"assign", "hand-back"} and not may_do(actor, task, dossier, act):
        if task.claimed_by:
            raise TaskTakenBy(name=officer_name(task.claimed_by))
        raise Refused


def not_here(
    act: Act, dossier: Dossier, *, to_applicant: bool = False, why: Promise | None = None
) -> ForbiddenByLaw:
    """Why the act cannot be done where the dossier stands: what the law says, where, and what can be done instead.

    `why`: a closer reason than the table's.
    """
    rule = rule_of(act, Status(dossier.status), to_applicant=to_applicant, why=why)
    return ForbiddenByLaw(reason=str(rule), source=rule.source, instead=rule.instead)


def may_do(actor: Actor, task: Token, dossier: Dossier, act: Act) -> bool:
    """Whether the task is the actor's to do; of a program, whose scope was checked, and of the counter that took the
    dossier in, while nobody has taken it."""
    if actor.kind == "client":
        return task.claimed_by is None
    if act.code in AT_COUNTER and task.claimed_by is None and at_counter(actor, dossier):
        return True
    return can_do(actor, task, dossier.procedure_code)


def _with_mandate(act: Act, actor: Actor, dossier: Dossier, task: Token | None, at: datetime) -> Actor:
    """Who acts under a delegation acts by it on the record, and it cannot be revoked until the act is done."""
    lent = acts_under(actor, act, dossier, task)
    if not lent:
        return actor
    hold_delegation(lent.delegation_id, at=at)
    return actor.under(lent)


def look_before(*, code: str, actor: Actor, target: Target) -> Dossier:
    """The dossier, if `acting` would let this act begin now. Locks and changes nothing; raises as `acting` does."""
    act = ACTS[code]
    dossier = _found(act, actor, target.dossier_id, Dossier.objects.all())
    task = _task_for(act, actor, dossier, find_standing(dossier.id), target) if act.needs else None
    _check(act, actor, dossier, task, target)
    return dossier


@contextmanager
def acting(*, code: str, actor: Actor, target: Target, at: datetime) -> Iterator[Acting]:
    """Open an act of the state table; on leaving, the dossier moves and the journal says so.

    Raises NotFound, Refused (right), DelegationEnded, TaskDoneBy, DossierMoved (stale page), ActNotAllowed (state),
    TaskTakenBy, UnknownOutcome.
    """
    act = ACTS[code]
    # An act of a chunk has its savepoint there.
    with transaction.atomic(savepoint=running_chunk() is None):
        dossier = _found(act, actor, target.dossier_id, Dossier.objects.select_for_update(of=("self",)))
        standing = find_standing(dossier.id)
        task = _task_for(act, actor, dossier, standing, target) if act.needs else None
        _check(act, actor, dossier, task, target)
        actor = _with_mandate(act, actor, dossier, task, at)
        step = Acting(act=act, actor=actor, dossier=dossier, standing=standing, open_task=task, at=at)
        yield step
        finish(step)


def changes_of(act: Act, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Fields an act changes beside the revision: its own and the status it leads to."""
    return {"status": act.target, **changes} if act.target else dict(changes)


def change(dossier: Dossier, changes: Mapping[str, Any]) -> None:
    """Let the object say what the act made of it."""
    for name, value in changes.items():
        setattr(dossier, name, value)
    dossier.revision += 1


def act_facts(dossier: Dossier, *, step: str, following: str) -> dict[str, Any]:
    """What the journal says of every act, once the dossier is changed. `following`: the steps it leads to, if any."""
    facts = {"status": int(dossier.status), **({"step": step} if step else {}), **test_fact(dossier)}
    return {**facts, "next_step": following} if following else facts


def following_steps(moved: Moved) -> str:
    """The steps a move opened, as the journal says them; "end" when nothing waits any more."""
    return END if moved.ended else " ".join(moved.steps)


def _chosen(step: Acting) -> str:
    """The outcome the service named, else the only one that fits. Raises UnknownOutcome."""
    fitting = [it.name for it in outcomes_for(step.running.definition, step.node, step.act.code)]
    if step.outcome in fitting:
        return step.outcome
    if step.outcome or len(fitting) != 1:
        raise UnknownOutcome
    return fitting[0]


def _last_move(step: Acting, moved: Moved, status: int) -> dict[str, Any] | None:
    """What `recall` needs: the task that was completed, by whom, and where the dossier stood."""
    if not step.act.recallable or not moved.can_be_recalled or moved.left is None:
        return None
    if step.actor.kind == "client":  # a program takes nothing back
        return None
    return {
        "number": moved.left.number,
        "words": moved.words,
        "by": str(step.actor.person),
        "status": status,
        "revision": step.dossier.revision + 1,
    }


def _setting(step: Acting) -> Setting:
    """After the result nothing is due by the dossier's date any more."""
    setting = setting_of(step.dossier, step.at)
    return replace(setting, latest=None) if "finished_at" in step.changes else setting


def answered(step: Acting, changes: dict[str, Any]) -> dict[str, Any]:
    """The changes, with the moment when an agency answered what was submitted online (vietnam.md T2)."""
    waits = step.dossier.status == Status.SUBMITTED and step.dossier.answered_at is None
    if not waits or changes.get("status", Status.SUBMITTED) in {Status.SUBMITTED, Status.WITHDRAWN}:
        return changes
    return {**changes, "answered_at": step.at}


def finish(step: Acting) -> None:
    act, dossier, moved = step.act, step.dossier, None
    if act.ends and step.open_task:
        move = Move(_chosen(step), step.actor.person_id, step.at)
        moved = complete_task(step.running, step.task, move, _setting(step))
        step.changes["last_move"] = _last_move(step, moved, dossier.status)
    changes = answered(step, changes_of(act, step.changes))
    if act.changes:
        write = Update(Dossier, ("revision", "updated_at", *changes))
        put_off(write, (dossier.pk, dossier.revision + 1, step.at, *changes.values()))
        change(dossier, changes)
    following = following_steps(moved) if moved else ""
    at_step = step.open_task.step if step.open_task else ""
    record(
        actor=step.actor,
        happening=Happening(
            kind=act.entry,
            object_kind="dossier",
            object_id=dossier.id,
            concerns_id=dossier.owner_id,
            facts=step.facts | act_facts(dossier, step=at_step, following=following),
            details=step.details or None,
        ),
        at=step.at,
    )
