"""PDF signatures: PAdES baseline by pyHanko, added to the file as an incremental update."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import cast

from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils import content, generic, layout
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.signatures.examination import examine_pdf
from motcua.foundation.signatures.keys import ExpiredKey, Signer
from motcua.foundation.signatures.levels import extend_pdf
from motcua.foundation.signatures.signers import signature_size
from motcua.foundation.signatures.verification import Level
from motcua.foundation.signatures.writing import PlainWriter

# Beside the certificates: attributes, names and lengths of the CMS structure.
_CMS_BYTES = 1024


class CannotSign(DomainError):
    """The file is of a kind that must not be signed."""

    code = "cannot_sign"
    message = _("This file cannot be signed. %(reason)s")
    status = 422


@dataclass(frozen=True, slots=True)
class SealPlace:
    """A place that the first signature keeps free for the picture of a later one; as in `SignatureRequest`."""

    field_name: str
    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class SignatureRequest:
    """What a signature states and where it is shown.

    at: aware, the claimed time of signing. field_name: unique in the file, without dots, or the name of a place
    that the first signature kept free: then its page and box count, not these. page: from 0.
    box: the stamp's place in PDF points from the lower left corner, (x0, y0, x1, y1).
    stamp_pdf: one page to show there, see `stamp.render_stamp`; None for a signature without a picture.
    seal: for the first signature: the place of the agency's seal, which lies over this one's picture.
    """

    at: datetime
    field_name: str
    page: int
    box: tuple[float, float, float, float]
    reason: str
    place: str
    stamp_pdf: bytes | None = None
    seal: SealPlace | None = None


def sign_pdf(pdf: bytes, *, signer: Signer, request: SignatureRequest, level: Level = "B-B") -> bytes:
    """Sign a PDF; the given bytes stay as they are at the beginning of the answer.

    The first signature of a file may be shown by a stamp and certifies the file; a later one is shown only in a
    place that the first one kept free for it.
    Raises ExpiredKey, and CannotSign for a file that is unreadable, encrypted, changed since an earlier
    signature, or certified when a stamp is wanted. Above B-B the time-stamp authority is asked, and what
    `levels.extend_pdf` raises may come; who must not wait signs B-B and lets a job extend it.
    Source: ETSI EN 319 142-1 (PAdES), ISO 32000-1 12.8.
    """
    signed = _signed(pdf, signer, request, _check_draft)
    return extend_pdf(signed, at=request.at, level=level)


def add_seal(signed: bytes, *, signer: Signer, request: SignatureRequest) -> bytes:
    """Add the agency's signature in the place that the person's kept free for it.

    signed: what `sign_pdf` has just given to this very process. It is not examined again, which takes longer than
    signing; a file from anywhere else goes through `sign_pdf`. Raises ExpiredKey, and CannotSign without such a place.
    """
    return _signed(signed, signer, request, _check_place)


def _signed(
    pdf: bytes,
    signer: Signer,
    request: SignatureRequest,
    check: Callable[[bytes, PdfFileReader, SignatureRequest], bool],
) -> bytes:
    if not signer.certificate.not_valid_before_utc <= request.at <= signer.certificate.not_valid_after_utc:
        raise ExpiredKey
    try:
        writer = PlainWriter(BytesIO(pdf))
        is_first = check(pdf, writer.prev, request)
        _add_field(writer, signer, request)
        return _write_signature(writer, signer, request, certify=is_first)
    except (PdfError, SigningError) as error:
        raise CannotSign(reason=_("It is not a sound PDF.")) from error


def _check_place(_pdf: bytes, draft: PdfFileReader, request: SignatureRequest) -> bool:
    """Never the first signature. Raises CannotSign."""
    if not _is_kept_free(draft, request):
        raise CannotSign(reason=_("No place was kept free for the seal."))
    return False


def _check_draft(pdf: bytes, draft: PdfFileReader, request: SignatureRequest) -> bool:
    """Whether nobody has signed the draft yet. Raises CannotSign."""
    if draft.encrypted:
        raise CannotSign(reason=_("It is locked with a password."))
    if not any(fields.enumerate_sig_fields(draft, filled_status=True)):
        return True
    earlier = examine_pdf(pdf, at=request.at, trust=[]).signatures
    if not all(signature.intact and signature.unchanged for signature in earlier):
        raise CannotSign(reason=_("It was changed after an earlier signature."))
    if (request.stamp_pdf and not _is_kept_free(draft, request)) or request.seal:
        # ISO 32000-1 12.8.2.2: a new visible annotation would break the certifying signature.
        raise CannotSign(
            reason=_("A stamp can only be shown by the first signature, or where that kept a place free.")
        )
    return False


def _is_kept_free(handler: PdfFileReader | IncrementalPdfFileWriter, request: SignatureRequest) -> bool:
    """Whether the file has an empty signature field of the request's name."""
    found = fields.enumerate_sig_fields(handler, filled_status=False, with_name=request.field_name)
    return next(found, None) is not None


def _add_field(writer: IncrementalPdfFileWriter, signer: Signer, request: SignatureRequest) -> None:
    if _is_kept_free(writer, request):
        if not request.stamp_pdf:
            # pyHanko would write words of its own there.
            raise CannotSign(reason=_("The place that was kept free needs a stamp."))
    else:
        place = SealPlace(request.field_name, request.page, request.box)
        description = f"Chữ ký số của {_common_name(signer.certificate)}"
        _append_field(writer, place, description, shown=request.stamp_pdf is not None)
    if request.seal:
        # Appended later, so it is drawn over the person's picture.
        _append_field(writer, request.seal, "Chữ ký số của cơ quan, tổ chức", shown=True)


