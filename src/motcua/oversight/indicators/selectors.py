"""Figures of agencies, units and officers, and the dossiers behind them. Who may see which: `policies`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet, Sum

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.policies import UNDER_WAY
from motcua.casework.dossiers.rules.classes import Class
from motcua.casework.dossiers.timing import count_classes
from motcua.foundation.journal.models import ConsumerPosition
from motcua.foundation.journal.selectors import journal_state, last_position
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.places import place_token, read_place
from motcua.oversight.indicators.consumers import NAME, own_steps
from motcua.oversight.indicators.freezing import days_behind as days_behind
from motcua.oversight.indicators.freezing import last_frozen as last_frozen
from motcua.oversight.indicators.models import Frozen, Measured, Part, column
from motcua.oversight.indicators.policies import evaluated_paths
from motcua.oversight.indicators.publishing import kept_back as kept_back
from motcua.oversight.indicators.rules.following import Facts
from motcua.oversight.indicators.rules.periods import Period
from motcua.oversight.indicators.rules.scoring import CODES, Index, Rules, Score, measured, rules_on
from motcua.oversight.indicators.ruleset import load_rules
from motcua.registry.access.policies import within
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import get_agency_of_path, list_current_agencies

PAGE = 50
# The consumer of the journal that keeps the figures.
FOLLOWER = NAME
CLASSES = (Class.EARLY, Class.ON_TIME, Class.LATE)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Of dossiers finished in a period. `classes`: how many were early, on time, late; `scores`: of every index."""

    dossiers: int
    classes: Mapping[str, int]
    scores: tuple[Score, ...]

    def score(self, code: str) -> Score:
        return self.scores[CODES.index(code)]


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose dossiers: those an agency decided; with `unit` or `officer` those in which it, or they, did a step there.

    `paths`: where an officer's parts may lie; None with an officer: anywhere, for the officer themself.
    """

    path: str = ""
    unit: UUID | None = None
    officer: UUID | None = None
    paths: tuple[str, ...] | None = None

    def condition(self) -> Q:
        found = Q(agency_path=self.path) if self.path else Q()
        if self.unit:
            found &= Q(unit_id=self.unit)
        if self.officer:
            found &= Q(officer_id=self.officer)
        return found & within("agency_path", self.paths) if self.paths is not None else found

    @property
    def is_part(self) -> bool:
        return bool(self.unit or self.officer)


@dataclass(frozen=True, slots=True)
class Behind:
    """A dossier behind a figure: what it got, why, and the dossier itself. `values`: what the measures said."""

    measured: Measured
    points: Mapping[str, int | None]
    values: Mapping[str, str | int | None]
    dossier: Dossier | None
    steps: Sequence[Mapping[str, str]] = field(default=())


def list_agencies(actor: Actor) -> list[Agency]:
    """Agencies whose evaluation the actor may see, as they are called now, a superior first. One query."""
    return list_current_agencies(evaluated_paths(actor))


def get_agency(actor: Actor, path: str) -> Agency:
    """Raises NotFound, also when the actor may not see its evaluation."""
    return get_agency_of_path(evaluated_paths(actor), path)


def rules_of(period: Period) -> Rules:
    """Those by which figures of the period are read: of its first day. Raises BadRules."""
    return rules_on(load_rules(), period.first)


def evaluate(whose: Whose, period: Period) -> Evaluation:
    """One query."""
    return _evaluation(_rows(whose, period).aggregate(**_SUMS))


def evaluate_units(path: str, period: Period) -> dict[UUID, Evaluation]:
    """Units of an agency that did steps of dossiers finished in the period. One query."""
    return _by("unit_id", path, period)


def evaluate_officers(path: str, period: Period) -> dict[UUID, Evaluation]:
    """Officers who did steps at an agency. One query."""
    return _by("officer_id", path, period)


def evaluate_agencies(
    actor: Actor, period: Period, *, after: str = "", limit: int = PAGE
) -> tuple[list[tuple[str, Evaluation]], str]:
    """Agencies with finished dossiers by path, and the path to go on after, "" on the last page. One query."""
    rows = Measured.objects.filter(within("agency_path", evaluated_paths(actor)), _in(period))
    if after:
        rows = rows.filter(agency_path__gt=after)
    grouped = rows.values("agency_path").annotate(**_SUMS).order_by("agency_path")[: limit + 1]
    found = [(row["agency_path"], _evaluation(row)) for row in grouped]
    return found[:limit], found[limit - 1][0] if len(found) > limit else ""


def list_behind(
    whose: Whose, period: Period, *, index: str = "", points: int | None = None, after: str = ""
) -> tuple[list[Behind], str]:
    """Dossiers behind a figure, latest first, and the token of the next page ("" on the last). Two queries.

    `index` with `points`: those that got so many; `index` alone: those with any data. `after`: the token of the page
    before; a wrong one is ignored.
    """
    key = "measured_id" if whose.is_part else "dossier_id"
    rows = _rows(whose, period)
    if index:
        rows = rows.filter(
            **{column(index): points} if points is not None else {f"{column(index)}__isnull": False}
        )
    if place := read_place(after):
        moment, last = place
        rows = rows.filter(Q(finished_at__lt=moment) | Q(finished_at=moment, **{f"{key}__lt": last}))
    rows = rows.select_related("measured") if whose.is_part else rows
    found = list(rows.order_by("-finished_at", f"-{key}")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    token = place_token(found[-1].finished_at, getattr(found[-1], key)) if more else ""
    return _behind(whose, found, key), token


def has_parts(whose: Whose) -> bool:
    """Whether they did a step of any finished dossier there, in whatever period. One query."""
    return Part.objects.filter(whose.condition()).exists()


def find_frozen(path: str, period: Period) -> Frozen | None:
    return Frozen.objects.filter(agency_path=path, period=period.code).first()


def count_under_way(path: str, *, at: datetime) -> dict[Class, int]:
    """What an agency has under way, by class: no figure of finished dossiers tells of it. One query."""
    return count_classes(Q(agency_path=path, status__in=UNDER_WAY), at=at)


def lag() -> int:
    """How many sealed entries the evaluation has not followed yet."""
    return next((it.lag for it in journal_state().consumers if it.name == NAME), 0)


@dataclass(frozen=True, slots=True)
class Followed:
    """How far the figures follow the journal: up to a position; `behind` sealed entries are not in them yet."""

    position: int
    behind: int


def followed() -> Followed:
    """Two queries."""
    rows = ConsumerPosition.objects.filter(name=NAME).values_list("position", flat=True)
    position = next(iter(rows), 0)
    return Followed(position, max(last_position() - position, 0))


def values_of(index: Index, behind: Behind) -> tuple[int | None, Mapping[str, str]]:
    """Points of a dossier in an index, and in words why."""
    points = behind.points[index.code]
    return points, next((it.texts for it in index.points if it.points == points), {})


def _in(period: Period) -> Q:
    return Q(finished_at__gte=period.begins, finished_at__lt=period.ends)


def _rows(whose: Whose, period: Period) -> QuerySet[Any]:
    model: type[Model] = Part if whose.is_part else Measured
    return model._default_manager.filter(whose.condition(), _in(period))


def _by(who: str, path: str, period: Period) -> dict[UUID, Evaluation]:
    rows = Part.objects.filter(_in(period), agency_path=path, **{f"{who}__isnull": False})
    return {row[who]: _evaluation(row) for row in rows.values(who).annotate(**_SUMS).order_by(who)}


_SUMS: dict[str, Any] = {
    "dossiers": Count("*"),
    **{f"is_{it}": Count("finished_at", filter=Q(finished_class=str(it))) for it in CLASSES},
    **{f"{code}_sum": Sum(column(code)) for code in CODES},
    **{f"{code}_count": Count(column(code)) for code in CODES},
}


def _evaluation(row: Mapping[str, Any]) -> Evaluation:
    return Evaluation(
        dossiers=row["dossiers"],
        classes={str(it): row[f"is_{it}"] for it in CLASSES},
        scores=tuple(Score(code, row[f"{code}_sum"] or 0, row[f"{code}_count"]) for code in CODES),
    )


def _behind(whose: Whose, rows: list[Any], key: str) -> list[Behind]:
    ids = [getattr(row, key) for row in rows]
    shown = Dossier.objects.filter(pk__in=ids).select_related("version__procedure", "agency")
    only = shown.only(
        "id", "code", "reference", "procedure_code", "version__procedure__names", "agency__name"
    )
    dossiers = {it.pk: it for it in only}
    return [_one(whose, row, getattr(row, "measured", row), dossiers.get(getattr(row, key))) for row in rows]


def _one(whose: Whose, row: Any, kept: Measured, dossier: Dossier | None) -> Behind:
    steps = own_steps(kept.steps, officer=str(whose.officer or ""), unit=str(whose.unit or ""))
    facts = Facts(
        channel=kept.channel,
        accepted_at=kept.accepted_at,
        basis_at=kept.basis_at,
        has_receipt=kept.has_receipt,
        rounds=kept.rounds,
        agencies=kept.agencies,
        steps=kept.steps,
        finished_at=kept.finished_at,
    )
    points = {code: getattr(row, column(code)) for code in CODES}
    return Behind(kept, points, measured(facts, steps), dossier, steps)
