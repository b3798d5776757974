"""Examination of a document's XML signature, in this process: for `xml_worker`, `xml` and tests.

libxmlsec1 does the cryptography, pyhanko-certvalidator the certificate path by the rules of `policy`. Added here:
the fixed form (`xml_structure`), and that the bytes handed on are the ones that were signed: they are made and
hashed by us, apart from libxmlsec1.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hmac import compare_digest

import xmlsec
from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InvalidCertificateError,
    NotYetValidError,
    PathError,
    RevokedError,
    ValidationError,
)

from motcua.foundation.signatures.certificates import name_part
from motcua.foundation.signatures.evidence import Evidence
from motcua.foundation.signatures.policy import UNFORESEEN, may_sign_documents, validation_context
from motcua.foundation.signatures.proofs import Case, path_problem, path_revocation, to_x509
from motcua.foundation.signatures.trust import TrustList, trust_list
from motcua.foundation.signatures.verification import (
    FAILED,
    PASSED,
    UNDECIDED,
    PdfVerdict,
    RevocationState,
    SignatureVerdict,
    Verdict,
)
from motcua.foundation.signatures.xml_reading import MAX_BYTES, UnsoundXml, read_xml
from motcua.foundation.signatures.xml_structure import (
    DIGESTS,
    SIGNATURES,
    WEAK,
    SignedForm,
    Unacceptable,
    read_form,
)

_LONGEST_NAME = 200
_PATH_PROBLEMS: tuple[tuple[type[Exception], str], ...] = (
    (ExpiredError, "certificate_expired"),
    (NotYetValidError, "certificate_not_yet_valid"),
    (RevokedError, "certificate_revoked"),
    (DisallowedAlgorithmError, "weak_algorithm"),
    (InvalidCertificateError, "wrong_key_usage"),
)
# What asn1crypto and cryptography raise for a malformed certificate, and lxml for what has no canonical form.
_BROKEN = (etree.LxmlError, *UNFORESEEN)


@dataclass(frozen=True, slots=True)
class XmlVerdict(PdfVerdict):
    """As `PdfVerdict`, with at most one signature, and what it signs.

    document: the signed bytes, canonical, without the signature; read these and nothing else. b"" unless the
    signature is intact, and even then to be believed only when `is_valid`.
    """

    document: bytes = b""


@dataclass(frozen=True, slots=True)
class _Trust:
    """What is known of the signer's certificate. problem: why it is not to be believed, or None."""

    problem: str | None = None
    revocation: RevocationState = "unknown"


def examine_xml(
    xml: bytes,
    *,
    at: datetime,
    trust: TrustList | Sequence[x509.Certificate],
    evidence: Evidence | None = None,
) -> XmlVerdict:
    """As `xml.verify_xml`, in this process: its limits are those of size, depth and number of elements only."""
    if len(xml) > MAX_BYTES:
        return XmlVerdict(UNDECIDED, problems=("too_large",))
    try:
        tree = read_xml(xml)
    except UnsoundXml:
        return XmlVerdict(UNDECIDED, problems=("unreadable",))
    try:
        form = read_form(tree.getroot())
        certificates = _signers_first([x509.load_der_x509_certificate(one) for one in form.certificates])
        case = Case(at, trust_list(trust), evidence or Evidence())
        return _examined(tree, form, certificates, _trust(certificates, form, case))
    except Unacceptable as error:
        return _refused(error.problem)
    except _BROKEN:
        return _refused("damaged")


def _refused(problem: str) -> XmlVerdict:
    if problem == "unsigned":
        return XmlVerdict(UNDECIDED, problems=(problem,))
    failed = problem in {"damaged", "partial"}
    signature = SignatureVerdict(problem=problem)
    return XmlVerdict(FAILED if failed else UNDECIDED, False, (signature,), (problem,))


