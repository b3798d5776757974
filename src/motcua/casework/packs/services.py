"""Loading a pack: read, check, publish. A pack with a finding is not loaded at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from motcua.casework.forms.rules.shapes import with_shared
from motcua.casework.packs.common import keep_common
from motcua.casework.packs.linting import (
    advise_pack,
    lint_examples,
    lint_files,
    lint_pack,
    lint_path,
    surroundings_of,
)
from motcua.casework.packs.opening import BadPack, Pack, open_pack, read_pack
from motcua.casework.packs.rules.findings import Finding, errors
from motcua.casework.process.services import publish_definition
from motcua.foundation.kernel.actors import Actor
from motcua.registry.catalogue.services import (
    Listing,
    Publication,
    enter_life_event,
    list_procedure,
    publish_version,
)

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
            list_procedure(_listing(pack, listed, is_online=False))
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
    keep_common(pack.common)
    return {
        "modelled": len(pack.procedures),
        "listed": len(pack.listed),
        "life_events": len(pack.life_events),
    }


def _publish(actor: Actor, pack: Pack, files: Mapping[str, Any], at: datetime) -> None:
    named = ("procedure", "form", "process", *(["linked"] if "linked" in files else []))
    definition = {name: _plain(files[name]) for name in named}
    # The stored schema stands alone, for programs that read it.
    definition["form"]["schema"] = with_shared(definition["form"]["schema"])
    content = json.dumps([definition, files["template"]], sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(content.encode()).hexdigest()
    procedure = definition["procedure"]
    publish_definition(code=procedure["code"], digest=digest, content=definition["process"])
    publish_version(
        actor=actor,
        publication=Publication(
            listing=_listing(pack, procedure, is_online=True),
            valid_from=files["procedure"]["valid_from"],
            definition=definition,
            digest=digest,
            result_template=files["template"],
        ),
        at=at,
    )


def _plain(data: Any) -> Any:
    """YAML's dates as text, so that the definition is JSON."""
    return json.loads(json.dumps(data, default=str))


def _listing(pack: Pack, procedure: Mapping[str, Any], *, is_online: bool) -> Listing:
    return Listing(
        code=procedure["code"],
        names=procedure["name"],
        everyday=[word for words in procedure.get("everyday_words", {}).values() for word in words],
        sector=procedure["sector"],
        sector_names=pack.words["sectors"].get(procedure["sector"], {}),
        level=procedure["level"] if is_online else procedure["levels"][0],
        limit=procedure.get("limit", {}).get("value") or "",
        fee=_fee_words(pack, procedure),
        is_online=is_online,
        levels=procedure.get("levels", ()),
    )


def _fee_words(pack: Pack, procedure: Mapping[str, Any]) -> Mapping[str, str]:
    """The fee in a few words; a modelled procedure that begins without one is free of charge."""
    if "fee" in procedure:
        return dict(pack.words["fees"].get(procedure["fee"]["words"], {}))
    first = procedure["fees"][0] if procedure["fees"] else {"amount_vnd": 0}
    return dict(pack.words["fees"]["free"]) if first.get("amount_vnd") == 0 else {}
