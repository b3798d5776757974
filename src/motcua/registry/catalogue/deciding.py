"""Working through doubtful values: one at a time or all of a kind, and undoing it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from motcua.foundation.journal.services import (
    Happening,
    Line,
    encode_actor,
    encode_facts,
    record,
    record_lines,
)
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError, NotFound, Refused
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.rows import NULL, encode_moment, encode_uuid
from motcua.registry.catalogue.contributions import tell_decided
from motcua.registry.catalogue.models import Doubt, Procedure
from motcua.registry.catalogue.policies import RIGHT
from motcua.registry.catalogue.rules.doubting import FORMS
from motcua.registry.catalogue.rules.entering import entered
from motcua.registry.catalogue.services import procedure_id
from motcua.registry.catalogue.showing import captured_of, columns_of, known_sectors

MOST_AT_ONCE = 3_000
DECIDED = (Doubt.State.CONFIRMED, Doubt.State.CORRECTED)
_AT_ONCE = 500


class DoubtChanged(DomainError):
    code = "doubt_changed"
    message = _(
        "This was decided or read anew in the meantime. Look at it again; what you entered is still here."
    )


class NoGuess(DomainError):
    code = "no_guess"
    message = _("There is no guess for this value. Enter another one, or confirm it.")
    status = 422


class TooMany(DomainError):
    code = "too_many"
    message = _("At most %(most)s values are decided at once; these are %(count)s. Choose fewer by a filter.")
    status = 422


@dataclass(frozen=True, slots=True)
class Decision:
    """`how`: "confirm" it as it is, take the "guess", or the "value" that was `typed`. reason: why, for the journal."""

    how: str
    reason: str
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which doubts a list shows; empty: all."""

    kind: str = ""
    sector: str = ""
    ministry: str = ""
    state: str = Doubt.State.OPEN

    def rows(self) -> QuerySet[Doubt]:
        chosen = Q(state=self.state)
        for name, value in (("kind", self.kind), ("procedure__sector", self.sector)):
            chosen &= Q(**{name: value}) if value else Q()
        chosen &= Q(procedure__ministry=self.ministry) if self.ministry else Q()
        return Doubt.objects.filter(chosen)


def check_right(actor: Actor) -> None:
    """Values of the nation's catalogue are decided by who keeps it for everything, or for the top agency. Raises
    Refused."""
    if not any(path.count("/") <= 2 for path in actor.scopes(RIGHT)):
        raise Refused


@transaction.atomic
def decide(*, actor: Actor, doubt_id: UUID, revision: int, decision: Decision, at: datetime) -> Doubt:
    """Decide one value; an entry. What lists, search and pages show follows.

    Raises Refused, NotFound, DoubtChanged, NoGuess, `rules.entering.NotAValue`.
    """
    check_right(actor)
    doubt = Doubt.objects.select_for_update().filter(pk=doubt_id).first()
    if not doubt:
        raise NotFound
    if doubt.revision != revision or doubt.state == Doubt.State.GONE:
        raise DoubtChanged
    _apply(doubt, decision, new_id(), actor, at)
    doubt.save()
    _record(actor, [doubt], decision.how, at)
    _refresh(actor, [doubt], at)
    return doubt


def _apply(doubt: Doubt, decision: Decision, act: UUID, actor: Actor, at: datetime) -> None:
    if decision.how == "guess" and doubt.guess is None:
        raise NoGuess
    values = {
        "confirm": lambda: None,
        "guess": lambda: doubt.guess,
        "value": lambda: entered(FORMS.get(doubt.kind, ""), decision.typed),
    }
    doubt.value = values[decision.how]()
    doubt.state = Doubt.State.CONFIRMED if decision.how == "confirm" else Doubt.State.CORRECTED
    doubt.reason, doubt.act = decision.reason[:500], act
    doubt.decided_by, doubt.decided_at = actor.person_id, at
    doubt.revision += 1


def preview(actor: Actor, wanted: Wanted, how: str) -> tuple[QuerySet[Doubt], int, str]:
    """The open doubts that a decision about all of them would reach, how many, and a stamp of just these.

    how: "confirm" or "guess", which leaves out those without one. Two queries. Raises Refused, TooMany.
    """
    check_right(actor)
    rows = wanted.rows().filter(state=Doubt.State.OPEN)
    rows = (rows.filter(guess__isnull=False) if how == "guess" else rows).order_by("pk")
    found = list(rows.values_list("pk", "revision")[: MOST_AT_ONCE + 1])
    if len(found) > MOST_AT_ONCE:
        raise TooMany(most=MOST_AT_ONCE, count=rows.count())
    return rows, len(found), _stamp(found)


