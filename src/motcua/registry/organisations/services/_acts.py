"""What the acts of this room share: scope, lock, revision, validity, journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import F

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.ids import new_id
from motcua.registry.organisations.errors import AgencyEnded, AgencyMoved, CodeTaken, DayTooEarly, WrongCode
from motcua.registry.organisations.models import Agency, AgencyCode, Holding, Post, Unit
from motcua.registry.organisations.rules.codes import code_form

Dated = TypeVar("Dated", Unit, Post, Holding)


@dataclass(frozen=True, slots=True)
class Target:
    """The agency an act is meant for, as the page showed it. Without a revision any will do: files and set-up."""

    agency_id: UUID
    revision: int | None = None


def may_administer(actor: Actor, path: str) -> bool:
    """Whether the actor may change agencies at this path. The system may: set-up and files."""
    return actor.kind == "system" or actor.holds("administrator", path)


@contextmanager
def changing(actor: Actor, target: Target) -> Iterator[Agency]:
    """One act on an agency, its units, posts or officers: one transaction, one after the other by its row's lock.

    Raises NotFound (also for who has no right there), AgencyMoved for a stale page.
    """
    with transaction.atomic():
        agency = lock_agency(actor, target.agency_id)
        if target.revision is not None and agency.revision != target.revision:
            raise AgencyMoved
        yield agency
        Agency.objects.filter(pk=agency.pk).update(revision=F("revision") + 1)


def lock_agency(actor: Actor, agency_id: UUID) -> Agency:
    agency = Agency.objects.select_for_update(of=("self",)).filter(pk=agency_id).first()
    if not agency or not may_administer(actor, agency.path):
        raise NotFound
    return agency


def require_everywhere(actor: Actor) -> None:
    if not may_administer(actor, "/"):
        raise Refused


def check_valid(agency: Agency, day: date) -> None:
    """Raises AgencyEnded when the agency does not exist on that day."""
    if agency.valid_from > day or (agency.valid_to and agency.valid_to <= day):
        raise AgencyEnded(name=agency.name, day=day.isoformat())


def check_after(day: date, begun: date) -> None:
    if day <= begun:
        raise DayTooEarly(day=begun.isoformat())


def check_code(code: str, *, path: str = "", form: str = "new") -> None:
    """Raises WrongCode; CodeTaken when another agency than that of the path bears it, or ever did."""
    if code_form(code) != form:
        raise WrongCode
    holder = Agency.objects.filter(code=code).exclude(path=path).first()
    other = AgencyCode.objects.filter(code=code).select_related("agency").first()
    if holder or other:
        raise CodeTaken(code=code, name=(holder or other.agency).name)  # type: ignore[union-attr]


def carry_over(row: Dated, day: date, changes: Mapping[str, Any]) -> Dated:
    """The row as it goes on from a day with other values: what it was until then stays as a row of the past."""
    later = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.fields})
    if row.valid_from < day:
        type(row).objects.filter(pk=row.pk).update(valid_to=day)
        later.pk = None if isinstance(row, Holding) else new_id()
        later.valid_from = day
    later._state.adding = row.valid_from < day
    for name, value in changes.items():
        setattr(later, name, value)
    later.save()
    return later


def tell(actor: Actor, kind: str, object_id: UUID, at: datetime, **facts: Any) -> None:
    """Write the act's entry. Facts: ids, codes, days; days become text."""
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
    happening = Happening(kind=kind, object_kind=kind.split(".")[0], object_id=object_id, facts=told)
    record(actor=actor, happening=happening, at=at)
