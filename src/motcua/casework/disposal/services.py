"""Acts on lists of disposition: made by a job, changed and proposed by one officer, decided by another, carried out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy, ngettext
from procrastinate.contrib.django import app as jobs

from motcua.casework.disposal.errors import KeepingUnexplained, ListClosed, NothingToDispose
from motcua.casework.disposal.models import DisposalItem, DisposalList
from motcua.casework.disposal.policies import DECIDING, RIGHTS, visible
from motcua.casework.disposal.selectors import is_waiting
from motcua.casework.dossiers.services.disposing import (
    FINISHED,
    UNSUCCESSFUL,
    dispose_dossier,
    files_needed,
    list_due_dossiers,
)
from motcua.casework.warehouse.disposing import (
    DOCUMENT_OVER,
    Disposed,
    Due,
    dispose_document,
    list_due_documents,
)
from motcua.foundation.journal.selectors import held
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.retention import load_rules
from motcua.foundation.kernel.text import clean
from motcua.registry.access.contributions import ProposalKind, register_proposal_kind
from motcua.registry.access.models import Proposal
from motcua.registry.access.services.approvals import Proposed, approve, propose, reject

KIND = "dispose"
CLASSES = (FINISHED, UNSUCCESSFUL, DOCUMENT_OVER)
# On one list at most; what is left comes on the next.
MOST = 500
# Of each class in one run of the job.
_BATCH = 5_000
# What an officer took out, or what stayed, is looked at again after so long; [M], our own choice.
_AGAIN_AFTER = timedelta(days=365)
_State, _Result = DisposalList.State, DisposalItem.Result


def make_lists(*, at: datetime) -> int:
    """Put what the schedule lets go on lists, one an agency that has none open. Gives how many lists were made.

    What a legal hold lies on, on it or its owner, comes on none. Each list is one transaction.
    """
    busy = set(DisposalList.objects.filter(state=_State.OPEN).values_list("agency_id", flat=True))
    by_agency: dict[UUID, list[Due]] = defaultdict(list)
    for thing in CLASSES:
        for due in _due(thing, busy, at):
            if len(by_agency[due.agency_id]) < MOST:
                by_agency[due.agency_id].append(due)
    return sum(_make(agency, dues, at) for agency, dues in by_agency.items())


def _due(thing: str, busy: set[UUID], at: datetime) -> list[Due]:
    before = load_rules(settings.RETENTION_FILE)[thing].before(at)
    if not before:
        return []
    settled = Q(settled_at__gt=at - _AGAIN_AFTER) | Q(result="")
    skip = DisposalItem.objects.filter(settled).values("object_id")
    if thing == DOCUMENT_OVER:
        found = list_due_documents(before=before, skip=skip, busy=busy, limit=_BATCH)
    else:
        found = list_due_dossiers(thing, before=before, skip=skip, busy=busy, limit=_BATCH)
    under_hold = held({key for it in found for key in (it.object_id, it.owner_id)})
    return [it for it in found if not {it.object_id, it.owner_id} & under_hold]


@transaction.atomic
def _make(agency_id: UUID, dues: list[Due], at: datetime) -> bool:
    if not dues or DisposalList.objects.filter(agency=agency_id, state=_State.OPEN).exists():
        return False
    made = DisposalList.objects.create(agency_id=agency_id, made_at=at)
    DisposalItem.objects.bulk_create(
        DisposalItem(
            disposal=made,
            thing=it.thing,
            object_id=it.object_id,
            owner_id=it.owner_id,
            label=it.label,
            closed_on=it.closed_on,
        )
        for it in dues
    )
    record(actor=SYSTEM, happening=_happened("disposal.listed", made, {"count": len(dues)}), at=at)
    return True


def _happened(kind: str, disposal: DisposalList, facts: Mapping[str, object], reason: str = "") -> Happening:
    details = {"reason": reason} if reason else None
    return Happening(kind, "disposal", disposal.pk, facts=facts, details=details)


def _locked(actor: Actor, list_id: UUID) -> DisposalList:
    """Raises NotFound."""
    found = DisposalList.objects.select_for_update(of=("self",)).select_related("agency", "proposal")
    disposal = found.filter(visible(actor), pk=list_id).first()
    if not disposal:
        raise NotFound
    return disposal


@transaction.atomic
def keep_item(*, actor: Actor, list_id: UUID, item_id: int, reason: str, at: datetime) -> DisposalItem:
    """Take something out of a list; it stays, and comes on no list for a year. Journalled.

    Raises NotFound, ListClosed while the list lies before the second person or after, KeepingUnexplained.
    """
    disposal = _locked(actor, list_id)
    if disposal.state != _State.OPEN or is_waiting(disposal, at=at):
        raise ListClosed
    item = disposal.items.filter(pk=item_id).first()
    if not item:
        raise NotFound
    words = clean(reason)[:300]
    if not words:
        raise KeepingUnexplained
    if not item.result:
        item.result, item.reason, item.settled_at = _Result.KEPT, words, at
        item.save(update_fields=["result", "reason", "settled_at"])
        facts = {"object": str(item.object_id), "class": item.thing}
        record(actor=actor, happening=_happened("disposal.kept", disposal, facts, words), at=at)
    return item


@transaction.atomic
def propose_list(*, actor: Actor, list_id: UUID, reason: str, at: datetime) -> Proposal:
    """Put the list before a second person, for seven days; until then nothing of it changes.

    Raises NotFound, ListClosed, NothingToDispose, NoReasonGiven.
    """
    disposal = _locked(actor, list_id)
    if disposal.state != _State.OPEN or is_waiting(disposal, at=at):
        raise ListClosed
    if not disposal.items.filter(result="").exists():
        raise NothingToDispose
    payload = {"list": str(disposal.pk)}
    what = Proposed(KIND, disposal.agency.path, payload)
    disposal.proposal = propose(actor=actor, what=what, reason=reason, at=at)
    disposal.save(update_fields=["proposal"])
    return disposal.proposal


@transaction.atomic
def decide_list(*, actor: Actor, list_id: UUID, is_approved: bool, at: datetime) -> DisposalList:
    """Let the list be carried out, or say no: then it can be changed and proposed again.

    By who leads the agency and did not propose it; who proposed may take it back. Raises NotFound, ListClosed, and as
    `approve`.
    """
    disposal = _locked(actor, list_id)
    if not is_waiting(disposal, at=at) or disposal.proposal_id is None:
        raise ListClosed
    act = approve if is_approved else reject
    act(actor=actor, proposal_id=disposal.proposal_id, at=at)
    disposal.refresh_from_db()
    return disposal


def _approved(proposal: Proposal, actor: Actor, at: datetime) -> None:
    """In the transaction of the approval: a job carries it out."""
    disposal = DisposalList.objects.select_for_update().get(pk=proposal.payload["list"], proposal=proposal)
    if disposal.state != _State.OPEN:
        raise ListClosed
    disposal.state = _State.APPROVED
    disposal.save(update_fields=["state"])
    record(
        actor=actor, happening=_happened("disposal.approved", disposal, {"proposal": str(proposal.pk)}), at=at
    )
    jobs.configure_task("disposal.carry_out").defer(list_id=str(disposal.pk))


def _describe(proposal: Proposal) -> str:
    count = DisposalItem.objects.filter(disposal=proposal.payload["list"], result="").count()
    words = ngettext(
        "Erase the content of %(count)d dossier or document whose time for keeping is over.",
        "Erase the content of %(count)d dossiers and documents whose time for keeping is over.",
        count,
    )
    return words % {"count": count}


def register_kind() -> None:
    register_proposal_kind(
        ProposalKind(
            KIND,
            gettext_lazy("Disposition by schedule"),
            DECIDING,
            _approved,
            _describe,
            proposer_rights=RIGHTS[:2],
        )
    )


def list_unfinished() -> list[UUID]:
    """Lists that were approved and are not carried out yet."""
    return list(DisposalList.objects.filter(state=_State.APPROVED).values_list("pk", flat=True))


def carry_out(list_id: UUID, *, at: datetime) -> DisposalList:
    """Erase what is on an approved list, each in a transaction of its own; can be stopped and run again.

    What a hold lies on by now, what something else needs and what is not due any more stays, and the list says so.
    """
    disposal = DisposalList.objects.get(pk=list_id)
    if disposal.state != _State.APPROVED:
        return disposal
    for item in disposal.items.filter(result="").order_by("pk"):
        _settle(item, at=at)
    with transaction.atomic():
        disposal = DisposalList.objects.select_for_update().get(pk=list_id)
        if disposal.state == _State.APPROVED and not disposal.items.filter(result="").exists():
            disposal.state, disposal.done_at = _State.DONE, at
            disposal.save(update_fields=["state", "done_at"])
            results = list(disposal.items.values_list("result", flat=True))
            counts = {name: results.count(name) for name in sorted(set(results))}
            record(actor=SYSTEM, happening=_happened("disposal.done", disposal, {"results": counts}), at=at)
    return disposal


@transaction.atomic
def _settle(item: DisposalItem, *, at: datetime) -> None:
    now = DisposalItem.objects.select_for_update().get(pk=item.pk)
    if now.result:
        return
    done = _dispose(now, at)
    now.result, now.digests, now.settled_at = done.result, [*done.digests], at
    now.save(update_fields=["result", "digests", "settled_at"])


def _dispose(item: DisposalItem, at: datetime) -> Disposed:
    # Not before its own time, should the period have been made longer since.
    before = load_rules(settings.RETENTION_FILE)[item.thing].before(at)
    if not before:
        return Disposed("not_due")
    if item.thing == DOCUMENT_OVER:
        return dispose_document(
            item.object_id, before=before, list_id=item.disposal_id, needed=files_needed, at=at
        )
    return dispose_dossier(item.object_id, thing=item.thing, before=before, list_id=item.disposal_id, at=at)
