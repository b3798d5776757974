"""Publishing procedures and life events. Packs call these; each publication is a journal entry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import fold
from motcua.registry.catalogue.models import LifeEvent, PackFile, Procedure, ProcedureVersion


@dataclass(frozen=True, slots=True)
class Listing:
    """What lists and search show of a procedure. Texts by language."""

    code: str
    names: Mapping[str, str]
    everyday: Iterable[str]
    sector: str
    level: str
    # As worktime writes it ("5wd"); empty when the law sets none.
    limit: str
    fee: Mapping[str, str]
    sector_names: Mapping[str, str]
    is_online: bool
    # All it is handled at, `level` first; empty: `level` alone.
    levels: Sequence[str] = ()
    # "pack" or "import". What a pack says is never replaced by what was imported.
    origin: str = "pack"


def procedure_id(code: str) -> UUID:
    """A stable UUID for a procedure's code, as the journal names objects by UUID."""
    return uuid5(NAMESPACE_URL, f"urn:motcua:procedure:{code}")


def listed_fields(listing: Listing) -> dict[str, Any]:
    """The columns of a procedure that its listing decides."""
    return {
        "names": dict(listing.names),
        "sector": listing.sector,
        "level": listing.level,
        "levels": list(listing.levels) or [listing.level],
        "origin": listing.origin,
        "is_online": listing.is_online,
        "facts": {"limit": listing.limit, "fee": dict(listing.fee), "sector": dict(listing.sector_names)},
        "everyday": list(listing.everyday),
        "search_name": fold(listing.names["vi"])[:500],
    }


def list_procedure(listing: Listing) -> Procedure:
    """Enter or refresh a procedure's listing; what a pack lists, an import leaves. The caller journals the load."""
    if listing.origin == "import":
        held = Procedure.objects.filter(pk=listing.code, origin="pack").first()
        if held:
            return held
    procedure, _ = Procedure.objects.update_or_create(code=listing.code, defaults=listed_fields(listing))
    return procedure


@dataclass(frozen=True, slots=True)
class Publication:
    """A version of a procedure as a pack brings it."""

    listing: Listing
    valid_from: date
    definition: Mapping[str, Any]
    digest: str
    result_template: str


@transaction.atomic
def publish_version(*, actor: Actor, publication: Publication, at: datetime) -> ProcedureVersion:
    """Publish a version; the same digest again changes nothing. The version before ends where this one begins.

    Dossiers keep the version of their filing (design section 7, promise 4).
    """
    procedure = list_procedure(publication.listing)
    latest = procedure.versions.select_for_update().order_by("-number").first()
    if latest and latest.digest == publication.digest:
        return latest
    begins = publication.valid_from
    if latest:
        # A correction of the same day or an earlier validity must not leave a gap or an overlap.
        begins = max(begins, latest.valid_from)
        ProcedureVersion.objects.filter(pk=latest.pk).update(valid_to=begins)
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        number=latest.number + 1 if latest else 1,
        valid_from=begins,
        definition=dict(publication.definition),
        digest=publication.digest,
        result_template=publication.result_template,
    )
    record(
        actor=actor,
        happening=Happening(
            kind="procedure.published",
            object_kind="procedure",
            object_id=procedure_id(procedure.code),
            facts={"code": procedure.code, "version": version.number, "digest": version.digest},
        ),
        at=at,
    )
    return version


def enter_life_event(
    *, code: str, position: int, icon: str, texts: Mapping[str, Mapping[str, str]], procedure_codes: list[str]
) -> LifeEvent:
    """Enter or refresh a life event; `texts` holds "names" and "descriptions" by language."""
    event, _ = LifeEvent.objects.update_or_create(
        code=code,
        defaults={
            "position": position,
            "icon": icon,
            "names": dict(texts["names"]),
            "descriptions": dict(texts["descriptions"]),
            "procedure_codes": procedure_codes,
        },
    )
    return event


# What the journal names where the catalogue as a whole is changed.
CATALOGUE = uuid5(NAMESPACE_URL, "urn:motcua:catalogue")


@transaction.atomic
def keep_pack_file(*, actor: Actor, name: str, content: Mapping[str, Any], at: datetime) -> bool:
    """Keep "synonyms", "everyday" or "guides" of a pack in place of the former; False where it is the same."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if PackFile.objects.filter(pk=name, digest=digest).exists():
        return False
    PackFile.objects.update_or_create(name=name, defaults={"content": content, "digest": digest})
    happening = Happening(
        kind="catalogue.words_loaded",
        object_kind="catalogue",
        object_id=CATALOGUE,
        facts={"file": name, "digest": digest},
    )
    record(actor=actor, happening=happening, at=at)
    return True
