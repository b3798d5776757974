"""Merkle trees and the chain of batches. Source: RFC 6962 section 2.1; checking a path: RFC 9162 section 2.1.3.2."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

GENESIS = bytes(32)  # what the first batch has for a previous head
_DOMAIN = b"motcua journal head 1\x00"


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _level_above(level: Sequence[bytes]) -> list[bytes]:
    """Pairs become nodes, an odd last one moves up as it is: RFC 6962's tree, level by level."""
    above = [node_hash(level[n], level[n + 1]) for n in range(0, len(level) - 1, 2)]
    return [*above, level[-1]] if len(level) % 2 else above


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree hash of leaf hashes, 32 bytes each; at least one leaf."""
    level = list(leaves)
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def path_of(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The sibling hashes from leaf `index` (from 0) up to the root; at most log2 of the leaves, rounded up."""
    path, level = [], list(leaves)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        level, index = _level_above(level), index // 2
    return path


def path_length(index: int, count: int) -> int:
    """How many hashes `path_of` gives for leaf `index` (from 0) of `count`."""
    length = 0
    while count > 1:
        length += (index ^ 1) < count
        index, count = index // 2, (count + 1) // 2
    return length


def root_by_path(leaf: bytes, index: int, count: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to; None when a path of this length does not fit a tree of `count` leaves."""
    if not 0 <= index < count:
        return None
    here, last, node = index, count - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if here % 2 or here == last:
            node = node_hash(sibling, node)
            while here % 2 == 0 and here:
                here, last = here // 2, last // 2
        else:
            node = node_hash(node, sibling)
        here, last = here // 2, last // 2
    return node if last == 0 else None


@dataclass(frozen=True, slots=True)
class Link:
    """What the head of a batch covers beside the head before it. `number`, `first`, `last` count from 1."""

    number: int
    first: int
    last: int
    root: bytes

    def head(self, previous: bytes) -> bytes:
        """SHA-256 over the domain, the previous head, three 64-bit big-endian numbers and the root: 32 bytes."""
        numbers = b"".join(value.to_bytes(8, "big") for value in (self.number, self.first, self.last))
        return hashlib.sha256(_DOMAIN + previous + numbers + self.root).digest()
