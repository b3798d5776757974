"""Official papers of a dossier: what forms have in common, and the draft of the result; `signing` makes the result."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from motcua.casework.dossiers.errors import ActNotAllowed
from motcua.casework.dossiers.forms import form_of, names_for
from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.services.printing import Look, print_form
from motcua.casework.dossiers.services.sealing import signed_by_agency
from motcua.casework.forms.rules.summary import paper_values
from motcua.casework.warehouse.codes import new_code
from motcua.casework.warehouse.selectors import find_document_of
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.official import qr_svg, render_official, signature_box
from motcua.foundation.files.previews import page_count
from motcua.foundation.files.services import CheckedUpload, store_bytes, store_checked
from motcua.foundation.installation.selectors import get
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.signatures.images import POINTS_PER_MM
from motcua.registry.organisations.delegation.selectors import find_signer
from motcua.registry.organisations.models import Agency, Unit
from motcua.registry.organisations.rules.delegation import Signing, signature_lines
from motcua.registry.organisations.selectors import get_reception_unit
from motcua.registry.organisations.services import next_number

PDF = "application/pdf"


# Official forms whose PDF is made from their content when it is needed, and how its file is called.
FORMS: dict[str, str] = {"receipt": "01", "supplement": "02", "refusal": "03", "apology": "04", "control": "05"} | {
    "return": "return", "stopping": "stopping", "payment": "payment"
}  # fmt: skip

# Those that end a dossier carry the agency's signature, for what it says they are.
SEALED: dict[str, str] = {
    "refusal": "Phiếu từ chối tiếp nhận, giải quyết hồ sơ",
    "stopping": "Thông báo dừng giải quyết hồ sơ",
}


def next_form_number(dossier: Dossier, unit: Unit, *, form: str, prefix: str, at: datetime) -> str:
    """The next number of a form, "7/PKS-TTPVHCC": by agency, form and year, without gaps while the act commits.

    Source: vietnam.md 1.5; Decree 30/2020/NĐ-CP art. 15.
    """
    count = next_number(
        agency_id=dossier.agency_id,
        series=f"form-{form}{test_series(dossier)}",
        period=str(timezone.localtime(at).year),
    )
    return f"{'TEST-' if dossier.is_test else ''}{count}/{prefix}{unit.symbol}"


def form_head(dossier: Dossier, unit: Unit, number: str, *, at: datetime) -> dict[str, Any]:
    """What every form of a dossier says at its head; see packs/vn/forms/form.typ."""
    return {
        "superior": dossier.agency.name.upper(),
        "agency": unit.name.upper(),
        "number": number,
        "place": dossier.agency.place_name,
        "issued_on": timezone.localdate(at).isoformat(),
        "code": dossier.code or dossier.reference,
        "lookup": {"url": f"{get('site.base_url')}/status/"},
        "test": dossier.is_test,
    }


def local_minute(at: datetime | None) -> str | None:
    """A moment as forms take it: local, to the minute."""
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M") if at else None


def party(facts: dict[str, str]) -> dict[str, str]:
    return {
        "name": facts["full_name"],
        "id_number": facts.get("personal_number") or facts.get("code", ""),
        "address": facts["residence"],
        "phone": facts["telephone"],
        "email": facts["email"],
    }


def test_series(dossier: Dossier) -> str:
    """The end of the name of every series of numbers a test takes one from: the real ones have no gaps by tests."""
    return "-test" if dossier.is_test else ""


@transaction.atomic
def render_form(document_id: UUID) -> OfficialDocument:
    """Make the PDF of a form if it is not made yet. Idempotent; by a job, and at once when asked for sooner."""
    document = OfficialDocument.objects.select_for_update().get(pk=document_id)
    if document.file_id:
        return document
    content = document.content
    pdf = print_form(document.kind, content, at=document.made_at)
    if document.kind in SEALED:
        agency, words = document.dossier.agency, SEALED[document.kind]
        pdf = signed_by_agency(pdf, agency, reason=words, at=document.made_at)
    document.file = keep_pdf(document.dossier_id, pdf, f"{content['code']}-{FORMS[document.kind]}.pdf")
    document.save(update_fields=["file"])
    return document


def print_again(document: OfficialDocument, look: Look) -> bytes:
    """The same form in another look: with a second language beside the Vietnamese, or on another sheet.

    Nothing of it is kept: the document of record is the one in Vietnamese on its own sheet. Raises NotFound for what is
    no form.
    """
    form = form_name(document)
    if not form:
        raise NotFound
    return print_form(form, document.content, at=document.made_at, look=look)


def form_name(document: OfficialDocument) -> str:
    """What of `printing.FORMS` it is printed by; "" for what has no other look, as most results."""
    if document.kind in FORMS:
        return str(document.kind)
    return "letter" if document.content.get("refusal") else ""


def keep_pdf(dossier_id: UUID, pdf: bytes, name: str) -> StoredFile:
    """Store a PDF that was made for a dossier."""
    return store_bytes(content=pdf, name=name, media_type=PDF, belongs_to=dossier_id)


def file_of(document: OfficialDocument) -> StoredFile:
    """The document's PDF; that of a form is made now when its job has not run yet.

    A result is what the warehouse holds: the signed file, with the time stamps it got since.
    """
    issued = find_document_of(document.dossier_id) if document.kind == OfficialDocument.Kind.RESULT else None
    if issued:
        return issued.file
    if not document.file and document.kind in FORMS:
        document = render_form(document.id)
    if not document.file:
        raise NotFound
    return document.file


def template_of(dossier: Dossier) -> Path:
    """The result's template as published with the dossier's version, kept as a file for the compiler."""
    version = dossier.version
    path = settings.VAR / "templates" / f"{version.digest}.typ"
    text = version.result_template
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Never seen half-written, and never another text than the published one.
        fresh = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    return path


def find_draft(dossier: Dossier) -> OfficialDocument | None:
    """The current draft of the result: the latest edition."""
    drafts = dossier.documents.filter(kind=OfficialDocument.Kind.DRAFT).select_related("file")
    return drafts.order_by("-edition").first()


def make_certificate(dossier: Dossier, *, actor: Actor, at: datetime) -> OfficialDocument:
    """Draft the result as the next edition. Number and verification code stay those of the first edition.

    Raises CannotRender, and ActNotAllowed for a procedure without a template: its result is uploaded.
    """
    if not dossier.version.result_template:
        raise ActNotAllowed
    before = _earlier(dossier)
    form = form_of(dossier.version)
    names = names_for(form, dossier.answers, {}, on=timezone.localdate(dossier.submitted_at))
    code = _code_of(before)
    content = {
        **paper_values(form, dossier.answers, "vi", names, timezone.localdate(dossier.submitted_at)),
        "number": _number_of(dossier, before, at),
        "test": dossier.is_test,
        "personal_number": "",
        "agency": _full_name(dossier.agency),
        "registered_on": timezone.localdate(at).isoformat(),
        "signer": _expected_signer(dossier, at),
        "verify": {
            "code": code,
            "url": f"{get('site.base_url')}/verify/",
            "qr": qr_svg(verification_url(code)),
        },
    }
    return _keep_draft(dossier, content, actor=actor, at=at)


def keep_uploaded(
    dossier: Dossier, checked: CheckedUpload, place: Mapping[str, Any], *, actor: Actor, at: datetime
) -> OfficialDocument:
    """An uploaded PDF as the next edition of the draft of the result. place: where it is signed, see `signing`.

    Raises ActNotAllowed for a procedure whose result has a template.
    """
    if dossier.version.result_template:
        raise ActNotAllowed
    before = _earlier(dossier)
    content = {
        "uploaded": True,
        "number": _number_of(dossier, before, at),
        "test": dossier.is_test,
        "agency": _full_name(dossier.agency),
        "registered_on": timezone.localdate(at).isoformat(),
        "signer": _expected_signer(dossier, at),
        "signature": dict(place),
        "verify": {"code": _code_of(before), "url": f"{get('site.base_url')}/verify/"},
    }
    file = store_checked(checked, belongs_to=dossier.id)
    return _enter_draft(dossier, content, file, actor=actor, at=at)


def _number_of(dossier: Dossier, before: OfficialDocument | None, at: datetime) -> str:
    """The number of the result, taken from its series with the first draft."""
    if before:
        return before.number
    year, kind = (
        str(timezone.localtime(at).year),
        dossier.version.definition["procedure"]["results"][0]["code"],
    )
    series = f"{kind}{test_series(dossier)}"
    number = f"{next_number(agency_id=dossier.agency_id, series=series, period=year):02d}/{year}"
    return f"TEST-{number}" if dossier.is_test else number


def _code_of(before: OfficialDocument | None) -> str:
    return str(before.content["verify"]["code"]) if before else new_code()


def draft_for_signer(
    draft: OfficialDocument, dossier: Dossier, *, signer: dict[str, Any], actor: Actor, at: datetime
) -> OfficialDocument:
    """The same paper as its next edition, with another signer and nothing else changed. Raises CannotRender."""
    content = draft.content | {"signer": signer}
    if draft.content.get("uploaded"):
        return _enter_draft(dossier, content, draft.stored, actor=actor, at=at)
    return _keep_draft(dossier, content, actor=actor, at=at)


def make_refusal(
    dossier: Dossier, said: Mapping[str, str], *, actor: Actor, at: datetime
) -> OfficialDocument:
    """Draft a letter of refusal as the next edition; its number and code are those of the first such letter.

    said: reason, legal_basis. Raises CannotRender. Source: Decree 61/2018/NĐ-CP art. 19(8); Decree 30/2020/NĐ-CP.
    """
    before, unit = _earlier(dossier, is_refusal=True), get_reception_unit(dossier.agency)
    year, code = str(timezone.localtime(at).year), _code_of(before)
    series = f"refusal{test_series(dossier)}"
    number = before.number if before else _letter_number(dossier, unit, series, year)
    content = {
        **said,
        "refusal": True,
        "number": number,
        "test": dossier.is_test,
        "superior": dossier.agency.parent.name.upper() if dossier.agency.parent else None,
        "agency": dossier.agency.name.upper(),
        "place": dossier.agency.place_name,
        "registered_on": timezone.localdate(at).isoformat(),
        "code": dossier.code,
        "accepted_on": timezone.localdate(dossier.accepted_at).isoformat(),
        "applicant": party(dossier.owner_facts or dossier.applicant_facts),
        "procedure": dossier.version.definition["procedure"]["name"]["vi"],
        "signer": _expected_signer(dossier, at),
        "verify": {
            "code": code,
            "url": f"{get('site.base_url')}/verify/",
            "qr": qr_svg(verification_url(code)),
        },
    }
    return _keep_draft(dossier, content, actor=actor, at=at)


def _letter_number(dossier: Dossier, unit: Unit, series: str, year: str) -> str:
    count = next_number(agency_id=dossier.agency_id, series=series, period=year)
    return f"{'TEST-' if dossier.is_test else ''}{count:02d}/TB-{unit.symbol}"


def _earlier(dossier: Dossier, *, is_refusal: bool = False) -> OfficialDocument | None:
    """The last draft of this sort: a letter of refusal has a number of its own."""
    drafts = dossier.documents.filter(kind=OfficialDocument.Kind.DRAFT, content__has_key="refusal")
    if not is_refusal:
        drafts = dossier.documents.filter(kind=OfficialDocument.Kind.DRAFT).exclude(
            content__has_key="refusal"
        )
    return drafts.select_related("file").order_by("-edition").first()


def _sign_off_place(pdf: bytes) -> dict[str, Any]:
    """Where `sign-off` of an A4 paper is signed, as a draft's content keeps it: page from 1, millimetres."""
    box = [round(it / POINTS_PER_MM, 2) for it in signature_box("a4")]
    return {"page": page_count(pdf), "box_mm": box}


