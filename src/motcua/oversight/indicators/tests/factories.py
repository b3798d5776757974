"""Whole lives of dossiers, made by the services as people make them."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services import handling, supplements
from motcua.casework.dossiers.tests.factories import (
    MORNING,
    awaiting_signature,
    handed_over,
    picture,
    seen,
    target,
)
from motcua.foundation.journal.services import follow_once
from motcua.oversight.indicators.booking import TABLES
from motcua.oversight.indicators.models import (
    DayTally,
    Duration,
    Measured,
    MonthTally,
    Part,
    StockFlow,
    StockNow,
)
from motcua.oversight.indicators.rules.counts import scopes_above
from motcua.oversight.indicators.rules.periods import Period, parse_period

QUARTER: Period = parse_period("2026-Q1")
# Of the same day's procedure: in time, and after the due moment.
IN_TIME, TOO_LATE = MORNING + timedelta(hours=1), MORNING + timedelta(days=2)


def finished(world: Any, *, at: datetime = IN_TIME, desk: Any = None) -> Dossier:
    """Signed then, everything before it at MORNING; followed."""
    desk = desk or world.desk
    dossier = awaiting_signature(desk, world.mother)
    handling.sign_result(actor=desk.leader, target=target(dossier), seen_sha256=seen(dossier), at=at)
    follow_once()
    dossier.refresh_from_db()
    return dossier


def supplemented(world: Any, *, at: datetime) -> Dossier:
    """Handed over at MORNING, asked for a paper at once, which was brought then."""
    dossier = handed_over(world.desk, world.mother)
    actor, asked = world.desk.specialist, [supplements.Item("Giấy xác nhận")]
    by = {"actor": actor, "target": target(dossier), "items": asked, "reason": "Thiếu giấy"}
    supplements.request_supplement(**by, at=MORNING)
    by = {"actor": world.mother, "dossier_id": dossier.id}
    supplements.add_paper(**by, item=0, upload=picture(shade=10), at=at)
    supplements.supplement(**by, revision=target(dossier).revision, answers={}, at=at)
    return dossier


def rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Everything that is kept, to be compared bit by bit."""
    return list(Measured.objects.order_by("pk").values()), list(Part.objects.order_by("pk").values())


def make_day_tally(
    scope: str,
    day: date,
    *,
    channel: int = 1,
    is_below: bool = False,
    known_on: date | None = None,
    **counts: int,
) -> DayTally:
    """`counts`: by the names of `rules.counts.Count`."""
    return DayTally.objects.create(
        scope=scope, is_below=is_below, day=day, known_on=known_on or day, channel=channel, **counts
    )


def make_month_tally(
    scope: str, month: date, procedure: str, *, channel: int = 1, is_below: bool = False, **counts: int
) -> MonthTally:
    return MonthTally.objects.create(
        scope=scope, is_below=is_below, month=month, procedure=procedure, channel=channel, **counts
    )


def make_stock(
    scope: str, state: str, due_on: date | None, count: int, *, is_below: bool = False
) -> StockNow:
    return StockNow.objects.create(scope=scope, is_below=is_below, state=state, due_on=due_on, count=count)


def make_flow(scope: str, day: date, due_on: date | None, change: int, *, state: str = "running") -> None:
    """That the stock changed on a day, and so what stands now, as the follower writes both."""
    key = {"scope": scope, "is_below": False, "state": state, "due_on": due_on}
    StockFlow.objects.create(**key, day=day, change=change)
    total = StockFlow.objects.filter(**key).aggregate(total=Sum("change"))["total"]
    StockNow.objects.filter(**key).delete()
    if total:
        StockNow.objects.create(**key, count=total)


def make_duration(
    scope: str, procedure: str, month: date, hours: int, count: int, *, is_below: bool = False
) -> Duration:
    return Duration.objects.create(
        scope=scope, procedure=procedure, month=month, hours=hours, count=count, is_below=is_below
    )


def make_month_for_all(counts: dict[str, dict[str, int]], day: date, *, channel: int = 2) -> None:
    """A day's tallies of agencies by path, and of all above them, as the follower adds them up."""
    above: dict[str, Counter[str]] = defaultdict(Counter)
    for path, own in counts.items():
        make_day_tally(path, day, channel=channel, **own)
        for scope in scopes_above(path):
            above[scope].update(own)
    for scope, found in above.items():
        make_day_tally(scope, day, channel=channel, is_below=True, **found)


def tallies() -> dict[str, dict[tuple[Any, ...], list[int]]]:
    """Every row of every tally that says something, by its key."""
    found = {}
    for model, (keys, sums) in TABLES.items():
        kept = {it[: len(keys)]: list(it[len(keys) :]) for it in model.objects.values_list(*keys, *sums)}
        found[model.__name__] = {key: numbers for key, numbers in kept.items() if any(numbers)}
    return found
