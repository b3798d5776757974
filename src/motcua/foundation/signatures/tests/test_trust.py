from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from motcua.foundation.signatures.examination import examine_pdf
from motcua.foundation.signatures.levels import extend_pdf
from motcua.foundation.signatures.tests.factories import (
    AT,
    LATER,
    ClockedAuthority,
    Stranger,
    draft_pdf,
    signed_pdf,
)
from motcua.foundation.signatures.trust import (
    BadTrustList,
    read_trust_list,
    trust_from_json,
    trust_list,
    trust_to_json,
)
from motcua.foundation.signatures.xml import examine_xml, sign_xml

STRANGER = Stranger()
ROOT = STRANGER.root
MARK = ROOT.fingerprint(SHA256()).hex()


@pytest.fixture
def folder(signatures_dir):
    (signatures_dir / "trust" / "tsa").mkdir(parents=True)
    return signatures_dir / "trust"


@pytest.fixture
def put(folder, signatures_dir):
    """The list with the root in it and this text as trust.yaml."""

    def read(text=""):
        (folder / "root.pem").write_bytes(ROOT.public_bytes(Encoding.PEM))
        if text:
            (folder / "trust.yaml").write_text(text, encoding="utf-8")
        return read_trust_list(signatures_dir)

    return read


def entry(**facts):
    return f"certificates:\n  - sha256: {MARK}\n" + "".join(
        f"    {key}: {value}\n" for key, value in facts.items()
    )


def test_trusts_nobody_without_a_list(signatures_dir):
    assert read_trust_list(signatures_dir).authorities == ()


def test_tells_authorities_for_signers_from_those_for_time(put, folder):
    trust = put()
    assert (trust.anchors("signer", AT), trust.anchors("tsa", AT)) == ([ROOT], [])
    (folder / "tsa" / "root.pem").write_bytes(ROOT.public_bytes(Encoding.PEM))
    trust = put()
    assert (trust.anchors("signer", AT), trust.anchors("tsa", AT)) == ([ROOT], [ROOT])


@pytest.mark.parametrize(
    ("purpose", "signers", "stamps"), [("signer", True, False), ("tsa", False, True), ("both", True, True)]
)
def test_the_file_may_say_what_an_authority_is_for(put, purpose, signers, stamps):
    trust = put(entry(purpose=purpose))
    assert (bool(trust.anchors("signer", AT)), bool(trust.anchors("tsa", AT))) == (signers, stamps)


def test_an_authority_counts_in_its_time_only(put):
    trust = put(entry(valid_from="2025-01-01", valid_to="2026-01-01T00:00:00+07:00", source="Decision 1"))
    assert trust.authorities[0].source == "Decision 1"
    assert not trust.anchors("signer", datetime(2024, 12, 31, tzinfo=UTC))
    assert trust.anchors("signer", datetime(2025, 1, 1, tzinfo=UTC))
    assert not trust.anchors("signer", datetime(2025, 12, 31, 17, tzinfo=UTC))


def test_a_withdrawn_authority_counts_no_longer(put):
    pdf = STRANGER.sign(draft_pdf())
    before = put(entry(status="granted"))
    assert examine_pdf(pdf, at=LATER, trust=before).is_valid
    withdrawn = put(entry(status="withdrawn", withdrawn_at=(AT + timedelta(days=1)).isoformat()))
    assert examine_pdf(pdf, at=AT + timedelta(hours=2), trust=withdrawn).is_valid
    assert examine_pdf(pdf, at=LATER, trust=withdrawn).problems == ("unknown_authority",)


@pytest.fixture
def issuing_withdrawn(signatures_dir):
    """The demo's root is believed, its issuing authority was withdrawn a day after AT."""

    def withdraw(folder, certificate):
        path = signatures_dir / folder / "issuing.pem"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(certificate.public_bytes(Encoding.PEM))
        (signatures_dir / "trust" / "trust.yaml").write_text(
            f"certificates:\n  - sha256: {certificate.fingerprint(SHA256()).hex()}\n    status: withdrawn\n"
            f"    withdrawn_at: {(AT + timedelta(days=1)).isoformat()}\n"
        )
        return read_trust_list(signatures_dir)

    return withdraw


def test_a_withdrawn_issuing_authority_certifies_nobody_while_its_root_is_believed(signer, issuing_withdrawn):
    trust = issuing_withdrawn("trust", signer.chain[0])
    pdf, xml = signed_pdf(signer), sign_xml(b"<a/>", signer=signer, at=AT)
    assert trust.anchors("signer", LATER)
    for examined in (examine_pdf(pdf, at=LATER, trust=trust), examine_xml(xml, at=LATER, trust=trust)):
        assert (examined.verdict, examined.problems) == ("INDETERMINATE", ("unknown_authority",))
    before = AT + timedelta(hours=2)
    assert examine_pdf(pdf, at=before, trust=trust).is_valid
    assert examine_xml(xml, at=before, trust=trust).is_valid


def test_what_a_withdrawn_authority_certified_before_stays_proven(signer, signatures_dir, issuing_withdrawn):
    clock = ClockedAuthority(AT)
    clock.at = AT + timedelta(hours=2)
    clock.believe(signatures_dir)
    pdf = extend_pdf(signed_pdf(signer), at=clock.at, level="B-T", stamper=clock)
    trust = issuing_withdrawn("trust", signer.chain[0])
    assert examine_pdf(pdf, at=LATER, trust=trust).is_valid


def test_a_withdrawn_time_stamp_certificate_proves_nothing_while_its_root_is_believed(
    signer, signatures_dir, issuing_withdrawn
):
    clock = ClockedAuthority(AT)
    clock.at = AT + timedelta(hours=2)
    clock.believe(signatures_dir)
    pdf = extend_pdf(signed_pdf(signer), at=clock.at, level="B-T", stamper=clock)
    trust = issuing_withdrawn("trust/tsa", clock.certificate)
    (stamp,) = examine_pdf(pdf, at=LATER, trust=trust).time_stamps
    assert stamp.problem == "unknown_authority"


@pytest.mark.parametrize(
    "text",
    [
        "- a\n",
        "certificates: 1\n",
        "certificates:\n  - purpose: both\n",
        "certificates:\n  - sha256: 00\n",
        "other: 1\n",
        "certificates: [\n",
        "\ttab",
        entry(purpose="everything"),
        entry(status="withdrawn"),
        entry(withdrawn_at="2025-01-01"),
        entry(status="lost"),
        entry(valid_to="soon"),
        entry(vaild_to="2025-01-01"),
    ],
)
def test_a_wrong_entry_makes_the_whole_list_unusable(put, text):
    with pytest.raises(BadTrustList):
        put(text)


def test_a_file_without_a_certificate_makes_the_whole_list_unusable(put, folder):
    (folder / "note.pem").write_text("words")
    with pytest.raises(BadTrustList):
        put()


def test_the_list_survives_the_way_to_the_examining_process(put):
    trust = put(entry(purpose="tsa", valid_from="2025-01-01"))
    assert trust_from_json(trust_to_json(trust)) == trust
    assert trust_list([ROOT]).anchors("tsa", AT) == [ROOT]
