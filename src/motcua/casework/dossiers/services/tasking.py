"""Whose task it is, how it ends, and what happens to a process without an officer. Each function is one act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from motcua.casework.dossiers.errors import (
    ActNotAllowed,
    ChecksMissing,
    NotTheirTask,
    ReasonMissing,
    TaskTakenBy,
)
from motcua.casework.dossiers.models import Dossier, DraftReturn, OfficialDocument
from motcua.casework.dossiers.policies import can_act
from motcua.casework.dossiers.rules.outcomes import leads_to_signing
from motcua.casework.dossiers.rules.states import ACTS
from motcua.casework.dossiers.services.acting import Acting, Target, act_facts, acting, following_steps
from motcua.casework.dossiers.services.papers import find_draft
from motcua.casework.dossiers.services.settings import setting_of
from motcua.casework.dossiers.services.signing import current_draft
from motcua.casework.dossiers.services.waiting import CONFIRMED, payment_confirmed
from motcua.casework.process.models import Token
from motcua.casework.process.selectors import find_standing
from motcua.casework.process.services import (
    CannotRecall,
    Move,
    Moved,
    assign_task,
    claim_task,
    fire_timer,
    recall_task,
    receive_message,
    release_task,
    run_service,
)
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.sharing import shared
from motcua.foundation.kernel.text import clean
from motcua.registry.access.contributions import identify
from motcua.registry.catalogue.models import VERSION_CONTENT
from motcua.registry.organisations.models import Officer
from motcua.registry.organisations.selectors import officer_name


@dataclass(frozen=True, slots=True)
class Done:
    """How a task ends. `outcome`: empty where the step has but one; `note`: for the colleagues; `checks`: indexes of
    the step's checks that were ticked."""

    outcome: str = ""
    note: str = ""
    checks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Happened:
    """What moved a process without an officer, for the journal."""

    kind: str
    step: str
    facts: dict[str, Any]


def claim(*, actor: Actor, target: Target, at: datetime) -> Dossier:
    """Take a task, so that nobody else does it. Raises TaskTakenBy."""
    with acting(code="claim", actor=actor, target=target, at=at) as step:
        if not claim_task(step.task, by=actor.person, at=at):
            raise TaskTakenBy(name=officer_name(step.task.claimed_by))
    return step.dossier


def assign(*, actor: Actor, target: Target, officer_id: UUID, at: datetime, reason: str = "") -> Dossier:
    """Mean a task for an officer who may do it, whatever unit they are in. `reason`: for the colleagues, as when
    somebody leaves. Raises NotTheirTask."""
    with acting(code="assign", actor=actor, target=target, at=at) as step:
        doer = _doer(officer_id)
        if not doer or not can_act(doer, ACTS["claim"], step.dossier, step.task):
            raise NotTheirTask
        step.facts = {"officer": str(officer_id), **_former(step.task)}
        if not assign_task(step.task, to=officer_id):
            raise ActNotAllowed
        step.details = _why(reason)
    return step.dossier


@shared
def _doer(officer_id: UUID) -> Actor | None:
    """The officer with the rights they hold now; None for who has no account or post."""
    officer = Officer.objects.filter(pk=officer_id).select_related("account").first()
    identity = identify(officer.account) if officer and officer.account.is_active else None
    return identity.actor if identity else None


def _former(task: Token) -> dict[str, str]:
    """Whose the task was, for the journal."""
    return {"former": str(task.claimed_by)} if task.claimed_by else {}


def _why(reason: str) -> dict[str, str]:
    words = clean(reason)[:1000]
    return {"reason": words} if words else {}


def hand_back(*, actor: Actor, target: Target, at: datetime, reason: str = "") -> Dossier:
    """Give a task back to everybody who may do it: one's own; as leader anybody's."""
    with acting(code="hand-back", actor=actor, target=target, at=at) as step:
        if not step.task.claimed_by:
            raise ActNotAllowed
        if step.task.claimed_by != actor.person_id and not leads(actor, step.dossier, step.task):
            raise Refused
        step.facts, step.details = _former(step.task), _why(reason)
        if not release_task(step.task):
            raise ActNotAllowed
    return step.dossier


def leads(actor: Actor, dossier: Dossier, task: Token) -> bool:
    """Whether the actor says who does this task."""
    return can_act(actor, ACTS["assign"], dossier, task)


def complete_task(*, actor: Actor, target: Target, done: Done = Done(), at: datetime) -> Dossier:
    """Complete a task by one of its outcomes. Raises UnknownOutcome, ChecksMissing."""
    with acting(code="complete-task", actor=actor, target=target, at=at) as step:
        step.outcome = done.outcome
        if step.node.checks and not _drafts(step):
            step.facts["checks"] = check_all(step, done.checks)
        if done.outcome:
            step.facts["outcome"] = done.outcome
        if words := clean(done.note)[:1000]:
            step.details = {"note": words}
    return step.dossier


def _drafts(step: Acting) -> bool:
    definition = step.running.definition
    return any(leads_to_signing(definition, outcome) for outcome in step.node.outcomes.values())


def check_all(step: Acting, checks: Sequence[str]) -> int:
    """How many checks the step has. `checks`: indexes of those ticked. Raises ChecksMissing unless all are."""
    expected = [str(index) for index in range(len(step.node.checks))]
    if sorted(set(checks)) != expected:
        raise ChecksMissing
    return len(expected)


