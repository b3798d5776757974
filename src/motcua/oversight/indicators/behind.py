"""The dossiers behind a figure: for every count of the tallies the condition on what is kept of each dossier.

Holds together with `rules.counts.share_of`, which says the same of one dossier's facts: the list is as long as the
figure, which a test proves for every count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.states import Status
from motcua.foundation.kernel.paths import below
from motcua.foundation.kernel.places import place_token, read_place
from motcua.foundation.kernel.text import fold
from motcua.foundation.worktime.calendars import VIETNAM
from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.models import Measured
from motcua.oversight.indicators.rules.counts import Count
from motcua.oversight.indicators.rules.measures import Measure, Term, stretches_of
from motcua.oversight.indicators.tallying import Days
from motcua.registry.catalogue.models import Procedure

PAGE = 50
_LATE = Q(finished_at__gt=F("basis_at"))
_WITH_RESULT = Q(has_result=True) | Q(is_signed=True)
_DIGITAL = Q(unscanned=0) & (Q(is_signed=True) | ~_WITH_RESULT)
# Count -> (the moment whose day counts, what must hold besides). What nothing fills yet has no dossiers.
CONDITIONS: dict[Count, tuple[str, Q]] = {
    Count.SUBMITTED: ("submitted_at", Q()),
    Count.RECEIVED: ("accepted_at", Q()),
    Count.RECEIVED_OFFERED: ("accepted_at", ~Q(level="")),
    Count.RECEIVED_FULL: ("accepted_at", Q(level__in=["full", "proactive"])),
    Count.RECEIVED_PAPERS: ("accepted_at", Q(papers__gt=0)),
    Count.RECEIVED_DIGITISED: ("accepted_at", Q(papers__gt=0, unscanned=0)),
    Count.RECEIVED_REUSED: ("accepted_at", Q(is_reused=True)),
    Count.RECEIVED_OBLIGATION: ("accepted_at", Q(is_to_pay=True)),
    Count.PAID_ONLINE: ("accepted_at", Q(pk__in=[])),
    Count.FINISHED: ("finished_at", Q()),
    Count.FINISHED_EARLY: ("finished_at", Q(finished_class="early")),
    Count.FINISHED_ON_TIME: ("finished_at", Q(finished_class="on_time")),
    Count.FINISHED_LATE: ("finished_at", Q(finished_class="late")),
    Count.TIMED: ("finished_at", Q(worked_minutes__isnull=False)),
    # The dossiers whose minutes they are.
    Count.WORKED_MINUTES: ("finished_at", Q(worked_minutes__isnull=False)),
    Count.RESULT_EXPECTED: ("finished_at", _WITH_RESULT),
    Count.RESULT_ELECTRONIC: ("finished_at", Q(is_signed=True)),
    Count.RESULT_DIGITISED: ("finished_at", Q(is_signed=True)),
    Count.FINISHED_DIGITISED: ("finished_at", _DIGITAL),
    Count.ONLINE_THROUGHOUT: ("finished_at", Q(channel=2, is_on_paper=False, is_fetched=False) & _DIGITAL),
    Count.REFUSED: ("ended_at", Q(status=Status.REFUSED)),
    Count.WITHDRAWN: ("ended_at", Q(status=Status.WITHDRAWN)),
    Count.STOPPED: ("ended_at", Q(status=Status.STOPPED)),
    Count.RATED: ("rated_at", Q()),
    Count.VERY_SATISFIED: ("rated_at", Q(rating=3)),
    Count.SATISFIED: ("rated_at", Q(rating=2)),
    Count.DISSATISFIED: ("rated_at", Q(rating=1)),
    Count.DISSATISFIED_OR_LATE: ("rated_at", Q(rating=1) | _LATE),
}
_RUNS = Q(status__in=[Status.ACCEPTED, Status.IN_PROCESS], is_suspended=False)
_STANDS = Q(status__in=[Status.SUPPLEMENT_REQUESTED, Status.FINANCIAL_OBLIGATION]) | Q(is_suspended=True)
_WAITS = Q(status=Status.SUBMITTED, is_suspended=False)
_FAR = datetime(9999, 1, 1, tzinfo=VIETNAM)


@dataclass(frozen=True, slots=True)
class Whose:
    """Dossiers that an agency decides, with those of all below it unless `is_own`; of one way of submission, of one
    procedure or of those of a sector, with these words in the code, where these are given."""

    scope: str
    is_own: bool = False
    channel: int | None = None
    procedure: str = ""
    sector: str = ""
    words: str = ""

    def rows(self) -> QuerySet[Measured]:
        place = Q(agency_path=self.scope) if self.is_own else below("agency_path", self.scope)
        rows = Measured.objects.filter(place, submitted_at__isnull=False)
        if self.channel:
            rows = rows.filter(channel=self.channel)
        if self.procedure:
            rows = rows.filter(procedure=self.procedure)
        if self.sector:
            rows = rows.filter(procedure__in=Procedure.objects.filter(sector=self.sector).values("code"))
        if self.words:
            coded = Q(code__icontains=self.words) | Q(reference__icontains=self.words)
            found = Dossier.objects.filter(coded, search_text__contains=fold(self.words))
            rows = rows.filter(dossier_id__in=found.values("pk"))
        return rows


@dataclass(frozen=True, slots=True)
class Row:
    """`dossier` None: it is no longer kept here."""

    measured: Measured
    dossier: Dossier | None


def of_count(count: Count, days: Days, channel: int | None = None) -> Q:
    """Dossiers that are counted so on these days."""
    moment, condition = CONDITIONS[count]
    begins, ends = _midnight(days.first), _midnight(days.until)
    found = Q(**{f"{moment}__gte": begins, f"{moment}__lt": ends}) & condition
    return found & Q(channel=channel) if channel else found


def of_measure(measure: Measure, days: Days, part: str) -> Q:
    """Dossiers that a numerator or a denominator (`part`) counts, each day by the definition of that day."""
    found = Q(pk__in=[])
    for first, until in stretches_of([measure], days.first, days.until):
        if definition := measure.on(first):
            terms = definition.numerator if part == "numerator" else definition.denominator
            found |= _of_terms(terms, Days(first, until))
    return found


def of_stock(name: str, now: datetime) -> Q:
    """Dossiers that stand open so now: "open", "late", "due_today", "running", "standing", "waiting", "ready"; and as
    the operations centre counts, to the minute, "late_by_now" and "still_due"."""
    today = local(now).date()
    begins, ends = _midnight(today), _midnight(today + timedelta(days=1))
    if name == "ready":
        return Q(status=Status.FINISHED, is_suspended=False)
    # Which the statuses imply: the index of what is open is of these alone.
    return (
        Q(finished_at=None, ended_at=None)
        & {
            "open": _WAITS | _RUNS | _STANDS,
            "late": _RUNS & Q(basis_at__lt=begins),
            "late_by_now": _RUNS & Q(basis_at__lt=now),
            "due_today": _RUNS & Q(basis_at__gte=begins, basis_at__lt=ends),
            "still_due": _RUNS & Q(basis_at__gte=now, basis_at__lt=ends),
            "running": _RUNS,
            "standing": _STANDS,
            "waiting": _WAITS,
        }[name]
    )


def count_behind(whose: Whose, condition: Q) -> int:
    """One query."""
    return whose.rows().filter(condition).count()


def list_behind(
    whose: Whose, condition: Q, *, after: str = "", is_stock: bool = False, limit: int = PAGE
) -> tuple[list[Row], str]:
    """Dossiers behind a figure, what came in last first; of the stock what is due first. And the token of the next
    page, "" on the last. `after`: the token of the page before; a wrong one is ignored. Two queries."""
    rows = whose.rows().filter(condition)
    moment: Any = Coalesce("basis_at", Value(_FAR)) if is_stock else F("submitted_at")
    rows = rows.annotate(moment=moment)
    step = "gt" if is_stock else "lt"
    if place := read_place(after):
        at, last = place
        rows = rows.filter(Q(**{f"moment__{step}": at}) | Q(moment=at, **{f"dossier_id__{step}": last}))
    order = ("moment", "dossier_id") if is_stock else ("-moment", "-dossier_id")
    found: list[Any] = list(rows.order_by(*order)[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    token = place_token(found[-1].moment, found[-1].dossier_id) if more else ""
    return _with_dossiers(found), token


def each_behind(whose: Whose, condition: Q, *, is_stock: bool, most: int) -> Iterator[Row]:
    """All of them in the same order, at most so many; two queries a thousand."""
    after, left = "", most
    while left:
        rows, after = list_behind(whose, condition, after=after, is_stock=is_stock, limit=min(1000, left))
        yield from rows
        left = left - len(rows) if after else 0


def _of_terms(terms: Sequence[Term], days: Days) -> Q:
    """What is added is apart from each other, what is taken away lies within it (packs/vn/measures.yaml)."""
    added, taken = Q(pk__in=[]), Q(pk__in=[])
    for term in terms:
        if term.count is None:
            continue
        found = of_count(term.count, days, term.channel)
        added, taken = (added | found, taken) if term.sign > 0 else (added, taken | found)
    return added & ~taken


def _with_dossiers(rows: Sequence[Measured]) -> list[Row]:
    shown = Dossier.objects.filter(pk__in=[it.dossier_id for it in rows])
    shown = shown.select_related("version__procedure", "agency")
    only = ("id", "code", "reference", "procedure_code", "version__procedure__names", "agency__name")
    dossiers = {it.pk: it for it in shown.only(*only)}
    return [Row(it, dossiers.get(it.dossier_id)) for it in rows]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)
