"""The signatures on a result: the leader's and, over its left third, the agency's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from motcua.casework.dossiers.errors import (
    CannotSignDossier,
    CannotSignNow,
    NoRoomToSign,
    OldPreview,
    OtherSigner,
)
from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.note_errors import DraftOutdated
from motcua.casework.dossiers.policies import acts_under
from motcua.casework.dossiers.rules.states import ACTS
from motcua.casework.dossiers.services.papers import find_draft, keep_pdf, signer_content
from motcua.casework.dossiers.versions import is_outdated
from motcua.foundation.files.previews import page_count, page_shape
from motcua.foundation.files.services import read_file
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.signatures.images import POINTS_PER_MM, Box, image_box, seal_box
from motcua.foundation.signatures.keys import (
    CertificateFacts,
    ExpiredKey,
    KeyUnavailable,
    UnknownKey,
    load_signer,
    signer_certificate,
)
from motcua.foundation.signatures.pdf import SealPlace, SignatureRequest, add_seal, sign_pdf
from motcua.foundation.signatures.stamp import render_picture, render_stamp
from motcua.registry.organisations.models import Agency, Officer
from motcua.registry.organisations.rules.delegation import Signing, position
from motcua.registry.organisations.selectors import get_officer, get_title

# The result of a dossier that is not granted (vietnam.md 1.2, 1.3 T7).
REFUSAL: Mapping[str, Any] = {"code": "refusal", "name": {"vi": "Văn bản từ chối giải quyết hồ sơ"}}
SIGNATURE_FIELD, SEAL_FIELD = "Chu_ky_1", "Con_dau"


@dataclass(frozen=True, slots=True)
class PreparedSigning:
    """A draft, who will sign it, and what the signatures will state. seal: None where the agency has none.

    position: as signed, for instance "KT. Chủ tịch, Phó Chủ tịch".
    """

    draft: OfficialDocument
    officer: Officer
    position: str
    pdf: bytes
    request: SignatureRequest
    seal: SignatureRequest | None


# At the foot of an uploaded result, millimetres: free of the right edge and of the lower one, and its size.
_FOOT_MM = (20.0, 15.0)
_ROOM_MM = (65.0, 28.0)
_LEAST_PAGE_MM = (140.0, 140.0)


def place_at_foot(pdf: bytes) -> dict[str, Any]:
    """Where an uploaded result is signed: at the right foot of its last page, as its draft keeps it.

    `page` from 1 and `box_mm` as in procedure.yaml; `size`: of the page, in PDF points.
    Raises NoRoomToSign, UnreadableFile.
    """
    shape = page_shape(pdf, page=-1)
    width, height = shape.width / POINTS_PER_MM, shape.height / POINTS_PER_MM
    if not shape.is_upright or width < _LEAST_PAGE_MM[0] or height < _LEAST_PAGE_MM[1]:
        raise NoRoomToSign
    right, bottom = width - _FOOT_MM[0], _FOOT_MM[1]
    box = [right - _ROOM_MM[0], bottom, right, bottom + _ROOM_MM[1]]
    return {
        "page": page_count(pdf),
        "box_mm": [round(it, 2) for it in box],
        "size": [round(shape.width, 2), round(shape.height, 2)],
    }


def _box(draft: OfficialDocument) -> tuple[int, Box]:
    """Page (from 0) and place of the stamp in PDF points from the lower left corner."""
    place = (
        draft.content.get("signature") or draft.dossier.version.definition["procedure"]["result"]["signature"]
    )
    left, bottom, right, top = (float(value) * POINTS_PER_MM for value in place["box_mm"])
    return place["page"] - 1, (left, bottom, right, top)


def signature_place(draft: OfficialDocument) -> Box:
    """Where the stamp will stand, in PDF points from the lower left corner of its page."""
    return _box(draft)[1]


def signature_page(document: OfficialDocument) -> int:
    """The page that is signed (from 0); the first one of papers that are not."""
    return int(document.content.get("signature", {}).get("page", 1)) - 1


def _size_mm(box: Box) -> tuple[float, float]:
    return (box[2] - box[0]) / POINTS_PER_MM, (box[3] - box[1]) / POINTS_PER_MM


def prepare_signing(dossier: Dossier, *, actor: Actor, seen_sha256: str, at: datetime) -> PreparedSigning:
    """The stored draft that the signer saw (`seen_sha256`), byte for byte, and how the signatures are shown.

    Raises OldPreview when the draft is another one, OtherSigner when it names another, or another authority.
    Source: Decree 30/2020/NĐ-CP, annex I: the person's signature as a picture, the agency's seal in its real size
    over the left third of it. Without a picture of the signature a stamp with words stands right of the seal.
    """
    draft, officer, signing = check_signing(dossier, actor=actor, seen_sha256=seen_sha256, at=at)
    agency = dossier.agency
    page, box = _box(draft)
    picture = read_file(officer.signature_image) if officer.signature_image else None
    place = image_box(box, picture) if picture else box
    seal = _seal_of(agency, page, place, at)
    if not picture and seal:
        box = (box[0] + (box[2] - box[0]) / 3, *box[1:])
    shown = place if picture else box
    stamp = render_stamp(
        signer_name=officer.full_name,
        title=position(signing),
        agency=agency.name,
        at=at,
        size_mm=_size_mm(shown),
        picture=picture,
    )
    request = SignatureRequest(
        at=at,
        field_name=SIGNATURE_FIELD,
        page=page,
        box=shown,
        reason=_reason(draft, signing),
        place=agency.place_name,
        stamp_pdf=stamp,
        seal=SealPlace(SEAL_FIELD, page, seal.box) if seal else None,
    )
    return PreparedSigning(draft, officer, position(signing), read_file(draft.stored), request, seal)


def check_signing(
    dossier: Dossier, *, actor: Actor, seen_sha256: str, at: datetime
) -> tuple[OfficialDocument, Officer, Signing]:
    """The draft, its signer and in which capacity they sign. Raises OldPreview, DraftOutdated, OtherSigner."""
    draft = current_draft(dossier)
    if draft.stored.sha256 != seen_sha256:
        raise OldPreview
    officer = get_officer(actor.person)
    signing = signing_as(actor, dossier, title=get_title(officer.id, at=at))
    if not names_signer(draft, signer_content(officer.full_name, signing)):
        raise OtherSigner(name=draft.content["signer"]["name"])
    return draft, officer, signing


def current_draft(dossier: Dossier) -> OfficialDocument:
    """The draft that may go to the signature.

    Raises OldPreview when there is none, DraftOutdated when what was declared has changed since.
    """
    draft = find_draft(dossier)
    if not draft:
        raise OldPreview
    if is_outdated(draft):
        raise DraftOutdated
    return draft


def signing_as(actor: Actor, dossier: Dossier, *, title: str) -> Signing:
    """In which capacity the actor would sign: for themself, or under what was delegated to them."""
    lent = acts_under(actor, ACTS["sign"], dossier)
    if not lent:
        return Signing(dossier.agency.name, title)
    return Signing(dossier.agency.name, title, lent.authority, lent.title)


def names_signer(draft: OfficialDocument, signer: Mapping[str, Any]) -> bool:
    """Whether the paper carries just this signer. Drafts from before there were delegations say no lines."""
    return {"lines": signer["lines"], **draft.content["signer"]} == signer


def _reason(draft: OfficialDocument, signing: Signing) -> str:
    """What the signature says it is for, and in whose stead: the certificate knows the signer's own post only."""
    name = str(result_kind(draft)["name"]["vi"])
    return f"{name} ({position(signing)})" if signing.authority else name


