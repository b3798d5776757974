from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from motcua.foundation.signatures.batch import BatchItem, sign_batch
from motcua.foundation.signatures.examination import examine_pdf
from motcua.foundation.signatures.keys import ExpiredKey, KeyUnavailable
from motcua.foundation.signatures.pdf import CannotSign
from motcua.foundation.signatures.tests.factories import AT, LATER, draft_pdf, request, stamp, trust_roots
from motcua.foundation.signatures.tests.test_csc import load, standin, state  # noqa: F401  fixtures


def item(ref: str, *, pdf: bytes | None = None, **changes: object) -> BatchItem:
    return BatchItem(ref, draft_pdf() if pdf is None else pdf, request(stamp_pdf=stamp(), **changes))


def mixed() -> list[BatchItem]:
    late = AT + timedelta(days=400)
    return [item("a"), item("torn", pdf=b"%PDF-1.7"), item("b"), item("late", at=late), item("c")]


def refs_and_errors(outcomes) -> list[tuple[str, type | None]]:
    return [(one.ref, one.error and type(one.error)) for one in outcomes]


EXPECTED = [("a", None), ("torn", CannotSign), ("b", None), ("late", ExpiredKey), ("c", None)]


def test_signs_the_others_when_one_cannot_be_signed(signer, signatures_dir):
    outcomes = list(sign_batch(mixed(), signer=signer))
    assert refs_and_errors(outcomes) == EXPECTED
    good = [one.signed for one in outcomes if one.signed]
    assert all(examine_pdf(pdf, at=LATER, trust=trust_roots(signatures_dir)).is_valid for pdf in good)


def test_tells_its_progress(signer):
    told: list[int] = []
    list(sign_batch(mixed(), signer=signer, progress=told.append))
    assert told == [1, 2, 3, 4, 5]


def test_reads_items_as_it_needs_them(signer):
    outcomes = sign_batch((item(str(number)) for number in count()), signer=signer)
    assert [next(outcomes).ref for _ in range(3)] == ["0", "1", "2"]


def test_asks_a_service_once_for_as_many_as_it_allows(load, standin):  # noqa: F811
    signer = load("chair-ecdsa", more="pin_env: CSC_PIN\n")
    outcomes = list(sign_batch(mixed(), signer=signer))
    assert refs_and_errors(outcomes) == EXPECTED
    # Three at a time: two of the first three, one of the other two.
    assert standin.asked.count("authorize") == standin.asked.count("signHash") == 2
    for one in outcomes:
        assert one.error or examine_pdf(one.signed, at=LATER, trust=[standin.root]).is_valid


def test_asks_nothing_for_a_group_in_which_nothing_can_be_signed(load, standin):  # noqa: F811
    outcomes = list(sign_batch([item("torn", pdf=b"")] * 3, signer=load()))
    assert refs_and_errors(outcomes) == [("torn", CannotSign)] * 3
    assert "authorize" not in standin.asked


def test_tells_for_each_item_that_the_service_refused(load, standin):  # noqa: F811
    signer = load()
    signer.batch_size()
    standin.before = lambda path: ({"error": "access_denied"}, 400) if path == "authorize" else None
    outcomes = list(sign_batch(mixed(), signer=signer))
    assert [type(one.error) for one in outcomes] == [
        KeyUnavailable,
        CannotSign,
        KeyUnavailable,
        ExpiredKey,
        KeyUnavailable,
    ]


def test_tells_for_each_item_that_the_service_is_down(load, standin):  # noqa: F811
    standin.before = lambda path: ("", 503)
    outcomes = list(sign_batch([item("a"), item("b")], signer=load()))
    assert refs_and_errors(outcomes) == [("a", KeyUnavailable), ("b", KeyUnavailable)]


def test_does_not_hide_a_fault_of_our_own(signer, load, monkeypatch):  # noqa: F811
    remote = load()
    remote.batch_size()
    monkeypatch.setattr(remote, "sign_many", lambda data: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        list(sign_batch([item("a"), item("b")], signer=remote))
