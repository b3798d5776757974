"""The public figures: what is written at night for everybody, and reading it. Nothing else of the tallies is public.

They are told by month, never summed over months: from two sums a month could be worked out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import yaml
from django.conf import settings
from django.db import transaction
from django.db.models.functions import TruncMonth

from motcua.foundation.journal.models import ConsumerPosition
from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.consumers import NAME
from motcua.oversight.indicators.freezing import last_frozen
from motcua.oversight.indicators.measures import load_measures
from motcua.oversight.indicators.measuring import figures_of
from motcua.oversight.indicators.models import DayTally, Published, PublishedMonth
from motcua.oversight.indicators.rules.counts import ALL
from motcua.oversight.indicators.rules.disclosure import Cell, hidden
from motcua.oversight.indicators.rules.measures import Figure
from motcua.oversight.indicators.rules.publication import (
    Publication,
    Shown,
    cell_of,
    family_of,
    parse_publication,
)
from motcua.oversight.indicators.tallying import Days, Sums, sums_of_scopes
from motcua.registry.organisations.models import Agency

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of a month. Both None: too few to show; denominator 0: nobody."""

    numerator: int | None
    denominator: int | None

    @property
    def is_hidden(self) -> bool:
        return self.numerator is None


NOBODY = Point(0, 0)
# What a month was published from: (Figure or count) by scope and code.
_Counted = Mapping[str, Mapping[str, "Figure | int"]]


@lru_cache(maxsize=1)
def load_publication() -> Publication:
    """Raises BadPublication, BadMeasures."""
    path = settings.PACKS / "vn" / "publication.yaml"
    return parse_publication(yaml.safe_load(path.read_text(encoding="utf-8")), load_measures())


def publish_frozen(*, at: datetime, is_again: bool = False) -> list[date]:
    """Publish up to the last frozen day; the months written, none where nothing is frozen or, but for `is_again`, that
    was done."""
    frozen, last = last_frozen(), last_published()
    if not frozen or (last and last.until >= frozen.day and not is_again):
        return []
    return publish(until=frozen.day, at=at)


def publish(*, until: date, at: datetime) -> list[date]:
    """Write every month up to a day of which something became known since it was last published, as it is known now;
    the months. A transaction a month."""
    months, last = {until.replace(day=1)}, last_published()
    rows = DayTally.objects.filter(day__lte=until)
    if last:
        rows = rows.filter(known_on__gte=local(last.published_at).date())
    months |= set(rows.values_list(TruncMonth("day"), flat=True).distinct())
    # What was told in the middle of a month is told again when it is over, with what was held back.
    months |= {it.month for it in PublishedMonth.objects.all() if it.until < min(until, last_day(it.month))}
    children, position = tree(), _position()
    for month in sorted(months):
        _publish(month, children, until=until, position=position, at=at)
    return sorted(months)


def _position() -> int:
    return ConsumerPosition.objects.filter(name=NAME).values_list("position", flat=True).first() or 0


def tree() -> dict[str, list[str]]:
    """Scope -> those directly below it, by path, of all agencies there are and ever were; "/" first. One query."""
    paths = sorted(set(Agency.objects.values_list("path", flat=True)))
    children: dict[str, list[str]] = {ALL: []}
    for path in paths:
        children.setdefault(parent_of(path, children), []).append(path)
        children[path] = []
    return children


def parent_of(path: str, known: Container[str]) -> str:
    """The nearest scope above that there is."""
    above = path
    while above != ALL:
        above = above.rstrip("/").rpartition("/")[0] + "/"
        if above in known:
            return above
    return ALL


