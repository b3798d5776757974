"""Publishing procedures and life events. Packs call these; each publication is a journal entry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import fold
from motcua.registry.catalogue.errors import NotAnnounced
from motcua.registry.catalogue.models import CONTENT, LifeEvent, PackFile, Procedure, ProcedureVersion
from motcua.registry.catalogue.rules.timeline import Span, with_new, without


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
    """A version of a procedure as a pack brings it, or as two people decided it (`origin` "desk").

    `reason`: words for the journal, "" for none.
    """

    listing: Listing
    valid_from: date
    definition: Mapping[str, Any]
    digest: str
    result_template: str
    origin: str = ProcedureVersion.Origin.PACK
    reason: str = ""


@transaction.atomic
def publish_version(*, actor: Actor, publication: Publication, at: datetime) -> ProcedureVersion:
    """Publish a pack's version; the same digest again changes nothing. The version before ends where this one begins.

    Dossiers keep the version of their filing (design section 7, promise 4). A procedure whose latest version was
    published at the desk keeps that one: what a pack brings for it is left.
    """
    listing, today = publication.listing, timezone.localdate(at)
    versions = locked_versions(listing.code)
    counted = [it for it in versions if it.valid_to != it.valid_from]
    latest = max(counted, key=lambda it: it.valid_from, default=None)
    if latest and latest.origin == ProcedureVersion.Origin.DESK:
        return latest
    if latest and latest.digest == publication.digest and latest.valid_to is None:
        if latest.valid_from <= today:
            _list(latest, listing)
        return latest
    # A correction of the same day or an earlier validity must not leave a gap or an overlap.
    begins = publication.valid_from
    if latest:
        begins = max(begins, latest.valid_to or latest.valid_from)
    return _publish(actor, versions, replace(publication, valid_from=begins), at)


@transaction.atomic
def publish_decided(*, actor: Actor, publication: Publication, at: datetime) -> ProcedureVersion:
    """Publish a version that two people decided, for its very day. What is in force on that day ends there; what was
    announced for a later day stays. The caller has checked who and when. Journalled."""
    versions = locked_versions(publication.listing.code)
    decided = replace(publication, origin=ProcedureVersion.Origin.DESK)
    return _publish(actor, versions, decided, at)


def locked_versions(code: str) -> list[ProcedureVersion]:
    """All versions of a procedure by number, without their content; nobody else publishes until the caller's
    transaction ends."""
    Procedure.objects.select_for_update().filter(pk=code).first()
    versions = ProcedureVersion.objects.select_related("procedure").filter(procedure=code)
    return list(versions.defer("definition", "result_template").order_by("number"))


def _publish(
    actor: Actor, versions: list[ProcedureVersion], publication: Publication, at: datetime
) -> ProcedureVersion:
    listing, today = publication.listing, timezone.localdate(at)
    if not versions and not Procedure.objects.filter(pk=listing.code).exists():
        # Until its day a new procedure is known, and nobody can apply for it.
        list_procedure(replace(listing, is_online=listing.is_online and publication.valid_from <= today))
    number = max((it.number for it in versions), default=0) + 1
    *before, own = with_new(_spans(versions), number, publication.valid_from)
    _set_days(versions, before)
    version = ProcedureVersion.objects.create(
        procedure_id=listing.code,
        number=number,
        valid_from=own.begins,
        valid_to=own.ends,
        definition=dict(publication.definition),
        digest=publication.digest,
        result_template=publication.result_template,
        listing=_stored(listing),
        origin=publication.origin,
        published_at=at,
    )
    if own.holds(today):
        _list(version, listing)
    facts = {"code": listing.code, "version": number, "digest": version.digest}
    facts["valid_from"] = own.begins.isoformat()
    _record("procedure.published", actor, facts, publication.reason, at)
    return version


@transaction.atomic
def withdraw_version(*, actor: Actor, code: str, number: int, reason: str, at: datetime) -> ProcedureVersion:
    """Take back a version that was announced for a later day; the one before goes on. Journalled.

    Raises NotAnnounced when its day has come, or it was taken back before.
    """
    versions = locked_versions(code)
    found = next((it for it in versions if it.number == number), None)
    if not found or found.valid_from <= timezone.localdate(at) or found.valid_to == found.valid_from:
        raise NotAnnounced
    # First it goes, then the one before takes its days: never two on one day.
    after = without(_spans(versions), number)
    _set_days(versions, sorted(after, key=lambda span: span.number != number))
    facts = {"code": code, "version": number, "valid_from": found.valid_from.isoformat()}
    _record("procedure.withdrawn", actor, facts, reason, at)
    found.refresh_from_db(fields=["valid_to"])
    return found


@transaction.atomic
def end_procedure(*, actor: Actor, code: str, at: datetime) -> bool:
    """Nobody can apply for it from today on; what was filed before goes on with its version. Journalled.

    False where nothing was open, and for one that is published at the desk. A version published later opens it again.
    """
    today = timezone.localdate(at)
    versions = locked_versions(code)
    last = [it for it in versions if it.valid_to is None or it.valid_to > today]
    if any(it.origin == ProcedureVersion.Origin.DESK for it in last):
        return False
    Procedure.objects.filter(pk=code).update(is_online=False)
    for version in last:
        ends = max(today, version.valid_from)
        ProcedureVersion.objects.filter(pk=version.pk).update(valid_to=ends)
    if last:
        facts = {"code": code, "version": last[-1].number, "valid_from": today.isoformat()}
        _record("procedure.ended", actor, facts, "", at)
    return bool(last)


def list_begun(*, at: datetime) -> int:
    """Let lists and search follow the versions that began; gives how many changed. A second run changes nothing.

    Each procedure is a transaction of its own.
    """
    today = timezone.localdate(at)
    begun = Q(valid_to=None) | Q(valid_to__gt=today)
    versions = ProcedureVersion.objects.filter(begun, valid_from__lte=today).exclude(listing={})
    behind = versions.exclude(procedure__listed_version=F("number")).defer("definition", "result_template")
    for version in behind:
        with transaction.atomic():
            Procedure.objects.select_for_update().get(pk=version.procedure_id)
            _list(version, Listing(**version.listing))
    return len(behind)


def _spans(versions: Sequence[ProcedureVersion]) -> list[Span]:
    return [Span(it.number, it.valid_from, it.valid_to) for it in versions]


def _set_days(versions: Sequence[ProcedureVersion], spans: Sequence[Span]) -> None:
    known = {it.number: it for it in versions}
    for span in spans:
        version = known[span.number]
        if version.valid_to != span.ends:
            ProcedureVersion.objects.filter(pk=version.pk).update(valid_to=span.ends)


def _list(version: ProcedureVersion, listing: Listing) -> None:
    list_procedure(listing)
    Procedure.objects.filter(pk=listing.code).update(listed_version=version.number)


def _stored(listing: Listing) -> dict[str, Any]:
    return asdict(replace(listing, everyday=list(listing.everyday)))


def _record(kind: str, actor: Actor, facts: Mapping[str, Any], reason: str, at: datetime) -> None:
    happening = Happening(
        kind=kind,
        object_kind="procedure",
        object_id=procedure_id(str(facts["code"])),
        facts=dict(facts),
        details={"reason": reason} if reason else None,
    )
    record(actor=actor, happening=happening, at=at)


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

    A digest that is in force already changes nothing, and what two people published at the desk stays. Whether a code
    can be applied for here is set anew.
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
    decided = {code for code, row in latest.items() if row.origin == ProcedureVersion.Origin.DESK}
    editions = [it for it in editions if it.code not in decided]
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


def flag_essential(groups: Mapping[str, int]) -> int:
    """Flag these procedures (code -> 1 or 2) as essential services, and no others; how many of them there are.

    Unknown codes are left out: they are flagged when they come. The caller journals the load. Four queries.
    """
    Procedure.objects.exclude(essential_group=None).exclude(pk__in=groups).update(essential_group=None)
    found = 0
    for group in (1, 2):
        codes = [code for code, it in groups.items() if it == group]
        found += Procedure.objects.filter(pk__in=codes).update(essential_group=group)
    return found