def _append_field(
    writer: IncrementalPdfFileWriter, place: SealPlace, description: str, *, shown: bool
) -> None:
    spec = fields.SigFieldSpec(
        sig_field_name=place.field_name,
        on_page=place.page,
        # pyHanko says whole points, and writes what it is given.
        box=cast("tuple[int, int, int, int]", place.box) if shown else None,
        readable_field_name=description,
    )
    fields.append_signature_field(writer, spec)
    if shown:
        _name, _value, reference = next(fields.enumerate_sig_fields(writer, with_name=place.field_name))
        widget = reference.get_object()
        widget["/Contents"] = generic.pdf_string(description)
        _tag(writer, reference, writer.find_page_for_modification(place.page)[0])


def _tag(
    writer: IncrementalPdfFileWriter, widget: generic.IndirectObject, page: generic.IndirectObject
) -> None:
    """Give the field its place in the structure, so that it is read out. Source: ISO 14289-1 7.18.4."""
    if "/StructTreeRoot" not in writer.root or "/Nums" not in writer.root["/StructTreeRoot"]["/ParentTree"]:
        return
    tree = writer.root["/StructTreeRoot"]
    key = tree["/ParentTreeNextKey"]
    top = tree["/K"]
    document = top.raw_get(0) if isinstance(top, generic.ArrayObject) else tree.raw_get("/K")
    element = writer.add_object(
        generic.DictionaryObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/StructElem"),
                generic.pdf_name("/S"): generic.pdf_name("/Form"),
                generic.pdf_name("/P"): document,
                generic.pdf_name("/Pg"): page,
                generic.pdf_name("/K"): generic.DictionaryObject(
                    {generic.pdf_name("/Type"): generic.pdf_name("/OBJR"), generic.pdf_name("/Obj"): widget}
                ),
            }
        )
    )
    widget.get_object()["/StructParent"] = generic.NumberObject(key)
    tree["/ParentTree"]["/Nums"].extend([generic.NumberObject(key), element])
    tree["/ParentTreeNextKey"] = generic.NumberObject(key + 1)
    writer.update_container(tree["/ParentTree"]["/Nums"])
    writer.update_container(tree)
    document.get_object()["/K"].append(element)
    writer.update_container(document.get_object()["/K"])


def _write_signature(
    writer: IncrementalPdfFileWriter, signer: Signer, request: SignatureRequest, *, certify: bool
) -> bytes:
    metadata = signers.PdfSignatureMetadata(
        field_name=request.field_name,
        md_algorithm="sha256",
        location=request.place,
        reason=request.reason,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=certify,
        # Level 2 and not 1: the agency's own signature must be able to follow the person's. Our documents
        # have no other field to fill in, and any other change, even a second stamp, breaks the certification.
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
    )
    adapter = _PyhankoSigner(signer)
    pdf_signer = _PdfSigner(
        metadata, adapter, stamp_style=_stamp_style(request.stamp_pdf) if request.stamp_pdf else None
    )
    pdf_signer.at = request.at
    # Reserved as hexadecimal digits. Knowing the size spares a second run of everything.
    signed = pdf_signer.sign_pdf(writer, existing_fields_only=True, bytes_reserved=2 * adapter.size)
    return bytes(signed.getvalue())


class _PdfSigner(signers.PdfSigner):
    """pyHanko would state the machine's time, and declare a PDF 2.0, which PDF/A-2 cannot be."""

    at: datetime

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        pdf_out.ensure_output_version((1, 7))
        pdf_out.register_extension(ESIC_EXTENSION_1)

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session


class _PyhankoSigner(signers.Signer):
    """pyHanko's view of one of our signers."""

    def __init__(self, signer: Signer) -> None:
        own, *chain = [_to_asn1(certificate) for certificate in (signer.certificate, *signer.chain)]
        registry = SimpleCertificateStore()
        registry.register_multiple(chain)
        super().__init__(
            signing_cert=own,
            cert_registry=registry,
            signature_mechanism=SignedDigestAlgorithm({"algorithm": signer.mechanism.value}),
            embed_roots=False,
        )
        self._signer = signer
        self._signature_size = signature_size(signer.certificate)
        self.size = (
            _CMS_BYTES + self._signature_size + sum(len(certificate.dump()) for certificate in (own, *chain))
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return bytes(self._signature_size) if dry_run else self._signer.sign(data)


class _StampPage(content.PdfContent):
    """The stamp's page as a form XObject."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._pdf)))
        x0, y0, x1, y1 = page.get_object()["/BBox"]
        self.box = layout.BoxConstraints(width=abs(x1 - x0), height=abs(y1 - y0))
        self.resources.xobject["/Stamp"] = page
        return b"/Stamp Do"


def _stamp_style(pdf: bytes) -> StaticStampStyle:
    return StaticStampStyle(
        background=_StampPage(pdf),
        border_width=0,
        background_layout=layout.SimpleBoxLayoutRule(
            x_align=layout.AxisAlignment.ALIGN_MID, y_align=layout.AxisAlignment.ALIGN_MID
        ),
    )


def _to_asn1(certificate: x509.Certificate) -> Certificate:
    return Certificate.load(certificate.public_bytes(Encoding.DER))


def _common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
