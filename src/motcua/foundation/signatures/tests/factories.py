"""Drafts, authorities and signers for tests. Made-up people."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import time_machine
import typst
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from motcua.foundation.signatures.certificates import (
    Certified,
    authority_certificate,
    authority_name,
    signing_certificate,
)
from motcua.foundation.signatures.keys import Signer, issue_signing_key, load_signer, make_authority
from motcua.foundation.signatures.pdf import SignatureRequest, sign_pdf
from motcua.foundation.signatures.stamp import render_stamp
from motcua.foundation.signatures.tests.authorities import ClockedAuthority as ClockedAuthority
from motcua.foundation.signatures.tests.authorities import running_stand_in as running_stand_in
from motcua.foundation.signatures.trust import read_trust_list

AT = datetime(2025, 9, 15, 7, 5, tzinfo=UTC)
LATER = AT + timedelta(days=30)
PERSON = "Nguyễn Thị Hồng Vân"
AGENCY = "Ủy ban nhân dân phường Việt Trì"
FONTS = Path(__file__).resolve().parents[5] / "node_modules" / "@expo-google-fonts" / "tinos"

_DRAFT = """
#set document(title: "Giấy khai sinh", author: "Ủy ban nhân dân")
#set text(font: "Tinos", lang: "vi", region: "VN")
= Giấy khai sinh
Họ, chữ đệm, tên: Nguyễn Văn An. Ngày sinh: 01/09/2025.
"""


@cache
def draft_pdf() -> bytes:
    compiler = typst.Compiler(input=_DRAFT.encode(), font_paths=[FONTS], ignore_system_fonts=True)
    return compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=AT)


def trust_roots(directory: Path) -> list[x509.Certificate]:
    """The authorities for signers on the trust list of `directory`, as plain certificates."""
    return [one.certificate for one in read_trust_list(directory).authorities if "signer" in one.purposes]


def make_signer(directory: Path, *, authority: str = "Demo") -> Signer:
    """A person's key in `directory`, which must be SIGNATURES_DIR."""
    make_authority(directory, name=authority, at=AT)
    issue_signing_key(
        directory, key_ref="van", person=PERSON, organisation=AGENCY, title="Chủ tịch", at=AT, days=365
    )
    return load_signer("van")


def request(**changes: object) -> SignatureRequest:
    plain = SignatureRequest(
        at=AT + timedelta(hours=1),
        field_name="Signature1",
        page=0,
        box=(320, 100, 520, 170),
        reason="Ký giấy khai sinh",
        place="Phú Thọ",
    )
    return replace(plain, **changes)


def stamp() -> bytes:
    return render_stamp(signer_name=PERSON, title="Chủ tịch", agency=AGENCY, at=AT, size_mm=(70, 25))


def signed_pdf(signer: Signer) -> bytes:
    return sign_pdf(draft_pdf(), signer=signer, request=request(stamp_pdf=stamp()))


@dataclass(frozen=True)
class Stranger:
    """Somebody else's signing software and authority, which may be unfit."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    digest: str = "sha256"
    purposes: tuple[x509.ObjectIdentifier, ...] = ()
    days: int = 365
    certify: bool = False
    authority_key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def root(self) -> x509.Certificate:
        name = authority_name("Stranger")
        return authority_certificate(Certified(name, self.authority_key, AT, 3650), name, self.authority_key)

    def certificate(self) -> x509.Certificate:
        issued = signing_certificate(
            Certified(authority_name("Somebody"), self.key, AT, self.days), self.root, self.authority_key
        )
        if not self.purposes:
            return issued
        builder = x509.CertificateBuilder(
            issued.issuer, issued.subject, issued.public_key(), 7, AT, AT + timedelta(days=self.days)
        )
        builder = builder.add_extension(x509.ExtendedKeyUsage(self.purposes), critical=False)
        return builder.sign(self.authority_key, hashes.SHA256())

    def sign(self, pdf: bytes) -> bytes:
        plain = serialization.NoEncryption()
        key = self.key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain)
        signer = signers.SimpleSigner(
            signing_cert=asn1_x509.Certificate.load(
                self.certificate().public_bytes(serialization.Encoding.DER)
            ),
            signing_key=asn1_keys.PrivateKeyInfo.load(key),
            cert_registry=SimpleCertificateStore(),
        )
        metadata = signers.PdfSignatureMetadata(
            field_name="Stranger", md_algorithm=self.digest, certify=self.certify, name="Somebody"
        )
        with time_machine.travel(AT + timedelta(hours=1), tick=False):
            writer = IncrementalPdfFileWriter(BytesIO(pdf))
            return signers.sign_pdf(writer, metadata, signer=signer).getvalue()
