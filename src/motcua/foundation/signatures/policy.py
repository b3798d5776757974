"""What is accepted when a signature is examined: algorithms, uses of certificates, changes of a file."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.keys import PublicKeyInfo
from asn1crypto.x509 import Certificate, Name
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.metadata.xmp_xml import meta_from_xmp
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.ades.report import AdESIndeterminate, AdESSubIndic
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    ModificationLevel,
    ReferenceUpdate,
    StandardDiffPolicy,
    SuspiciousModification,
    WhitelistRule,
)
from pyhanko.sign.validation import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import AlgorithmUsageConstraint, DisallowWeakAlgorithmsPolicy

from motcua.foundation.signatures.certificates import legible

_LONGEST_NAME = 200
# What parsers raise, beside their own errors, over files made to break them.
UNFORESEEN = (
    ArithmeticError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
)
_DESCRIPTION = ("/Title", "/Author", "/Subject", "/Keywords")

# The use of certificates is judged by `may_sign_documents`: pyHanko 0.38 forgets on the way that a certificate without
# an extension is not restricted by it (RFC 5280 4.2.1.3, 4.2.1.12).
ANY_USE = KeyUsageConstraints(key_usage=set())
_USES = {"digital_signature", "non_repudiation"}
# RFC 9336, and what document-signing certificates carried before it.
_PURPOSES = {
    "1.3.6.1.5.5.7.3.36",
    "microsoft_document_signing",
    "adobe_authentic_documents_trust",
    "email_protection",
    "any_extended_key_usage",
}
TRUST_PROBLEMS: dict[AdESSubIndic, str] = {
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: "weak_algorithm",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: "weak_algorithm",
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: "wrong_key_usage",
    AdESIndeterminate.EXPIRED: "certificate_expired",
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: "certificate_expired",
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: "certificate_expired",
    AdESIndeterminate.NOT_YET_VALID: "certificate_not_yet_valid",
    AdESIndeterminate.REVOKED_NO_POE: "certificate_revoked",
    AdESIndeterminate.REVOKED_CA_NO_POE: "certificate_revoked",
}


class _StrongAlgorithms(DisallowWeakAlgorithmsPolicy):
    """No MD5, SHA-1, DSA, RSA below 2048 bits or curve below 256. Source: ETSI TS 119 312."""

    def __init__(self) -> None:
        super().__init__(
            weak_hash_algos=frozenset({"md2", "md5", "sha1", "sha224"}),
            weak_signature_algos=frozenset({"dsa"}),
        )

    def signature_algorithm_allowed(
        self, algo: SignedDigestAlgorithm, moment: datetime | None, public_key: PublicKeyInfo | None
    ) -> AlgorithmUsageConstraint:
        if public_key is not None and public_key.algorithm == "ec" and public_key.bit_size < 256:
            return AlgorithmUsageConstraint(allowed=False)
        return super().signature_algorithm_allowed(algo, moment, public_key)


class _SameDescription(WhitelistRule):
    """pyHanko lets anyone rewrite the metadata after signing, but readers are shown title and author."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        if _description(old) != _description(new):
            raise SuspiciousModification("The description was changed.")
        return ()


DIFFERENCES = StandardDiffPolicy(
    [*DEFAULT_DIFF_POLICY.global_rules, _SameDescription().as_qualified(ModificationLevel.LTA_UPDATES)],
    DEFAULT_DIFF_POLICY.form_rule,
)
# What it warns of is in the verdict.
logging.getLogger("pyhanko.sign.validation").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko.sign.diff_analysis").setLevel(logging.CRITICAL)


def validation_context(
    at: datetime, trust: Sequence[x509.Certificate], others: Sequence[Certificate] = ()
) -> ValidationContext:
    """Certificates are judged at `at` and must lead to one of `trust`, by way of `others` if need be.

    Nothing is fetched, and revocation is not looked at: `evidence` does that.
    """
    return ValidationContext(
        trust_roots=[Certificate.load(root.public_bytes(Encoding.DER)) for root in trust],
        other_certs=others,
        moment=at,
        allow_fetching=False,
        revocation_mode="none",
        algorithm_usage_policy=_StrongAlgorithms(),
    )


def may_sign_documents(certificate: Certificate) -> bool:
    """Whether the certificate does not exclude this use. Source: RFC 5280 4.2.1.3, 4.2.1.12, RFC 9336."""
    uses, purposes = certificate.key_usage_value, certificate.extended_key_usage_value
    fit = uses is None or bool(_USES & set(uses.native))
    return fit and (purposes is None or bool(_PURPOSES & set(purposes.native)))


def distinguished(name: Name, part: str) -> str:
    """A part of a certificate's name (`common_name`) as text of at most 200 characters; "" when absent."""
    value = name.native.get(part, "")
    return legible(str(value if isinstance(value, str) else value[0]))[:_LONGEST_NAME]


def _description(revision: HistoricalResolver) -> list[object]:
    trailer = revision.trailer_view
    info = trailer["/Info"] if "/Info" in trailer else {}  # noqa: SIM401  get() would not resolve references
    told: list[object] = [str(info[key]) for key in _DESCRIPTION if key in info]
    if "/Metadata" in revision.root:
        # Past the resolver, which cannot hold a metadata stream (pyHanko 0.38).
        reference = revision.root.get_value_as_reference("/Metadata")
        stream = revision.reader.get_object(reference, revision.revision, as_metadata_stream=True)
        xmp = meta_from_xmp(stream.xmp)
        told += [xmp.title, xmp.author, xmp.subject, xmp.keywords]
    return told
