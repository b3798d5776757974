"""What lies in somebody's warehouse, read by themselves. The actor comes first; permission is in the query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from motcua.casework.warehouse.models import Document, SharedDocument, SignatureState
from motcua.casework.warehouse.policies import is_owner, own_documents
from motcua.foundation.files.models import StoredFile
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.selectors import last_readings, list_readings_about
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.places import place_token, read_place
from motcua.foundation.kernel.text import fold

PAGE_SIZE = 20
WALLET_SIZE = 10
# Entries by which one learns who saw a document: opened by whoever acts for its owner, by a share, in a dossier.
READINGS = ("document.read", "share.looked_at", "share.file_read", "dossier.file_read")


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for among their documents. kind: a result code. state: "" for all, "in_force" or "over".
    origin: as in `models.Origin`. after: the token of the page before.
    """

    words: str = ""
    kind: str = ""
    after: str = ""
    state: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of documents, latest first. kinds: (code, name) of all there are. next_after: "" on the last page.

    seen: when somebody else last opened a document, by its id.
    """

    documents: list[Document]
    kinds: list[tuple[str, str]]
    next_after: str
    seen: dict[UUID, datetime]


def list_own_documents(actor: Actor, sought: Sought) -> Shelf:
    """The documents of the one in whose name the citizen acts. Four queries whatever their number."""
    mine = Document.objects.filter(own_documents(actor))
    kinds = list(mine.order_by("kind", "name").values_list("kind", "name").distinct("kind"))
    found = mine.select_related("agency", "replaced_by")
    for word in fold(sought.words).split():
        found = found.filter(search_text__contains=word)
    if sought.kind:
        found = found.filter(kind=sought.kind)
    if sought.origin:
        found = found.filter(origin=sought.origin)
    if sought.state:
        in_force = Q(ended_as="") & (Q(valid_to=None) | Q(valid_to__gt=timezone.localdate()))
        found = found.filter(in_force if sought.state == "in_force" else ~in_force)
    if place := read_place(sought.after):
        moment, last = place
        found = found.filter(Q(issued_at__lt=moment) | Q(issued_at=moment, pk__lt=last))
    rows = list(found.order_by("-issued_at", "-pk")[: PAGE_SIZE + 1])
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    token = place_token(rows[-1].issued_at, rows[-1].pk) if more else ""
    return Shelf(rows, kinds, token, _last_seen(rows))


def list_wallet(actor: Actor, *, after: str) -> tuple[list[Document], str]:
    """A page of what is in force and can be shown, latest first, and the token of the next ("" on the last). One query.

    Tests and what is broken are left out.
    """
    in_force = Q(valid_to=None) | Q(valid_to__gt=timezone.localdate())
    found = Document.objects.filter(own_documents(actor), in_force, ended_as="", is_test=False)
    found = found.exclude(signature=SignatureState.BROKEN).select_related("agency", "replaced_by")
    if place := read_place(after):
        moment, last = place
        found = found.filter(Q(issued_at__lt=moment) | Q(issued_at=moment, pk__lt=last))
    rows = list(found.order_by("-issued_at", "-pk")[: WALLET_SIZE + 1])
    more, rows = len(rows) > WALLET_SIZE, rows[:WALLET_SIZE]
    return rows, place_token(rows[-1].issued_at, rows[-1].pk) if more else ""


def _last_seen(documents: list[Document]) -> dict[UUID, datetime]:
    if not documents:
        return {}
    held = _held(documents)
    seen: dict[UUID, datetime] = {}
    for about, at in last_readings(documents[0].owner_id, kinds=READINGS, object_ids=held).items():
        for document_id in held.get(about, ()):
            seen[document_id] = max(seen.get(document_id, at), at)
    return seen


def _held(documents: Iterable[Document]) -> dict[UUID, list[UUID]]:
    """What readings name -> the documents they are about: themselves, and the shares that hold them. One query."""
    ids = {it.id for it in documents}
    held: dict[UUID, list[UUID]] = {it: [it] for it in ids}
    for share, document in SharedDocument.objects.filter(document__in=ids).values_list("share", "document"):
        held.setdefault(share, []).append(document)
    return held


def readings_of(documents: Iterable[Document]) -> dict[UUID, list[Entry]]:
    """By document: who but its owner saw it, latest first, 200 in all. Two queries; the documents are of one owner."""
    listed = list(documents)
    if not listed:
        return {}
    held = _held(listed)
    entries = list_readings_about(listed[0].owner_id, kinds=READINGS, object_ids=held)
    found: dict[UUID, list[Entry]] = {it.id: [] for it in listed}
    for entry in entries:
        for document in held.get(_about(entry), ()):
            found[document].append(entry)
    return found


def _about(entry: Entry) -> UUID:
    named = entry.facts.get("document")
    return UUID(named) if isinstance(named, str) else entry.object_id


def get_own_document(actor: Actor, document_id: UUID) -> Document:
    """Raises NotFound, also when it is not theirs."""
    related = Document.objects.select_related("agency", "file", "replaced_by")
    document = related.filter(own_documents(actor), pk=document_id).first()
    if not document:
        raise NotFound
    return document


@transaction.atomic
def open_own_file(actor: Actor, document_id: UUID, *, at: datetime) -> StoredFile:
    """The file of a document; that somebody who holds a mandate reads it is on the record. Raises NotFound."""
    document = get_own_document(actor, document_id)
    if not is_owner(actor):
        happening = Happening(
            kind="document.read",
            object_kind="document",
            object_id=document.id,
            concerns_id=document.owner_id,
        )
        record(actor=actor, happening=happening, at=at)
    return document.file


def list_shareable(actor: Actor, *, named: Iterable[str] = (), limit: int = 50) -> list[Document]:
    """The latest documents that can be shared; those `named` by their ids come first, though they be older."""
    mine = Document.objects.filter(own_documents(actor)).select_related("agency", "replaced_by")
    asked = list(mine.filter(pk__in=_ids(named)).order_by("-issued_at", "-pk"))
    others = mine.exclude(pk__in=[it.pk for it in asked]).order_by("-issued_at", "-pk")
    return asked + list(others[:limit])


def _ids(texts: Iterable[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
