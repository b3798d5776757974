"""The register of dossiers (form 06): one agency's book, latest first or in its order, a page at a time.

Permission is in the query: who handles dossiers at an agency reads its book. Tests are in no book.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone

from motcua.casework.dossiers.models import Consignment, Dossier, OfficialDocument, ReturnWay
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.process.models import Task
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.places import place_token, read_place
from motcua.foundation.kernel.statements import WrittenMoment
from motcua.registry.access.policies import within
from motcua.registry.access.selectors import CASE_RIGHTS
from motcua.registry.catalogue.models import VERSION_CONTENT
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import get_agency_of_path, list_current_agencies

PAGE = 50
_CHUNK = 1_000
# What a line needs; answers are long.
_SHOWN = (
    "id", "code", "reference", "procedure_code", "agency_id", "agency_path", "status", "accepted_at", "due_at",
    "finished_at", "is_declined", "returned_at", "return_way", "return_tracking", "return_receiver", "applicant_facts",
    "owner_facts", "channel", "revision", "version__procedure_id", "version__procedure__names", "agency__name",
    "entered_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What of an agency's book. `since`, `until`: days of acceptance, both within; `status`: 0 for any; `way`: a
    ReturnWay, of what was returned as it went, of the rest as the applicant asked; `unit`: id of the unit of the agency
    that has or had a task of it, as text."""

    path: str
    since: date
    until: date
    procedure: str = ""
    status: int = 0
    way: str = ""
    unit: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"since": self.since.isoformat(), "until": self.until.isoformat()}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Asked:
        days = {name: date.fromisoformat(kept[name]) for name in ("since", "until")}
        return cls(**{**kept, **days})

    def condition(self) -> Q:
        begins, ends = (
            WrittenMoment(timezone.make_aware(datetime.combine(day, time())))
            for day in (self.since, self.until + timedelta(days=1))
        )
        found = Q(agency_path=self.path, is_test=False, accepted_at__gte=begins, accepted_at__lt=ends)
        if self.procedure:
            found &= Q(procedure_code=self.procedure)
        if self.status:
            found &= Q(status=self.status)
        if self.way:
            asked_for = Q(asked_way=self.way)
            if self.way == ReturnWay.WAREHOUSE:
                asked_for |= Q(asked_way=None)
            found &= Q(return_way=self.way) | Q(asked_for, return_way="")
        if self.unit:
            found &= Q(Exists(Task.objects.filter(subject=OuterRef("pk"), unit_id=self.unit)))
        return found


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the book. `serial`: the number of the dossier's form 01 in its year, "" without one; `way`: a
    ReturnWay."""

    dossier: Dossier
    serial: str
    way: str


def list_books(actor: Actor) -> list[Agency]:
    """Agencies whose books the actor may read, as they are called now, a superior first. One query."""
    return list_current_agencies(actor.scopes(*CASE_RIGHTS))


def get_book(actor: Actor, path: str) -> Agency:
    """The agency of one book. Raises NotFound, also when the actor may not read it."""
    return get_agency_of_path(actor.scopes(*CASE_RIGHTS), path)


def list_lines(
    actor: Actor, asked: Asked, *, after: str = "", oldest_first: bool = False, limit: int = PAGE
) -> tuple[list[Line], str]:
    """Lines of a book, latest acceptance first, and the token of the next page ("" on the last). Two queries.

    `after`: the token of the page before; a wrong one is ignored.
    """
    rows = _rows(actor, asked)
    if place := read_place(after):
        rows = rows.filter(_beyond("accepted_at", "gt" if oldest_first else "lt", place))
    order = ("accepted_at", "pk") if oldest_first else ("-accepted_at", "-pk")
    found = list(rows.order_by(*order)[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    last_at = found[-1].accepted_at if more else None
    return _lines(found), place_token(last_at, found[-1].pk) if last_at else ""


def count_lines(actor: Actor, asked: Asked, *, most: int) -> int:
    """How many lines the book has there, `most` + 1 at most. One query."""
    return len(_rows(actor, asked).values_list("pk")[: most + 1])


def each_line(actor: Actor, asked: Asked) -> Iterator[Line]:
    """Every line in the order of the book, read by the thousand."""
    after, more = "", True
    while more:
        lines, after = list_lines(actor, asked, after=after, oldest_first=True, limit=_CHUNK)
        yield from lines
        more = bool(after)


def list_uncollected(actor: Actor, path: str, *, after: str = "") -> tuple[list[Line], str]:
    """Finished results of one agency that were not returned yet, longest first; as `list_lines`."""
    rows = _known(actor, path).filter(is_test=False, status=Status.FINISHED)
    if place := read_place(after):
        rows = rows.filter(_beyond("finished_at", "gt", place))
    found = list(rows.order_by("finished_at", "pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    last_at = found[-1].finished_at if more else None
    return _lines(found), place_token(last_at, found[-1].pk) if last_at else ""


def list_came_back(actor: Actor, path: str) -> list[Consignment]:
    """Results of one agency that the post brought back and nobody has had since, longest first, 50 at most."""
    mine = within("dossier__agency_path", actor.scopes(*CASE_RIGHTS))
    back = Consignment.objects.filter(
        mine, agency_path=path, outcome="came_back", settled_at=None, dossier__is_test=False
    )
    related = back.select_related("dossier__version__procedure").defer(
        *(f"dossier__{name}" for name in VERSION_CONTENT)
    )
    return list(related.order_by("outcome_on", "pk")[:PAGE])


def _rows(actor: Actor, asked: Asked) -> QuerySet[Dossier]:
    return _known(actor, asked.path).filter(asked.condition())


def _beyond(name: str, side: str, place: tuple[datetime, UUID]) -> Q:
    """What comes after a place. The moment stands alone too: an index goes there by that, not by an OR."""
    moment, last = place
    after = Q(**{f"{name}__{side}": moment}) | Q(**{name: moment, f"pk__{side}": last})
    return Q(**{f"{name}__{side}e": moment}) & after


def _known(actor: Actor, path: str) -> QuerySet[Dossier]:
    """Of one agency, none where the actor holds no right at it.

    Not asked of each row: with the scopes beside it PostgreSQL takes the one agency for a hundredth of itself, and
    sorts all of it instead of reading a page from the index.
    """
    rows = Dossier.objects.filter(agency_path=path)
    if not path.startswith(actor.scopes(*CASE_RIGHTS)):
        rows = rows.none()
    related = rows.select_related("version__procedure", "agency").only(*_SHOWN)
    return related.annotate(asked_way=KT("answers__result_by"))


def _lines(dossiers: list[Dossier]) -> list[Line]:
    receipts = OfficialDocument.objects.filter(
        dossier__in=[it.pk for it in dossiers], kind=OfficialDocument.Kind.RECEIPT, edition=1
    )
    numbers: dict[UUID, str] = dict(receipts.values_list("dossier_id", "number"))
    return [Line(it, numbers.get(it.pk, "").partition("/")[0], _way(it)) for it in dossiers]


def _way(dossier: Dossier) -> str:
    asked: str | None = dossier.asked_way  # type: ignore[attr-defined]
    return dossier.return_way or (asked if asked in ReturnWay.values else ReturnWay.WAREHOUSE)
