"""One act on many dossiers: confirmed once, each done by the service and the rules of the single act.

They are done by chunks, each in one transaction: what the acts read and write is read and written together. What fails
is refused by itself, with the reason; the others are done. Nothing is done twice: what became of a dossier is kept in
the transaction of its act.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from procrastinate.contrib.django import app as jobs

from motcua.casework.dossiers.errors import InputMissing, NothingTicked, NotInBulk, TooManyTicked
from motcua.casework.dossiers.models import BulkAct, BulkActItem
from motcua.casework.dossiers.policies import HANDLE
from motcua.casework.dossiers.services import ending, extending, handling, tasking
from motcua.casework.dossiers.services.acting import Target, lock_chunk
from motcua.casework.dossiers.services.ending import Why
from motcua.casework.dossiers.services.extending import Extension
from motcua.casework.dossiers.services.returning import Returning
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.chunks import Update, chunk_of, put_off
from motcua.foundation.kernel.errors import DomainError, NotFound, Refused
from motcua.foundation.kernel.sharing import sharing_reads
from motcua.registry.access.clients.calls import Caller
from motcua.registry.access.clients.selectors import Asked, actor_of_caller
from motcua.registry.access.contributions import identify

logger = logging.getLogger(__name__)

MOST = 1_000
# As many are done while the officer waits, at 100 a second; more by a job.
AT_ONCE = 200
# How many share what they read: seconds of work.
_SHARING = 100
# How many are one transaction, and hold the next number of their agency meanwhile: a fifth of a second.
_CHUNK = 25
# When a job looks whether the page's own run was cut off.
_LOOK_AGAIN = timedelta(minutes=2)
State = BulkActItem.State


@dataclass(frozen=True, slots=True)
class Chosen:
    """A dossier as the list showed it; `task_id` where the list showed a task."""

    dossier_id: UUID
    revision: int
    task_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was confirmed. `act`: of OFFERED; `inputs`: JSON values, as the act's service takes them by OFFERED."""

    act: str
    chosen: Sequence[Chosen]
    inputs: Mapping[str, str] = field(default_factory=dict)


Service = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """The service of the single act, and the rest of its keyword arguments from the inputs that were kept."""

    service: Service
    read: Callable[[Mapping[str, str]], dict[str, Any]] = lambda kept: {}
    # Inputs without which none of the dossiers could be handled.
    needs: tuple[str, ...] = ()


def _reason(kept: Mapping[str, str]) -> dict[str, Any]:
    return {"reason": kept["reason"]}


def _why(kept: Mapping[str, str]) -> dict[str, Any]:
    return {"why": Why(kept["ground"], kept["reason"])}


# Not what is written for each dossier: supplement requests, drafts, opinions, payments, corrections, and withdrawals,
# each of which rests on a written request of its own.
OFFERED: dict[str, Deed] = {
    "accept": Deed(handling.accept_dossier),
    "hand-over": Deed(handling.hand_over_dossier),
    "return-result": Deed(
        handling.return_result, lambda kept: {"returning": Returning(way=kept.get("way", ""))}
    ),
    "claim": Deed(tasking.claim),
    "assign": Deed(
        tasking.assign,
        lambda kept: {"officer_id": UUID(kept["officer"]), "reason": kept.get("reason", "")},
    ),
    "hand-back": Deed(tasking.hand_back, lambda kept: {"reason": kept.get("reason", "")}),
    "return-task": Deed(tasking.return_task, _reason, ("reason",)),
    "refuse": Deed(ending.refuse_dossier, _why, ("ground", "reason")),
    "extend": Deed(
        extending.extend,
        lambda kept: {"extension": Extension(date.fromisoformat(kept["on"]), kept["reason"])},
        ("on", "reason"),
    ),
    "stop": Deed(ending.stop_dossier, _why, ("ground", "reason")),
    "recall-stop": Deed(ending.recall_stop),
    "suspend": Deed(ending.suspend_dossier, _reason, ("reason",)),
    "resume": Deed(ending.resume_dossier),
}


@transaction.atomic
def begin_bulk_act(
    *, actor: Actor, bulk_id: UUID, confirmed: Confirmed, caller: Caller | None = None, at: datetime
) -> BulkAct:
    """Take down what was confirmed, and have a job do it, soon where it is much. The same id again changes nothing.

    Raises NothingTicked, TooManyTicked (MOST), NotInBulk, InputMissing, Refused (for who is no officer; of clients
    `caller` says which), NotFound for the id of somebody else's. What each dossier allows is said dossier by dossier.
    """
    if not (actor.is_officer or caller):
        raise Refused
    earlier = BulkAct.objects.filter(pk=bulk_id).first()
    if earlier:
        return _same(earlier, actor, caller)
    _check(confirmed)
    bulk = BulkAct.objects.create(
        id=bulk_id,
        account_id=actor.account_id if actor.is_officer else None,
        client_id=caller.client_id if caller else None,
        act=confirmed.act,
        inputs=dict(confirmed.inputs),
        language=translation.get_language() or "vi",
        made_at=at,
    )
    BulkActItem.objects.bulk_create(
        BulkActItem(
            bulk=bulk,
            position=position,
            dossier_id=one.dossier_id,
            task_id=one.task_id,
            revision=one.revision,
        )
        for position, one in enumerate(confirmed.chosen)
    )
    wait = {} if caller or len(confirmed.chosen) > AT_ONCE else {"seconds": int(_LOOK_AGAIN.total_seconds())}
    lock = f"bulk-act:{bulk.id}"
    job = jobs.configure_task("dossiers.act_on_many", lock=lock, schedule_in=wait or None)
    job.defer(bulk_id=str(bulk.id))
    return bulk


