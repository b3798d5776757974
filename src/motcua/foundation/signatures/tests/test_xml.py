from __future__ import annotations

import shutil
import subprocess
from base64 import b64encode
from datetime import timedelta

import pytest
import signxml
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import etree
from signxml import algorithms

from motcua.foundation.signatures import xml as door
from motcua.foundation.signatures.authority import issue_revocation_lists, revoke_certificate
from motcua.foundation.signatures.keys import ExpiredKey, load_signer
from motcua.foundation.signatures.pdf import CannotSign
from motcua.foundation.signatures.revocation import kept_evidence
from motcua.foundation.signatures.tests.factories import AGENCY, AT, LATER, PERSON, Stranger, trust_roots
from motcua.foundation.signatures.tests.key_factories import keep_software_key, new_key
from motcua.foundation.signatures.trust import trust_list
from motcua.foundation.signatures.xml import examine_xml, sign_xml, verify_xml

PASSED, FAILED, UNDECIDED = "TOTAL-PASSED", "TOTAL-FAILED", "INDETERMINATE"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
PACKET = """<?xml version="1.0" encoding="utf-8"?>
<edXML:edXML xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016" Id="packet">
  <edXML:edXMLEnvelope><!-- một nhận xét -->
    <edXML:edXMLHeader><edXML:Subject>V/v cấp giấy phép &amp; biên nhận</edXML:Subject></edXML:edXMLHeader>
    <edXML:edXMLBody xml:space="preserve">  Số 15/SB-VP </edXML:edXMLBody>
  </edXML:edXMLEnvelope>
</edXML:edXML>""".encode()

# What stands before the root is signed, and what SignedInfo inherits from the root counts (Canonical XML 1.0, 2.4).
# signxml 5 overlooks both, xmlsec1 does not.
ODD_PACKET = PACKET.replace(
    b"<edXML:edXML ", b'<?some word?><edXML:edXML xml:lang="vi" xmlns:other="urn:other" ', 1
)


@pytest.fixture(params=["ecdsa", "rsa"])
def signer(request, signatures_dir):
    keep_software_key(signatures_dir, request.param, new_key(request.param))
    return load_signer(request.param)


@pytest.fixture
def trust(signer, signatures_dir):
    return trust_roots(signatures_dir)


@pytest.fixture
def signed(signer):
    return sign_xml(PACKET, signer=signer, at=AT, parent="edXMLHeader")


def canonical(xml: bytes) -> bytes:
    return etree.tostring(etree.ElementTree(etree.fromstring(xml)), method="c14n", with_comments=False)


def test_passes_what_was_just_signed(signed, trust):
    verdict = examine_xml(signed, at=LATER, trust=trust)
    (signature,) = verdict.signatures
    assert (verdict.verdict, verdict.is_valid, verdict.problems) == (PASSED, True, ())
    assert (signature.name, signature.organisation) == (PERSON, AGENCY)
    assert (signature.intact, signature.unchanged, signature.trusted) == (True, True, True)


def test_hands_on_what_was_signed(signed, trust):
    document = examine_xml(signed, at=LATER, trust=trust).document
    assert canonical(document) == canonical(PACKET)
    assert b"Signature" not in document


def test_examines_a_strangers_file_in_a_process_of_its_own(signed, trust):
    assert verify_xml(signed, at=LATER, trust=trust) == examine_xml(signed, at=LATER, trust=trust)


def test_puts_the_signature_where_the_packet_has_it(signed):
    root = etree.fromstring(signed)
    assert root.find(f".//{{*}}edXMLHeader/{DS}Signature") is not None
    assert root.find(f".//{DS}CanonicalizationMethod").get("Algorithm") == (
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    )
    assert len(root.findall(f".//{DS}X509Certificate")) == 2


@pytest.mark.parametrize(
    ("xml", "parent"),
    [
        (b"", ""),
        (b"words", ""),
        (b"<!DOCTYPE a><a/>", ""),
        (b"<a><b/><b/></a>", "b"),
        (b"<a/>", "b"),
        (b"<a>" * 101 + b"</a>" * 101, ""),
        (b'<a xmlns="relative"/>', ""),
    ],
)
def test_does_not_sign(signer, xml, parent):
    with pytest.raises(CannotSign):
        sign_xml(xml, signer=signer, at=AT, parent=parent)


