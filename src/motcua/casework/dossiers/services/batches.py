"""Many papers signed by one leader at once: looked through, confirmed once, signed by a job, each an act of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from motcua.casework.dossiers.errors import (
    BatchBegun,
    BatchStopped,
    NothingChosen,
    ReliesOnEnded,
    TooManyChosen,
)
from motcua.casework.dossiers.models import Dossier, SigningBatch, SigningItem
from motcua.casework.dossiers.policies import acts_under, can_act, readable
from motcua.casework.dossiers.rules.states import ACTS
from motcua.casework.dossiers.services.acting import Target, look_before
from motcua.casework.dossiers.services.handling import issue_signed
from motcua.casework.dossiers.services.reusing import relies_on_ended
from motcua.casework.dossiers.services.signing import (
    PreparedSigning,
    key_errors,
    prepare_signing,
    seal_prepared,
)
from motcua.casework.dossiers.services.tasking import return_task
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError, NotFound, Refused
from motcua.foundation.signatures.batch import BatchItem, Outcome, sign_batch
from motcua.foundation.signatures.keys import load_signer
from motcua.registry.access.contributions import identify
from motcua.registry.organisations.delegation.errors import DelegationEnded

LIMIT = 500
_LOOKED_THROUGH_WITHIN = timedelta(days=1)
State = SigningItem.State


@dataclass(frozen=True, slots=True)
class Chosen:
    """A paper as the confirmation showed it: its dossier, the dossier's revision, the draft's digest."""

    dossier_id: UUID
    revision: int
    seen_sha256: str


@transaction.atomic
def prepare_batch(*, actor: Actor, batch_id: UUID, chosen: Sequence[Chosen], at: datetime) -> SigningBatch:
    """Take down what the leader chose, to be looked through. The same `batch_id` again changes nothing.

    chosen: 1 to 500, signed in this order. Raises NothingChosen, TooManyChosen, NotFound for a dossier that the actor
    may not know or another's batch, Refused for one they may not sign. Whether each can still be signed is said item by
    item. The acts are the journal's entries; each names the batch.
    """
    if not actor.is_officer or actor.account_id is None:
        raise Refused
    earlier = SigningBatch.objects.filter(pk=batch_id).first()
    if earlier and earlier.account_id != actor.account_id:
        raise NotFound
    if earlier:
        return earlier
    by_id = {one.dossier_id: one for one in chosen}
    if not by_id:
        raise NothingChosen
    if len(by_id) > LIMIT:
        raise TooManyChosen(limit=LIMIT)
    mandates = _mandates(actor, by_id)
    _forget_unconfirmed(actor, at)
    batch = SigningBatch.objects.create(
        id=batch_id, account_id=actor.account, officer_id=actor.person, created_at=at
    )
    SigningItem.objects.bulk_create(
        SigningItem(
            batch=batch,
            dossier_id=one.dossier_id,
            revision=one.revision,
            seen_sha256=one.seen_sha256,
            mandate_id=mandates[one.dossier_id],
        )
        for one in by_id.values()
    )
    return batch


def _forget_unconfirmed(actor: Actor, at: datetime) -> None:
    """What the leader chose days ago and never confirmed. Nothing has come of it."""
    old = SigningBatch.objects.filter(
        account=actor.account_id, started_at=None, created_at__lt=at - _LOOKED_THROUGH_WITHIN
    )
    ids = list(old.select_for_update().values_list("pk", flat=True))
    SigningItem.objects.filter(batch__in=ids).delete()
    SigningBatch.objects.filter(pk__in=ids).delete()


@transaction.atomic
def return_item(*, actor: Actor, batch_id: UUID, item_id: int, reason: str, at: datetime) -> None:
    """ "Not this one": its dossier goes back to the drafter with a reason, and it is not signed with the others.

    Raises NotFound for another's batch, BatchBegun once it was confirmed, and as `return_task` does: what moved since
    it was chosen stays in the list, and is left out when the others are signed.
    """
    if _held(actor, batch_id).started_at:
        raise BatchBegun
    item = SigningItem.objects.filter(batch=batch_id, pk=item_id).first()
    if not item:
        raise NotFound
    if item.state == State.RETURNED:
        return
    return_task(actor=actor, target=Target(item.dossier_id, item.revision), reason=reason, at=at)
    SigningItem.objects.filter(pk=item.pk).update(state=State.RETURNED)


@transaction.atomic
def start_batch(*, actor: Actor, batch_id: UUID, at: datetime) -> SigningBatch:
    """The leader's one confirmation: what was not returned is signed by a job. Twice is once.

    Raises NotFound for another's batch, NothingChosen when nothing is left to be signed.
    """
    batch = _held(actor, batch_id)
    if batch.started_at:
        return batch
    if not batch.items.filter(state=State.WAITING).exists():
        raise NothingChosen
    batch.started_at = at
    batch.save(update_fields=["started_at"])
    # One run at a time; a run that was killed is taken up again.
    jobs.configure_task("dossiers.sign_batch", lock=f"dossiers.sign_batch {batch.id}").defer(
        batch_id=str(batch.id)
    )
    return batch


@transaction.atomic
def stop_batch(*, actor: Actor, batch_id: UUID, at: datetime) -> SigningBatch:
    """Sign no more of it: what still waits is left as it is and can be signed later. Twice is once.

    A paper whose signature is just being made is signed when its act was under way, else left. Raises NotFound, also
    for what was not confirmed.
    """
    batch = _held(actor, batch_id)
    if not batch.started_at:
        raise NotFound
    left = batch.items.filter(state=State.WAITING).update(state=State.REFUSED, problem=BatchStopped.code)
    if left and not batch.stopped_at:
        batch.stopped_at = at
        batch.save(update_fields=["stopped_at"])
    return batch


def _held(actor: Actor, batch_id: UUID) -> SigningBatch:
    """The actor's own batch, locked until the transaction ends. Raises NotFound."""
    own = SigningBatch.objects.select_for_update().filter(pk=batch_id, account=actor.account_id)
    batch = own.first() if actor.is_officer else None
    if not batch:
        raise NotFound
    return batch


