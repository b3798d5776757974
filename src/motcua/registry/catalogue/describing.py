"""Procedures as they stand on a day, for descriptions that programs read, and the whole catalogue as a kept file."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Model, Q, QuerySet, TextField, Value
from django.db.models.functions import MD5, Cast, Coalesce, Concat
from django.utils import timezone, translation

from motcua.foundation.kernel.ids import made_at
from motcua.foundation.ui.contributions import appearance
from motcua.registry.catalogue.models import Captured, LifeEvent, Procedure, ProcedureVersion
from motcua.registry.catalogue.rules import cpsv, rdf
from motcua.registry.catalogue.rules.cpsv_values import LANGUAGES, Catalogue, Event, Service
from motcua.registry.catalogue.words import limit_words

# Part of a kept file's name: another way to write them makes new files.
_EDITION = "1"
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write descriptions."""

    name: str
    media_type: str
    begin: str
    between: str
    end: str
    write: Callable[[rdf.Node], str]

    def pieces(self, nodes: Iterable[rdf.Node]) -> Iterator[str]:
        before = self.begin
        for it in nodes:
            yield before + self.write(it)
            before = self.between
        yield self.end


FORMS = {
    "jsonld": Form(
        "jsonld", "application/ld+json", rdf.JSON_BEGIN, rdf.JSON_BETWEEN, rdf.JSON_END, rdf.to_json
    ),
    "ttl": Form("ttl", "text/turtle", rdf.TURTLE_BEGIN, "", "", rdf.to_turtle),
}


def catalogue() -> Catalogue:
    """Ours, under the address that the installation is reached at."""
    look = appearance()
    return Catalogue(settings.BASE_URL, look.place_name or look.name)


def service_of(procedure: Procedure, version: ProcedureVersion | None) -> Service:
    """What is known of a procedure and its version in force, without life events. No query."""
    found = (version.id, version.valid_from, version.definition["procedure"]) if version else None
    return _service(procedure, found, (), {})


def describe_procedure(procedure: Procedure, *, at: date) -> list[rdf.Node]:
    """A procedure with the catalogue it belongs to. Three queries."""
    ours = catalogue()
    (service,) = _services([procedure], at=at)
    return [*cpsv.describe(service, ours), *cpsv.describe_catalogue(ours)]


def describe_all(*, at: date) -> Iterator[rdf.Node]:
    """Every procedure by code. What several share comes once but for life events, which name each of their services.

    Memory: a chunk of procedures and the addresses of what they share.
    """
    ours, shared = catalogue(), set[str]()
    yield from cpsv.describe_catalogue(ours)
    for service in _every_service(at=at):
        for it in cpsv.describe(service, ours):
            if it["@id"] not in shared:
                yield it
            if it["@id"].startswith(f"{ours.iri}#"):
                shared.add(it["@id"])


def _every_service(*, at: date) -> Iterator[Service]:
    last = ""
    while chunk := list(
        Procedure.objects.filter(code__gt=last).defer("everyday", "search_name").order_by("code")[:_CHUNK]
    ):
        yield from _services(chunk, at=at)
        last = chunk[-1].code


def _services(procedures: list[Procedure], *, at: date) -> Iterator[Service]:
    codes = [it.code for it in procedures]
    rows = _in_force(at).filter(procedure__in=codes).order_by("number")
    says = {
        code: (pk, begins, content)
        for code, pk, begins, content in rows.values_list(
            "procedure_id", "id", "valid_from", "definition__procedure"
        )
    }
    events = list(LifeEvent.objects.order_by("position"))
    captured = Captured.objects.filter(procedure__in=codes).order_by("source")
    read = {
        code: {"agency": agency, "read_at": read_at}
        for code, agency, read_at in captured.values_list("procedure_id", "content__agency", "read_at")
    }
    for it in procedures:
        own = tuple(
            Event(event.code, event.names, event.descriptions)
            for event in events
            if it.code in event.procedure_codes
        )
        yield _service(it, says.get(it.code), own, read.get(it.code, {}))


