"""Loading a pack: read, check, publish. A pack with a finding is not loaded at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction

from motcua.casework.packs.common import keep_common
from motcua.casework.packs.essential import flag_listed
from motcua.casework.packs.kept import (
    foreign,
    forget,
    keep_files,
    keep_procedures,
    lock_loading,
    missing,
    pack_name,
    running_of,
)
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
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.catalogue.selectors import online_imported
from motcua.registry.catalogue.services import (
    Publication,
    end_procedure,
    enter_life_event,
    list_procedure,
    publish_version,
)

__all__ = [
    "BadPack", "Finding", "Loaded", "Pack", "advise_pack", "lint_examples", "lint_files", "lint_pack", "lint_path",
    "load_pack", "open_pack", "read_pack", "surroundings_of",
]  # fmt: skip

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
# A version that two people published at the desk: no pack replaces it.
KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. states: code -> "new", "changed", "unchanged", or "kept" where a version of the desk stays in
    its place; of what can be applied for.

    missing: what this pack brought before and does not bring now; it stays, but for those that were `ended`. running:
    how many dossiers go on with their version, of each of them.
    """

    states: Mapping[str, str]
    listed: int
    life_events: int
    missing: Sequence[str] = ()
    ended: Sequence[str] = ()
    running: Mapping[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        return {"modelled": len(self.states), "listed": self.listed, "life_events": self.life_events}


@transaction.atomic
def load_pack(*, actor: Actor, path: Path, at: datetime, is_complete: bool = False) -> Loaded:
    """Check a pack and publish everything in it, or nothing. Loading again changes only what changed.

    A second load waits until the first is done. is_complete: what the pack brought before and does not have is ended.
    Raises BadPack with the findings, and where another pack brought one of its procedures.
    """
    lock_loading()
    pack, name = checked_pack(path), pack_name(path)
    modelled = {files["procedure"]["code"] for files in pack.procedures.values()}
    before = dict(ProcedureVersion.objects.filter(valid_to=None).values_list("procedure_id", "number"))
    only_listed = [it for it in pack.listed if it["code"] not in modelled]
    imported = online_imported([it["code"] for it in only_listed])
    for listed in only_listed:
        list_procedure(listing_of(pack.words, listed, is_online=listed["code"] in imported))
    brought = dict.fromkeys((it["code"] for it in pack.listed), ("", ""))
    states = {}
    for folder, files in pack.procedures.items():
        made = packed(pack.words, files)
        version = _publish(actor, made, at)
        code = version.procedure_id
        states[code] = _state(before.get(code), made, version)
        brought[code] = (own_folder(pack, folder), made.digest)
    for position, event in enumerate(pack.life_events, start=1):
        enter_life_event(
            code=event["code"],
            position=position,
            icon=event["icon"],
            texts={"names": event["name"], "descriptions": event["text"]},
            procedure_codes=list(event["procedures"]),
        )
    keep_common(pack.common, actor=actor, at=at)
    flag_listed(path)
    keep_procedures(name, brought)
    keep_files(name, path, pack.files.sources)
    gone = missing(name, brought)
    ended = [it for it in gone if is_complete and end_procedure(actor=actor, code=it, at=at)]
    forget(gone if is_complete else ())
    return Loaded(states, len(pack.listed), len(pack.life_events), gone, ended, running_of(gone))


def checked_pack(path: Path) -> Pack:
    """A pack that may be loaded. Raises BadPack: it has findings, or a procedure that another pack brought."""
    pack, name = read_pack(path), pack_name(path)
    if wrong := errors(list(lint_pack(pack))):
        raise BadPack(wrong)
    codes = {files["procedure"]["code"] for files in pack.procedures.values()}
    if others := foreign(name, codes | {it["code"] for it in pack.listed}):
        raise BadPack(
            findings="; ".join(f"{code} is of the pack {it}, not {name}" for code, it in others.items())
        )
    return pack


def _state(before: int | None, made: Publication, version: ProcedureVersion) -> str:
    """before: number of the version that held; version: what holds now."""
    if version.digest != made.digest:
        return KEPT
    return NEW if before is None else UNCHANGED if before == version.number else CHANGED


def own_folder(pack: Pack, name: str) -> str:
    """Where a procedure's own files lie in the pack; "" where it has none."""
    folder = name if name.startswith("linked/") else f"procedures/{name}"
    return folder if (pack.path / folder).is_dir() else ""


def _publish(actor: Actor, made: Publication, at: datetime) -> ProcedureVersion:
    publish_definition(code=made.listing.code, digest=made.digest, content=made.definition["process"])
    return publish_version(actor=actor, publication=made, at=at)
