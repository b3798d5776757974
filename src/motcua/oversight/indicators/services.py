"""Publishing figures for good, and the record of who looked at officers' figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from motcua.foundation.journal.models import DeadLetter
from motcua.foundation.journal.services import Happening, catch_up, record, replay
from motcua.foundation.kernel.actors import Actor
from motcua.oversight.indicators.consumers import NAME as NAME
from motcua.oversight.indicators.errors import FrozenBefore, NotFollowedYet, PeriodNotOver
from motcua.oversight.indicators.models import Frozen
from motcua.oversight.indicators.rules.periods import Period
from motcua.oversight.indicators.rules.scoring import CODES, Score
from motcua.oversight.indicators.selectors import (
    Evaluation,
    Whose,
    evaluate,
    evaluate_officers,
    evaluate_units,
    find_frozen,
    lag,
    rules_of,
)
from motcua.registry.organisations.models import Agency


def freeze(*, actor: Actor, agency: Agency, period: Period, at: datetime) -> Frozen:
    """Publish an agency's figures of a period that is over: they stay, whatever is corrected later.

    Raises PeriodNotOver, FrozenBefore, NotFollowedYet while the evaluation is behind the journal.
    """
    if at < period.ends:
        raise PeriodNotOver
    if behind := lag():
        raise NotFollowedYet(lag=behind)
    try:
        with transaction.atomic():
            frozen = Frozen.objects.create(
                agency_path=agency.path,
                agency_name=agency.name,
                period=period.code,
                figures=figures_of(agency.path, period),
                frozen_at=at,
            )
            facts = {
                "agency": agency.code,
                "period": period.code,
                "dossiers": frozen.figures["agency"]["dossiers"],
            }
            record(
                actor=actor,
                happening=Happening("evaluation.frozen", "evaluation", frozen.id, facts=facts),
                at=at,
            )
    except IntegrityError as error:
        if find_frozen(agency.path, period):
            raise FrozenBefore from error
        raise
    return frozen


def figures_of(path: str, period: Period) -> dict[str, Any]:
    """{"rules": the day they count from, "agency": …, "units": {id: …}, "officers": {id: …}}; each of them {"dossiers",
    "classes", "scores": {index: [points, dossiers]}}. Three queries."""
    units, officers = evaluate_units(path, period), evaluate_officers(path, period)
    return {
        "rules": rules_of(period).valid_from.isoformat(),
        "agency": as_json(evaluate(Whose(path), period)),
        "units": {str(pk): as_json(it) for pk, it in units.items()},
        "officers": {str(pk): as_json(it) for pk, it in officers.items()},
    }


def as_json(found: Evaluation) -> dict[str, Any]:
    return {
        "dossiers": found.dossiers,
        "classes": dict(found.classes),
        "scores": {it.code: [it.points, it.dossiers] for it in found.scores},
    }


def of_json(kept: Mapping[str, Any]) -> Evaluation:
    scores = tuple(Score(code, *kept["scores"][code]) for code in CODES)
    return Evaluation(kept["dossiers"], kept["classes"], scores)


def recompute(
    *,
    actor: Actor,
    clock: Callable[[], datetime] = timezone.now,
    progress: Callable[[int], None] | None = None,
) -> tuple[int, int]:
    """Follow the whole journal again; the position it came to, and how many entries could not be handled.

    Published figures stay. That it was done is an entry.
    """
    replay(actor=actor, consumer=NAME, at=clock())
    position = catch_up(NAME, clock=clock, progress=progress)
    return position, DeadLetter.objects.filter(consumer=NAME, resolved_at=None).count()


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody looked at officers' figures: `what` is "officers", "officer", "dossiers" or "export"; of an agency
    or of one officer."""

    what: str
    period: Period
    agency_id: UUID | None = None
    officer_id: UUID | None = None


@transaction.atomic
def record_look(actor: Actor, look: Look, *, at: datetime) -> None:
    happening = Happening(
        "evaluation.read",
        "evaluation",
        look.officer_id or look.agency_id or actor.person,
        concerns_id=look.officer_id,
        facts={"what": look.what, "period": look.period.code},
    )
    record(actor=actor, happening=happening, at=at)
