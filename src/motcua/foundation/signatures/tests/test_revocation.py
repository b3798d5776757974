"""Revocation lists and OCSP answers: which count, and how they are fetched and kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from motcua.foundation.signatures.authority import issue_revocation_lists, revoke_certificate
from motcua.foundation.signatures.certificates import (
    Certified,
    Revoked,
    authority_certificate,
    authority_name,
    revocation_list,
)
from motcua.foundation.signatures.evidence import Evidence, revocation
from motcua.foundation.signatures.revocation import NoRevocationData, evidence_about, kept_evidence, refresh
from motcua.foundation.signatures.tests.authorities import Publisher
from motcua.foundation.signatures.tests.factories import AT

DAY = timedelta(days=1)
KEY, OTHER_KEY, LEAF_KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
NAME = authority_name("Ministry")
ROOT = authority_certificate(Certified(NAME, KEY, AT, 3650), NAME, KEY)
NAMESAKE = authority_certificate(Certified(NAME, OTHER_KEY, AT, 3650), NAME, OTHER_KEY)
SERIAL = 4711


def leaf(*extensions, days=365):
    builder = x509.CertificateBuilder(
        NAME, authority_name("Signer"), LEAF_KEY.public_key(), SERIAL, AT, AT + timedelta(days=days)
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(KEY, hashes.SHA256())


def crl(*revoked, at=AT, days=7, key=KEY, number=1):
    return revocation_list(ROOT, key, revoked, number=number, at=at, days=days)


def special_crl(*extensions, revoked=True, at=AT):
    builder = x509.CertificateRevocationListBuilder(NAME, at, at + 7 * DAY)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    if revoked:
        entry = x509.RevokedCertificateBuilder(SERIAL, AT).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(KEY, hashes.SHA256()).public_bytes(Encoding.DER)


def scope(**changes):
    plain = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**(plain | changes))


def told(*crls, ocsps=(), at=AT + DAY, certificate=None, issuer=ROOT):
    return revocation(certificate or leaf(), issuer, at=at, evidence=Evidence(crls, tuple(ocsps)))


def test_knows_nothing_without_data():
    assert (told().known, told().revoked_at) == (False, None)


def test_a_current_list_without_the_certificate_says_that_it_is_good():
    assert told(crl()).known
    assert told(crl()).revoked_at is None


def test_a_list_that_ended_before_the_moment_says_nothing():
    assert not told(crl(), at=AT + 8 * DAY).known


def test_a_revocation_counts_from_its_date_on():
    later = crl(Revoked(SERIAL, AT + 2 * DAY))
    assert told(later, at=AT + DAY).revoked_at is None
    assert told(later, at=AT + 2 * DAY).revoked_at == AT + 2 * DAY


def test_a_revocation_once_published_is_not_undone_by_an_older_list():
    assert told(crl(), crl(Revoked(SERIAL, AT), at=AT + DAY), crl(), at=AT + DAY).revoked_at == AT


def test_a_revocation_counts_from_the_day_on_which_the_key_was_lost():
    entry = x509.RevokedCertificateBuilder(SERIAL, AT + 3 * DAY)
    entry = entry.add_extension(x509.InvalidityDate(AT + DAY), critical=False)
    builder = x509.CertificateRevocationListBuilder(NAME, AT + 3 * DAY, AT + 9 * DAY, [])
    signed = builder.add_revoked_certificate(entry.build()).sign(KEY, hashes.SHA256())
    assert told(signed.public_bytes(Encoding.DER), at=AT + 2 * DAY).revoked_at == AT + DAY


def test_a_list_made_after_the_certificates_end_says_nothing_of_it():
    late = crl(at=AT + 400 * DAY)
    assert not told(late, at=AT + 300 * DAY).known


@pytest.mark.parametrize(
    "bad",
    [
        crl(Revoked(SERIAL, AT), key=OTHER_KEY),
        b"",
        b"words",
        crl()[:-9],
        special_crl((scope(only_contains_ca_certs=True), True)),
        special_crl((scope(indirect_crl=True), True)),
        special_crl((scope(only_contains_attribute_certs=True), True)),
        special_crl((scope(only_some_reasons=frozenset({x509.ReasonFlags.key_compromise})), True)),
        special_crl((scope(full_name=[x509.UniformResourceIdentifier("http://other.example/1.crl")]), True)),
        special_crl((x509.DeltaCRLIndicator(1), True)),
        special_crl((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)),
    ],
)
def test_a_list_that_is_not_about_the_certificate_says_nothing(bad):
    assert (told(bad).known, told(bad).revoked_at) == (False, None)


def test_a_partial_list_counts_for_the_certificates_that_name_it():
    address = x509.UniformResourceIdentifier("http://ca.example/1.crl")
    point = x509.CRLDistributionPoints([x509.DistributionPoint([address], None, None, None)])
    partial = special_crl((scope(full_name=[address], only_contains_user_certs=True), True))
    assert told(partial, certificate=leaf(point)).revoked_at == AT


# OCSP


RESPONDER_KEY = ec.generate_private_key(ec.SECP256R1())


def responder(*purposes, key=KEY):
    builder = x509.CertificateBuilder(
        NAME, authority_name("Responder"), RESPONDER_KEY.public_key(), 99, AT, AT + 3650 * DAY
    )
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    return builder.sign(key, hashes.SHA256())


def answer(*, status=ocsp.OCSPCertStatus.GOOD, certificate=None, at=AT, by=None, key=KEY, revoked_at=None):
    builder = ocsp.OCSPResponseBuilder().add_response(
        certificate or leaf(), ROOT, hashes.SHA1(), status, at, at + DAY, revoked_at, None
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, by or ROOT)
    if by:
        builder = builder.certificates([by])
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_an_answer_by_the_authority_itself_counts():
    assert told(ocsps=[answer()]).known
    revoked = answer(status=ocsp.OCSPCertStatus.REVOKED, revoked_at=AT)
    assert told(ocsps=[revoked]).revoked_at == AT


def test_an_answer_by_its_responder_counts():
    by = responder(ExtendedKeyUsageOID.OCSP_SIGNING)
    assert told(ocsps=[answer(by=by, key=RESPONDER_KEY)]).known


@pytest.mark.parametrize(
    "bad",
    [
        answer(by=responder(), key=RESPONDER_KEY),
        answer(by=responder(ExtendedKeyUsageOID.SERVER_AUTH), key=RESPONDER_KEY),
        answer(by=responder(ExtendedKeyUsageOID.OCSP_SIGNING, key=OTHER_KEY), key=RESPONDER_KEY),
        answer(by=NAMESAKE, key=OTHER_KEY),
        answer(certificate=ROOT),
        answer(status=ocsp.OCSPCertStatus.UNKNOWN),
        answer(at=AT - 9 * DAY),
        ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(
            Encoding.DER
        ),
        b"words",
    ],
)
def test_an_answer_that_does_not_fit_says_nothing(bad):
    assert not told(ocsps=[bad]).known


# Fetching and keeping


@pytest.fixture
def publisher():
    with Publisher() as running:
        yield running


@pytest.fixture
def listed(publisher):
    """A certificate that names the publisher's list."""
    address = x509.UniformResourceIdentifier(publisher.url + "ministry.crl")
    return leaf(x509.CRLDistributionPoints([x509.DistributionPoint([address], None, None, None)]))


