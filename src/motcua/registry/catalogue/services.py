"""Publishing procedures and life events. Packs call these; each publication is a journal entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils import timezone

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import fold
from motcua.registry.catalogue.models import CONTENT, LifeEvent, Procedure, ProcedureVersion


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
    everyday = "|".join(fold(words) for words in listing.everyday)
    sector = " ".join(fold(name) for name in listing.sector_names.values())
    names = " ".join(fold(name) for name in listing.names.values())
    return {
        "names": dict(listing.names),
        "sector": listing.sector,
        "level": listing.level,
        "levels": list(listing.levels) or [listing.level],
        "origin": listing.origin,
        "is_online": listing.is_online,
        "facts": {"limit": listing.limit, "fee": dict(listing.fee), "sector": dict(listing.sector_names)},
        "search_text": f"{listing.code} {names} |{everyday}| {sector}",
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


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a procedure that is listed already. valid_from: of its first version; a later one begins today."""

    code: str
    valid_from: date
    definition: Mapping[str, Any]
    digest: str
    is_online: bool


CATALOGUE = uuid5(NAMESPACE_URL, "urn:motcua:catalogue")


@transaction.atomic
def publish_many(*, actor: Actor, editions: Iterable[Edition], at: datetime, batch: int = 200) -> list[str]:
    """Publish versions without a template, one entry for all; the codes of those that are new.

    A digest that is in force already changes nothing. What a code says whether it can be applied for here is set anew.
    """
    published: list[str] = []
    for group in _batched(editions, batch):
        published += _publish_group(group, timezone.localdate(at))
    if published:
        facts = {"count": len(published), "codes": published}
        happening = Happening(
            kind="catalogue.published", object_kind="catalogue", object_id=CATALOGUE, facts=facts
        )
        record(actor=actor, happening=happening, at=at)
    return published


def _batched(items: Iterable[Edition], size: int) -> Iterator[list[Edition]]:
    rest = iter(items)
    while group := list(islice(rest, size)):
        yield group


def _publish_group(editions: Sequence[Edition], today: date) -> list[str]:
    codes = [it.code for it in editions]
    known = set(Procedure.objects.filter(pk__in=codes).values_list("pk", flat=True))
    rows = ProcedureVersion.objects.select_for_update().filter(procedure__in=codes).defer(*CONTENT)
    latest = {row.procedure_id: row for row in rows.order_by("procedure", "number")}
    new = [it for it in editions if it.code in known and not _holds(latest.get(it.code), it)]
    made = []
    for edition in new:
        before = latest.get(edition.code)
        begins = max(today, before.valid_from) if before else edition.valid_from
        made.append(
            ProcedureVersion(
                procedure_id=edition.code,
                number=before.number + 1 if before else 1,
                valid_from=begins,
                definition=dict(edition.definition),
                digest=edition.digest,
            )
        )
    ended = {it.procedure_id: it.valid_from for it in made if it.procedure_id in latest}
    for code, day in ended.items():
        ProcedureVersion.objects.filter(pk=latest[code].pk).update(valid_to=day)
    ProcedureVersion.objects.bulk_create(made)
    for is_online in (True, False):
        of = [it.code for it in editions if it.is_online is is_online]
        Procedure.objects.filter(pk__in=of).exclude(is_online=is_online).update(is_online=is_online)
    return [it.code for it in new]


def _holds(latest: ProcedureVersion | None, edition: Edition) -> bool:
    return bool(latest and latest.digest == edition.digest and latest.valid_to is None)


def enter_life_event(
    *, code: str, position: int, icon: str, texts: Mapping[str, Mapping[str, str]], procedure_codes: list[str]
) -> LifeEvent:
    """Enter or refresh a life event; `texts` holds "names" and "descriptions" by language."""
    words = [*texts["names"].values(), *texts["descriptions"].values()]
    event, _ = LifeEvent.objects.update_or_create(
        code=code,
        defaults={
            "position": position,
            "icon": icon,
            "names": dict(texts["names"]),
            "descriptions": dict(texts["descriptions"]),
            "procedure_codes": procedure_codes,
            "search_text": " ".join(fold(text) for text in words),
        },
    )
    return event
