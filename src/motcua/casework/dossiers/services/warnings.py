"""Warning and escalation: who can still do something about a limit is told before and after it, each once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from itertools import islice
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.models import DeadlineWarning, Dossier
from motcua.casework.dossiers.policies import handles, readable, reads_as_own
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.rules.warnings import Warning, parse_warnings
from motcua.casework.dossiers.services.submission import test_fact
from motcua.casework.process.models import Task, Token
from motcua.casework.process.selectors import can_do, find_standing
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.notifications.contributions import Group, Purpose, register_purpose
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify_all
from motcua.foundation.worktime.deadlines import due_moment
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account
from motcua.registry.catalogue.models import VERSION_CONTENT
from motcua.registry.organisations.selectors import calendar_of, get_calendar, list_officers_with, unit_heads

PURPOSE = Purpose(
    "deadline_warning",
    _("A limit is near or over"),
    Group("deadlines", _("Deadlines of my tasks and my unit's")),
    at_once=True,
)
# Of each warning in one sweep; the next takes the rest.
BATCH = 500
_CHUNK = 1000
# Calendars differ by days off: what may be near by one of them is looked at by its own.
_MARGIN = timedelta(days=3)
# A task that nobody has taken: so many of those who may take it are told.
_MOST_TOLD = 20
_RUNNING = (Status.ACCEPTED, Status.IN_PROCESS)


@dataclass(frozen=True, slots=True)
class Near:
    """A limit that may be near or over. `task_id`: of the step; None for a limit of the whole dossier."""

    dossier_id: UUID
    task_id: UUID | None
    due_at: datetime
    begun: datetime


def register_purposes() -> None:
    register_purpose(PURPOSE)


@lru_cache(maxsize=1)
def load_warnings() -> tuple[Warning, ...]:
    """The pack's warnings. Raises BadWarning."""
    path = settings.PACKS / "vn" / "deadlines.yaml"
    return parse_warnings(yaml.safe_load(path.read_text(encoding="utf-8")))


def warn_of_deadlines(*, at: datetime) -> int:
    """Give the warnings whose moment has come and that were not given yet, BATCH of each at most; how many.

    Each in its own transaction.
    """
    people = People(at)
    return sum(
        _give(rule, near, people, at=at)
        for rule in load_warnings()
        for near in list(islice(_near(rule, at), BATCH))
    )


def _near(rule: Warning, at: datetime) -> Iterator[Near]:
    """Limits of the rule's clock whose moment has come, nearest first. A query, and one for every thousand rows."""
    rows = _limits(rule, at)
    while chunk := list(islice(rows, _CHUNK)):
        found = Dossier.objects.filter(is_test=False).select_related("agency")
        only = found.only("agency__path", "agency__calendar_stamp")
        dossiers = only.in_bulk({row.dossier_id for row in chunk})
        for row in chunk:
            dossier = dossiers.get(row.dossier_id)
            calendar = calendar_of(dossier.agency, on=timezone.localdate(at)) if dossier else None
            if calendar and rule.is_given(row.due_at, row.begun, calendar, at=at):
                yield row


def _limits(rule: Warning, at: datetime) -> Iterator[Near]:
    """What may be near or over and was not warned of. All of it: what is too short for this warning stands among it."""
    reach = due_moment(at, rule.before, get_calendar()) + _MARGIN if rule.before else at
    name = "answer_by" if rule.clock == "answer" else "due_at"
    # A warning before is never given after.
    bounds = {f"{name}__lte": reach, **({f"{name}__gt": at} if rule.before else {})}
    if rule.clock == "step":
        tasks = Task.objects.filter(completed_at=None, paused_at=None, **bounds)
        tasks = tasks.exclude(_given(rule, task="pk", due=name)).order_by(name)
        values = tasks.values_list("subject", "pk", name, "opened_at", "counted_from")
        for subject, task, due, opened, since in values.iterator(_CHUNK):
            if due:
                yield Near(subject, task, due, since or opened)
        return
    running: dict[str, Any] = {"status": Status.SUBMITTED, "answered_at": None}
    if rule.clock == "due":
        running = {"status__in": _RUNNING, "stopped_at": None}
    dossiers = Dossier.objects.filter(is_test=False, **running, **bounds)
    dossiers = dossiers.exclude(_given(rule, dossier="pk", due=name)).order_by(name)
    begins = "submitted_at" if rule.clock == "answer" else "accepted_at"
    for pk, due, begun in dossiers.values_list("pk", name, begins).iterator(_CHUNK):
        if due and begun:
            yield Near(pk, None, due, begun)


def _given(rule: Warning, *, due: str, dossier: str = "", task: str = "") -> Exists:
    about = {"dossier": OuterRef(dossier), "task_id": None} if dossier else {"task_id": OuterRef(task)}
    return Exists(DeadlineWarning.objects.filter(code=rule.code, due_at=OuterRef(due), **about))