def _publish(
    month: date, children: Mapping[str, Sequence[str]], *, until: date, position: int, at: datetime
) -> None:
    publication = load_publication()
    is_over = until >= last_day(month)
    figures = [it for it in publication.figures if is_over or not it.whole_months]
    counted = _count(month, list(children), figures, until)
    rows = list(_rows(counted, children, figures, publication.least))
    with transaction.atomic():
        facts = {"until": until, "position": position, "published_at": at}
        kept, _is_new = PublishedMonth.objects.update_or_create(month=month, defaults=facts)
        Published.objects.filter(month=kept).delete()
        Published.objects.bulk_create(
            (Published(scope=scope, month=kept, code=code, numerator=it.numerator, denominator=it.denominator)
             for scope, code, it in rows),
            batch_size=5000,
        )  # fmt: skip


def _count(
    month: date, scopes: Collection[str], figures: Collection[Shown], until: date
) -> dict[str, dict[str, Figure | int]]:
    """Every figure of every scope. Two queries, and more in a month in which a definition changed."""
    days = Days(month, min(until, last_day(month)) + timedelta(days=1))
    sums = sums_of_scopes(scopes, days)
    codes = [it.code for it in figures if it.measure]
    measured = figures_of(scopes, days, codes=codes) if codes else {}
    return {
        scope: {
            **{it.code: sums.get(scope, Sums()).of(it.count) for it in figures if it.count},
            **{it.measure.code: it for it in measured.get(scope, ())},
        }
        for scope in scopes
    }


def _rows(
    counted: _Counted, children: Mapping[str, Sequence[str]], figures: Collection[Shown], least: int
) -> Iterator[tuple[str, str, Point]]:
    """What is written: nothing for nobody, two nulls for what is not shown."""
    families = defaultdict(list)
    for shown in figures:
        families[family_of(shown)].append(shown.code)
    for codes in families.values():
        cells = {scope: cell_of([it[code] for code in codes]) for scope, it in counted.items()}
        left_out = hidden(
            {scope: it for scope, it in cells.items() if it.base or any(it.parts)}, children, least
        )
        for scope, values in counted.items():
            for code in codes:
                if scope in left_out:
                    yield scope, code, Point(None, None)
                elif cells[scope].base:
                    yield scope, code, _point(values[code])


def _point(value: Figure | int) -> Point:
    return Point(value, 1) if isinstance(value, int) else Point(value.numerator or 0, value.denominator or 0)


def kept_back(counts: Mapping[str, int]) -> set[str]:
    """Of counts of the parts of a whole, each with a key of its own, the keys of those not shown to everybody; "/" for
    the whole."""
    least = load_publication().least
    cells = {ALL: Cell(sum(counts.values())), **{f"/{key}/": Cell(count) for key, count in counts.items()}}
    found = hidden(cells, {ALL: [it for it in cells if it != ALL]}, least)
    return {it.strip("/") or ALL for it in found}


def last_day(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)


# Reading.


def list_months(*, limit: int = MONTHS) -> list[PublishedMonth]:
    """The latest months that are published, oldest first. One query."""
    return list(PublishedMonth.objects.order_by("-month")[:limit])[::-1]


def find_month(first: date) -> PublishedMonth | None:
    """The published month that begins on a day. One query."""
    return PublishedMonth.objects.filter(month=first).first()


def points_of(scope: str, months: Collection[PublishedMonth]) -> dict[tuple[date, str], Point]:
    """By month and code, of one scope; what is not in it is NOBODY. One query."""
    rows = Published.objects.filter(scope=scope, month__in=[it.month for it in months])
    return {
        (month, code): Point(*values)
        for month, code, *values in rows.values_list("month_id", "code", "numerator", "denominator")
    }


def points_of_month(month: date, scopes: Collection[str] | None = None) -> dict[tuple[str, str], Point]:
    """By scope and code, of one month; of all scopes without any named. One query."""
    rows = Published.objects.filter(month_id=month)
    if scopes is not None:
        rows = rows.filter(scope__in=scopes)
    return {
        (scope, code): Point(*values)
        for scope, code, *values in rows.values_list("scope", "code", "numerator", "denominator")
    }


def last_published() -> PublishedMonth | None:
    """What was published last. One query."""
    return PublishedMonth.objects.order_by("-published_at", "-month").first()
