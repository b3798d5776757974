"""Packs and procedures as files again: what was loaded word for word, else written from what is published."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from motcua.casework.packs.editions import published
from motcua.casework.packs.kept import kept_files
from motcua.casework.packs.models import PackFile, PackProcedure, VersionDraft
from motcua.casework.packs.rules.writing import files_of
from motcua.registry.catalogue.models import ProcedureVersion


@dataclass(frozen=True, slots=True)
class Exported:
    """Path -> text, in order. is_original: the author's own files; else written anew, without their comments."""

    files: Mapping[str, str]
    is_original: bool


def export_procedure(named: str) -> Exported:
    """The folder of a published procedure: CODE or CODE@VERSION. Raises NoEdition."""
    return files_of_version(published(named))


def files_of_version(version: ProcedureVersion) -> Exported:
    """As its author wrote it, in the pack that was loaded last or at the desk; else written from its content."""
    row = PackProcedure.objects.filter(pk=version.procedure_id, digest=version.digest).first()
    kept = kept_files(row.pack, row.folder) if row and row.folder else {}
    if not kept:
        drafts = VersionDraft.objects.filter(version=version)
        kept = drafts.values_list("files", flat=True).first() or {}
    if kept:
        return Exported(dict(sorted(kept.items())), is_original=True)
    return Exported(
        dict(sorted(files_of(version.definition, version.result_template).items())), is_original=False
    )


@transaction.atomic
def export_all() -> dict[str, Exported]:
    """Every pack that was loaded, by its name. What was published since by other ways is written into its folder."""
    packs = PackFile.objects.order_by("pack").values_list("pack", flat=True).distinct()
    return {pack: _export_pack(pack) for pack in packs}


def _export_pack(pack: str) -> Exported:
    files, is_original = kept_files(pack), True
    own = {it.code: it for it in PackProcedure.objects.filter(pack=pack).exclude(digest="")}
    versions = ProcedureVersion.objects.filter(procedure__in=own, valid_to=None).select_related("procedure")
    for version in versions.defer("definition", "result_template").order_by("procedure_id"):
        row = own[version.procedure_id]
        # A group of linked procedures is made of its members' files and has none of its own but linked.yaml.
        if version.digest == row.digest or row.folder.startswith("linked/"):
            continue
        folder, written = row.folder or f"procedures/{row.code}", files_of_version(version)
        is_original = is_original and written.is_original
        stale = ("procedure.yaml", "form.json", "process.yaml", "process.bpmn", "result.typ")
        files = {path: text for path, text in files.items() if path not in {f"{folder}/{it}" for it in stale}}
        files |= {f"{folder}/{name}": text for name, text in written.files.items()}
    return Exported(dict(sorted(files.items())), is_original)


def write_files(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Write the files below a folder, each at once or not at all; gives what else lies there, which is left.

    Raises OSError.
    """
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        part.write_bytes(text.encode())
        os.replace(part, path)
    found = (it.relative_to(folder).as_posix() for it in folder.rglob("*") if it.is_file())
    return sorted(name for name in found if name not in files)
