"""Many applications at once: kept, then filed one by one by a job, each with its own key and result."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation
from procrastinate.contrib.django import app as jobs

from motcua.casework.dossiers.errors import BulkKeyTwice
from motcua.casework.dossiers.models import BulkFiling, BulkItem, Dossier
from motcua.casework.dossiers.policies import FILE
from motcua.casework.dossiers.services.filing import Filer, file_application, read_application
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.clients.calls import Caller
from motcua.registry.access.clients.selectors import Asked, actor_of_caller

logger = logging.getLogger(__name__)

MOST_ITEMS = 500
# Who may file, as at the call: looked at again for each application, as the job may run much later.
FILING = Asked(FILE, frozenset({"citizen"}))


@dataclass(frozen=True, slots=True)
class Item:
    """One application: `key` as the Idempotency-Key of a single filing, `content` as read_application takes it."""

    key: str
    content: dict[str, Any]


@transaction.atomic
def begin_bulk(*, actor: Actor, caller: Caller, items: Sequence[Item], at: datetime) -> BulkFiling:
    """Keep the applications (at most MOST_ITEMS) and have a job file them. Raises BulkKeyTwice."""
    _check_keys(items)
    bulk = BulkFiling.objects.create(
        client_id=caller.client_id,
        account_id=caller.account_id,
        acting_as=caller.acting_as,
        language=translation.get_language() or "vi",
        made_at=at,
    )
    BulkItem.objects.bulk_create(
        BulkItem(bulk=bulk, position=position, key=item.key, content=item.content)
        for position, item in enumerate(items)
    )
    jobs.configure_task("dossiers.file_bulk", lock=f"bulk:{bulk.id}").defer(bulk_id=str(bulk.id))
    happening = Happening("bulk.begun", object_kind="bulk", object_id=bulk.id, facts={"items": len(items)})
    record(actor=actor, happening=happening, at=at)
    return bulk


def _check_keys(items: Sequence[Item]) -> None:
    first: dict[str, int] = {}
    twice = [
        position for position, item in enumerate(items) if first.setdefault(item.key, position) != position
    ]
    if twice:
        code, words = BulkKeyTwice.code, str(BulkKeyTwice.message)
        raise BulkKeyTwice(
            errors=[{"path": f"/items/{it}/key", "code": code, "detail": words} for it in twice]
        )


def run_bulk(bulk_id: UUID) -> None:
    """File what waits, in order. May run again after it was stopped: what was filed before is found by its key."""
    bulk = BulkFiling.objects.get(pk=bulk_id)
    caller = Caller(bulk.client_id, bulk.account_id, bulk.acting_as)
    with translation.override(bulk.language):
        for item in list(bulk.items.filter(state=BulkItem.State.WAITING).order_by("position")):
            _file(item, caller, at=timezone.now())
    BulkFiling.objects.filter(pk=bulk_id, finished_at=None).update(finished_at=timezone.now())


def _file(item: BulkItem, caller: Caller, *, at: datetime) -> None:
    try:
        actor = actor_of_caller(caller, asked=FILING, at=at)
        filer = Filer(actor, caller, item.key)
        dossier, _is_new = file_application(
            filer=filer, application=read_application(item.content or {}, {}), at=at
        )
    except DomainError as error:
        _settle(item, problem=_problem(error))
    except (InterfaceError, OperationalError):
        raise  # the database's fault, not the item's: the job tries again
    except Exception:
        # One application that breaks something must not keep the others from being filed.
        logger.exception("bulk_item_failed bulk=%s position=%s", item.bulk_id, item.position)
        _settle(item, problem={"status": 500, "code": "server_error", "detail": "", "errors": []})
    else:
        _settle(item, dossier=dossier)


def _settle(item: BulkItem, *, dossier: Dossier | None = None, problem: dict[str, Any] | None = None) -> None:
    state = BulkItem.State.FILED if dossier else BulkItem.State.REFUSED
    BulkItem.objects.filter(pk=item.pk).update(content=None, state=state, dossier=dossier, problem=problem)


def _problem(error: DomainError) -> dict[str, Any]:
    errors = error.fields.get("errors") or []
    return {"status": error.status, "code": error.code, "detail": str(error), "errors": errors}
