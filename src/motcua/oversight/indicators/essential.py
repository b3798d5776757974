"""The essential services of Project 06: which run here, how, since when, used how much, and which do not.

Source: Decision 06/QĐ-TTg, Decision 422/QĐ-TTg; vietnam.md 5.2 and 5.3. The list is a pack's file and not complete [M].
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings
from django.db.models import Q, Sum
from django.utils import timezone

from motcua.foundation.kernel.ids import made_at
from motcua.oversight.indicators.models import MonthTally
from motcua.oversight.indicators.rules.counts import ALL
from motcua.registry.catalogue.models import Offer, Procedure, ProcedureVersion

ONLINE = 2
MONTHS = 12


class Way(StrEnum):
    """How a service runs here, best first."""

    OWN_FORM = "own_form"
    GENERAL_FORM = "general_form"
    COUNTER = "counter"
    REMOVED = "removed"
    NOT_ENTERED = "not_entered"
    NO_CODE = "no_code"


RUNNING = frozenset({Way.OWN_FORM, Way.GENERAL_FORM})
_ORDER = list(Way)
_LEVELS = (Offer.Level.PROACTIVE, Offer.Level.FULL, Offer.Level.PARTIAL)


@dataclass(frozen=True, slots=True)
class Row:
    """A service. `codes`: of the list; `here`: those entered. `level`: the best an agency here offers it at, "" where
    none said; `months`: dossiers by month, oldest first, for `MONTHS` months; `online` of them came online."""

    group: int
    names: Mapping[str, str]
    codes: Sequence[str]
    here: Sequence[str]
    way: Way
    level: str
    since: date | None
    months: Sequence[int]
    online: int

    @property
    def dossiers(self) -> int:
        return sum(self.months)

    @property
    def is_running(self) -> bool:
        return self.way in RUNNING


@dataclass(frozen=True, slots=True)
class Board:
    """`decisions`: group -> (its decision, how many services that names); `months`: first days, this one last."""

    rows: Sequence[Row]
    decisions: Mapping[int, tuple[str, int]]
    months: Sequence[date]

    def running(self, group: int) -> int:
        return sum(row.is_running for row in self.rows if row.group == group)

    @property
    def generating(self) -> int:
        """Services that run here and had a dossier in the months shown (vietnam.md 5.3)."""
        return sum(row.is_running and row.dossiers > 0 for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database says, by code."""

    procedures: Mapping[str, Procedure]
    # Since when, and whether it has a form of its own.
    versions: Mapping[str, tuple[date, bool]]
    offers: Mapping[str, tuple[str, date]]
    counts: Mapping[str, Sequence[tuple[date, int, int]]]


@lru_cache(maxsize=1)
def _listed() -> Mapping[str, Any]:
    path = settings.PACKS / "vn" / "essential.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def last_months(today: date) -> list[date]:
    """The first days of the `MONTHS` months that end with today's."""
    first = today.year * 12 + today.month - MONTHS
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, first + MONTHS)]


def essential_board(*, at: date) -> Board:
    """All services of the list, and what is flagged here beyond it. Four queries, whatever the size."""
    listed, months = _listed(), last_months(at)
    codes = [code for it in listed["services"] for code in it["codes"]]
    known = _look_up(codes, months, at)
    rows = [_row(it["group"], it["name"], it["codes"], known, months) for it in listed["services"]]
    for code in sorted(known.procedures.keys() - set(codes)):
        procedure = known.procedures[code]
        rows.append(_row(procedure.essential_group or 0, procedure.names, [code], known, months))
    decisions = {int(group): (it["decision"], it["services"]) for group, it in listed["groups"].items()}
    return Board(sorted(rows, key=lambda row: row.group), decisions, months)


def _look_up(listed: Collection[str], months: Sequence[date], at: date) -> _Known:
    flagged = Procedure.objects.exclude(essential_group=None).only(
        "code", "names", "essential_group", "removed_on"
    )
    procedures = {it.code: it for it in flagged}
    return _Known(procedures, _versions(procedures, at), _offers(procedures, at), _counts(procedures, months))


def _versions(codes: Collection[str], at: date) -> dict[str, tuple[date, bool]]:
    """Since when something is published here, and whether what is in force has a form of its own."""
    rows = ProcedureVersion.objects.filter(procedure__in=codes, valid_from__lte=at).order_by("number")
    found: dict[str, tuple[date, bool]] = {}
    own = Q(definition__procedure__has_key="form") | Q(definition__has_key="linked")
    parts = ("procedure_id", "id", "valid_from", "valid_to", "is_own")
    begun: dict[str, date] = {}
    for code, pk, begins, ends, is_own in rows.annotate(is_own=own).values_list(*parts):
        since = begun.setdefault(code, _since(pk, begins))
        if ends is None or ends > at:
            found[code] = (since, is_own)
    return found


def _since(version: UUID, begins: date) -> date:
    """Published later than it began to hold, it runs here only since then."""
    return max(begins, timezone.localtime(made_at(version)).date())


def _offers(codes: Collection[str], at: date) -> dict[str, tuple[str, date]]:
    """The best level at which an agency offers it on a day, and since when any does."""
    found: dict[str, tuple[str, date]] = {}
    rows = Offer.objects.filter(procedure__in=codes, valid_from__lte=at).exclude(valid_to__lte=at)
    for code, level, begins in rows.order_by().values_list("procedure_id", "level", "valid_from").distinct():
        best, since = found.get(code, (level, begins))
        found[code] = (min(best, level, key=_LEVELS.index), min(since, begins))
    return found


def _counts(codes: Collection[str], months: Sequence[date]) -> dict[str, list[tuple[date, int, int]]]:
    found = defaultdict(list)
    rows = MonthTally.objects.filter(scope=ALL, procedure__in=codes, month__in=months, submitted__gt=0)
    summed = rows.values_list("procedure", "month", "channel").annotate(Sum("submitted")).order_by()
    for code, month, channel, count in summed:
        found[code].append((month, channel, count))
    return found


def _row(
    group: int, names: Mapping[str, str], codes: Sequence[str], known: _Known, months: Sequence[date]
) -> Row:
    here = [code for code in codes if code in known.procedures]
    ways = [_way(known.procedures[code], known) for code in here]
    way = min(ways, key=_ORDER.index) if ways else Way.NOT_ENTERED if codes else Way.NO_CODE
    offers = [known.offers[code] for code in here if code in known.offers]
    published = [known.versions[code][0] for code in here if code in known.versions]
    begun = [since for _, since in offers] or published
    counts = [it for code in here for it in known.counts.get(code, ())]
    return Row(
        group=group,
        names=names,
        codes=codes,
        here=here,
        way=way,
        level=min((level for level, _ in offers), key=_LEVELS.index, default=""),
        since=min(begun) if begun and way in RUNNING else None,
        months=[sum(count for month, _, count in counts if month == it) for it in months],
        online=sum(count for _, channel, count in counts if channel == ONLINE),
    )


def _way(procedure: Procedure, known: _Known) -> Way:
    if procedure.removed_on:
        return Way.REMOVED
    if procedure.code not in known.versions:
        return Way.COUNTER
    return Way.OWN_FORM if known.versions[procedure.code][1] else Way.GENERAL_FORM
