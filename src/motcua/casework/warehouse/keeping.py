"""Putting a paper into somebody's warehouse: digitised by an agency, or brought by its owner and certified.

Source: Decree 45/2020/NĐ-CP art. 16; Decree 107/2021/NĐ-CP as kept by 118/2025 (digitisation at the desk).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.casework.warehouse.codes import new_code
from motcua.casework.warehouse.errors import BadPaper, KeptBefore
from motcua.casework.warehouse.examining import signature_of
from motcua.casework.warehouse.kinds import check_kind
from motcua.casework.warehouse.models import Document, Origin
from motcua.casework.warehouse.policies import may_keep
from motcua.foundation.files.models import StoredFile
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import Refused
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.text import clean_line, fold
from motcua.registry.organisations.models import Agency


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """A paper and whose it is. kind: result code. issuer: who issued it, as it says. valid_to: the first day on which
    it is no longer good. brought_with: the dossier it came with."""

    owner_id: UUID
    agency_id: UUID
    file: StoredFile
    kind: str
    name: str
    number: str
    issuer: str
    issued_on: date
    valid_to: date | None = None
    about: str = ""
    origin: Origin = Origin.DIGITISED
    brought_with: UUID | None = None


@transaction.atomic
def keep_document(*, actor: Actor, paper: KeptPaper, at: datetime) -> Document:
    """Put a paper into its owner's warehouse, where they find it at once; journalled, and they are told.

    By who receives or works on dossiers at the agency, in their own right. Raises Refused, BadKind (with the reason),
    BadPaper, KeptBefore (same owner, kind and number: vietnam.md 8).
    """
    agency = Agency.objects.only("name", "path").get(pk=paper.agency_id)
    if not may_keep(actor, agency.path):
        raise Refused
    check_kind(paper.kind)
    _check(paper, at)
    number, name = clean_line(paper.number), clean_line(paper.name)
    _refuse_twice(paper, number)
    document = Document.objects.create(
        owner_id=paper.owner_id,
        subject=new_id(),
        kind=paper.kind,
        name=name,
        number=number,
        agency_id=paper.agency_id,
        signer_name="",
        signer_title="",
        issued_at=timezone.make_aware(datetime.combine(paper.issued_on, time.min)),
        file=paper.file,
        verification_code=new_code(),
        about=clean_line(paper.about)[:300],
        search_text=fold(" ".join((name, number, paper.issuer, agency.name, paper.about))),
        delivered_at=at,
        valid_to=paper.valid_to,
        origin=paper.origin,
        issuer=clean_line(paper.issuer),
        brought_with=paper.brought_with,
        signature=signature_of(paper.file, at=at),
        signature_checked_at=at,
    )
    _record(actor, document, at)
    return document


def _record(actor: Actor, document: Document, at: datetime) -> None:
    facts: dict[str, object] = {
        "origin": str(document.origin),
        "kind": document.kind,
        "sha256": document.file.sha256,
    }
    if document.brought_with:
        facts["dossier"] = str(document.brought_with)
    happening = Happening(
        kind="document.kept",
        object_kind="document",
        object_id=document.id,
        concerns_id=document.owner_id,
        facts=facts | {"digitisation": document.digitisation, "signature_state": str(document.signature)},
        details={"number": document.number, "issuer": document.issuer},
    )
    record(actor=actor, happening=happening, at=at)


def _check(paper: KeptPaper, at: datetime) -> None:
    """Raises BadPaper."""
    texts = (
        ("number", paper.number, 60, _("Enter the number that stands on the paper.")),
        ("name", paper.name, 200, _("Enter what the paper is called.")),
        ("issuer", paper.issuer, 300, _("Enter who issued the paper, as it says.")),
    )
    for field, text, longest, words in texts:
        if not 1 <= len(clean_line(text)) <= longest:
            raise BadPaper(field=field, words=words)
    if paper.issued_on > timezone.localdate(at):
        raise BadPaper(field="issued_on", words=_("Enter a day that is not in the future."))
    if paper.valid_to and paper.valid_to <= paper.issued_on:
        raise BadPaper(field="valid_to", words=_("Enter a day after the one on which it was issued."))


def _refuse_twice(paper: KeptPaper, number: str) -> None:
    """Raises KeptBefore. A constraint cannot say it: of two entries that become one person both may have the paper."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"keep {paper.owner_id}"])
    same = Document.objects.filter(owner_id=paper.owner_id, kind=paper.kind, number=number, is_test=False)
    if same.filter(ended_as="").exists():
        raise KeptBefore(number=number)