def _same(earlier: BulkAct, actor: Actor, caller: Caller | None) -> BulkAct:
    its_own = (earlier.account_id, earlier.client_id)
    account = actor.account_id if actor.is_officer else None
    if its_own != (account, caller.client_id if caller else None):
        raise NotFound
    return earlier


def _check(confirmed: Confirmed) -> None:
    if confirmed.act not in OFFERED:
        raise NotInBulk
    if not confirmed.chosen:
        raise NothingTicked
    if len(confirmed.chosen) > MOST:
        raise TooManyTicked(limit=MOST)
    if missing := [name for name in OFFERED[confirmed.act].needs if not confirmed.inputs.get(name)]:
        raise InputMissing(field=missing[0])


def run_bulk_act(bulk_id: UUID, *, now: Callable[[], datetime]) -> None:
    """Do what still waits, in order. A run that was killed left items done or waiting: running again does none twice.

    Rights are those of the moment, looked at again for every hundred.
    """
    bulk = BulkAct.objects.select_related("account").get(pk=bulk_id)
    waiting = bulk.items.filter(state=State.WAITING).order_by("position")
    with translation.override(bulk.language):
        while items := list(waiting[:_SHARING]):
            with sharing_reads():
                _run(bulk, items, now)
    BulkAct.objects.filter(pk=bulk_id, finished_at=None).update(finished_at=now())


def _run(bulk: BulkAct, items: Sequence[BulkActItem], now: Callable[[], datetime]) -> None:
    try:
        actor = _actor_of(bulk, at=now())
    except DomainError as error:
        for item in items:
            _say(item, State.REFUSED, _problem(error))
        return
    for chunk in chunks(items):
        _settle(Run(bulk, actor, now), chunk)


def chunks(items: Sequence[BulkActItem]) -> Iterator[list[BulkActItem]]:
    """The items in order, as many as one transaction does, no dossier twice in one: the second act sees the first."""
    chunk: list[BulkActItem] = []
    for item in items:
        if len(chunk) == _CHUNK or item.dossier_id in {it.dossier_id for it in chunk}:
            yield chunk
            chunk = []
        chunk.append(item)
    if chunk:
        yield chunk


@dataclass(frozen=True, slots=True)
class Run:
    """Who does which bulk act now."""

    bulk: BulkAct
    actor: Actor
    now: Callable[[], datetime]


def _actor_of(bulk: BulkAct, *, at: datetime) -> Actor:
    """The officer, or the program, with the rights they hold now. Raises Refused, or as `actor_of_caller`."""
    if bulk.client_id:
        caller = Caller(bulk.client_id, bulk.account_id)
        return actor_of_caller(caller, asked=Asked(HANDLE, frozenset({"officer"})), at=at)
    identity = identify(bulk.account) if bulk.account and bulk.account.is_active else None
    if not identity or not identity.actor.is_officer:
        raise Refused
    return identity.actor


def _settle(run: Run, items: Sequence[BulkActItem]) -> None:
    """Do a chunk; one that cannot be written as a whole is done again one by one, and so says which it was."""
    try:
        broken = _do(run, items)
    except (InterfaceError, OperationalError):
        if len(items) == 1:
            raise
    except Exception as error:
        if len(items) == 1:
            _say(items[0], State.REFUSED, _said(items[0], error))
            return
    else:
        if broken:
            raise broken
        return
    for item in items:
        _settle(run, [item])


def _do(run: Run, items: Sequence[BulkActItem]) -> Exception | None:
    """The acts and what is said of them are one transaction; the items' rows keep a second run waiting. The database's
    own fault, which is no dossier's: what was done before it is kept, and the job goes on later.

    It does not wait for the disk: what a crash takes away is waiting again. `run_bulk_act` says that all is done by a
    transaction that waits, and with it all before.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
        mine = BulkActItem.objects.select_for_update().filter(pk__in=[it.pk for it in items])
        waiting = list(mine.filter(state=State.WAITING).order_by("position"))
        with chunk_of([it.dossier_id for it in waiting]) as chunk:
            lock_chunk(run.actor)
            for item in waiting:
                try:
                    with chunk.act():
                        _act(run, item)
                except (InterfaceError, OperationalError) as error:
                    return error
                except Exception as error:
                    _say(item, State.REFUSED, _said(item, error))
    return None


def _act(run: Run, item: BulkActItem) -> None:
    deed = OFFERED[run.bulk.act]
    target = Target(item.dossier_id, item.revision, item.task_id)
    deed.service(actor=run.actor, target=target, at=run.now(), **deed.read(run.bulk.inputs))
    _say(item, State.DONE)


def _said(item: BulkActItem, error: Exception) -> dict[str, Any]:
    if isinstance(error, DomainError):
        return _problem(error)
    # One dossier that breaks something must not keep the others from being done.
    logger.error("bulk_act_item_failed bulk=%s position=%s", item.bulk_id, item.position, exc_info=error)
    return {"status": 500, "code": "server_error", "detail": ""}


def _problem(error: DomainError) -> dict[str, Any]:
    return {"status": error.status, "code": error.code, "detail": str(error)}


def _say(item: BulkActItem, state: str, problem: dict[str, Any] | None = None) -> None:
    """What became of it, unless another run has said it meanwhile."""
    put_off(_SAYING, (item.pk, state, problem, State.WAITING))


_SAYING = Update(BulkActItem, ("state", "problem"), same=("state",))
