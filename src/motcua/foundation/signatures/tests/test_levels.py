"""Levels and their life: `at` moves, the files do not. The demo's certificates: signer one year, authority ten."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from asn1crypto import cms
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone

from motcua.foundation.signatures.authority import revoke_certificate
from motcua.foundation.signatures.evidence import Evidence
from motcua.foundation.signatures.examination import examine_pdf
from motcua.foundation.signatures.keys import issue_signing_key, load_signer, make_authority
from motcua.foundation.signatures.levels import CannotExtend, extend_pdf
from motcua.foundation.signatures.pdf import sign_pdf
from motcua.foundation.signatures.revocation import kept_evidence
from motcua.foundation.signatures.tests.authorities import ClockedAuthority, running_stand_in
from motcua.foundation.signatures.tests.factories import AT, draft_pdf, make_signer, request, signed_pdf
from motcua.foundation.signatures.timestamps import NoTimeStamp
from motcua.foundation.signatures.trust import read_trust_list
from motcua.foundation.signatures.verification import verify_pdf

SIGNED = AT + timedelta(hours=1)
EXTENDED = AT + timedelta(hours=2)
YEAR = timedelta(days=365)
LEVELS = ("B-T", "B-LT", "B-LTA")


@pytest.fixture
def clock(signatures_dir):
    authority = ClockedAuthority(AT)
    authority.at = EXTENDED
    authority.believe(signatures_dir)
    return authority


@pytest.fixture
def signed(signer):
    return signed_pdf(signer)


@pytest.fixture
def extend(clock, signed):
    def to(level, pdf=signed, *, at=EXTENDED, by=clock):
        by.at = at
        return extend_pdf(pdf, at=at, level=level, stamper=by)

    return to


@pytest.fixture
def judge(signatures_dir):
    """The verdict of a stranger who trusts the same authorities but keeps no revocation data."""

    def at(pdf, moment, evidence=None):
        return examine_pdf(pdf, at=moment, trust=read_trust_list(signatures_dir), evidence=evidence)

    return at


@pytest.mark.parametrize("level", LEVELS)
def test_reaches_every_level_and_leaves_the_signed_bytes_as_they_were(extend, judge, signed, level):
    pdf = extend(level)
    verdict = judge(pdf, EXTENDED)
    (signature,) = verdict.signatures
    assert pdf.startswith(signed)
    assert verdict.is_valid
    assert (verdict.level, signature.proven_at, signature.stamped_by) == (level, EXTENDED, "Clock CA")
    assert signature.signed_at == SIGNED


def test_says_the_level_of_a_plain_signature(signed, judge):
    (signature,) = judge(signed, EXTENDED).signatures
    assert (signature.level, signature.proven_at, signature.revocation) == ("B-B", None, "unknown")


class GrowingAuthority:
    """Its tokens carry `more` certificates beyond their own."""

    def __init__(self, clock, certificate):
        self.clock, self.certificate, self.more = clock, certificate, 0

    def stamp(self, digest):
        token = cms.ContentInfo.load(self.clock.stamp(digest))
        for _number in range(self.more):
            token["content"]["certificates"].append(cms.CertificateChoices({"certificate": self.certificate}))
        return token.copy().dump(force=True)


class EverGrowingAuthority(GrowingAuthority):
    def stamp(self, digest):
        self.more = 10 + 4 * self.more
        return super().stamp(digest)


def test_an_authority_may_give_longer_time_stamps_than_before(signed, signer, clock, judge):
    certificate = Certificate.load(signer.certificate.public_bytes(Encoding.DER))
    growing = GrowingAuthority(clock, certificate)
    extend_pdf(signed, at=EXTENDED, level="B-T", stamper=growing)
    growing.more, clock.asked = 10, 0
    assert judge(extend_pdf(signed, at=EXTENDED, level="B-T", stamper=growing), EXTENDED).level == "B-T"
    assert clock.asked == 3  # the one too long, another for its length, the one that is kept


def test_a_time_stamp_of_unexpected_length_is_tried_again_later(signed, signer, clock):
    certificate = Certificate.load(signer.certificate.public_bytes(Encoding.DER))
    with pytest.raises(NoTimeStamp):
        extend_pdf(signed, at=EXTENDED, level="B-T", stamper=EverGrowingAuthority(clock, certificate))


@pytest.mark.parametrize("level", LEVELS)
def test_does_nothing_twice(extend, clock, level):
    pdf = extend(level)
    asked = clock.asked
    assert extend(level, pdf) is pdf
    assert extend("B-T", pdf) is pdf
    assert clock.asked == asked


def test_climbs_level_by_level(extend, judge, signed):
    pdf = signed
    for level in LEVELS:
        before, pdf = pdf, extend(level, pdf)
        assert pdf.startswith(before)
        assert judge(pdf, EXTENDED).level == level


def test_signs_at_a_level_at_once(signer, clock, judge, monkeypatch):
    monkeypatch.setattr("motcua.foundation.signatures.levels.time_stamper", lambda: clock)
    clock.at = SIGNED
    pdf = sign_pdf(draft_pdf(), signer=signer, request=request(), level="B-LTA")
    assert judge(pdf, EXTENDED).level == "B-LTA"


def test_extends_every_signature_of_a_file(signer, extend, judge, signed):
    twice = sign_pdf(signed, signer=signer, request=request(field_name="Agency"))
    verdict = judge(extend("B-LTA", twice), AT + 2 * YEAR - timedelta(days=1))
    assert verdict.is_valid
    assert [one.level for one in verdict.signatures] == ["B-LTA", "B-LTA"]


def test_lets_the_agency_sign_after_the_extension(signer, extend, judge):
    pdf = sign_pdf(extend("B-LTA"), signer=signer, request=request(field_name="Agency", at=EXTENDED))
    verdict = judge(pdf, EXTENDED)
    assert [one.level for one in verdict.signatures] == ["B-LTA", "B-B"]
    assert judge(extend("B-LTA", pdf), AT + YEAR + timedelta(days=9)).level == "B-LTA"


# What a level outlives


@pytest.mark.parametrize(
    ("level", "verdict", "sub_indication"),
    [
        ("B-B", "INDETERMINATE", "OUT_OF_BOUNDS_NO_POE"),
        ("B-T", "INDETERMINATE", "REVOCATION_OUT_OF_BOUNDS_NO_POE"),
        ("B-LT", "TOTAL-PASSED", ""),
        ("B-LTA", "TOTAL-PASSED", ""),
    ],
)
def test_outlives_the_signers_certificate_from_b_lt_on(extend, judge, level, verdict, sub_indication):
    found = judge(extend(level), AT + YEAR + timedelta(days=1))
    assert (found.verdict, found.signatures[0].sub_indication) == (verdict, sub_indication)
    assert found.signatures[0].intact and found.signatures[0].unchanged


def test_does_not_outlive_the_time_stamps_certificate_unrenewed(extend, judge):
    found = judge(extend("B-LTA"), AT + 2 * YEAR + timedelta(days=1))
    assert (found.verdict, found.problems) == ("INDETERMINATE", ("certificate_expired",))
    assert found.time_stamps[-1].problem == "certificate_expired"


def test_outlives_every_certificate_when_renewed_in_time(extend, judge, signatures_dir):
    """Signed in 2025; in 2040 the certificates of the signer, its authority and two time-stamp authorities are over."""
    pdf, years = extend("B-LTA"), 0
    for years in (1.5, 6, 10.5):
        later = ClockedAuthority(AT + years * YEAR - timedelta(days=2), days=5 * 365, name=f"Clock {years}")
        later.believe(signatures_dir)
        before, pdf = pdf, extend("B-LTA", pdf, at=AT + years * YEAR, by=later)
        assert pdf.startswith(before) and pdf != before
    found = judge(pdf, AT + 15 * YEAR)
    assert (found.verdict, found.level, found.is_valid) == ("TOTAL-PASSED", "B-LTA", True)
    assert found.signatures[0].proven_at == EXTENDED
    assert found.sealed_until == AT + 15.5 * YEAR - timedelta(days=2)
    assert verify_pdf(pdf, at=AT + 15 * YEAR, trust=read_trust_list(signatures_dir)) == found


def test_cannot_be_renewed_too_late(extend, signatures_dir):
    later = ClockedAuthority(AT + 2 * YEAR, name="Later")
    later.believe(signatures_dir)
    with pytest.raises(CannotExtend, match="expired"):
        extend("B-LTA", extend("B-LTA"), at=AT + 2 * YEAR + timedelta(days=1), by=later)


def test_does_not_renew_a_fresh_time_stamp_by_the_same_authority(extend):
    pdf = extend("B-LTA")
    renewed = extend("B-LTA", pdf, at=AT + 1.5 * YEAR)
    assert renewed != pdf
    assert extend("B-LTA", renewed, at=AT + 1.5 * YEAR + timedelta(days=10)) is renewed


# Revocation


def _revoke(signatures_dir, signer, at, reason="keyCompromise"):
    revoke_certificate(signatures_dir, serial=signer.certificate.serial_number, at=at, reason=reason)


@pytest.mark.parametrize(("level", "valid"), [("B-B", False), ("B-T", True), ("B-LT", True), ("B-LTA", True)])
def test_a_later_revocation_harms_only_what_has_no_time_stamp(
    extend, judge, signer, signatures_dir, level, valid
):
    pdf = extend(level)
    _revoke(signatures_dir, signer, EXTENDED + timedelta(days=1))
    found = judge(pdf, EXTENDED + timedelta(days=2), kept_evidence(signatures_dir))
    assert found.is_valid == valid
    if not valid:
        (signature,) = found.signatures
        assert (signature.problem, signature.sub_indication) == ("certificate_revoked", "REVOKED_NO_POE")
        assert (signature.revocation, signature.intact, signature.trusted) == ("revoked", True, False)


@pytest.mark.parametrize("level", ["B-B", *LEVELS])
def test_a_revocation_before_the_signature_is_never_forgiven(extend, judge, signer, signatures_dir, level):
    pdf = extend(level)
    _revoke(signatures_dir, signer, SIGNED - timedelta(minutes=1))
    for moment in (EXTENDED + timedelta(hours=1), AT + YEAR + timedelta(days=1)):
        assert not judge(pdf, moment, kept_evidence(signatures_dir)).is_valid


def test_does_not_extend_what_is_revoked(extend, signer, signatures_dir):
    _revoke(signatures_dir, signer, SIGNED - timedelta(minutes=1))
    with pytest.raises(CannotExtend, match="revoked"):
        extend("B-LTA")


def test_a_revoked_authority_revokes_its_signers(extend, judge, signer, signatures_dir, signed):
    extend("B-LTA")
    revoke_certificate(signatures_dir, serial=signer.chain[0].serial_number, at=SIGNED - timedelta(minutes=1))
    found = judge(signed, EXTENDED + timedelta(hours=1), kept_evidence(signatures_dir))
    assert found.problems == ("certificate_revoked",)


def test_says_that_the_certificate_is_known_to_be_good(extend, judge, signed, signatures_dir):
    extend("B-LTA")
    assert judge(signed, EXTENDED, kept_evidence(signatures_dir)).signatures[0].revocation == "good"


# What goes wrong


def test_says_that_no_authority_is_named(signed):
    with pytest.raises(NoTimeStamp, match="No authority"):
        extend_pdf(signed, at=EXTENDED, level="B-T")


def test_refuses_the_stamp_of_an_authority_nobody_trusts(extend):
    with pytest.raises(CannotExtend, match="trust list"):
        extend("B-T", by=ClockedAuthority(AT))


def test_does_not_extend_a_changed_file(extend, signed):
    changed = bytearray(signed)
    changed[len(signed) // 2] ^= 1
    with pytest.raises(CannotExtend):
        extend("B-T", bytes(changed))


def test_a_time_stamp_proves_nothing_to_who_does_not_trust_its_authority(extend, signatures_dir):
    trust = read_trust_list(signatures_dir).anchors("signer", EXTENDED)
    only_signers = [one for one in trust if "Clock" not in one.subject.rfc4514_string()]
    found = examine_pdf(extend("B-LTA"), at=EXTENDED, trust=only_signers)
    assert found.is_valid
    assert (found.level, found.signatures[0].proven_at) == ("B-B", None)
    assert [one.problem for one in found.time_stamps] == ["unknown_authority"] * 2


def test_a_stamp_from_the_future_proves_nothing(extend, judge):
    found = judge(extend("B-T"), EXTENDED - timedelta(minutes=20))
    assert found.time_stamps[0].problem == "stated_time_later"
    assert found.level == "B-B"


def test_a_list_proven_only_after_its_authoritys_end_is_no_evidence(extend, judge, signatures_dir):
    """Whoever found the key of an authority that is over could make such a list."""
    pdf = extend("B-LT")
    eleven_years = AT + 11 * YEAR
    assert judge(pdf, eleven_years, Evidence()).verdict == "INDETERMINATE"


def test_trusts_the_same_with_another_signers_folder(
    clock, signatures_dir, tmp_path, extend, settings, judge
):
    pdf = extend("B-LTA")
    settings.SIGNATURES_DIR = tmp_path / "other"
    make_signer(settings.SIGNATURES_DIR, authority="Other")
    assert examine_pdf(pdf, at=EXTENDED, trust=read_trust_list(settings.SIGNATURES_DIR)).problems == (
        "unknown_authority",
    )


def test_reaches_b_lta_with_openssls_time_stamps(signatures_dir, settings, tmp_path):
    """The stand-in, over HTTP, in its own process; it knows the machine's time only."""
    now = timezone.now().replace(microsecond=0)
    make_authority(signatures_dir, name="Today", at=now - timedelta(days=1))
    issue_signing_key(
        signatures_dir,
        key_ref="van",
        person="V",
        organisation="",
        title="",
        at=now - timedelta(days=1),
        days=9,
    )
    signed = sign_pdf(draft_pdf(), signer=load_signer("van"), request=request(at=now))
    with running_stand_in(tmp_path / "tsa") as stand_in:
        (signatures_dir / "trust" / "tsa").mkdir()
        shutil.copy(stand_in.state / "authority.pem", signatures_dir / "trust" / "tsa")
        settings.TSA_URL = stand_in.url
        pdf = extend_pdf(signed, at=now, level="B-LTA")
    found = examine_pdf(pdf, at=now + timedelta(days=30), trust=read_trust_list(signatures_dir))
    assert (found.is_valid, found.level) == (True, "B-LTA")
