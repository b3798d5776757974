"""Signing an official form digitally, instead of by hand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from motcua.casework.dossiers.errors import ActNotAllowed
from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.policies import can_act
from motcua.casework.dossiers.rules.states import ACTS
from motcua.casework.dossiers.selectors import get_document
from motcua.casework.dossiers.services.papers import FORMS, SEALED, file_of, keep_pdf
from motcua.casework.dossiers.services.signing import SIGNATURE_FIELD, key_errors
from motcua.casework.dossiers.services.submission import test_fact
from motcua.foundation.files.official import signature_box
from motcua.foundation.files.previews import page_count
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import Refused
from motcua.foundation.signatures.images import POINTS_PER_MM
from motcua.foundation.signatures.keys import load_signer
from motcua.foundation.signatures.pdf import SignatureRequest, sign_pdf
from motcua.foundation.signatures.stamp import render_stamp
from motcua.registry.organisations.models import Officer
from motcua.registry.organisations.selectors import get_officer, get_title


def may_sign(actor: Actor, document: OfficialDocument, dossier: Dossier) -> bool:
    """Whether it is a form that nobody signed yet and the agency does not sign itself, and the actor made it or leads
    the dossier's agency. Form 04 names the head who apologises: theirs alone, while they may sign for the agency."""
    if document.kind not in FORMS or document.kind in SEALED or document.signed_at or not actor.is_officer:
        return False
    is_own = document.made_by == actor.person_id
    if document.kind == OfficialDocument.Kind.APOLOGY:
        return is_own and can_act(actor, ACTS["extend"], dossier)
    return is_own or actor.owns("leader", dossier.agency_path)


def sign_form(*, actor: Actor, dossier_id: UUID, document_id: UUID, at: datetime) -> OfficialDocument:
    """Sign a form with the actor's own certificate, at the place its right signature has (PAdES B-B).

    The signed file becomes the document of record. Raises NotFound, Refused, ActNotAllowed when it is signed already,
    CannotSignDossier without a valid certificate, CannotSignNow, CannotSign.
    Source: Circular 03/2025/TT-VPCP, forms 01-05 ("ký và ghi rõ họ tên hoặc ký số").
    """
    found = get_document(actor, dossier_id, document_id)
    with transaction.atomic():
        document = OfficialDocument.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if document.signed_at:
            raise ActNotAllowed
        if not may_sign(actor, document, found.dossier):
            raise Refused
        officer = get_officer(actor.person)
        pdf = read_file(file_of(document))
        signed = _sign(pdf, officer, found.dossier, at)
        document.file = keep_pdf(dossier_id, signed, f"{document.content['code']}-{FORMS[document.kind]}.pdf")
        document.signed_at = at
        document.save(update_fields=["file", "signed_at"])
        happening = Happening(
            kind="dossier.form_signed",
            object_kind="dossier",
            object_id=dossier_id,
            concerns_id=found.dossier.owner_id,
            facts={
                "document_id": str(document.pk),
                "sha256": document.stored.sha256,
                **test_fact(found.dossier),
            },
        )
        record(actor=actor, happening=happening, at=at)
    return document


def _sign(pdf: bytes, officer: Officer, dossier: Dossier, at: datetime) -> bytes:
    box = signature_box("a5", "right")
    stamp = render_stamp(
        signer_name=officer.full_name,
        title=get_title(officer.id, at=at),
        agency=dossier.agency.name,
        at=at,
        size_mm=((box[2] - box[0]) / POINTS_PER_MM, (box[3] - box[1]) / POINTS_PER_MM),
    )
    request = SignatureRequest(
        at=at,
        field_name=SIGNATURE_FIELD,
        page=page_count(pdf) - 1,
        box=box,
        reason="Ký phiếu của hồ sơ",
        place=dossier.agency.place_name,
        stamp_pdf=stamp,
    )
    with key_errors():
        return sign_pdf(pdf, signer=load_signer(officer.signing_key), request=request)
