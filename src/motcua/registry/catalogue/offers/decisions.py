"""Decisions on publication: entered by hand, as no file has their due dates."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Prefetch, QuerySet, Value, When

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import clean_line
from motcua.registry.access.policies import within
from motcua.registry.catalogue.models import DecidedProcedure, ProcedureVersion, PublicationDecision
from motcua.registry.catalogue.offers.errors import (
    CodesWrong,
    DecisionDates,
    DecisionTaken,
    NoProcedures,
    OfferMoved,
)
from motcua.registry.catalogue.offers.services import may_keep_offers
from motcua.registry.catalogue.policies import RIGHT
from motcua.registry.catalogue.rules.codes import parse_code
from motcua.registry.organisations.models import Agency, valid_on


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as typed in. `procedures`: kind of `DecidedProcedure` -> codes in any form."""

    number: str
    issuer: str
    issued_on: date
    due_on: date
    published_on: date | None
    procedures: Mapping[str, Sequence[str]]


@transaction.atomic
def enter_decision(*, actor: Actor, agency_id: UUID, decided: Decided, at: datetime) -> PublicationDecision:
    """Enter a decision that an agency has to make public.

    Raises NotFound (agency, right), DecisionDates, CodesWrong, NoProcedures, DecisionTaken.
    """
    agency = Agency.objects.select_for_update(of=("self",)).filter(pk=agency_id).first()
    if not agency or not may_keep_offers(actor, agency.path):
        raise NotFound
    columns, codes = _checked(decided)
    same = PublicationDecision.objects.filter(
        agency_path=agency.path, number=columns["number"], issued_on=decided.issued_on
    )
    if same.exists():
        raise DecisionTaken
    made = PublicationDecision.objects.create(
        agency=agency, agency_path=agency.path, entered_at=at, **columns
    )
    _decide(made, codes)
    record(actor=actor, happening=_happening("decision.entered", made, codes), at=at)
    return made


@transaction.atomic
def change_decision(
    *, actor: Actor, decision_id: UUID, decided: Decided, revision: int, at: datetime
) -> PublicationDecision:
    """Correct a decision, or note since when it is public. Raises as `enter_decision`, OfferMoved for a stale page."""
    made = get_decision(actor, decision_id, lock=True)
    if made.revision != revision:
        raise OfferMoved
    columns, codes = _checked(decided)
    others = PublicationDecision.objects.exclude(pk=made.pk).filter(
        agency_path=made.agency_path, number=columns["number"], issued_on=decided.issued_on
    )
    if others.exists():
        raise DecisionTaken
    for name, value in (columns | {"revision": revision + 1}).items():
        setattr(made, name, value)
    made.save()
    made.procedures.all().delete()
    _decide(made, codes)
    record(actor=actor, happening=_happening("decision.changed", made, codes), at=at)
    return made


def _checked(decided: Decided) -> tuple[dict[str, object], dict[str, str]]:
    for day in (decided.due_on, decided.published_on):
        if day and day < decided.issued_on:
            raise DecisionDates(day=decided.issued_on.isoformat())
    codes: dict[str, str] = {}
    for kind, written in decided.procedures.items():
        for text in written:
            parsed = parse_code(text)
            if not parsed:
                raise CodesWrong(wrong=text[:20])
            codes[parsed.base] = kind
    if not codes:
        raise NoProcedures
    return {
        "number": clean_line(decided.number)[:60],
        "issuer": clean_line(decided.issuer)[:200],
        "issued_on": decided.issued_on,
        "due_on": decided.due_on,
        "published_on": decided.published_on,
    }, codes


def _decide(made: PublicationDecision, codes: Mapping[str, str]) -> None:
    DecidedProcedure.objects.bulk_create(
        DecidedProcedure(decision=made, code=code, kind=kind) for code, kind in codes.items()
    )


def _happening(kind: str, made: PublicationDecision, codes: Mapping[str, str]) -> Happening:
    facts = {
        "agency": made.agency.code,
        "number": made.number,
        "issued_on": made.issued_on.isoformat(),
        "due_on": made.due_on.isoformat(),
        "procedures": sorted(codes),
        **({"published_on": made.published_on.isoformat()} if made.published_on else {}),
    }
    return Happening(kind, object_kind="decision", object_id=made.pk, facts=facts)


def get_decision(actor: Actor, decision_id: UUID, *, lock: bool = False) -> PublicationDecision:
    """Raises NotFound, also for an agency where the actor keeps no catalogue."""
    rows = (
        PublicationDecision.objects.select_for_update(of=("self",))
        if lock
        else PublicationDecision.objects.all()
    )
    found = rows.filter(within("agency_path", actor.scopes(RIGHT)), pk=decision_id).select_related("agency")
    decision = found.first()
    if not decision:
        raise NotFound
    return decision


def list_decisions(actor: Actor, *, on: date, limit: int = 200) -> list[PublicationDecision]:
    """Those that are overdue first, then those that are open, by due date; then what is public, newest first. Two
    queries."""
    rows = PublicationDecision.objects.filter(within("agency_path", actor.scopes(RIGHT)))
    ranked = rows.annotate(rank=Case(When(published_on=None, then=Value(0)), default=Value(1)))
    procedures = Prefetch("procedures", DecidedProcedure.objects.order_by("code"))
    ordered = ranked.order_by("rank", F("published_on").desc(nulls_last=True), "due_on", "number", "id")
    return list(ordered.select_related("agency").prefetch_related(procedures)[:limit])


def decisions_about(code: str) -> QuerySet[DecidedProcedure]:
    """What decisions did to a procedure, newest first."""
    rows = DecidedProcedure.objects.filter(code=code).select_related("decision__agency")
    return rows.order_by("-decision__issued_on", "-decision__number", "pk")


def published_definitions(codes: Collection[str], *, on: date) -> dict[str, dict[str, Any]]:
    """Code -> what its version of a day says, of those that have one. One query."""
    versions = ProcedureVersion.objects.filter(valid_on(on), procedure__in=codes).order_by("number")
    return dict(versions.values_list("procedure_id", "definition"))


@dataclass(frozen=True, slots=True)
class OnTime:
    """Of the decisions due within a period, how many procedures were public in time (I.1), changes alone (I.2)."""

    published: int
    due: int
    updated: int
    to_update: int


def count_on_time(path: str, begins: date, ends: date) -> OnTime:
    """For an agency and those below, of decisions due from a day to before another. One query.

    Source: Decision 766/QĐ-TTg, I.1: procedures published by the due date ÷ all that had to be; I.2 the same of
    changes.
    """
    rows = DecidedProcedure.objects.filter(
        within("decision__agency_path", (path,)), decision__due_on__gte=begins, decision__due_on__lt=ends
    )
    done = [
        (kind, public is not None and public <= due)
        for kind, public, due in rows.values_list("kind", "decision__published_on", "decision__due_on")
    ]
    changes = [is_done for kind, is_done in done if kind != DecidedProcedure.Kind.ADDS]
    return OnTime(sum(it for _kind, it in done), len(done), sum(changes), len(changes))
