"""What a signed XML document may look like: one enveloped signature over all of it, by known algorithms.

Valid cryptography is not enough: an attacker moves what was signed aside and shows something else. So the form is
fixed before anything is verified, and whatever is not of this form is refused. Source: W3C XML Signature Syntax
and Processing 1.1 (2013), and its Best Practices (2013).
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass

from lxml import etree

NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"
ENVELOPED = f"{NAMESPACE}enveloped-signature"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_C14N_11 = "http://www.w3.org/2006/12/xml-c14n11"
_CANONICAL = {C14N, _C14N_11, EXCLUSIVE}
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
# Name of the hash for hashlib. SHA-1 is read, to say of an old packet whether it is whole, but never valid.
DIGESTS = {
    f"{NAMESPACE}sha1": "sha1",
    SHA256: "sha256",
    f"{_MORE}sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
# HMAC is not among them: whoever knows the public key could make one with it.
SIGNATURES = {
    f"{NAMESPACE}rsa-sha1": "RSA SHA-1",
    RSA_SHA256: "RSA SHA-256",
    f"{_MORE}rsa-sha384": "RSA SHA-384",
    f"{_MORE}rsa-sha512": "RSA SHA-512",
    ECDSA_SHA256: "ECDSA SHA-256",
    f"{_MORE}ecdsa-sha384": "ECDSA SHA-384",
    f"{_MORE}ecdsa-sha512": "ECDSA SHA-512",
}
WEAK = {f"{NAMESPACE}sha1", f"{NAMESPACE}rsa-sha1"}
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_MOST_CERTIFICATES = 10
_LARGEST_CERTIFICATE = 64 * 1024


class Unacceptable(ValueError):
    """The document is not of the form; `problem` is a code of `verification.explain`."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class SignedForm:
    """A signature of the right form. uri: "" or "#" and the root's ID. exclusive: how the document is made canonical.

    certificates: DER, as found, not yet believed.
    """

    signature: etree._Element
    uri: str
    id_attribute: str
    exclusive: bool
    digest_method: str
    digest: bytes
    method: str
    certificates: tuple[bytes, ...]


def read_form(root: etree._Element) -> SignedForm:
    """The only signature of a document. Raises Unacceptable."""
    signatures = list(root.iter(f"{{{NAMESPACE}}}Signature"))
    if not signatures:
        raise Unacceptable("unsigned")
    if len(signatures) > 1 or signatures[0] is root:
        raise Unacceptable("unsupported")
    signature = signatures[0]
    info, _value, keys = _children(signature, "SignedInfo", "SignatureValue", "KeyInfo")
    canonical, method, reference = _children(info, "CanonicalizationMethod", "SignatureMethod", "Reference")
    if _algorithm(canonical) not in _CANONICAL or _algorithm(method) not in SIGNATURES:
        raise Unacceptable("unsupported")
    transforms, digest_method, digest = _children(reference, "Transforms", "DigestMethod", "DigestValue")
    if _algorithm(digest_method) not in DIGESTS:
        raise Unacceptable("unsupported")
    uri = reference.get("URI")
    return SignedForm(
        signature=signature,
        uri=uri or "",
        id_attribute=_check_target(root, uri),
        exclusive=_exclusive(transforms),
        digest_method=_algorithm(digest_method),
        digest=_decode(digest),
        method=_algorithm(method),
        certificates=_certificates(keys),
    )


def _children(element: etree._Element, *names: str) -> list[etree._Element]:
    """The children, which must be exactly these, in this order."""
    found = [child for child in element if isinstance(child.tag, str)]
    if [child.tag for child in found] != [f"{{{NAMESPACE}}}{name}" for name in names]:
        raise Unacceptable("unsupported")
    return found


def _algorithm(element: etree._Element) -> str:
    """Its algorithm, which must come without parameters."""
    if len(element):
        raise Unacceptable("unsupported")
    return element.get("Algorithm") or ""


def _exclusive(transforms: etree._Element) -> bool:
    names = [_algorithm(child) for child in transforms if child.tag == f"{{{NAMESPACE}}}Transform"]
    if len(names) != len(transforms) or names[:1] != [ENVELOPED] or len(names) > 2:
        raise Unacceptable("unsupported")
    if names[1:] and names[1] not in _CANONICAL:
        raise Unacceptable("unsupported")
    return names[1:] == [EXCLUSIVE]


def _check_target(root: etree._Element, uri: str | None) -> str:
    """The name of the root's ID attribute, "" where the reference needs none.

    An ID must be the only one of its value, in whatever namespace: readers differ in what they take for an ID.
    """
    if uri == "":
        return ""
    if not uri or not uri.startswith("#"):
        raise Unacceptable("unsupported")
    wanted = uri[1:]
    holders = [
        (element, name)
        for element in root.iter(etree.Element)
        for name, value in element.attrib.items()
        if etree.QName(name).localname.lower() == "id" and value == wanted
    ]
    if len(holders) != 1 or holders[0][0] is not root:
        raise Unacceptable("partial")
    name = str(holders[0][1])
    if name.startswith("{") and name != _XML_ID:
        raise Unacceptable("unsupported")
    return name


def _certificates(keys: etree._Element) -> tuple[bytes, ...]:
    """Those of X509Data; a bare public key says nothing of whose it is."""
    path = f"{{{NAMESPACE}}}X509Data/{{{NAMESPACE}}}X509Certificate"
    found = tuple(_decode(one) for one in keys.iterfind(path))
    if not 0 < len(found) <= _MOST_CERTIFICATES:
        raise Unacceptable("unknown_authority" if not found else "unsupported")
    return found


def _decode(element: etree._Element) -> bytes:
    text = "".join((element.text or "").split())
    if len(element) or len(text) > _LARGEST_CERTIFICATE:
        raise Unacceptable("damaged")
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise Unacceptable("damaged") from None