def _keep_draft(dossier: Dossier, content: dict[str, Any], *, actor: Actor, at: datetime) -> OfficialDocument:
    is_refusal = bool(content.get("refusal"))
    template = settings.PACKS / "vn" / "forms" / "refusal.typ" if is_refusal else template_of(dossier)
    pdf = render_official(template, content, at=at)
    if is_refusal:
        content = content | {"signature": _sign_off_place(pdf)}
    file = keep_pdf(dossier.id, pdf, f"{dossier.code}-draft.pdf")
    return _enter_draft(dossier, content, file, actor=actor, at=at)


def _enter_draft(
    dossier: Dossier, content: dict[str, Any], file: StoredFile, *, actor: Actor, at: datetime
) -> OfficialDocument:
    """The next edition of the draft."""
    before = find_draft(dossier)
    return OfficialDocument.objects.create(
        dossier=dossier,
        kind=OfficialDocument.Kind.DRAFT,
        edition=before.edition + 1 if before else 1,
        number=content["number"],
        content=content,
        made_at=at,
        made_by=actor.person,
        file=file,
    )


def _full_name(agency: Agency) -> str:
    """ "Ủy ban nhân dân xã Lâm Thao, tỉnh Phú Thọ"."""
    province = agency.parent.place_name if agency.parent else ""
    return f"{agency.name}, {province[0].lower()}{province[1:]}" if province else agency.name


def _expected_signer(dossier: Dossier, at: datetime) -> dict[str, Any]:
    """Whose name the draft carries: the leader's, or while they are away, that of who signs for them."""
    signer = find_signer(dossier.agency, "leader", procedure=dossier.procedure_code, at=at)
    if not signer:
        return {"name": "", "title": "", "lines": []}
    return signer_content(signer.name, signer.signing)


def signer_content(name: str, signing: Signing) -> dict[str, Any]:
    """What a paper says of its signer. `lines`: above the signature, top first.

    Source: Decree 30/2020/NĐ-CP, annex I (signing authority, position, name).
    """
    return {"name": name, "title": signing.title, "lines": list(signature_lines(signing))}


def verification_url(code: str) -> str:
    """The public page that checks a paper by its code; what its QR says."""
    return f"{get('site.base_url')}/verify/?code={code}"