def _stamp(found: Iterable[tuple[UUID, int]]) -> str:
    return hashlib.sha256("\n".join(f"{pk} {revision}" for pk, revision in found).encode()).hexdigest()


@transaction.atomic
def decide_many(
    *, actor: Actor, wanted: Wanted, stamp: str, decision: Decision, at: datetime
) -> tuple[UUID, int]:
    """Decide what a preview showed, as one act that can be undone as one; an entry a value.

    Gives the act and how many. Raises Refused, TooMany, DoubtChanged when it would reach others than the preview did.
    """
    rows, _count, _now = preview(actor, wanted, decision.how)
    doubts = list(rows.select_for_update(of=("self",)))
    if not doubts or _stamp((it.pk, it.revision) for it in doubts) != stamp:
        raise DoubtChanged
    act = new_id()
    for doubt in doubts:
        _apply(doubt, decision, act, actor, at)
    _write(doubts)
    _record(actor, doubts, decision.how, at)
    _refresh(actor, doubts, at)
    return act, len(doubts)


@transaction.atomic
def undo(*, actor: Actor, act: UUID, at: datetime) -> int:
    """Open again what an act decided, but for what was decided anew since. Gives how many. Raises Refused, NotFound."""
    check_right(actor)
    doubts = list(Doubt.objects.select_for_update().filter(act=act, state__in=DECIDED).order_by("pk"))
    if not doubts:
        raise NotFound
    for doubt in doubts:
        doubt.state, doubt.value, doubt.reason = Doubt.State.OPEN, None, ""
        doubt.act = doubt.decided_by = doubt.decided_at = None
        doubt.revision += 1
    _write(doubts)
    _record(actor, doubts, "undo", at)
    _refresh(actor, doubts, at)
    return len(doubts)


def _write(doubts: Sequence[Doubt]) -> None:
    changed = ("state", "value", "reason", "act", "decided_by", "decided_at", "revision")
    Doubt.objects.bulk_update(doubts, changed, batch_size=_AT_ONCE)


def _record(actor: Actor, doubts: Sequence[Doubt], how: str, at: datetime) -> None:
    """An entry a value. The reasons are free text, so they are details."""
    if len(doubts) == 1:
        only = doubts[0]
        about = procedure_id(only.procedure_id)
        details = _details(only)
        happening = Happening("doubt.decided", "procedure", about, facts=_facts(only, how), details=details)
        record(actor=actor, happening=happening, at=at)
        return
    doer = encode_actor(actor)
    record_lines(
        Line(
            kind="doubt.decided",
            doer=doer,
            object_kind="procedure",
            subject=encode_uuid(procedure_id(doubt.procedure_id)),
            concerns=NULL,
            at=at,
            moment=encode_moment(at),
            facts=encode_facts(_facts(doubt, how)),
            details=_details(doubt),
        )
        for doubt in doubts
    )


def _details(doubt: Doubt) -> dict[str, str] | None:
    return {"reason": doubt.reason} if doubt.reason else None


def _facts(doubt: Doubt, how: str) -> dict[str, Any]:
    return {
        "code": doubt.procedure_id,
        "doubt": str(doubt.pk),
        "about": doubt.kind,
        "place": doubt.place,
        "how": how,
    }


def _refresh(actor: Actor, doubts: Sequence[Doubt], at: datetime) -> None:
    codes = {doubt.procedure_id for doubt in doubts}
    refresh(codes)
    tell_decided(actor, codes, at)


def refresh(codes: Iterable[str]) -> None:
    """Work out again what lists and search show of imported procedures; what packs say stays."""
    wanted = sorted(set(codes))
    sectors = known_sectors()
    for start in range(0, len(wanted), _AT_ONCE):
        held = (
            Procedure.objects.select_for_update()
            .filter(origin="import")
            .in_bulk(wanted[start : start + _AT_ONCE])
        )
        doubts = (
            Doubt.objects.filter(procedure__in=held).exclude(state=Doubt.State.GONE).order_by("procedure_id")
        )
        live = {code: list(rows) for code, rows in groupby(doubts, key=lambda it: it.procedure_id)}
        changed: set[str] = set()
        for code, capture in captured_of(held).items():
            columns = columns_of(capture, live.get(code, []), held[code], sectors)
            changed |= set(columns)
            for name, value in columns.items():
                setattr(held[code], name, value)
        if changed:
            Procedure.objects.bulk_update(held.values(), sorted(changed), batch_size=_AT_ONCE)
