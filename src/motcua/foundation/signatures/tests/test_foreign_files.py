"""Files signed by other tools under a given authority, and what other tools say of ours."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.utils import timezone

from motcua.foundation.signatures.examination import examine_pdf
from motcua.foundation.signatures.levels import extend_pdf
from motcua.foundation.signatures.tests.authorities import ClockedAuthority
from motcua.foundation.signatures.tests.factories import AT, draft_pdf, signed_pdf

REPOSITORY = Path(__file__).resolve().parents[5]
SIGNPDF = REPOSITORY / "node_modules" / "@signpdf"
DAY = timedelta(days=1)
pytestmark = pytest.mark.conformance

_NODE = """
const fs = require('fs');
const { plainAddPlaceholder } = require('@signpdf/placeholder-plain');
const { SignPdf } = require('@signpdf/signpdf');
const { P12Signer } = require('@signpdf/signer-p12');
const [draft, p12, out, subFilter] = process.argv.slice(1);
const pdfBuffer = plainAddPlaceholder({
  pdfBuffer: fs.readFileSync(draft), reason: 'Test', contactInfo: '-', name: 'Somebody', location: '-',
  signatureLength: 16384, subFilter,
});
new SignPdf().sign(pdfBuffer, new P12Signer(fs.readFileSync(p12), { passphrase: 'word' }))
  .then((signed) => fs.writeFileSync(out, signed));
"""


class Authority:
    """RSA, as these tools expect it, valid now, since they know no other clock."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(65537, 2048)
        self.root = self._certificate("Root", self._key, ca=True)

    def p12(self, path: Path) -> Path:
        key = rsa.generate_private_key(65537, 2048)
        certificate = self._certificate("Somebody", key, ca=False)
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(
                b"somebody", key, certificate, [self.root], BestAvailableEncryption(b"word")
            )
        )
        return path

    def _certificate(self, name: str, key: rsa.RSAPrivateKey, *, ca: bool) -> x509.Certificate:
        now = timezone.now().replace(microsecond=0)
        builder = x509.CertificateBuilder(
            _name("Root"),
            _name(name),
            key.public_key(),
            x509.random_serial_number(),
            now - DAY,
            now + 99 * DAY,
        )
        usage = dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"),
            False,
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        builder = builder.add_extension(
            x509.KeyUsage(
                digital_signature=not ca, content_commitment=not ca, key_cert_sign=ca, crl_sign=ca, **usage
            ),
            critical=True,
        )
        return builder.sign(self._key, hashes.SHA256())


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture
def draft(tmp_path):
    path = tmp_path / "draft.pdf"
    path.write_bytes(draft_pdf())
    return path


def _judge_both(path: Path, authority: Authority) -> None:
    pdf, now = path.read_bytes(), timezone.now()
    verdict = examine_pdf(pdf, at=now, trust=[authority.root])
    assert verdict.is_valid, verdict
    # Neither tool names the certificate among what is signed, so whatever they say these are no PAdES signatures.
    assert (verdict.signatures[0].name, verdict.level) == ("Somebody", "")
    assert examine_pdf(pdf, at=now, trust=[Authority().root]).problems == ("unknown_authority",)
    changed = bytearray(pdf)
    changed[len(draft_pdf()) // 2] ^= 1
    assert examine_pdf(bytes(changed), at=now, trust=[authority.root]).verdict != "TOTAL-PASSED"


@pytest.mark.skipif(
    not SIGNPDF.exists() or not shutil.which("node"), reason="npm's @signpdf is not installed"
)
@pytest.mark.parametrize("subfilter", ["adbe.pkcs7.detached", "ETSI.CAdES.detached"])
def test_accepts_what_npms_signpdf_signed(authority, draft, tmp_path, subfilter):
    signed = tmp_path / "signed.pdf"
    subprocess.run(
        ["node", "-e", _NODE, draft, authority.p12(tmp_path / "key.p12"), signed, subfilter],
        env=os.environ | {"NODE_PATH": str(SIGNPDF.parent)},
        check=True,
    )
    _judge_both(signed, authority)


@pytest.mark.skipif(
    not (shutil.which("pdfsig") and shutil.which("certutil")),
    reason="poppler-utils or libnss3-tools is missing",
)
def test_accepts_what_popplers_pdfsig_signed(authority, draft, tmp_path):
    store, signed = tmp_path / "nss", tmp_path / "signed.pdf"
    store.mkdir()
    p12 = authority.p12(tmp_path / "key.p12")
    for command in (
        ["certutil", "-N", "-d", f"sql:{store}", "--empty-password"],
        ["pk12util", "-i", p12, "-d", f"sql:{store}", "-W", "word", "-K", ""],
        ["certutil", "-M", "-d", f"sql:{store}", "-n", "Root", "-t", "CT,CT,CT"],
        ["pdfsig", "-nssdir", f"sql:{store}", "-add-signature", "-nick", "somebody", draft, signed],
    ):
        subprocess.run(command, capture_output=True, check=True)
    _judge_both(signed, authority)


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig (poppler-utils) is not installed")
@pytest.mark.parametrize(("level", "stamps"), [("B-B", 0), ("B-T", 1), ("B-LT", 1), ("B-LTA", 2)])
def test_poppler_accepts_our_files_at_every_level(signer, signatures_dir, tmp_path, level, stamps):
    clock = ClockedAuthority(AT)
    clock.believe(signatures_dir)
    clock.at = AT + timedelta(hours=2)
    path = tmp_path / "signed.pdf"
    path.write_bytes(extend_pdf(signed_pdf(signer), at=clock.at, level=level, stamper=clock))
    told = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    judged = [line.split("Validation: ")[1] for line in told.splitlines() if "Signature Validation" in line]
    # Of document time stamps poppler only says that they are there.
    assert judged == ["Signature is Valid."] + ["Signature has not yet been verified."] * stamps
