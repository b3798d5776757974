"""Offering, changing and ending, of one procedure or many at once; and decisions on publication. Each is one act."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError, NotFound
from motcua.foundation.kernel.text import clean_line
from motcua.foundation.worktime.limits import UnreadableLimit, parse_limit
from motcua.registry.catalogue.models import Offer, Procedure
from motcua.registry.catalogue.offers.errors import (
    DecisionMissing,
    EndsBeforeItBegins,
    FeeWrong,
    LimitLonger,
    LimitNotComparable,
    LimitNotPublished,
    LimitSame,
    LimitUnreadable,
    NoProcedures,
    NotAtThisLevel,
    NotTheirProcedure,
    OfferMoved,
    OfferOverlaps,
    ProactiveMissing,
    ProcedureGone,
    ReasonMissing,
)
from motcua.registry.catalogue.offers.selectors import (
    COMMUNE,
    PROVINCE,
    current_offers,
    may_offer,
    published_limits,
)
from motcua.registry.catalogue.policies import RIGHT
from motcua.registry.catalogue.rules.offers import CHANNELS, Against, compare_limits
from motcua.registry.catalogue.words import limit_words
from motcua.registry.organisations.models import Agency

# What one act may change; of more the page asks for a narrower choice.
MOST = 3_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What is offered, as `Offer` keeps it. `fees`: rows of `rules.offers.decided_fees`."""

    level: str
    scope: str = Offer.Scope.OWN
    reason: str = ""
    reason_words: str = ""
    proactive: int = 0
    limit: str = ""
    fees: Sequence[Mapping[str, Any]] = ()
    counters: str = ""
    contact: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open; `valid_to` None: without end."""

    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Offering:
    """What to offer where. `seen`: procedure -> the revision of the offer that the page showed, to be told if it
    moved."""

    agency_id: UUID
    codes: Collection[str]
    terms: Terms
    period: Period
    seen: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    code: str
    problem: DomainError


@dataclass(slots=True)
class Report:
    """What an act on several procedures did. `done`: the offers that hold now, or ended."""

    done: list[Offer] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def may_keep_offers(actor: Actor, path: str) -> bool:
    """Whether the actor says what is offered at this path. The system may: set-up and files."""
    return actor.kind == "system" or actor.holds(RIGHT, path)


@transaction.atomic
def enter_offers(*, actor: Actor, offering: Offering, at: datetime) -> Report:
    """Offer procedures at an agency. What holds there already ends on the day the new begins, or is replaced where it
    began that day; what cannot be offered is reported, the rest is done. One entry.

    Raises NotFound (agency, or no right there), NoProcedures, EndsBeforeItBegins, ReasonMissing, ProactiveMissing,
    DecisionMissing, FeeWrong, LimitUnreadable.
    """
    agency, period = _agency(actor, offering.agency_id), offering.period
    offering = replace(offering, terms=checked_terms(offering.terms))
    if period.valid_to and period.valid_to <= period.valid_from:
        raise EndsBeforeItBegins(day=period.valid_from.isoformat())
    codes = list(dict.fromkeys(offering.codes))[:MOST]
    if not codes:
        raise NoProcedures
    report, known = Report(), _Known(agency, codes, offering.terms, timezone.localdate(at))
    for code in codes:
        try:
            known.check(code)
            with transaction.atomic():
                report.done.append(_enter(agency, code, offering))
        except DomainError as problem:
            report.refused.append(Refusal(code, problem))
        except IntegrityError:
            # The database's own guard: somebody was quicker.
            overtaken = OfferOverlaps(code=code, begins=period.valid_from.isoformat())
            report.refused.append(Refusal(code, overtaken))
    if report.done:
        record(actor=actor, happening=_entered(agency, report.done, offering.terms), at=at)
    return report


def _agency(actor: Actor, agency_id: UUID) -> Agency:
    """Locked, so that two who change its offers come one after the other."""
    agency = Agency.objects.select_for_update(of=("self",)).filter(pk=agency_id).first()
    if not agency or not may_keep_offers(actor, agency.path):
        raise NotFound
    return agency


def checked_terms(terms: Terms) -> Terms:
    """Terms whose parts fit together, with texts cleaned. Raises as `enter_offers` does."""
    if terms.level not in Offer.Level.values or terms.scope not in Offer.Scope.values:
        raise NotFound
    is_partial, is_proactive = terms.level == Offer.Level.PARTIAL, terms.level == Offer.Level.PROACTIVE
    if is_partial and terms.reason not in Offer.Reason.values:
        raise ReasonMissing
    if is_proactive and not 1 <= terms.proactive <= 4:
        raise ProactiveMissing
    fees = [_checked_fee(row, line) for line, row in enumerate(terms.fees, start=1)]
    limit, decision = terms.limit.strip(), clean_line(terms.decision)[:100]
    if (limit or fees) and not decision:
        raise DecisionMissing
    return replace(
        terms,
        reason=terms.reason if is_partial else "",
        reason_words=clean_line(terms.reason_words)[:500] if is_partial else "",
        proactive=terms.proactive if is_proactive else 0,
        limit=limit,
        fees=[{**it, "decision": it["decision"] or decision} for it in fees],
        contact=clean_line(terms.contact)[:300],
        decision=decision,
    )


def _checked_fee(row: Mapping[str, Any], line: int) -> dict[str, Any]:
    amount, territory, until = (
        row.get("amount_vnd"),
        str(row.get("territory") or ""),
        str(row.get("until") or ""),
    )
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 <= amount < 10**12:
        raise FeeWrong(line=line, why="amount")
    if territory and not (territory.isascii() and territory.isdecimal() and len(territory) in (2, 3)):
        raise FeeWrong(line=line, why="territory")
    if row.get("channel") and row["channel"] not in CHANNELS:
        raise FeeWrong(line=line, why="channel")
    try:
        if until:
            date.fromisoformat(until)
    except ValueError:
        raise FeeWrong(line=line, why="until") from None
    return {
        "amount_vnd": amount,
        "channel": str(row.get("channel") or ""),
        "territory": territory,
        "until": until,
        "decision": clean_line(str(row.get("decision") or ""))[:100],
    }


class _Known:
    """What is asked of every procedure of an act, read at once."""

    def __init__(self, agency: Agency, codes: Sequence[str], terms: Terms, today: date) -> None:
        self.agency, self.terms, self.today = agency, terms, today
        self.procedures = Procedure.objects.in_bulk(codes)
        self.limits = published_limits(codes, on=today) if terms.limit else {}
        self.theirs: dict[str, bool] = {}

    def check(self, code: str) -> None:
        """Raises ProcedureGone, NotTheirProcedure, NotAtThisLevel, and as `check_limit` does."""
        procedure = self.procedures.get(code)
        if not procedure or procedure.removed_on:
            raise ProcedureGone(code=code)
        owner = procedure.publisher
        if owner not in self.theirs:
            self.theirs[owner] = may_offer(procedure, self.agency, on=self.today)
        if not self.theirs[owner]:
            raise NotTheirProcedure(code=code, owner=owner)
        if self._level() not in procedure.levels:
            raise NotAtThisLevel(code=code)
        if self.terms.limit:
            check_limit(self.terms.limit, self.limits.get(code))

    def _level(self) -> str:
        if self.terms.scope == Offer.Scope.COMMUNES:
            return COMMUNE
        return PROVINCE if self.agency.level == "department" else self.agency.level


def check_limit(own: str, published: Sequence[str] | None) -> None:
    """That a limit is surely shorter than a published one; of several cases it counts where it is. published: [] where
    none is stated, which any limit improves on; None where nothing is published.

    Raises LimitUnreadable, LimitNotPublished, LimitLonger, LimitSame, LimitNotComparable.
    """
    try:
        parse_limit(own)
    except UnreadableLimit:
        raise LimitUnreadable from None
    if published is None:
        raise LimitNotPublished
    found = {compare_limits(own, it) for it in published}
    if not found or Against.SHORTER in found:
        return
    problems = {frozenset({Against.SAME}): LimitSame, frozenset({Against.LONGER}): LimitLonger}
    problem = problems.get(frozenset(found), LimitNotComparable if Against.UNKNOWN in found else LimitLonger)
    raise problem(published=limit_words(published[0]), own=limit_words(own))


def _enter(agency: Agency, code: str, offering: Offering) -> Offer:
    """Begin an offer. Raises OfferOverlaps where another one begins later within its time, OfferMoved."""
    terms, period = offering.terms, offering.period
    day, end = period.valid_from, period.valid_to
    rows = Offer.objects.select_for_update(of=("self",)).filter(
        procedure=code, agency_path=agency.path, scope=terms.scope
    )
    near = [it for it in rows.order_by("valid_from") if it.valid_to is None or it.valid_to > day]
    later = next((it for it in near if it.valid_from > day and (end is None or it.valid_from < end)), None)
    if later:
        raise OfferOverlaps(code=code, begins=later.valid_from.isoformat())
    held = next((it for it in near if it.valid_from <= day), None)
    if held and offering.seen.get(code, held.revision) != held.revision:
        raise OfferMoved
    if held and held.valid_from == day:
        return _replaced(held, agency, offering)
    if held:
        Offer.objects.filter(pk=held.pk).update(valid_to=day, revision=F("revision") + 1)
    return Offer.objects.create(
        procedure_id=code, agency=agency, agency_path=agency.path, **_columns(terms, period)
    )


def _columns(terms: Terms, period: Period) -> dict[str, Any]:
    names = (
        "scope",
        "level",
        "reason",
        "reason_words",
        "proactive",
        "limit",
        "counters",
        "contact",
        "decision",
    )
    return {name: getattr(terms, name) for name in names} | {
        "fees": [dict(it) for it in terms.fees],
        "valid_from": period.valid_from,
        "valid_to": period.valid_to,
    }


def _replaced(old: Offer, agency: Agency, offering: Offering) -> Offer:
    columns = _columns(offering.terms, offering.period)
    for name, value in (columns | {"agency": agency, "revision": old.revision + 1}).items():
        setattr(old, name, value)
    old.save()
    return old


@transaction.atomic
def end_offers(
    *, actor: Actor, offers: Mapping[UUID, int | None], on: date, reason: str = "", at: datetime
) -> Report:
    """End offers on a day, which is the first without them. offers: id -> the revision the page showed, None for any.

    Raises NotFound where none of them is the actor's; the rest is reported. One entry an agency.
    """
    scopes = ("/",) if actor.kind == "system" else actor.scopes(RIGHT)
    rows, report = current_offers(list(offers), scopes), Report()
    if not rows:
        raise NotFound
    for row in rows:
        if offers[row.pk] not in (None, row.revision):
            report.refused.append(Refusal(row.procedure_id, OfferMoved()))
        elif on <= row.valid_from or (row.valid_to and row.valid_to < on):
            report.refused.append(
                Refusal(row.procedure_id, EndsBeforeItBegins(day=row.valid_from.isoformat()))
            )
        else:
            row.valid_to, row.revision = on, row.revision + 1
            row.save(update_fields=["valid_to", "revision"])
            report.done.append(row)
    by_agency: dict[UUID, list[Offer]] = {}
    for row in report.done:
        by_agency.setdefault(row.agency_id, []).append(row)
    for done in by_agency.values():
        told = {"reason": clean_line(reason)[:500]} if reason.strip() else None
        record(actor=actor, happening=_ended(done, told), at=at)
    return report


def _entered(agency: Agency, done: Sequence[Offer], terms: Terms) -> Happening:
    named = {name: getattr(terms, name) for name in ("reason", "limit", "decision")}
    facts = _facts(done) | {"level": terms.level, "scope": terms.scope}
    facts |= {name: value for name, value in named.items() if value}
    return Happening("offer.entered", object_kind="agency", object_id=agency.pk, facts=facts)


def _ended(done: Sequence[Offer], told: Mapping[str, Any] | None) -> Happening:
    agency = done[0].agency_id
    return Happening("offer.ended", object_kind="agency", object_id=agency, facts=_facts(done), details=told)


def _facts(done: Sequence[Offer]) -> dict[str, Any]:
    first = done[0]
    until = {"until": first.valid_to.isoformat()} if first.valid_to else {}
    codes = [it.procedure_id for it in done]
    return {"agency": first.agency.code, "procedures": codes, "from": first.valid_from.isoformat()} | until