def _mandates(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """Dossier -> the delegation under which the actor would sign it. Raises NotFound, Refused."""
    wanted, sign = set(ids), ACTS["sign"]
    found = Dossier.objects.filter(readable(actor), pk__in=wanted)
    dossiers = found.only("agency_path", "procedure_code")
    if len(dossiers) < len(wanted):
        raise NotFound
    if not all(can_act(actor, sign, dossier) for dossier in dossiers):
        raise Refused
    lent = {dossier.pk: acts_under(actor, sign, dossier) for dossier in dossiers}
    return {pk: one.delegation_id if one else None for pk, one in lent.items()}


def run_batch(batch_id: UUID, *, now: Callable[[], datetime]) -> None:
    """Sign what still waits, in order. Signing goes on outside of any transaction; each paper's act and its item's
    state are one. A run that was killed left items signed or waiting, so running again signs nothing twice.

    What cannot be signed is refused by item, with the reason; anything unexpected is raised, and the rest waits.
    """
    batch = SigningBatch.objects.select_related("account", "officer").get(pk=batch_id)
    waiting = batch.items.filter(state=State.WAITING).order_by("pk")
    try:
        actor = _actor_of(batch)
        with key_errors():
            signer = load_signer(batch.officer.signing_key)
    except DomainError as error:
        for item in waiting:
            _refuse(item, error)
    else:
        run = _Run(batch, actor, now)
        for outcome in sign_batch(run.prepared(waiting), signer=signer):
            run.settle(outcome)
    SigningBatch.objects.filter(pk=batch_id, finished_at=None).update(finished_at=now())


def _actor_of(batch: SigningBatch) -> Actor:
    """The leader with the rights they hold now."""
    identity = identify(batch.account) if batch.account.is_active else None
    if not identity or identity.actor.person_id != batch.officer_id:
        raise Refused
    return identity.actor


def _explained(error: DomainError, item: SigningItem) -> DomainError:
    """Who chose it under a delegation and may not sign any more is told that the delegation ended."""
    is_about_rights = isinstance(error, Refused | NotFound)
    return DelegationEnded() if item.mandate_id and is_about_rights else error


def _refuse(item: SigningItem, error: DomainError) -> None:
    """Unless another run has signed it meanwhile."""
    fields = {name: value if isinstance(value, int) else str(value) for name, value in error.fields.items()}
    SigningItem.objects.filter(pk=item.pk, state=State.WAITING).update(
        state=State.REFUSED, problem=error.code, problem_fields=fields
    )


class _Run:
    """One run of a batch: what is prepared and waits for its signature."""

    def __init__(self, batch: SigningBatch, actor: Actor, now: Callable[[], datetime]) -> None:
        self._batch, self._actor, self._now = batch, actor, now
        self._under_way: dict[str, tuple[SigningItem, PreparedSigning]] = {}

    def prepared(self, items: Iterable[SigningItem]) -> Iterator[BatchItem]:
        """Each as it is needed; what cannot be signed is refused and left out."""
        for item in items:
            # Stopped meanwhile, or signed by a run that was taken for dead.
            if not SigningItem.objects.filter(pk=item.pk, state=State.WAITING).exists():
                continue
            try:
                target = Target(item.dossier_id, item.revision)
                dossier = look_before(code="sign", actor=self._actor, target=target)
                if relies_on_ended(dossier, on=timezone.localdate(self._now())):
                    raise ReliesOnEnded
                prepared = prepare_signing(
                    dossier, actor=self._actor, seen_sha256=item.seen_sha256, at=self._now()
                )
            except DomainError as error:
                _refuse(item, _explained(error, item))
                continue
            self._under_way[str(item.pk)] = item, prepared
            yield BatchItem(str(item.pk), prepared.pdf, prepared.request)

    def settle(self, outcome: Outcome) -> None:
        """Make the act of a signed paper, or say why there is none."""
        item, prepared = self._under_way.pop(outcome.ref)
        try:
            with key_errors():
                if outcome.error:
                    raise outcome.error
                self._issue(item, prepared, seal_prepared(prepared, outcome.signed or b""))
        except DomainError as error:
            _refuse(item, error)

    @transaction.atomic
    def _issue(self, item: SigningItem, prepared: PreparedSigning, signed: bytes) -> None:
        locked = SigningItem.objects.select_for_update().filter(pk=item.pk, state=State.WAITING)
        if not locked.exists():
            return
        issue_signed(
            actor=self._actor,
            target=Target(item.dossier_id, item.revision),
            prepared=prepared,
            signed=signed,
            batch_id=self._batch.id,
        )
        SigningItem.objects.filter(pk=item.pk).update(state=State.SIGNED)