def result_kind(document: OfficialDocument) -> Mapping[str, Any]:
    """Which of the results a draft or result is: the procedure's, or the letter that refuses it."""
    if document.content.get("refusal"):
        return REFUSAL
    found: Mapping[str, Any] = document.dossier.version.definition["procedure"]["results"][0]
    return found


def result_name(draft: OfficialDocument | None, dossier: Dossier) -> str:
    """What a leader is asked to sign, as its paper is called: the procedure's result, or a letter of refusal."""
    if dossier.is_declined or (draft and draft.content.get("refusal")):
        return str(REFUSAL["name"]["vi"])
    return str(dossier.version.definition["procedure"]["results"][0]["name"]["vi"])


def _seal_of(agency: Agency, page: int, signature: Box, at: datetime) -> SignatureRequest | None:
    if not agency.seal_image or not agency.seal_mm:
        return None
    box = seal_box(signature, size_mm=agency.seal_mm)
    return SignatureRequest(
        at=at,
        field_name=SEAL_FIELD,
        page=page,
        box=box,
        reason="Đóng dấu cơ quan",
        place=agency.place_name,
        stamp_pdf=render_picture(read_file(agency.seal_image), size_mm=_size_mm(box)),
    )


def sign_prepared(prepared: PreparedSigning) -> bytes:
    """Both signatures. Raises CannotSignDossier, CannotSignNow, CannotSign."""
    with key_errors():
        signer = load_signer(prepared.officer.signing_key)
        return seal_prepared(prepared, sign_pdf(prepared.pdf, signer=signer, request=prepared.request))


def seal_prepared(prepared: PreparedSigning, signed: bytes) -> bytes:
    """Add the agency's signature to what the leader has just signed; nothing where the agency has no seal."""
    if not prepared.seal:
        return signed
    seal_key = load_signer(prepared.draft.dossier.agency.seal_key)
    return add_seal(signed, signer=seal_key, request=prepared.seal)


@contextmanager
def key_errors() -> Iterator[None]:
    """What keys say, in words for the officer."""
    try:
        yield
    except (ExpiredKey, UnknownKey) as error:
        raise CannotSignDossier from error
    except KeyUnavailable as error:
        raise CannotSignNow(reason=str(error)) from error


def keep_result(prepared: PreparedSigning, signed: bytes, *, actor: Actor) -> OfficialDocument:
    """Store the signed file as the dossier's result."""
    draft, dossier = prepared.draft, prepared.draft.dossier
    return OfficialDocument.objects.create(
        dossier=dossier,
        kind=OfficialDocument.Kind.RESULT,
        number=draft.number,
        content=draft.content,
        made_at=prepared.request.at,
        made_by=actor.person,
        file=keep_pdf(dossier.id, signed, f"{dossier.code}.pdf"),
    )


def certificate_of(actor: Actor) -> CertificateFacts | None:
    """The acting officer's signing certificate, for the sign page; None when there is none that can be used."""
    try:
        return signer_certificate(get_officer(actor.person_id).signing_key) if actor.person_id else None
    except DomainError:
        return None
