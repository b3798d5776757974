"""Inclusion proofs: a small file that shows, offline, that an entry stands in the sealed journal."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from motcua.foundation.journal.rules.canonical import leaf_hash
from motcua.foundation.journal.rules.merkle import Link, root_by_path
from motcua.foundation.journal.rules.stamps import BadStamp, StampFacts

FORMAT = "motcua journal proof"
VERSION = 1
MAX_BYTES = 32 * 1024 * 1024
_HASH_CHARACTERS = 64
_LONGEST_PATH = 64
_MOST_LINKS = 200_000
_LARGEST = 2**63 - 1
# Those of real authorities have 2 to 10 KB.
_LONGEST_TOKEN = 64 * 1024

_LONGEST_SEAL = 64 * 1024

CheckToken = Callable[[bytes, bytes], StampFacts]


@dataclass(frozen=True, slots=True)
class Proof:
    """What a proof file holds. `text`: the entry's canonical text. `path`: sibling hashes up to the root.

    `previous_head`: the head before the entry's batch. `links`: the entry's batch and those after it, up to the
    stamped one. `token`: RFC 3161, on the head of the last link; None when it was not stamped yet. `seal`: the
    installation's own signature of that head, signed XML (`signatures.seals`); "" where it has no key for it.
    """

    position: int
    text: bytes
    path: Sequence[bytes]
    previous_head: bytes
    links: Sequence[Link]
    token: bytes | None
    seal: str = ""


@dataclass(frozen=True, slots=True)
class ProofVerdict:
    """`intact`: the entry's text leads to `head`. `stamp`: what the time stamp on `head` says, None without one.

    `problem`: why not, a code: `unreadable`, `too_large`, `wrong_entry`, `wrong_path`, `wrong_chain`, `bad_stamp`,
    `unstamped`, `stamp_not_checked`, `untrusted_stamp`; empty when the proof is valid. `entry`: the fields of the
    entry's canonical text, None unless intact. `leaf`: its leaf hash. `seal`: as in the file, not judged here;
    `sealed_by`: whose it is, once it was judged (`signatures.proof_files`).
    """

    problem: str
    intact: bool = False
    position: int | None = None
    head: bytes | None = None
    entry: dict[str, Any] | None = None
    stamp: StampFacts | None = None
    leaf: bytes | None = None
    seal: str = ""
    sealed_by: str = ""

    @property
    def is_readable(self) -> bool:
        return self.problem not in {"unreadable", "too_large"}

    @property
    def is_valid(self) -> bool:
        """Intact and stamped by a trusted authority. Which journal it is of says the seal, or that journal itself:
        anybody can have a journal of their own stamped."""
        return not self.problem


class _Unreadable(Exception):
    pass


def write_proof(proof: Proof) -> bytes:
    """One JSON object on one line, UTF-8; at most 132 bytes for each link."""
    links = [
        {"number": it.number, "first": it.first, "last": it.last, "root": it.root.hex()} for it in proof.links
    ]
    return orjson.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "position": proof.position,
            "entry": proof.text.decode(),
            "path": [it.hex() for it in proof.path],
            "previous_head": proof.previous_head.hex(),
            "batches": links,
            "token": None if proof.token is None else base64.b64encode(proof.token).decode(),
            "seal": proof.seal or None,
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )


def is_proof(data: bytes) -> bool:
    """Whether a file looks like one of ours, for who has to tell files apart."""
    return FORMAT.encode() in data[:200]


def check_proof(data: bytes, *, check_token: CheckToken | None = None) -> ProofVerdict:
    """Say whether a proof file holds. Asks no network and no database; takes hostile files and never raises.

    data: at most 32 MiB. check_token: takes a token and the 32 bytes it must stamp, raises BadStamp; None: the
    stamp stays unchecked and the proof is not valid. Source: RFC 9162 section 2.1.3.2; docs/journal.md.
    """
    if len(data) > MAX_BYTES:
        return ProofVerdict("too_large")
    try:
        proof = _read(data)
        entry = _entry_of(proof)
    except (_Unreadable, RecursionError):
        return ProofVerdict("unreadable")
    if entry is None:
        return ProofVerdict("wrong_entry", position=proof.position)
    own = proof.links[0]
    if not own.first <= proof.position <= own.last:
        return ProofVerdict("wrong_path", position=proof.position)
    index, count = proof.position - own.first, own.last - own.first + 1
    leaf = leaf_hash(proof.text)
    if root_by_path(leaf, index, count, proof.path) != own.root:
        return ProofVerdict("wrong_path", position=proof.position)
    head = _head_of(proof)
    if head is None:
        return ProofVerdict("wrong_chain", position=proof.position)
    problem, stamp = _stamp_of(proof.token, head, check_token)
    return ProofVerdict(problem, True, proof.position, head, entry, stamp, leaf, proof.seal)


def _entry_of(proof: Proof) -> dict[str, Any] | None:
    """The entry's fields; None when the text is that of another position."""
    try:
        entry = orjson.loads(proof.text)
    except orjson.JSONDecodeError:
        raise _Unreadable from None
    if not isinstance(entry, dict):
        raise _Unreadable
    return entry if entry.get("position") == proof.position and entry.get("version") == 1 else None


def _head_of(proof: Proof) -> bytes | None:
    """The head of the last batch; None unless the batches follow one another without a gap."""
    head = proof.previous_head
    for before, link in zip((None, *proof.links), proof.links, strict=False):
        if before and (link.number, link.first) != (before.number + 1, before.last + 1):
            return None
        head = link.head(head)
    return head


def _stamp_of(
    token: bytes | None, head: bytes, check_token: CheckToken | None
) -> tuple[str, StampFacts | None]:
    if token is None:
        return "unstamped", None
    if check_token is None:
        return "stamp_not_checked", None
    try:
        facts = check_token(token, head)
    except BadStamp:
        return "bad_stamp", None
    return ("" if facts.trusted else "untrusted_stamp"), facts


def _read(data: bytes) -> Proof:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise _Unreadable from None
    if not isinstance(value, dict) or (value.get("format"), value.get("version")) != (FORMAT, VERSION):
        raise _Unreadable
    links = [_link(it) for it in _list(value.get("batches"), _MOST_LINKS)]
    if not links:
        raise _Unreadable
    token = value.get("token")
    return Proof(
        position=_number(value.get("position")),
        text=_text(value.get("entry")),
        path=[_hash(it) for it in _list(value.get("path"), _LONGEST_PATH)],
        previous_head=_hash(value.get("previous_head")),
        links=links,
        token=None if token is None else _base64(token),
        seal=_seal(value.get("seal")),
    )


def _seal(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > _LONGEST_SEAL:
        raise _Unreadable
    return value


def _link(value: Any) -> Link:
    if not isinstance(value, dict):
        raise _Unreadable
    link = Link(
        number=_number(value.get("number")),
        first=_number(value.get("first")),
        last=_number(value.get("last")),
        root=_hash(value.get("root")),
    )
    if link.first > link.last:
        raise _Unreadable
    return link


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise _Unreadable
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _LARGEST:
        raise _Unreadable
    return value


def _text(value: Any) -> bytes:
    if not isinstance(value, str):
        raise _Unreadable
    return value.encode()


def _hash(value: Any) -> bytes:
    try:
        if isinstance(value, str) and len(value) == _HASH_CHARACTERS:
            return bytes.fromhex(value)
    except ValueError:
        pass
    raise _Unreadable


def _base64(value: Any) -> bytes:
    text = _text(value)
    if len(text) > _LONGEST_TOKEN:
        raise _Unreadable
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise _Unreadable from None
