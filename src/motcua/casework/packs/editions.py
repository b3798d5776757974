"""Editions of procedures to be compared or exported: a pack's folder, a procedure's folder, or what is published."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.casework.packs.kept import missing, pack_name, running_of
from motcua.casework.packs.opening import Pack, read_pack, read_procedure
from motcua.casework.packs.packing import packed
from motcua.casework.packs.rules.differing import Difference, differences
from motcua.casework.packs.services import (
    CHANGED,
    KEPT,
    NEW,
    UNCHANGED,
    Loaded,
    checked_pack,
)
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.catalogue.selectors import find_version
from motcua.registry.catalogue.services import Publication

_PUBLISHED = re.compile(r"(?P<code>\d\.\d{6})(?:@(?P<number>[1-9][0-9]{0,5}))?", re.ASCII)
Edition = Mapping[str, Mapping[str, Any]]


class NoEdition(DomainError):
    code = "no_edition"
    message = _(
        "%(named)s is neither a folder of a pack or procedure nor CODE or CODE@VERSION of a published one."
    )
    status = 404


@dataclass(frozen=True, slots=True)
class Compared:
    """A procedure of two editions. state: "new", "gone" or "changed"."""

    code: str
    state: str
    differences: tuple[Difference, ...] = ()


def edition_of(named: str) -> Edition:
    """Code -> files. named: a folder, CODE (what is in force today, else the latest) or CODE@VERSION.

    A pack has all its procedures, those it only lists too. Raises NoEdition, BadPack.
    """
    path = Path(named)
    if (path / "catalogue.yaml").is_file():
        return _of_pack(read_pack(path))
    if (path / "procedure.yaml").is_file():
        files = read_procedure(path)
        return {str(files["procedure"]["code"]): files}
    version = published(named)
    return {version.procedure_id: version.definition | {"template": version.result_template}}


def _of_pack(pack: Pack) -> Edition:
    found = {str(files["procedure"]["code"]): files for files in pack.procedures.values()}
    for listed in pack.listed:
        found.setdefault(str(listed["code"]), {"procedure": listed})
    return dict(sorted(found.items()))


def published(named: str) -> ProcedureVersion:
    """CODE or CODE@VERSION. Raises NoEdition."""
    words = _PUBLISHED.fullmatch(named)
    version = None
    if words:
        versions = ProcedureVersion.objects.filter(procedure=words["code"]).order_by("-valid_from", "-number")
        if words["number"]:
            versions = versions.filter(number=int(words["number"]))
            version = versions.first()
        else:
            version = find_version(words["code"], at=timezone.localdate()) or versions.first()
    if version is None:
        raise NoEdition(named=named[:200])
    return version


def compare(old: Edition, new: Edition) -> list[Compared]:
    """What differs, by code. Two single procedures are compared whatever their codes are."""
    if len(old) == len(new) == 1 and old.keys() != new.keys():
        ((_code, before),), ((code, after),) = old.items(), new.items()
        return [Compared(code, "changed", tuple(differences(before, after)))]
    found = []
    for code in sorted({*old, *new}):
        if code not in old or code not in new:
            found.append(Compared(code, "gone" if code in old else "new"))
        elif told := tuple(differences(old[code], new[code])):
            found.append(Compared(code, "changed", told))
    return found


def plan_load(path: Path, *, at: datetime) -> tuple[Loaded, list[Compared]]:
    """What loading a pack would do, and how what it changes differs from what is published. Writes nothing.

    Raises BadPack as `load_pack` does.
    """
    pack = checked_pack(path)
    made = [packed(pack.words, files) for files in pack.procedures.values()]
    codes = [it.listing.code for it in made]
    versions = ProcedureVersion.objects.filter(procedure__in=codes, valid_to=None)
    held = {it.procedure_id: it for it in versions.defer("definition", "result_template")}
    states: dict[str, str] = {}
    compared: list[Compared] = []
    for it in made:
        code, before = it.listing.code, held.get(it.listing.code)
        states[code] = _planned(it, before)
        if before and states[code] == CHANGED:
            new = dict(it.definition) | {"template": it.result_template}
            old = before.definition | {"template": before.result_template}
            compared.append(Compared(code, CHANGED, tuple(differences(old, new))))
    gone = missing(pack_name(path), {*codes, *(it["code"] for it in pack.listed)})
    loaded = Loaded(states, len(pack.listed), len(pack.life_events), gone, running=running_of(gone))
    return loaded, compared


def _planned(made: Publication, before: ProcedureVersion | None) -> str:
    """What a load would do with it."""
    if before is None:
        return NEW
    if before.digest == made.digest:
        return UNCHANGED
    return KEPT if before.origin == ProcedureVersion.Origin.DESK else CHANGED
