"""Making the proof file of one entry."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from motcua.foundation.journal.contributions import head_sealer
from motcua.foundation.journal.errors import NotSealed
from motcua.foundation.journal.models import Batch, Leaf, Stamp
from motcua.foundation.journal.reading import ENTRY_COLUMNS
from motcua.foundation.journal.rules.canonical import canonical
from motcua.foundation.journal.rules.merkle import Link, path_of
from motcua.foundation.journal.rules.proofs import Proof, write_proof

_ENTRY = f"SELECT {ENTRY_COLUMNS} FROM foundation_journal_entry e WHERE e.id = %s"  # noqa: S608


def make_proof(entry_id: UUID) -> bytes:
    """The inclusion proof of a sealed entry: a JSON file that `motcua verify` checks offline.

    It reaches to the first time stamp that covers the entry, or to the latest head while there is none. It holds
    the entry without its details. Not access-checked. Raises NotSealed.
    """
    leaf = Leaf.objects.filter(entry_id=entry_id).first()
    with connection.cursor() as cursor:
        cursor.execute(_ENTRY, [entry_id])
        row = cursor.fetchone()
    if leaf is None or row is None:
        raise NotSealed
    stamp = Stamp.objects.filter(batch_id__gte=leaf.batch).order_by("batch_id").first()
    batches = Batch.objects.filter(number__gte=leaf.batch).order_by("number")
    if stamp:
        batches = batches.filter(number__lte=stamp.batch_id)
    chain = list(batches)
    own = chain[0]
    hashes = Leaf.objects.filter(position__range=(own.first_position, own.last_position)).order_by("position")
    leaves = [bytes(it) for it in hashes.values_list("hash", flat=True)]
    links, previous = [link_of(batch) for batch in chain], bytes(own.previous_head)
    sealer = head_sealer()
    proof = Proof(
        position=leaf.position,
        text=canonical(leaf.position, row),
        path=path_of(leaves, leaf.position - own.first_position),
        previous_head=previous,
        links=links,
        token=bytes(stamp.token) if stamp else None,
        seal=sealer(bytes(chain[-1].head)) if sealer else "",
    )
    return write_proof(proof)


def link_of(batch: Batch) -> Link:
    return Link(batch.number, batch.first_position, batch.last_position, bytes(batch.root))