def _examined(
    tree: etree._ElementTree,
    form: SignedForm,
    certificates: list[x509.Certificate],
    trust: _Trust,
) -> XmlVerdict:
    proven = _is_proven(form, tree.getroot(), certificates[0])
    document = _signed_bytes(tree, form)
    whole = compare_digest(hashlib.new(DIGESTS[form.digest_method], document).digest(), form.digest)
    subject = certificates[0].subject
    signature = SignatureVerdict(
        name=name_part(subject, NameOID.COMMON_NAME)[:_LONGEST_NAME],
        organisation=name_part(subject, NameOID.ORGANIZATION_NAME)[:_LONGEST_NAME],
        title=name_part(subject, NameOID.TITLE)[:_LONGEST_NAME],
        intact=whole and proven,
        unchanged=whole,
        trusted=trust.problem is None,
        revocation=trust.revocation,
        covers_whole_file=True,
        algorithm=SIGNATURES[form.method],
    )
    problem = trust.problem if signature.intact else ("bad_signature" if whole else "changed")
    signature = replace(signature, problem=problem)
    verdict: Verdict = PASSED if problem is None else UNDECIDED if signature.intact else FAILED
    problems = (problem,) if problem else ()
    return XmlVerdict(verdict, whole, (signature,), problems, document=document if signature.intact else b"")


def _signers_first(certificates: list[x509.Certificate]) -> list[x509.Certificate]:
    """The one that certifies none of the others is the signer's; X509Data has no order."""
    issuers = {one.issuer.public_bytes() for one in certificates if one.issuer != one.subject}
    return sorted(certificates, key=lambda one: one.subject.public_bytes() in issuers)


def _is_proven(form: SignedForm, root: etree._Element, certificate: x509.Certificate) -> bool:
    """Whether the certified key signed, by libxmlsec1; the key is given, so nothing in the document chooses it."""
    try:
        context = xmlsec.SignatureContext()
        der = certificate.public_bytes(Encoding.DER)
        context.key = xmlsec.Key.from_memory(der, xmlsec.constants.KeyDataFormatCertDer)
        if form.id_attribute:
            name = etree.QName(form.id_attribute)
            context.register_id(root, name.localname, name.namespace)
        context.verify(form.signature)
    except xmlsec.Error:
        return False
    return True


def _signed_bytes(tree: etree._ElementTree, form: SignedForm) -> bytes:
    """The document without its signature, canonical. The tree is not whole afterwards."""
    signature = form.signature
    parent = signature.getparent()
    if parent is None:
        raise Unacceptable("unsupported")
    before, tail = signature.getprevious(), signature.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(signature)
    # An ID names the root element; without one, comments aside, all of the document is meant.
    target = tree.getroot() if form.uri else tree
    return etree.tostring(target, method="c14n", exclusive=form.exclusive, with_comments=False)


def _trust(certificates: list[x509.Certificate], form: SignedForm, case: Case) -> _Trust:
    """By the rules for PDFs; nothing proves when an XML signature was made, so all is judged as of now."""
    own, *others = [Certificate.load(one.public_bytes(Encoding.DER)) for one in certificates]
    context = validation_context(case.at, case.trust.anchors("signer", case.at))
    if _is_weak(form, own, context, case.at):
        return _Trust("weak_algorithm")
    if not may_sign_documents(own):
        return _Trust("wrong_key_usage")
    try:
        validator = CertificateValidator(own, intermediate_certs=others, validation_context=context)
        found = asyncio.run(validator.async_validate_path())
    except (PathError, ValidationError) as error:
        return _Trust(
            next((code for kind, code in _PATH_PROBLEMS if isinstance(error, kind)), "unknown_authority")
        )
    path = to_x509(reversed(list(found.iter_certs(include_root=True))))
    if case.trust.bars(path, "signer", case.at):
        return _Trust("unknown_authority")
    revoked, known = path_revocation(path, case.own, moment=case.at)
    return _Trust(
        path_problem(path, case.own, moment=case.at, at=case.at, insist=True),
        "revoked" if revoked else "good" if known else "unknown",
    )


def _is_weak(form: SignedForm, own: Certificate, context: ValidationContext, at: datetime) -> bool:
    kind = "ecdsa" if own.public_key.algorithm == "ec" else "rsa"
    used = SignedDigestAlgorithm({"algorithm": f"{DIGESTS[form.digest_method]}_{kind}"})
    if {form.method, form.digest_method} & WEAK:
        return True
    return not context.algorithm_policy.signature_algorithm_allowed(used, at, own.public_key).allowed
