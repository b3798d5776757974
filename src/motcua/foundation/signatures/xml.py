"""XML signatures: XML-DSig, enveloped, over the whole document; signing and verification."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.translation import gettext_lazy as _
from lxml import etree

from motcua.foundation.signatures.evidence import Evidence
from motcua.foundation.signatures.keys import ExpiredKey, Mechanism, Signer
from motcua.foundation.signatures.orders import MAX_SECONDS, NotExamined, Order, ask_worker
from motcua.foundation.signatures.pdf import CannotSign
from motcua.foundation.signatures.signers import der_to_raw
from motcua.foundation.signatures.trust import TrustList, trust_list
from motcua.foundation.signatures.verification import UNDECIDED, SignatureVerdict
from motcua.foundation.signatures.xml_examination import XmlVerdict, examine_xml
from motcua.foundation.signatures.xml_reading import MAX_BYTES, UnsoundXml, read_xml
from motcua.foundation.signatures.xml_structure import (
    C14N,
    ECDSA_SHA256,
    ENVELOPED,
    NAMESPACE,
    RSA_SHA256,
    SHA256,
)

__all__ = ["XmlVerdict", "examine_xml", "looks_like_xml", "sign_xml", "verify_xml"]

_XML_ATTRIBUTE = "{http://www.w3.org/XML/1998/namespace}"
_METHODS = {Mechanism.RSA: RSA_SHA256, Mechanism.ECDSA: ECDSA_SHA256}


def sign_xml(xml: bytes, *, signer: Signer, at: datetime, parent: str = "") -> bytes:
    """Add an enveloped signature to a document, in UTF-8; nothing else of it is changed but its encoding.

    at: aware; the certificate must be valid then. The signature itself states no time.
    parent: local name of the only element in which the signature goes, as its last child, for instance
    `edXMLHeader`; "" for the root.
    Raises ExpiredKey, KeyUnavailable, and CannotSign for what is no XML, has a DTD, is signed already, or has no
    such element, or several.
    Source: W3C XML Signature 1.1; QCVN 102:2016/BTTTT (the packet's signature).
    """
    if not signer.certificate.not_valid_before_utc <= at <= signer.certificate.not_valid_after_utc:
        raise ExpiredKey
    try:
        tree = read_xml(xml)
        # As long as no signature is there, this is the document without its signature.
        digest = hashlib.sha256(etree.tostring(tree, method="c14n", with_comments=False)).digest()
    except (UnsoundXml, etree.LxmlError):
        raise CannotSign(reason=_("It is not a sound XML document.")) from None
    root = tree.getroot()
    if next(root.iter(f"{{{NAMESPACE}}}Signature"), None) is not None:
        raise CannotSign(reason=_("It is signed already."))
    signature = etree.SubElement(_place(root, parent), f"{{{NAMESPACE}}}Signature", nsmap={"ds": NAMESPACE})
    info = _add_info(signature, _METHODS[signer.mechanism], digest)
    value = signer.sign(_canonical(info))
    _add(signature, "SignatureValue", der_to_raw(value) if signer.mechanism is Mechanism.ECDSA else value)
    data = _add(_add(signature, "KeyInfo"), "X509Data")
    for certificate in (signer.certificate, *signer.chain):
        _add(data, "X509Certificate", certificate.public_bytes(Encoding.DER))
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def verify_xml(
    xml: bytes,
    *,
    at: datetime,
    trust: TrustList | Sequence[x509.Certificate],
    evidence: Evidence | None = None,
) -> XmlVerdict:
    """Examine the signature of a document that may be hostile.

    xml: at most 50 MB, 100 levels, 200,000 elements. at: aware; certificates are judged at this instant. trust:
    the list of authorities to believe, or plain certificates, believed for everything; [] trusts nobody. evidence:
    revocation data kept here, beside which nothing tells of a revocation.
    Valid is only exactly one enveloped signature over the whole document with its certificate in KeyInfo, by
    RSA or ECDSA with SHA-2. Asks no network. A certificate about which nobody said anything is believed, and
    `revocation` says so. Never raises.
    Starts one process, as `verification.verify_pdf`; who has many documents of known senders uses `examine_xml`.
    Source: W3C XML Signature 1.1, and its Best Practices; ETSI EN 319 102-1 (states).
    """
    if len(xml) > MAX_BYTES:
        return XmlVerdict(UNDECIDED, problems=("too_large",))
    try:
        told = ask_worker(
            "motcua.foundation.signatures.xml_worker",
            Order(at, trust_list(trust), evidence or Evidence(), xml),
            seconds=MAX_SECONDS,
        )
    except NotExamined as error:
        return XmlVerdict(UNDECIDED, problems=(error.problem,))
    line, _newline, document = told.partition(b"\n")
    plain = json.loads(line)
    signatures = tuple(SignatureVerdict(**one) for one in plain["signatures"])
    return XmlVerdict(
        plain["verdict"], plain["complete"], signatures, tuple(plain["problems"]), document=document
    )


def looks_like_xml(content: bytes) -> bool:
    """Whether a file begins as XML in UTF-8 or UTF-16 does; says nothing of the rest."""
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith((b"<", b"\xff\xfe<\0", b"\xfe\xff\0<"))


def _place(root: etree._Element, parent: str) -> etree._Element:
    found = list(root.iter(f"{{*}}{parent}")) if parent else [root]
    if len(found) != 1:
        raise CannotSign(reason=_("The place for the signature is missing, or there are several."))
    return found[0]


def _add(parent: etree._Element, name: str, content: bytes = b"", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
    if content:
        element.text = b64encode(content).decode()
    return element


def _add_info(signature: etree._Element, method: str, digest: bytes) -> etree._Element:
    info = _add(signature, "SignedInfo")
    _add(info, "CanonicalizationMethod", Algorithm=C14N)
    _add(info, "SignatureMethod", Algorithm=method)
    reference = _add(info, "Reference", URI="")
    _add(_add(reference, "Transforms"), "Transform", Algorithm=ENVELOPED)
    _add(reference, "DigestMethod", Algorithm=SHA256)
    _add(reference, "DigestValue", digest)
    return info


def _canonical(info: etree._Element) -> bytes:
    """SignedInfo as a part of its document: with the xml: attributes of its ancestors, which lxml leaves out.

    Source: Canonical XML 1.0, 2.4.
    """
    inherited = {
        name: value
        for element in reversed(list(info.iterancestors()))
        for name, value in element.attrib.items()
        if name.startswith(_XML_ATTRIBUTE)
    }
    info.attrib.update(inherited)
    canonical = etree.tostring(info, method="c14n", with_comments=False)
    info.attrib.clear()
    return canonical
