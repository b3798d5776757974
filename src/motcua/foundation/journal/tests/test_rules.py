"""Merkle trees, the chain and proofs, held against an independent reading of RFC 6962."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.rules.canonical import COLUMNS, canonical, leaf_hash, tag_of
from motcua.foundation.journal.rules.merkle import GENESIS, Link, path_of, root_by_path, root_of
from motcua.foundation.journal.rules.proofs import Proof, check_proof, is_proof, write_proof
from motcua.foundation.journal.tests.factories import AT, FakeStamper
from motcua.foundation.kernel.ids import new_id


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def naive_root(texts: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word."""
    if len(texts) == 1:
        return sha256(b"\x00" + texts[0])
    k = 1
    while k * 2 < len(texts):
        k *= 2
    return sha256(b"\x01" + naive_root(texts[:k]) + naive_root(texts[k:]))


def naive_path(m: int, texts: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1, word for word."""
    if len(texts) == 1:
        return []
    k = 1
    while k * 2 < len(texts):
        k *= 2
    if m < k:
        return [*naive_path(m, texts[:k]), naive_root(texts[k:])]
    return [*naive_path(m - k, texts[k:]), naive_root(texts[:k])]


trees = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


@given(texts=trees, data=st.data())
def test_roots_and_paths_are_those_of_rfc_6962(texts, data):
    leaves = [leaf_hash(text) for text in texts]
    index = data.draw(st.integers(0, len(texts) - 1))
    path = path_of(leaves, index)
    assert root_of(leaves) == naive_root(texts)
    assert path == naive_path(index, texts)
    assert root_by_path(leaves[index], index, len(leaves), path) == root_of(leaves)


@given(texts=trees, data=st.data())
def test_a_path_fits_no_other_leaf_place_or_size(texts, data):
    leaves = [leaf_hash(bytes([number]) + text) for number, text in enumerate(texts)]
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, path = root_of(leaves), path_of(leaves, index)
    assert root_by_path(leaf_hash(b"another"), index, len(leaves), path) != root
    assert root_by_path(leaves[index], index, len(leaves), [*path, bytes(32)]) != root
    for other in range(len(leaves)):
        if other != index:
            assert root_by_path(leaves[index], other, len(leaves), path) != root
    if path:
        assert root_by_path(leaves[index], index, len(leaves), path[:-1]) != root


def test_the_known_tree_of_the_certificate_transparency_project():
    """Test vectors of RFC 6962's reference code: eight leaves."""
    texts = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    leaves = [leaf_hash(bytes.fromhex(text)) for text in texts]
    assert root_of(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_a_head_covers_everything_that_stands_in_its_batch():
    link = Link(2, 11, 20, b"r" * 32)
    numbers = b"".join(number.to_bytes(8, "big") for number in (2, 11, 20))
    assert link.head(b"p" * 32) == sha256(b"motcua journal head 1\x00" + b"p" * 32 + numbers + b"r" * 32)


def values(**changes):
    given = dict.fromkeys(COLUMNS)
    given |= {"id": new_id(), "sequence": 7, "at": AT, "kind": "dossier.signed", "facts": "{}"} | changes
    return tuple(given[name] for name in COLUMNS)


def test_the_canonical_form_holds_every_column_of_an_entry():
    assert {field.column for field in Entry._meta.concrete_fields} == set(COLUMNS)


def test_the_canonical_form_is_sorted_json_without_spaces():
    text = canonical(3, values(facts='{"b": 1.10, "a": 12345678901234567890123}', detail_digest=b"\x01" * 32))
    assert b'"facts":{"b": 1.10, "a": 12345678901234567890123}' in text
    assert b'"at":"2026-03-10T02:00:00Z"' in text
    fields = json.loads(text)
    assert list(fields) == sorted([*COLUMNS, "position", "version"])
    assert (fields["position"], fields["version"], fields["detail_digest"]) == (3, 1, "01" * 32)


def test_the_tag_is_an_hmac():
    assert tag_of(b"key", b"leaf") == hmac.new(b"key", b"leaf", "sha256").digest()


stamper = FakeStamper()


def proof_file(*, count: int = 5, index: int = 2, later: int = 2, stamped: bool = True) -> bytes:
    first = 11
    texts = [canonical(first + number, values(sequence=number)) for number in range(count)]
    leaves = [leaf_hash(text) for text in texts]
    links = [Link(4, first, first + count - 1, root_of(leaves))]
    links += [Link(5 + n, first + count + n, first + count + n, sha256(b"later")) for n in range(later)]
    head = GENESIS
    for link in links:
        head = link.head(head)
    token = stamper.stamp(head) if stamped else None
    return write_proof(Proof(first + index, texts[index], path_of(leaves, index), GENESIS, links, token))


def test_a_proof_over_a_long_outage_of_the_authority_still_holds():
    """Two days of batches without a stamp, with numbers as long as they get."""
    texts = [canonical(10**10, values())]
    leaves = [leaf_hash(text) for text in texts]
    links = [
        Link(10**7 + number, 10**10 + number, 10**10 + number, root_of(leaves)) for number in range(200_000)
    ]
    head = GENESIS
    for link in links:
        head = link.head(head)
    file = write_proof(Proof(10**10, texts[0], [], GENESIS, links, stamper.stamp(head)))
    assert check_proof(file, check_token=stamper.check).is_valid


@given(count=st.integers(1, 40), later=st.integers(0, 4), data=st.data())
def test_a_proof_of_any_entry_holds(count, later, data):
    file = proof_file(count=count, later=later, index=data.draw(st.integers(0, count - 1)))
    verdict = check_proof(file, check_token=stamper.check)
    assert verdict.is_valid
    assert verdict.stamp and verdict.stamp.authority == "Test authority"
    assert verdict.entry and verdict.entry["kind"] == "dossier.signed"
    assert is_proof(file)


def changed(change) -> bytes:
    file = json.loads(proof_file())
    change(file)
    return json.dumps(file).encode()


@pytest.mark.parametrize(
    ("problem", "change"),
    [
        ("wrong_path", lambda it: it.update(entry=it["entry"].replace("signed", "forged"))),
        ("wrong_path", lambda it: it["path"].pop()),
        ("wrong_path", lambda it: it["path"].reverse()),
        ("wrong_path", lambda it: it["batches"][0].update(root="00" * 32)),
        ("wrong_path", lambda it: it["batches"][0].update(first=1, last=2)),
        ("wrong_entry", lambda it: it.update(position=12)),
        ("bad_stamp", lambda it: it.update(previous_head="11" * 32)),
        ("bad_stamp", lambda it: it["batches"].pop()),
        ("bad_stamp", lambda it: it.update(token="AAAA")),
        ("wrong_chain", lambda it: it["batches"].pop(1)),
        ("unstamped", lambda it: it.update(token=None)),
        ("unreadable", lambda it: it.update(token="no base64!")),
        ("unreadable", lambda it: it.update(version=2)),
        ("unreadable", lambda it: it.update(batches=[])),
        ("unreadable", lambda it: it.update(path=["00" * 31])),
        ("unreadable", lambda it: it.update(position=True)),
        ("unreadable", lambda it: it.update(position=2**70)),
        ("unreadable", lambda it: it.update(entry="[]")),
    ],
)
def test_a_changed_proof_does_not_hold(problem, change):
    verdict = check_proof(changed(change), check_token=stamper.check)
    assert (verdict.problem, verdict.is_valid) == (problem, False)


def test_a_proof_is_worth_nothing_without_a_trusted_stamp():
    untrusted = FakeStamper(trusted=False)
    assert check_proof(proof_file(), check_token=untrusted.check).problem == "untrusted_stamp"
    assert check_proof(proof_file()).problem == "stamp_not_checked"
    unstamped = check_proof(proof_file(stamped=False), check_token=stamper.check)
    assert (unstamped.problem, unstamped.intact) == ("unstamped", True)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=70),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=300)
@given(field=st.sampled_from(sorted(json.loads(proof_file()))), value=json_values)
def test_a_hostile_proof_never_crashes(field, value):
    file = json.loads(proof_file())
    file[field] = value
    check_proof(json.dumps(file).encode(), check_token=stamper.check)


@given(data=st.binary(max_size=200))
def test_a_file_that_is_no_proof_is_unreadable(data):
    assert not check_proof(data, check_token=stamper.check).is_readable


@pytest.mark.parametrize(
    "data", [b"[" * 200_000, b'{"a":' * 200_000, b"9" * 9_000_000, b'"\\ud800"', b'{"entry":"\\ud800"}']
)
def test_deep_and_endless_files_are_refused(data):
    assert not check_proof(data, check_token=stamper.check).is_readable
