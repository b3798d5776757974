from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from cryptography.hazmat.primitives.asymmetric import ec

from motcua.foundation.signatures import orders
from motcua.foundation.signatures.authority import issue_revocation_lists, revoke_certificate
from motcua.foundation.signatures.certificates import (
    Certified,
    Revoked,
    authority_certificate,
    authority_name,
    revocation_list,
)
from motcua.foundation.signatures.evidence import Evidence, issuer_mark, name_mark
from motcua.foundation.signatures.orders import Order, read_order, write_order
from motcua.foundation.signatures.revocation import kept_evidence
from motcua.foundation.signatures.tests.factories import AT, LATER, signed_pdf
from motcua.foundation.signatures.trust import read_trust_list, trust_list
from motcua.foundation.signatures.verification import verify_pdf

KEY = ec.generate_private_key(ec.SECP256R1())


def authority(name):
    return authority_certificate(Certified(authority_name(name), KEY, AT, 3650), authority_name(name), KEY)


def crl(name, entries=0, number=1):
    revoked = (Revoked(10**40 + one, AT) for one in range(entries))
    return revocation_list(authority(name), KEY, revoked, number=number, at=AT, days=30)


def test_an_order_survives_the_way_to_the_examining_process():
    evidence = Evidence((b"one\n", b"", b"three"), (b"\x00answer",))
    order = Order(LATER, trust_list([authority("A")]), evidence, b"%PDF-\n")
    assert read_order(BytesIO(write_order(order))) == order


def test_what_is_too_much_evidence_is_left_out_and_listed_authorities_stay(monkeypatch):
    ours, newest, older = crl("Ours", 9), crl("Other", 9, number=2), crl("Other", 9)
    monkeypatch.setattr(orders, "MAX_EVIDENCE_BYTES", len(newest) + len(ours) + len(b"answer"))
    order = Order(LATER, trust_list([authority("Ours")]), Evidence((newest, older, ours), (b"answer",)), b"")
    assert read_order(BytesIO(write_order(order))).evidence == Evidence((newest, ours), (b"answer",))


def test_reads_whose_list_it_is_without_reading_the_list():
    assert issuer_mark(crl("Cơ quan cấp", 1000)) == name_mark(authority("Cơ quan cấp").subject)
    for junk in (b"", b"words", b"0", b"\x30\x80", crl("A")[:9]):
        assert issuer_mark(junk) is None


def test_many_large_lists_of_others_do_not_hide_a_revocation(signer, signatures_dir):
    issue_revocation_lists(signatures_dir, at=AT)
    revoke_certificate(signatures_dir, serial=signer.certificate.serial_number, at=AT)
    large = crl("Other", 20_000)
    lists = tuple(large[:-1] + bytes([one]) for one in range(50))
    trust = read_trust_list(signatures_dir)
    verdict = verify_pdf(
        signed_pdf(signer), at=AT + timedelta(days=1), trust=trust, evidence=Evidence(lists) + kept_evidence()
    )
    assert verdict.problems == ("certificate_revoked",)
