"""Procedures that were imported from the national portal, published with the general form and the shared process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from motcua.casework.forms.rules.generic import generic_form
from motcua.casework.forms.rules.shapes import with_shared
from motcua.casework.packs.rules.captured import is_local, procedure_of_captured
from motcua.casework.packs.rules.captured_terms import NOT_STATED_WORDS
from motcua.casework.packs.rules.listed import limit_text
from motcua.casework.process.rules.paths import working_hours
from motcua.foundation.kernel.actors import Actor
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.catalogue.selectors import decided_rows, procedures_named
from motcua.registry.catalogue.services import Edition, publish_many

# How many are put together at once: a version is about 30 KB.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Usual:
    """packs/vn/imported.yaml: what the files do not say."""

    valid_from: date
    limit: str
    elsewhere: tuple[str, ...]
    process: Mapping[str, Any]


@lru_cache(maxsize=4)
def usual(pack: Path) -> Usual:
    """What the pack says for all procedures that have no files of their own. Raises OSError, KeyError."""
    data = yaml.safe_load((pack / "imported.yaml").read_text(encoding="utf-8"))
    process = yaml.safe_load((pack / "processes" / "generic.yaml").read_text(encoding="utf-8"))
    return Usual(data["valid_from"], data["limit_not_stated"], tuple(data["handled_elsewhere"]), process)


@transaction.atomic
def publish_captured(*, actor: Actor, codes: Collection[str], at: datetime, since: date | None = None) -> int:
    """Publish what was captured of these procedures and no pack models; how many versions are new.

    Only those that provinces or communes handle get a version, as for others there is nothing to fill in. One entry for
    all of them. Doing it again changes only what was captured otherwise since. `since`: from when the first versions
    hold, otherwise than the pack says.
    """
    known = usual(settings.PACKS / "vn")
    known = replace(known, valid_from=since) if since else known
    editions = _editions(sorted(codes), known)
    return len(publish_many(actor=actor, editions=editions, at=at, batch=BATCH))


def follow_decided(actor: Actor, codes: Collection[str], at: datetime) -> None:
    """What was decided about doubtful values holds for applications from now on."""
    publish_captured(actor=actor, codes=codes, at=at)


def _editions(codes: list[str], known: Usual) -> Iterator[Edition]:
    for start in range(0, len(codes), BATCH):
        group = codes[start : start + BATCH]
        modelled = set(
            ProcedureVersion.objects.filter(procedure__in=group, valid_to=None)
            .exclude(definition__procedure__has_key="captured")
            .values_list("procedure", flat=True)
        )
        listings = {it.code: it for it in procedures_named(group) if it.code not in modelled}
        for code, captured in sorted(decided_rows(listings).items()):
            listing = listings[code]
            procedure = procedure_of_captured(captured) | {"code": code, "name": listing.names}
            if procedure["decided"]["levels"]:
                is_online = is_local(procedure, known.elsewhere) and not listing.removed_on
                yield _edition(files_of(procedure, known), known, is_online=is_online)


def files_of(procedure: dict[str, Any], known: Usual) -> dict[str, Any]:
    """The files that a captured procedure would have in a pack: {"procedure", "form", "process", "template"}."""
    procedure["valid_from"] = known.valid_from.isoformat()
    if procedure["limit"]["value"] is None:
        value, words = known.limit, limit_text(known.limit)
        text = {
            spoken: said % {"limit": words[spoken].rstrip(".")} for spoken, said in NOT_STATED_WORDS.items()
        }
        procedure["limit"] |= {"value": value, "text": text, "is_stated": False}
    return {
        "procedure": procedure,
        "form": generic_form(procedure),
        "process": process_for(procedure, known.process),
        "template": "",
    }


def process_for(procedure: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """The shared process, its steps shortened in proportion where the limit leaves less time than they take.

    A step has at least one hour, so that of a limit of less than four hours they take longer than it gives.
    """
    allowed = working_hours(procedure["limit"]["value"])
    taken = sum(step["limit_hours"] for step in shared["steps"])
    steps = list(shared["steps"])
    if allowed < taken:
        steps = [it | {"limit_hours": max(1, it["limit_hours"] * allowed // taken)} for it in steps]
    return {**shared, "code": procedure["code"], "steps": steps}


def _edition(files: Mapping[str, Any], known: Usual, *, is_online: bool) -> Edition:
    definition = {name: files[name] for name in ("procedure", "form", "process")}
    # The stored schema stands alone, for programs that read it.
    definition["form"] = {**files["form"], "schema": with_shared(files["form"]["schema"])}
    text = json.dumps([definition, ""], sort_keys=True, ensure_ascii=False)
    return Edition(
        code=files["procedure"]["code"],
        valid_from=known.valid_from,
        definition=definition,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        is_online=is_online,
    )