@transaction.atomic
def _give(rule: Warning, near: Near, people: People, *, at: datetime) -> bool:
    """Tell those who can act, and the journal; False when it was given meanwhile, or there is nothing to warn of."""
    related = Dossier.objects.select_for_update(of=("self",)).select_related("version__procedure", "agency")
    dossier = related.defer(*VERSION_CONTENT).get(pk=near.dossier_id)
    standing = find_standing(dossier.id)
    tasks = [it for it in standing.tasks if near.task_id in {None, it.pk}] if standing else []
    if not _still(rule, dossier, near, tasks):
        return False
    warning = DeadlineWarning(
        dossier=dossier, task_id=near.task_id, code=rule.code, due_at=near.due_at, given_at=at
    )
    if DeadlineWarning.objects.filter(
        dossier=dossier, task_id=near.task_id, code=rule.code, due_at=near.due_at
    ).exists():
        return False
    told = people_for(rule, dossier, tasks, people)
    warning.told = len(told)
    warning.save(force_insert=True)
    notice = _notice(warning, rule, dossier)
    notify_all(
        [
            (
                Recipient(actor.person, email=account.email, language=account.language),
                replace(notice, source_key=f"deadline:{warning.pk}:{actor.person}"),
            )
            for actor, account in told.values()
        ],
        at=at,
    )
    facts = {
        "warning": rule.code,
        "due_at": near.due_at.isoformat(),
        "count": len(told),
        **test_fact(dossier),
    }
    step = {"step": tasks[0].step} if near.task_id else {}
    record(
        actor=SYSTEM,
        happening=Happening(
            "dossier.warned", "dossier", dossier.id, concerns_id=dossier.owner_id, facts=facts | step
        ),
        at=at,
    )
    return True


def _still(rule: Warning, dossier: Dossier, near: Near, tasks: Sequence[Token]) -> bool:
    """Whether the limit still stands as it was found: nothing was done about it while we waited for the row."""
    if rule.clock == "answer":
        return dossier.status == Status.SUBMITTED and dossier.answer_by == near.due_at
    if rule.clock == "due":
        return dossier.status in _RUNNING and not dossier.stopped_at and dossier.due_at == near.due_at
    return any(task.due_at == near.due_at and not task.paused_at for task in tasks)


Told = dict[UUID, tuple[Actor, Account]]


class People:
    """Officers in a post at a moment, as they would act. Who is asked for again was looked up before."""

    def __init__(self, at: datetime) -> None:
        on = timezone.localdate(at)
        self.of = cache(identified)
        self.heads = cache(lambda units: identified(unit_heads(list(units), on=on)))
        self.with_right = cache(
            lambda right, path: identified([pk for pk, _name in list_officers_with(right, path, on=on)])
        )

    def nearest(self, right: str, path: str) -> Told:
        """Who has a right at an agency; of those above it only where nobody has."""
        found: Told = self.with_right(right, path)
        return {key: it for key, it in found.items() if it[0].agency_path == path} or found


def people_for(rule: Warning, dossier: Dossier, tasks: Sequence[Token], people: People) -> Told:
    """Who is told, by their id: only who may read the dossier and act on it. The leaders where no task is open: it
    waits for a time or for others, and only they can ask."""
    found: Told = {} if tasks else people.nearest("leader", dossier.agency_path)
    for task in tasks:
        for whom in rule.to:
            found |= _PEOPLE[whom](dossier, task, people)
    return _readers(found, dossier)


def holders_of(dossier: Dossier, tasks: Sequence[Token], *, at: datetime) -> Told:
    """Who works on a dossier: who has its tasks or may take them; the leaders where none is open."""
    people = People(at)
    found: Told = {} if tasks else people.nearest("leader", dossier.agency_path)
    for task in tasks:
        found |= _holders(dossier, task, people)
    return _readers(found, dossier)


def _readers(found: Told, dossier: Dossier) -> Told:
    return {
        key: (actor, account)
        for key, (actor, account) in found.items()
        if reads_as_own(actor, dossier) or Dossier.objects.filter(readable(actor), pk=dossier.pk).exists()
    }


def _holders(dossier: Dossier, task: Token, people: People) -> Told:
    """Who has the task; else those who may take it, of the agency where it lies before those above it."""
    found = (
        people.of((task.claimed_by,)) if task.claimed_by else people.with_right(task.role, task.agency_path)
    )
    able = {key: it for key, it in found.items() if can_do(it[0], task, dossier.procedure_code)}
    here = {key: it for key, it in able.items() if it[0].agency_path == task.agency_path}
    return dict(list((here or able).items())[:_MOST_TOLD])


def _heads(dossier: Dossier, task: Token, people: People) -> Told:
    """The heads of the unit it lies with; the agency's leaders where no unit is named or it has no head who may act."""
    holders = [actor.unit_id for actor, _account in _holders(dossier, task, people).values()]
    units = {task.unit_id or unit for unit in holders or [task.unit_id]} - {None}
    able = {
        key: it
        for key, it in people.heads(frozenset(units)).items()
        if handles(it[0], dossier) or it[0].holds(task.role, task.agency_path)
    }
    return able or _leaders(dossier, task, people)


def _leaders(dossier: Dossier, task: Token, people: People) -> Told:
    return people.nearest("leader", task.agency_path)


_PEOPLE = {"holder": _holders, "head": _heads, "leader": _leaders}


def identified(officers: Sequence[UUID]) -> Told:
    """Officers in a post today, as they would act; an account that is closed is nobody's."""
    accounts = Account.objects.filter(officer__in=officers, is_active=True).order_by("username")
    found = [(identify(account), account) for account in accounts]
    return {
        identity.actor.person: (identity.actor, account)
        for identity, account in found
        if identity and identity.actor.is_officer
    }


def _notice(warning: DeadlineWarning, rule: Warning, dossier: Dossier) -> Notice:
    return Notice(
        purpose=PURPOSE.code,
        source_key="",
        context={
            "procedure": dossier.version.procedure.names,
            "clock": rule.clock,
            "is_over": not rule.before,
            "due_at": warning.due_at,
        },
        link=reverse("desk:dossier", args=[dossier.id]),
        reference=dossier.code or dossier.reference,
        concerns=("dossier", dossier.id),
        agency_path=dossier.agency_path,
    )
