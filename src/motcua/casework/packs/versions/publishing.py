"""What a draft would publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import yaml
from django.conf import settings

from motcua.casework.packs.models import VersionDraft
from motcua.casework.packs.opening import SHARED, pack_of
from motcua.casework.packs.packing import packed
from motcua.casework.packs.reading import read_files, read_source
from motcua.casework.packs.rules.draft_files import LINKED, PROCEDURE, BadFile
from motcua.registry.catalogue.models import Procedure, ProcedureVersion
from motcua.registry.catalogue.services import Publication

_FOLDER = "procedures/_/"


def parsed(files: Mapping[str, str]) -> dict[str, Any]:
    """{"procedure", "form", "process", "template"}, and "linked" where it is there, as a pack's procedure.

    What a procedure does not bring is shared: the general form, and the shared process under its code. Raises BadFile.
    """
    own = {f"{_FOLDER}{name}": text.encode() for name, text in files.items() if name != LINKED}
    shared = (settings.PACKS / "vn" / SHARED).read_bytes()
    pack = pack_of(read_files({**own, SHARED: shared}), whole=False)
    if "_" not in pack.procedures:
        raise BadFile(PROCEDURE, 0, "and the files beside it have errors")
    found = dict(pack.procedures["_"])
    if LINKED in files:
        found["linked"] = read_text(LINKED, files[LINKED])
    return found


def read_text(name: str, text: str) -> Any:
    """What a YAML or JSON file says. Raises BadFile."""
    source = read_source(name, text.encode())
    if isinstance(source, list):
        raise BadFile(name, source[0].line, source[0].problem)
    return source.content


def publication_of(draft: VersionDraft, day: date) -> Publication:
    """The draft's content as a version of this day. The caller has checked the files. Raises BadFile."""
    reason = "\n".join(filter(None, [draft.note, draft.backdating]))
    return replace(_packed(draft.code, draft.files, day), reason=reason)


def gives(files: Mapping[str, str], version: ProcedureVersion) -> bool:
    """Whether these files say what the version says; the day it begins is not compared."""
    day = date.fromisoformat(version.definition["procedure"]["valid_from"])
    try:
        return _packed(version.procedure_id, files, day).digest == version.digest
    except BadFile:
        return False


def _packed(code: str, files: Mapping[str, str], day: date) -> Publication:
    found = parsed(files)
    found["procedure"] = {**found["procedure"], "valid_from": day}
    return packed(_words(code, found["procedure"].get("sector", "")), found)


def _words(code: str, sector: str) -> dict[str, Any]:
    """Names of sectors and fees; for a sector that no pack names, those that the catalogue has."""
    words = _read("catalogue.yaml")
    sectors = dict(words["sectors"])
    known = Procedure.objects.filter(pk=code, sector=sector).values_list("facts", flat=True).first()
    if sector not in sectors and known:
        sectors[sector] = known.get("sector", {})
    return {"sectors": sectors, "fees": words["fees"]}


def _read(name: str) -> Any:
    return yaml.load((settings.PACKS / "vn" / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