def test_fetches_the_list_that_a_certificate_names_and_keeps_it(publisher, listed):
    publisher.content = crl()
    assert evidence_about([listed, ROOT], at=AT + DAY, insist=True).crls == (publisher.content,)
    publisher.content = None
    assert evidence_about([listed, ROOT], at=AT + DAY, insist=True).crls
    assert publisher.asked == 1


@pytest.mark.parametrize("content", [None, b"", b"words", crl(key=OTHER_KEY), bytes(21 * 1024 * 1024)])
def test_says_that_it_is_tried_later_when_there_is_no_good_list(publisher, listed, content):
    publisher.content = content
    with pytest.raises(NoRevocationData):
        evidence_about([listed, ROOT], at=AT + DAY, insist=False)


def test_does_not_insist_where_nobody_can_be_asked():
    assert evidence_about([leaf(), ROOT], at=AT, insist=False) == Evidence()
    with pytest.raises(NoRevocationData):
        evidence_about([leaf(), ROOT], at=AT, insist=True)


def test_asks_the_responder_that_a_certificate_names(publisher):
    access = x509.AccessDescription(
        AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(publisher.url)
    )
    asked = leaf(x509.AuthorityInformationAccess([access]))
    publisher.content = answer(certificate=asked)
    assert evidence_about([asked, ROOT], at=AT, insist=True).ocsps == (publisher.content,)
    assert ocsp.load_der_ocsp_request(publisher.body).serial_number == SERIAL


def test_refreshes_the_lists_it_knows_and_keeps_the_last_good_one(publisher, listed):
    publisher.content = crl()
    evidence_about([listed, ROOT], at=AT, insist=True)
    newer = publisher.content = crl(Revoked(SERIAL, AT), at=AT + DAY, number=2)
    assert refresh(at=AT + DAY).failed == 0
    assert kept_evidence().crls == (newer,)
    for bad in (b"words", None, crl()):
        publisher.content = bad
        refresh(at=AT + DAY)
        assert kept_evidence().crls == (newer,)
    publisher.content = None
    assert (refresh(at=AT + DAY).asked, refresh(at=AT + DAY).failed) == (1, 1)