def test_does_not_sign_twice(signer, signed):
    with pytest.raises(CannotSign, match="already"):
        sign_xml(signed, signer=signer, at=AT)


def test_does_not_sign_with_an_expired_certificate(signer):
    with pytest.raises(ExpiredKey):
        sign_xml(PACKET, signer=signer, at=AT + timedelta(days=366))


# Held against the outside.


@pytest.mark.conformance
@pytest.mark.skipif(not shutil.which("xmlsec1"), reason="xmlsec1 is not installed")
def test_xmlsec1_accepts_ours_and_finds_a_change(signer, signatures_dir, tmp_path):
    def accepts(xml: bytes) -> bool:
        path = tmp_path / "signed.xml"
        path.write_bytes(xml)
        when = LATER.strftime("%Y-%m-%d+%H:%M:%S")
        command = ["xmlsec1", "--verify", "--trusted-pem", str(signatures_dir / "trust" / "root.pem")]
        command += ["--verification-gmt-time", when, str(path)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    signed = sign_xml(ODD_PACKET, signer=signer, at=AT, parent="edXMLHeader")
    assert accepts(signed)
    assert not accepts(signed.replace(b"15/SB-VP", b"16/SB-VP"))


@pytest.mark.conformance
def test_signxml_accepts_ours(signed, signer):
    with time_machine.travel(LATER, tick=False):
        theirs = signxml.XMLVerifier().verify(signed, x509_cert=signer.certificate)
    assert canonical(theirs.signed_data) == canonical(PACKET)


class Outsider:
    """signxml with a stranger's key; `changes` are its settings."""

    def __init__(self, stranger: Stranger | None = None, **changes: object):
        self.stranger = stranger or Stranger()
        self.changes = changes

    def sign(self, xml: bytes = PACKET, *, reference: str | None = None, **signing: object) -> bytes:
        kind = "ecdsa" if isinstance(self.stranger.key, ec.EllipticCurvePrivateKey) else "rsa"
        chosen = {
            "signature_algorithm": f"{kind}-sha256",
            "digest_algorithm": "sha256",
            "c14n_algorithm": algorithms.CanonicalizationMethod.CANONICAL_XML_1_0,
        } | self.changes
        signer = (_OldSigner if "sha1" in str(chosen) else signxml.XMLSigner)(**chosen)
        certificates = [self.stranger.certificate()]
        root = signer.sign(
            etree.fromstring(xml),
            key=self.stranger.key,
            cert=certificates,
            reference_uri=reference,
            **signing,
        )
        return etree.tostring(root)

    def examine(self, xml: bytes):
        return examine_xml(xml, at=LATER, trust=[self.stranger.root])


class _OldSigner(signxml.XMLSigner):
    """SHA-1, as in samples of old packets."""

    def check_deprecated_methods(self) -> None: ...


METHODS = algorithms.CanonicalizationMethod


@pytest.mark.conformance
@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)]
)
@pytest.mark.parametrize(
    "method",
    [METHODS.CANONICAL_XML_1_0, METHODS.CANONICAL_XML_1_1, METHODS.EXCLUSIVE_XML_CANONICALIZATION_1_0],
)
@pytest.mark.parametrize("reference", [None, "#packet"])
def test_accepts_what_signxml_signed(key, method, reference):
    outsider = Outsider(Stranger(key=key), c14n_algorithm=method)
    verdict = outsider.examine(outsider.sign(reference=reference))
    assert verdict.is_valid, verdict
    assert canonical(verdict.document) == canonical(PACKET)


