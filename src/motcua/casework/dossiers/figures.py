"""Figures of the room, for other rooms and the public. Tests count nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from motcua.casework.dossiers.models import Component, Dossier, Origin
from motcua.casework.dossiers.rules.classes import Class
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.timing import count_classes, promised_on
from motcua.foundation.journal.models import Entry

# Entries with which a dossier comes into being.
_BEGUN = ("dossier.submitted", "dossier.taken_in")


def count_open(path: str) -> int:
    """Dossiers that the agency of this very path still has to finish or to return."""
    closed = [Status.REFUSED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED]
    return Dossier.objects.filter(agency__path=path).exclude(status__in=closed).count()


def count_by_status() -> dict[int, int]:
    """How many dossiers stand at each status, tests apart: the story's figures."""
    return dict(
        Dossier.objects.filter(is_test=False)
        .values_list("status")
        .annotate(count=Count("pk"))
        .order_by("status")
    )


@dataclass(frozen=True, slots=True)
class ReuseCount:
    """Dossiers with papers, and those of them with at least one that the State had already."""

    since: datetime
    reused: int
    total: int


def count_reuse(*, since: datetime) -> ReuseCount:
    """How many dossiers submitted since a moment used a paper again, tests apart. One query.

    Source: Decision 766/QĐ-TTg, III.3 (vietnam.md 4, 5.3): a component counts that comes from the warehouse or from
    an earlier dossier.
    """
    papers = Component.objects.filter(dossier__submitted_at__gte=since, dossier__is_test=False)
    reused = Count("dossier", distinct=True, filter=~Q(origin=Origin.UPLOADED))
    counts = papers.aggregate(total=Count("dossier", distinct=True), reused=reused)
    return ReuseCount(since, counts["reused"], counts["total"])


def count_reuse_in_journal(*, since: datetime) -> ReuseCount:
    """The same, of the sealed entries alone, for who does not believe the tables. One query, which reads all entries of
    submissions since then: not for pages.
    """
    begun = Entry.objects.filter(kind__in=_BEGUN, at__gte=since).exclude(facts__has_key="test")
    brought = Entry.objects.filter(
        kind__in=(*_BEGUN, "dossier.supplemented"),
        object_id__in=begun.values("object_id"),
        facts__papers__0__isnull=False,
    )
    reused = Count("object_id", distinct=True, filter=Q(facts__has_key="reused"))
    counts = brought.aggregate(total=Count("object_id", distinct=True), reused=reused)
    return ReuseCount(since, counts["reused"], counts["total"])


@dataclass(frozen=True, slots=True)
class Promises:
    """Dossiers whose result was due on a day: kept (finished by the due moment) and late."""

    day: datetime
    kept: int
    late: int

    @property
    def total(self) -> int:
        return self.kept + self.late


def count_promises(*, at: datetime) -> Promises:
    """How promises due the day before, by the original date, were kept; what stood still does not count. One query."""
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    day = today - timedelta(days=1)
    counts = count_classes(promised_on(day), at=at)
    kept, late = counts[Class.EARLY] + counts[Class.ON_TIME], counts[Class.LATE] + counts[Class.OVERDUE]
    return Promises(day=day, kept=kept, late=late)
