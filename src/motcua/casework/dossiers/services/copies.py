"""Certified electronic copies: a digitised paper, compared with the paper itself and signed by who compared it.

Source: Decree 45/2020/NĐ-CP art. 10 (electronic copies certified from originals), Decree 30/2020/NĐ-CP art. 25-27 and
annex I (words of a copy; signature), vietnam.md 8. The numbers' symbol is usual practice [M].
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from motcua.casework.dossiers.digitising_errors import NotCompared, PaperChanged, WrongCopiedFrom
from motcua.casework.dossiers.models import Digitisation
from motcua.casework.dossiers.services.digitising import PDF, Held, Paper, find_held, find_scan
from motcua.casework.dossiers.services.extracted import locked_result
from motcua.casework.dossiers.services.signing import SIGNATURE_FIELD, key_errors
from motcua.foundation.files.digitising import emptiest
from motcua.foundation.files.previews import Box, page_shape
from motcua.foundation.files.services import read_file, store_bytes
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.signatures.images import POINTS_PER_MM
from motcua.foundation.signatures.keys import load_signer
from motcua.foundation.signatures.pdf import SignatureRequest, sign_pdf
from motcua.foundation.signatures.stamp import CopyMark, render_copy_mark
from motcua.registry.organisations.selectors import get_officer, get_title
from motcua.registry.organisations.services import next_number

# What the copy says it is; Vietnamese, as on the paper.
MARKS = {
    Digitisation.CopiedFrom.ORIGINAL.value: "BẢN SAO ĐIỆN TỬ TỪ BẢN CHÍNH",
    Digitisation.CopiedFrom.CERTIFIED.value: "BẢN SAO ĐIỆN TỬ TỪ BẢN SAO ĐƯỢC CHỨNG THỰC",
}
# The note's size and its distance from the edges of the first page.
_NOTE_MM, _EDGE_MM = (70.0, 24.0), 6.0


@dataclass(frozen=True, slots=True)
class Copying:
    """What the officer says. seen_sha256: of the digitised file before them; compared: page by page with the paper."""

    copied_from: str
    seen_sha256: str
    compared: bool


@transaction.atomic
def certify_copy(
    *, actor: Actor, subject: UUID, component: str, copying: Copying, at: datetime
) -> Digitisation:
    """Sign the digitised paper as an electronic copy (PAdES B-B), with a note on its first page. Twice is once.

    Raises NotFound, Refused, NotDigitisedYet, PaperChanged, NotCompared, WrongCopiedFrom, CannotSignDossier (no valid
    certificate), CannotSignNow, CannotSign.
    """
    paper = find_scan(find_held(actor, subject), component)
    row = locked_result(paper)
    if row.copy:
        return row
    if row.file is None or row.file.sha256 != copying.seen_sha256:
        raise PaperChanged
    if copying.copied_from not in MARKS:
        raise WrongCopiedFrom
    if not copying.compared:
        raise NotCompared
    number = _number(paper.held, at)
    signed = _signed(read_file(row.file), _request_facts(actor, paper, copying, number, at), actor, at)
    row.copy = store_bytes(
        content=signed, name=f"{row.file.name[:-4]}.copy.pdf", media_type=PDF, belongs_to=subject
    )
    row.copied_from, row.copy_number = copying.copied_from, number
    row.copied_by, row.copied_at = actor.person, at
    row.save(update_fields=["copy", "copied_from", "copy_number", "copied_by", "copied_at"])
    _record(row, paper, actor, at)
    return row


def _record(row: Digitisation, paper: Paper, actor: Actor, at: datetime) -> None:
    facts = {
        "component": row.component,
        "number": row.copy_number,
        "from": row.copied_from,
        "sha256": row.copy.sha256 if row.copy else "",
        "agency": paper.held.agency.code,
        **({"test": True} if paper.held.is_test else {}),
    }
    happening = Happening(
        kind="dossier.copy_certified",
        object_kind="dossier",
        object_id=row.subject,
        concerns_id=paper.held.owner_id,
        facts=facts,
    )
    record(actor=actor, happening=happening, at=at)


def _number(held: Held, at: datetime) -> str:
    """The next number of the agency's book of electronic copies in the year, "3/2026-BSĐT"; tests have their own."""
    series, year = f"copy{'-test' if held.is_test else ''}", str(timezone.localtime(at).year)
    count = next_number(agency_id=held.agency.id, series=series, period=year)
    return f"{'TEST-' if held.is_test else ''}{count}/{year}-BSĐT"


def _request_facts(actor: Actor, paper: Paper, copying: Copying, number: str, at: datetime) -> CopyMark:
    officer = get_officer(actor.person)
    return CopyMark(
        words=MARKS[copying.copied_from],
        number=number,
        signer_name=officer.full_name,
        title=get_title(officer.id, at=at),
        agency=paper.held.agency.name,
        place=paper.held.agency.place_name,
    )


def _signed(pdf: bytes, mark: CopyMark, actor: Actor, at: datetime) -> bytes:
    box = note_box(pdf)
    size = (box[2] - box[0]) / POINTS_PER_MM, (box[3] - box[1]) / POINTS_PER_MM
    request = SignatureRequest(
        at=at,
        field_name=SIGNATURE_FIELD,
        page=0,
        box=box,
        reason=f"{mark.words.capitalize()}, số {mark.number}",
        place=mark.place,
        stamp_pdf=render_copy_mark(mark, at=at, size_mm=size),
    )
    with key_errors():
        return sign_pdf(pdf, signer=load_signer(get_officer(actor.person).signing_key), request=request)


def note_box(pdf: bytes) -> Box:
    """Where the note hides least of the first page: in one of its corners, the upper right one first."""
    shape = page_shape(pdf)
    edge = _EDGE_MM * POINTS_PER_MM
    width = min(_NOTE_MM[0] * POINTS_PER_MM, shape.width - 2 * edge)
    height = min(_NOTE_MM[1] * POINTS_PER_MM, shape.height / 4)
    left, right = edge, shape.width - edge - width
    lower, upper = edge, shape.height - edge - height
    corners = [(right, upper), (left, upper), (right, lower), (left, lower)]
    boxes = [(x, y, x + width, y + height) for x, y in corners]
    return boxes[emptiest(pdf, boxes)]
