"""Sharing by code: the owner makes and revokes shares; whoever has a code looks.

Source: Decree 45/2020/NĐ-CP art. 16 (the owner of a warehouse decides who else may use what lies in it).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.casework.warehouse.codes import share_code, share_digest
from motcua.casework.warehouse.errors import BadShare, NotShareable, ShareClosed
from motcua.casework.warehouse.models import Document, Share, SharedDocument
from motcua.casework.warehouse.policies import is_owner, own_documents, own_shares, owner_of
from motcua.foundation.files.models import StoredFile
from motcua.foundation.installation.selectors import get
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.selectors import list_readings_about, locked_holds
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.text import clean_line

PAGE_SIZE = 20
MOST_DOCUMENTS = 20
MOST_LOOKS = 1000
ERASED_AT_ONCE = 5_000
# How long files can be opened after one looked, without a new look.
LOOK_LASTS = timedelta(minutes=30)
LOOKS = ("share.looked_at", "share.file_read")


def longest_days() -> int:
    """How many days a share may last here at most."""
    return int(get("documents.longest_share_days"))


@dataclass(frozen=True, slots=True)
class NewShare:
    """What the owner chose. most_looks: None for as often as anybody likes."""

    document_ids: Collection[UUID]
    purpose: str
    ends_at: datetime
    most_looks: int | None = None
    receiver: str = ""


def _check(new: NewShare, at: datetime) -> None:
    """Raises BadShare."""
    if not clean_line(new.purpose):
        raise BadShare(field="purpose", words=_("Enter what the documents are shared for."))
    if new.ends_at <= at:
        raise BadShare(field="ends_at", words=_("Enter a moment that lies ahead."))
    days = longest_days()
    if new.ends_at > at + timedelta(days=days):
        words = ngettext(
            "Enter a moment within %(days)d day from now.",
            "Enter a moment within %(days)d days from now.",
            days,
        )
        raise BadShare(field="ends_at", words=words % {"days": days})
    if new.most_looks is not None and not 1 <= new.most_looks <= MOST_LOOKS:
        raise BadShare(
            field="most_looks", words=_("Enter a number from 1 to %(most)d.") % {"most": MOST_LOOKS}
        )


@transaction.atomic
def make_share(*, actor: Actor, new: NewShare, at: datetime) -> Share:
    """Let whoever has the code see documents of the actor's own, or of the organisation they stand for by office.

    Raises NotShareable, BadShare.
    """
    owner, wanted = owner_of(actor), set(new.document_ids)
    if owner is None or not is_owner(actor) or not 1 <= len(wanted) <= MOST_DOCUMENTS:
        raise NotShareable
    documents = list(Document.objects.filter(own_documents(actor), pk__in=wanted).order_by("pk"))
    if len(documents) != len(wanted):
        raise NotShareable
    _check(new, at)
    share_id = new_id()
    share = Share.objects.create(
        id=share_id,
        owner_id=owner,
        code_digest=share_digest(share_code(share_id)),
        purpose=clean_line(new.purpose)[:300],
        receiver=clean_line(new.receiver)[:200],
        made_at=at,
        ends_at=new.ends_at,
        most_looks=new.most_looks,
    )
    SharedDocument.objects.bulk_create(SharedDocument(share=share, document=it) for it in documents)
    facts = {
        "documents": [str(it.id) for it in documents],
        "ends_at": share.ends_at.isoformat(),
        "most_looks": share.most_looks,
    }
    details = {"purpose": share.purpose, "receiver": share.receiver}
    record(actor=actor, happening=_happening("share.made", share, facts, details), at=at)
    return share


def _happening(
    kind: str, share: Share, facts: Mapping[str, object], details: dict[str, str] | None = None
) -> Happening:
    return Happening(kind, "share", share.id, concerns_id=share.owner_id, facts=facts, details=details)


@transaction.atomic
def revoke_share(*, actor: Actor, share_id: UUID, at: datetime) -> Share:
    """End a share at once, also for who is looking. Revoked before or over is fine. Raises NotFound."""
    share = Share.objects.select_for_update().filter(own_shares(actor), pk=share_id).first()
    if not share:
        raise NotFound
    if share.is_open(at):
        share.revoked_at = at
        share.save(update_fields=["revoked_at"])
        record(actor=actor, happening=_happening("share.revoked", share, {"looks": share.looks}), at=at)
    return share


def get_share(actor: Actor, share_id: UUID) -> Share:
    """The actor's own share, with its documents. Raises NotFound."""
    share = _with_documents(Share.objects.filter(own_shares(actor), pk=share_id)).first()
    if not share:
        raise NotFound
    return share