def test_an_older_answer_does_not_hide_a_revocation(publisher):
    """Replayed by whoever sits on the line."""
    access = x509.AccessDescription(
        AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(publisher.url)
    )
    asked = leaf(x509.AuthorityInformationAccess([access]))
    with time_machine.travel(AT):
        good = publisher.content = answer(certificate=asked)
    evidence_about([asked, ROOT], at=AT, insist=True)
    with time_machine.travel(AT + DAY):
        revoked = answer(certificate=asked, status=ocsp.OCSPCertStatus.REVOKED, revoked_at=AT, at=AT + DAY)
    publisher.content = revoked
    refresh(at=AT + DAY)
    publisher.content = good
    refresh(at=AT + DAY)
    assert kept_evidence().ocsps == (revoked,)


def test_forgets_whom_to_ask_about_a_certificate_that_is_over(publisher, listed):
    publisher.content = crl()
    evidence_about([listed, ROOT], at=AT, insist=True)
    assert refresh(at=AT + 366 * DAY).asked == 0


def test_forgets_the_answer_about_a_certificate_that_is_over(publisher):
    access = x509.AccessDescription(
        AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(publisher.url)
    )
    asked = leaf(x509.AuthorityInformationAccess([access]))
    publisher.content = answer(certificate=asked)
    evidence_about([asked, ROOT], at=AT, insist=True)
    assert kept_evidence().ocsps
    refresh(at=AT + 366 * DAY)
    assert kept_evidence() == Evidence()


@pytest.mark.parametrize("junk", [b"", b"words", ROOT.public_bytes(Encoding.PEM)])
def test_a_damaged_source_does_not_stop_the_others(publisher, listed, signatures_dir, junk):
    publisher.content = crl()
    evidence_about([listed, ROOT], at=AT, insist=True)
    (signatures_dir / "revocation" / "sources" / "0.pem").write_bytes(junk)
    newer = publisher.content = crl(at=AT + DAY, number=2)
    assert refresh(at=AT + DAY).asked == 1
    assert kept_evidence().crls == (newer,)


def test_a_damaged_list_is_replaced(publisher, listed, signatures_dir):
    publisher.content = crl()
    evidence_about([listed, ROOT], at=AT, insist=True)
    (kept,) = (signatures_dir / "revocation").glob("*.crl")
    kept.write_bytes(b"words")
    assert refresh(at=AT + DAY).failed == 0
    assert kept_evidence().crls == (publisher.content,)


def test_the_demos_damaged_list_is_issued_anew(signer, signatures_dir):
    issue_revocation_lists(signatures_dir, at=AT)
    damaged = signatures_dir / "revocation" / "authority-issuing.crl"
    damaged.write_bytes(b"words")
    refresh(at=AT)
    assert revocation(signer.certificate, signer.chain[0], at=AT, evidence=kept_evidence()).known


def test_the_demos_authority_publishes_its_lists_and_what_it_revoked(signer, signatures_dir):
    issuing = signer.chain[0]
    assert refresh(at=AT).failed == 0
    good = revocation(signer.certificate, issuing, at=AT, evidence=kept_evidence())
    assert good.known and good.revoked_at is None
    revoke_certificate(
        signatures_dir, serial=signer.certificate.serial_number, at=AT + DAY, reason="keyCompromise"
    )
    revoke_certificate(signatures_dir, serial=signer.certificate.serial_number, at=AT + 2 * DAY)
    assert (
        revocation(signer.certificate, issuing, at=AT + 3 * DAY, evidence=kept_evidence()).revoked_at
        == AT + DAY
    )
    with pytest.raises(ValueError, match="mood"):
        revoke_certificate(signatures_dir, serial=1, at=AT, reason="mood")


def test_the_demos_lists_are_renewed_after_a_day(signer, signatures_dir):
    issue_revocation_lists(signatures_dir, at=AT)
    first = kept_evidence().crls
    issue_revocation_lists(signatures_dir, at=AT + timedelta(hours=5))
    assert kept_evidence().crls == first
    issue_revocation_lists(signatures_dir, at=AT + 2 * DAY)
    assert not set(kept_evidence().crls) & set(first)


def test_nothing_is_issued_where_there_is_no_authority(signatures_dir):
    issue_revocation_lists(signatures_dir, at=AT)
    assert kept_evidence() == Evidence()
