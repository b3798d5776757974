"""Loading a pack: read, check, publish. A pack with a finding is not loaded at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from motcua.casework.packs.linting import (
    advise_pack,
    lint_examples,
    lint_files,
    lint_pack,
    lint_path,
    surroundings_of,
)
from motcua.casework.packs.opening import BadPack, Pack, open_pack, read_pack
from motcua.casework.packs.packing import listing_of, packed
from motcua.casework.packs.rules.findings import Finding, errors
from motcua.casework.process.services import publish_definition
from motcua.foundation.kernel.actors import Actor
from motcua.registry.catalogue.services import enter_life_event, list_procedure, publish_version

__all__ = [
    "BadPack", "Finding", "Pack", "advise_pack", "lint_examples", "lint_files", "lint_pack", "lint_path", "load_pack",
    "open_pack", "read_pack", "surroundings_of",
]  # fmt: skip


@transaction.atomic
def load_pack(*, actor: Actor, path: Path, at: datetime) -> dict[str, int]:
    """Check a pack and publish everything in it, or nothing. Loading again changes only what changed.

    Returns counts: modelled, listed, life_events. Raises BadPack with the findings.
    """
    pack = read_pack(path)
    if wrong := errors(list(lint_pack(pack))):
        raise BadPack(wrong)
    for listed in pack.listed:
        if listed["code"] not in {files["procedure"]["code"] for files in pack.procedures.values()}:
            list_procedure(listing_of(pack.words, listed, is_online=False))
    for files in pack.procedures.values():
        _publish(actor, pack, files, at)
    for position, event in enumerate(pack.life_events, start=1):
        enter_life_event(
            code=event["code"],
            position=position,
            icon=event["icon"],
            texts={"names": event["name"], "descriptions": event["text"]},
            procedure_codes=list(event["procedures"]),
        )
    return {
        "modelled": len(pack.procedures),
        "listed": len(pack.listed),
        "life_events": len(pack.life_events),
    }


def _publish(actor: Actor, pack: Pack, files: Mapping[str, Any], at: datetime) -> None:
    publication = packed(pack.words, files)
    publish_definition(
        code=publication.listing.code,
        digest=publication.digest,
        content=publication.definition["process"],
    )
    publish_version(actor=actor, publication=publication, at=at)