def submit_for_signature(*, actor: Actor, target: Target, outcome: str = "", at: datetime) -> Dossier:
    """Put the current draft before the leader. Raises OldPreview when there is no draft, DraftOutdated."""
    with acting(code="submit-for-signature", actor=actor, target=target, at=at) as step:
        draft = current_draft(step.dossier)
        step.outcome = outcome
        step.facts = {"document_id": str(draft.id), "sha256": draft.stored.sha256}
    return step.dossier


def return_task(*, actor: Actor, target: Target, reason: str, outcome: str = "", at: datetime) -> Dossier:
    """Send the dossier back to an earlier step with a reason. Raises ReasonMissing."""
    words = clean(reason)[:1000]
    if not words:
        raise ReasonMissing
    with acting(code="return-task", actor=actor, target=target, at=at) as step:
        step.outcome = outcome
        step.details = {"reason": words}
        if draft := _sent_back(step):
            DraftReturn.objects.create(draft=draft, reason=words, made_by=step.actor.person, made_at=at)
            step.facts = {"draft_id": str(draft.id), "edition": draft.edition}
    return step.dossier


def _sent_back(step: Acting) -> OfficialDocument | None:
    """The draft that lay before who returns the task: at the signature, or with a reviewer who did not make it."""
    draft = find_draft(step.dossier)
    if not draft or DraftReturn.objects.filter(draft=draft).exists():
        return None
    is_reviewed = draft.made_at <= step.task.opened_at and draft.made_by != step.actor.person_id
    return draft if step.node.act == "sign" or (is_reviewed and _drafts(step)) else None


def can_recall(actor: Actor, dossier: Dossier) -> bool:
    """Whether the last act was the actor's and may be taken back, as far as the dossier's row knows."""
    last = dossier.last_move
    return last is not None and last["by"] == str(actor.person_id) and last["revision"] == dossier.revision


def recall(*, actor: Actor, target: Target, at: datetime) -> Dossier:
    """Take back the actor's own last act, while nobody has begun what follows. Raises CannotRecall.

    Source: vietnam.md 1.2 (4 -> 4, recall).
    """
    with acting(code="recall", actor=actor, target=target, at=at) as step:
        last = step.dossier.last_move
        if not last or not can_recall(actor, step.dossier):
            raise CannotRecall
        move, setting = Move("", actor.person, at), setting_of(step.dossier, at)
        task = recall_task(step.running, last["number"], setting, move, last.get("words"))
        step.changes = {"status": last["status"], "last_move": None}
        step.facts = {"next_step": task.step}
    return step.dossier


@transaction.atomic
def advance(*, dossier_id: UUID, token_id: UUID, timer: str, at: datetime) -> Dossier | None:
    """A timer is due or a service is to run: one act of the system; None when it was done or put off meanwhile.

    Whoever holds the dossier's row first wins over the other, an officer or the timer.
    """
    dossier = _locked(dossier_id)
    standing = find_standing(dossier_id)
    token = next((it for it in standing.tokens if it.pk == token_id), None) if standing else None
    if not standing or not token:
        return None
    setting = setting_of(dossier, at)
    if token.kind == Token.Kind.SERVICE and not timer:
        moved: Moved | None = run_service(standing, token, setting, at=at)
        kind, facts = "dossier.service_run", {"service": standing.node(token).service}
    else:
        moved = fire_timer(standing, token, timer, setting, at=at)
        kind, facts = "dossier.timer_fired", {"timer": timer or token.step}
    if not moved:
        return None
    ended = {"ended": True} if timer and moved.left else {}
    _moved_by_itself(dossier, moved, SYSTEM, Happened(kind, token.step, {**facts, **ended}), at)
    return dossier


@transaction.atomic
def take_message(*, actor: Actor, dossier_id: UUID, message: str, at: datetime) -> Dossier:
    """What a process waited for has come. For rooms that receive it. Raises NotFound, ActNotAllowed: nobody waits.

    `payment-confirmed` is what a dossier waits for whose payment is requested, whatever its process says.
    """
    if message == CONFIRMED:
        return payment_confirmed(actor=actor, dossier_id=dossier_id, at=at)
    dossier = _locked(dossier_id)
    standing = find_standing(dossier_id)
    move = Move("", None, at)
    moved = receive_message(standing, message, setting_of(dossier, at), move) if standing else None
    if not moved or not moved.left:
        raise ActNotAllowed
    happened = Happened("dossier.message_received", moved.left.step, {"message": message})
    _moved_by_itself(dossier, moved, actor, happened, at)
    return dossier


def _locked(dossier_id: UUID) -> Dossier:
    dossiers = Dossier.objects.select_for_update(of=("self",)).defer(*VERSION_CONTENT)
    dossier = dossiers.select_related("version__procedure", "agency__parent").filter(pk=dossier_id).first()
    if not dossier:
        raise NotFound
    return dossier


def _moved_by_itself(dossier: Dossier, moved: Moved, actor: Actor, happened: Happened, at: datetime) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(revision=F("revision") + 1, updated_at=at)
    dossier.revision += 1
    facts = act_facts(dossier, step=happened.step, following=following_steps(moved))
    record(
        actor=actor,
        happening=Happening(
            happened.kind, "dossier", dossier.id, concerns_id=dossier.owner_id, facts=happened.facts | facts
        ),
        at=at,
    )