def _with_documents(shares: QuerySet[Share]) -> QuerySet[Share]:
    return shares.prefetch_related("documents__agency", "documents__file")


@dataclass(frozen=True, slots=True)
class Shares:
    """A page of shares, latest first. next_after: "" on the last page."""

    rows: list[Share]
    next_after: str


def list_shares(actor: Actor, *, after: str = "") -> Shares:
    """The owner's shares with their documents. Three queries. A wrong `after` is ignored."""
    found = Share.objects.filter(own_shares(actor)).prefetch_related("documents")
    try:
        last = UUID(after)
    except ValueError:
        last = None
    if last:
        # Ids are made in the order of time.
        found = found.filter(pk__lt=last)
    rows = list(found.order_by("-pk")[: PAGE_SIZE + 1])
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    return Shares(rows, str(rows[-1].pk) if more else "")


def list_looks(share: Share) -> list[Entry]:
    """Who looked at a share and opened its files, latest first; at most 200."""
    return list_readings_about(share.owner_id, kinds=LOOKS, object_ids=[share.id])


def _closed(at: datetime) -> Q:
    return Q(revoked_at__isnull=False) | Q(ends_at__lte=at)


def find_share(code: str, *, at: datetime) -> Share:
    """The share of a code that can be looked at now. Raises ShareClosed, for whatever reason it cannot."""
    digest = share_digest(code)
    open_ones = Share.objects.exclude(_closed(at)).filter(Q(most_looks=None) | Q(looks__lt=F("most_looks")))
    share = open_ones.filter(code_digest=digest).first() if digest else None
    if not share:
        raise ShareClosed
    return share


@transaction.atomic
def look(*, actor: Actor, code: str, at: datetime) -> Share:
    """Look at what is shared under a code: counted and journalled. Raises ShareClosed."""
    found = find_share(code, at=at)
    share = Share.objects.select_for_update().get(pk=found.pk)
    # Another one looked, or the owner revoked it, since it was found.
    if not share.is_open(at) or share.is_used_up:
        raise ShareClosed
    share.looks = F("looks") + 1
    share.save(update_fields=["looks"])
    documents = SharedDocument.objects.filter(share=share).order_by("document")
    ids = [str(it) for it in documents.values_list("document_id", flat=True)]
    record(actor=actor, happening=_happening("share.looked_at", share, {"documents": ids}), at=at)
    return share


def get_looked_at(share_id: UUID, *, looked_at: datetime, at: datetime) -> Share:
    """A share that somebody looked at a short while ago, with its documents. Raises ShareClosed."""
    shares = Share.objects.exclude(_closed(at)).filter(pk=share_id)
    share = _with_documents(shares).first() if at < looked_at + LOOK_LASTS else None
    if not share:
        raise ShareClosed
    return share


@transaction.atomic
def open_shared_file(
    *, actor: Actor, share_id: UUID, document_id: UUID, looked_at: datetime, at: datetime
) -> StoredFile:
    """The file of a shared document, for who looked; journalled. Raises ShareClosed."""
    share = get_looked_at(share_id, looked_at=looked_at, at=at)
    document = next((it for it in share.documents.all() if it.id == document_id), None)
    if not document:
        raise ShareClosed
    happening = _happening("share.file_read", share, {"document": str(document.id)})
    record(actor=actor, happening=happening, at=at)
    return document.file


def erase_ended_shares(*, before: datetime) -> int:
    """Delete shares that ended before a moment, unless a legal hold lies on them or their owner. Returns how many."""
    with transaction.atomic():
        ended = Share.objects.select_for_update(skip_locked=True).filter(
            Q(revoked_at__lt=before) | Q(ends_at__lt=before)
        )
        return _delete(list(ended.order_by("pk")[:ERASED_AT_ONCE]))


def erase_shares_of(owner_id: UUID, at: datetime) -> int:
    """Delete all shares of an owner at their wish; nothing can be seen by them any more. Returns how many."""
    return _delete(list(Share.objects.select_for_update().filter(owner_id=owner_id).order_by("pk")))


def _delete(shares: Sequence[Share]) -> int:
    held = locked_holds([key for it in shares for key in (it.id, it.owner_id)])
    gone = [it.pk for it in shares if not held & {it.id, it.owner_id}]
    Share.objects.filter(pk__in=gone).delete()
    return len(gone)


def export_shares(owner_id: UUID) -> list[dict[str, object]]:
    """An owner's shares for their copy of all data; without the codes, which still open them."""
    names = ("purpose", "receiver", "made_at", "ends_at", "revoked_at", "most_looks", "looks")
    return [dict(row) for row in Share.objects.filter(owner_id=owner_id).order_by("made_at").values(*names)]