@pytest.mark.conformance
@pytest.mark.skipif(not shutil.which("xmlsec1"), reason="xmlsec1 is not installed")
def test_accepts_what_xmlsec1_signed(tmp_path):
    stranger = Stranger(key=rsa.generate_private_key(65537, 2048))
    key, certificate, template = (tmp_path / name for name in ("key.pem", "certificate.pem", "template.xml"))
    plain = serialization.NoEncryption()
    key.write_bytes(
        stranger.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    certificate.write_bytes(stranger.certificate().public_bytes(serialization.Encoding.PEM))
    template.write_bytes(
        ODD_PACKET.replace(b"</edXML:edXMLHeader>", TEMPLATE.encode() + b"</edXML:edXMLHeader>")
    )
    command = ["xmlsec1", "--sign", "--privkey-pem", f"{key},{certificate}", str(template)]
    xml = subprocess.run(command, capture_output=True, check=True).stdout
    assert examine_xml(xml, at=LATER, trust=[stranger.root]).is_valid


TEMPLATE = """
<Signature xmlns="http://www.w3.org/2000/09/xmldsig#">
  <SignedInfo>
    <CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>
    <SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
    <Reference URI="">
      <Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></Transforms>
      <DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/>
    </Reference>
  </SignedInfo>
  <SignatureValue/>
  <KeyInfo><X509Data/></KeyInfo>
</Signature>"""


# Never valid, never a crash.


@pytest.mark.parametrize("days", [-1, 400])
def test_does_not_trust_a_certificate_out_of_its_time(signed, trust, days):
    verdict = examine_xml(signed, at=AT + timedelta(days=days), trust=trust)
    assert verdict.verdict == UNDECIDED
    assert verdict.problems[0].startswith("certificate_") or verdict.problems == ("unknown_authority",)
    assert verdict.signatures[0].intact and not verdict.signatures[0].trusted


def test_does_not_pass_what_a_revoked_certificate_signed(signed, signer, trust, signatures_dir):
    before, after = AT + timedelta(hours=1), AT + timedelta(hours=3)
    issue_revocation_lists(signatures_dir, at=AT)
    good = examine_xml(signed, at=before, trust=trust, evidence=kept_evidence())
    assert (good.is_valid, good.signatures[0].revocation) == (True, "good")
    revoke_certificate(
        signatures_dir,
        serial=signer.certificate.serial_number,
        at=AT + timedelta(hours=2),
        reason="keyCompromise",
    )
    for look in (examine_xml, verify_xml):
        verdict = look(signed, at=after, trust=trust_list(trust), evidence=kept_evidence())
        assert (verdict.verdict, verdict.problems) == (UNDECIDED, ("certificate_revoked",))
        assert verdict.signatures[0].revocation == "revoked"


def test_does_not_pass_what_a_revoked_authority_certified(signed, signer, trust, signatures_dir):
    revoke_certificate(signatures_dir, serial=signer.chain[0].serial_number, at=AT)
    verdict = examine_xml(signed, at=LATER, trust=trust, evidence=kept_evidence())
    assert verdict.problems == ("certificate_revoked",)


def test_says_that_nothing_is_known_of_a_revocation(signed, trust):
    assert examine_xml(signed, at=LATER, trust=trust).signatures[0].revocation == "unknown"


def test_trusts_nobody_without_a_trust_list(signed):
    assert examine_xml(signed, at=LATER, trust=[]).problems == ("unknown_authority",)
    assert examine_xml(signed, at=LATER, trust=[Stranger().root]).problems == ("unknown_authority",)


@pytest.mark.parametrize(
    ("weakness", "problem"),
    [
        ({"key": rsa.generate_private_key(65537, 1024)}, "weak_algorithm"),
        ({"purposes": (ExtendedKeyUsageOID.SERVER_AUTH,)}, "wrong_key_usage"),
        ({"days": 10}, "certificate_expired"),
    ],
)
def test_does_not_pass_an_unfit_certificate(weakness, problem):
    outsider = Outsider(Stranger(**weakness))
    verdict = outsider.examine(outsider.sign())
    assert (verdict.verdict, verdict.problems) == (UNDECIDED, (problem,))
    assert verdict.signatures[0].intact


@pytest.mark.parametrize("changes", [{"signature_algorithm": "rsa-sha1"}, {"digest_algorithm": "sha1"}])
def test_calls_sha_1_old_and_weak(changes):
    outsider = Outsider(Stranger(key=rsa.generate_private_key(65537, 2048)), **changes)
    verdict = outsider.examine(outsider.sign())
    assert (verdict.verdict, verdict.problems) == (UNDECIDED, ("weak_algorithm",))
    assert verdict.signatures[0].intact and not verdict.signatures[0].trusted
    assert outsider.examine(outsider.sign().replace(b"15/SB", b"16/SB")).problems == ("changed",)


def test_finds_a_change_of_what_was_signed(signed, trust):
    verdict = examine_xml(signed.replace(b"15/SB-VP", b"16/SB-VP"), at=LATER, trust=trust)
    assert (verdict.verdict, verdict.problems, verdict.document) == (FAILED, ("changed",), b"")


def test_finds_a_signature_by_another_key(signed, signer, trust):
    root = etree.fromstring(signed)
    value = root.find(f".//{DS}SignatureValue")
    value.text = b64encode(bytes(len(value.text) * 3 // 4)).decode()
    verdict = examine_xml(etree.tostring(root), at=LATER, trust=trust)
    assert (verdict.verdict, verdict.problems) == (FAILED, ("bad_signature",))


def change(xml: bytes, path: str, **attributes: str) -> bytes:
    root = etree.fromstring(xml)
    root.find(path).attrib.update(attributes)
    return etree.tostring(root)


@pytest.mark.parametrize(
    ("path", "attributes"),
    [
        (f".//{DS}Transform", {"Algorithm": "http://www.w3.org/TR/1999/REC-xslt-19991116"}),
        (f".//{DS}Transform", {"Algorithm": "http://www.w3.org/TR/1999/REC-xpath-19991116"}),
        (f".//{DS}Transform", {"Algorithm": "http://www.w3.org/2002/06/xmldsig-filter2"}),
        (f".//{DS}Transform", {"Algorithm": "http://www.w3.org/2000/09/xmldsig#base64"}),
        (f".//{DS}SignatureMethod", {"Algorithm": "http://www.w3.org/2000/09/xmldsig#hmac-sha1"}),
        (f".//{DS}SignatureMethod", {"Algorithm": "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"}),
        (f".//{DS}SignatureMethod", {"Algorithm": "http://www.w3.org/2000/09/xmldsig#dsa-sha1"}),
        (f".//{DS}DigestMethod", {"Algorithm": "http://www.w3.org/2001/04/xmldsig-more#md5"}),
        (f".//{DS}Reference", {"URI": "file:///etc/passwd"}),
        (f".//{DS}Reference", {"URI": "http://127.0.0.1:1/"}),
        (f".//{DS}Reference", {"URI": "#xpointer(/)"}),
        (f".//{DS}Reference", {"URI": "#nothing"}),
    ],
)
def test_refuses_other_ways_to_sign(signed, trust, path, attributes):
    verdict = examine_xml(change(signed, path, **attributes), at=LATER, trust=trust)
    assert verdict.verdict != PASSED
    assert verdict.problems[0] in {"unsupported", "partial"}


def test_refuses_a_public_key_without_a_certificate(signed, signer, trust):
    root = etree.fromstring(signed)
    info = root.find(f".//{DS}KeyInfo")
    info.clear()
    etree.SubElement(etree.SubElement(info, f"{DS}KeyValue"), f"{DS}RSAKeyValue")
    verdict = examine_xml(etree.tostring(root), at=LATER, trust=trust)
    assert (verdict.verdict, verdict.problems) == (UNDECIDED, ("unknown_authority",))


def test_refuses_a_part_signed_for_the_whole():
    """Wrapping: the signed element moved aside, another in its place."""
    part = etree.tostring(etree.fromstring(PACKET).find(".//{*}edXMLEnvelope"))
    outsider = Outsider()
    inner = etree.fromstring(
        outsider.sign(
            part.replace(b"<edXML:edXMLEnvelope", b'<edXML:edXMLEnvelope Id="e"', 1), reference="#e"
        )
    )
    assert outsider.examine(etree.tostring(inner)).is_valid
    root = etree.fromstring(PACKET)
    root.insert(0, inner)
    verdict = outsider.examine(etree.tostring(root))
    assert (verdict.verdict, verdict.problems) == (FAILED, ("partial",))


@pytest.mark.parametrize("name", ["Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id", "{urn:x}Id"])
def test_refuses_an_id_that_is_there_twice(name):
    outsider = Outsider()
    root = etree.fromstring(outsider.sign(reference="#packet"))
    assert outsider.examine(etree.tostring(root)).is_valid
    root.find(f".//{DS}SignatureValue").set(name, "packet")
    verdict = outsider.examine(etree.tostring(root))
    assert (verdict.verdict, verdict.problems) == (FAILED, ("partial",))


def test_refuses_two_signatures_and_a_signature_that_is_the_document(signed, trust):
    root = etree.fromstring(signed)
    signature = root.find(f".//{DS}Signature")
    assert examine_xml(etree.tostring(signature), at=LATER, trust=trust).verdict != PASSED
    root.append(etree.fromstring(etree.tostring(signature)))
    assert examine_xml(etree.tostring(root), at=LATER, trust=trust).problems == ("unsupported",)


def test_refuses_a_second_reference_and_an_object(signed, trust):
    for name, parent in (("Reference", "SignedInfo"), ("Object", "Signature")):
        root = etree.fromstring(signed)
        etree.SubElement(root.find(f".//{DS}{parent}"), f"{DS}{name}", URI="")
        assert examine_xml(etree.tostring(root), at=LATER, trust=trust).problems == ("unsupported",)


def test_reads_no_comment_as_signed(signed, trust):
    """A comment may be put in without breaking a signature, so it is not in what is handed on."""
    commented = signed.replace(b"15/SB-VP", b"15/<!-- x -->SB-VP")
    verdict = examine_xml(commented, at=LATER, trust=trust)
    assert verdict.is_valid
    assert b"15/SB-VP" in verdict.document and b"<!--" not in verdict.document


BOMB = b'<!DOCTYPE a [<!ENTITY b "xx"><!ENTITY c "&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"words",
        BOMB,
        BOMB.decode().encode("utf-16"),
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b"<a>" * 5000 + b"</a>" * 5000,
        b"<a>" + b"<b/>" * 200_001 + b"</a>",
        b"<a " + b" ".join(b'xmlns:n%d="urn:n"' % number for number in range(60)) + b"/>",
        b"<a " + b" ".join(b'n%d="n"' % number for number in range(300)) + b"/>",
        b'<?xml version="1.0" encoding="utf-7"?><a/>',
        b"<a>\x00</a>",
    ],
)
def test_does_not_read_what_may_do_harm(xml):
    assert examine_xml(xml, at=LATER, trust=[]).problems == ("unreadable",)


def test_says_that_nothing_is_signed():
    verdict = verify_xml(PACKET, at=LATER, trust=[])
    assert (verdict.verdict, verdict.problems, verdict.signatures) == (UNDECIDED, ("unsigned",), ())


def test_does_not_examine_a_huge_document(monkeypatch):
    monkeypatch.setattr(door, "MAX_BYTES", 10)
    assert verify_xml(PACKET, at=LATER, trust=[]).problems == ("too_large",)


def test_gives_up_a_document_that_takes_too_long(monkeypatch, signed):
    monkeypatch.setattr(door, "MAX_SECONDS", 0.01)
    assert verify_xml(signed, at=LATER, trust=[]).problems == ("too_costly",)


def test_reads_a_packet_with_a_large_attachment(monkeypatch, signer, trust):
    monkeypatch.setattr(door, "MAX_SECONDS", 60)  # size is what is tried, however busy the machine is
    large = PACKET.replace(b"</edXML:edXML>", b"<x>" + b"QUJD" * 5_000_000 + b"</x></edXML:edXML>")
    verdict = verify_xml(sign_xml(large, signer=signer, at=AT), at=LATER, trust=trust)
    assert verdict.is_valid and len(verdict.document) > 20_000_000


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_survives_any_change_of_a_byte(signed, trust):
    start, end = signed.index(b"<edXML:edXML "), len(signed)

    @hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(place=st.integers(start, end - 1), value=st.integers(0, 255))
    def no_change_passes(place: int, value: int) -> None:
        changed = bytearray(signed)
        changed[place] = value
        verdict = examine_xml(bytes(changed), at=LATER, trust=trust)
        # What may differ without harm (a comment, white space between parts of the signature) is not handed on.
        assert not verdict.is_valid or canonical(verdict.document) == canonical(PACKET)

    no_change_passes()