def _in_force(at: date) -> QuerySet[ProcedureVersion]:
    return ProcedureVersion.objects.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)


def _service(
    procedure: Procedure,
    version: tuple[UUID, date, Mapping[str, Any]] | None,
    events: tuple[Event, ...],
    captured: Mapping[str, Any],
) -> Service:
    facts = procedure.facts
    return Service(
        code=procedure.code,
        names=procedure.names,
        sector=procedure.sector,
        sector_names=facts.get("sector") or {},
        levels=procedure.levels or [procedure.level],
        fee=facts.get("fee") or {},
        limit=_limit_texts(facts.get("limit") or ""),
        agency=str(captured.get("agency") or ""),
        channels=procedure.channels,
        says=version[2] if version else {},
        events=events,
        changed_on=changed_on(version[:2] if version else None, captured.get("read_at")),
        removed_on=procedure.removed_on,
    )


def changed_on(version: tuple[UUID, date] | None, read_at: datetime | None) -> date | None:
    """When what a procedure's page says last changed: its version was published and began, or it was read anew."""
    if version:
        return max(timezone.localtime(made_at(version[0])).date(), version[1])
    return timezone.localtime(read_at).date() if read_at else None


@lru_cache(maxsize=512)
def _limit_texts(value: str) -> Mapping[str, str]:
    found = {}
    for language in LANGUAGES if value else ():
        with translation.override(language):
            found[language] = limit_words(value)
    return found


def addresses(*, at: date) -> list[tuple[str, date | None]]:
    """(code, day of the last change) of every procedure that is not removed, by code. Three queries."""
    versions = {
        code: (pk, begins)
        for code, pk, begins in _in_force(at).order_by("number").values_list("procedure", "id", "valid_from")
    }
    read = dict(Captured.objects.order_by("read_at").values_list("procedure", "read_at"))
    codes = Procedure.objects.filter(removed_on=None).order_by("code").values_list("code", flat=True)
    return [(code, changed_on(versions.get(code), read.get(code))) for code in codes]


def stamp(*, at: date) -> str:
    """Of everything that `describe_all` tells on a day: the same stamp, the same file. Four queries."""
    ours = catalogue()
    parts = [
        *(_EDITION, ours.base, ours.publisher),
        _digest(
            Procedure.objects,
            *("code", "names", "sector", "levels", "channels", "facts", "removed_on"),
        ),
        _digest(_in_force(at), "id", "digest"),
        _digest(LifeEvent.objects, "code", "names", "descriptions", "procedure_codes"),
        _digest(Captured.objects, "id", "digest", "read_at"),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _digest(rows: Any, *names: str) -> str:
    nothing = Value("", output_field=TextField())
    texts = [Coalesce(Cast(name, TextField()), nothing) for name in names]
    model: type[Model] = rows.model
    found = rows.aggregate(
        all=StringAgg(
            MD5(Concat(*texts)), delimiter="", ordering=model._meta.pk.name, output_field=TextField()
        )
    )
    return found["all"] or ""


def kept_file(form: Form, mark: str, *, at: date) -> Path:
    """The whole catalogue, compressed by gzip; written when there is none for this stamp, then former ones go.

    Processes of one machine share it; of those that need a new one at the same time, one writes and the others wait.
    """
    folder = Path(settings.CATALOGUE_DIR)
    kept = folder / f"procedures-{mark}.{form.name}.gz"
    if kept.exists():
        return kept
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            _write(kept, form, at)
            for former in folder.glob(f"procedures-*.{form.name}.gz"):
                if former != kept:
                    former.unlink(missing_ok=True)
    return kept


def _write(kept: Path, form: Form, at: date) -> None:
    handle, name = tempfile.mkstemp(dir=kept.parent, prefix="new-")
    try:
        with (
            os.fdopen(handle, "wb") as raw,
            gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as file,
        ):
            for piece in form.pieces(describe_all(at=at)):
                file.write(piece.encode())
        os.replace(name, kept)
    except BaseException:
        os.unlink(name)
        raise
