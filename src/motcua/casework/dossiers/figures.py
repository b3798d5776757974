"""Figures of the room, for other rooms and the public. Tests count nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, UUIDField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from motcua.casework.dossiers.models import Component, Dossier, Origin
from motcua.casework.dossiers.rules.classes import UNCOUNTED
from motcua.casework.dossiers.rules.states import Status
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
    """Services with papers, and those of them with at least one that the State had already; a linked case is one."""

    since: datetime
    reused: int
    total: int


def count_reuse(*, since: datetime) -> ReuseCount:
    """How many services submitted since a moment used a paper again, tests apart. One query.

    Source: Decision 766/QĐ-TTg, III.3 (vietnam.md 4, 5.3): a component counts that comes from the warehouse or from
    an earlier dossier.
    """
    papers = Component.objects.filter(dossier__submitted_at__gte=since, dossier__is_test=False)
    papers = papers.annotate(service=Coalesce("dossier__linked", "dossier"))
    reused = Count("service", distinct=True, filter=~Q(origin=Origin.UPLOADED))
    counts = papers.aggregate(total=Count("service", distinct=True), reused=reused)
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
    """Services whose result was due on a day: kept (finished by the due moment) and late; a linked case is one."""

    day: datetime
    kept: int
    late: int

    @property
    def total(self) -> int:
        return self.kept + self.late


# Every visitor's first page asks: written once, as the expressions of `rules.classes` take ten times as long to put
# together as to answer. What stands still, or was stopped before it was due, is neither kept nor late.
_PROMISES = """
SELECT count(*) FILTER (WHERE finished_at <= basis_at),
       count(*) FILTER (WHERE finished_at IS NULL OR finished_at > basis_at)
  FROM casework_dossiers_dossier
 WHERE basis_at >= %(day)s AND basis_at < %(next)s AND linked_id IS NULL AND NOT is_test
   AND NOT status = ANY (%(uncounted)s)
   AND (finished_at IS NOT NULL OR status <> %(stopped)s AND (stopped_at IS NULL OR stopped_at > basis_at))
"""
# Parts that hold nobody up are no rows of the case.
_WHOLES = """
SELECT count(*) FILTER (WHERE NOT is_late), count(*) FILTER (WHERE is_late)
  FROM (SELECT bool_or(p.state = 'waiting'
                       OR p.state = 'filed' AND (d.finished_at IS NULL OR d.finished_at > c.due_at)) AS is_late
          FROM casework_dossiers_linkedcase c
          JOIN casework_dossiers_linkedpart p ON p.case_id = c.id
          LEFT JOIN casework_dossiers_dossier d ON d.id = p.dossier_id
         WHERE c.due_at >= %(day)s AND c.due_at < %(next)s AND NOT c.is_test
           AND (d.id IS NULL OR NOT d.status = ANY (%(uncounted)s) AND d.status <> %(stopped)s)
         GROUP BY c.id
        HAVING bool_or(p.state = 'filed') AND NOT bool_or(d.stopped_at IS NOT NULL OR p.state = 'yours')) cases
"""


def count_promises(*, at: datetime) -> Promises:
    """How promises due the day before, by the original date, were kept; what stood still does not count. Two queries.

    To the person a linked case is one promise, of its whole; in the books of each agency its dossier counts as any.
    """
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    day = today - timedelta(days=1)
    kept, late = _count_on(day, _PROMISES)
    wholes = count_wholes(day)
    return Promises(day=day, kept=kept + wholes.kept, late=late + wholes.late)


@dataclass(frozen=True, slots=True)
class Wholes:
    """Linked cases whose limit of the whole was over on a day: every part finished by then, or not."""

    kept: int
    late: int


def count_wholes(day: datetime) -> Wholes:
    """Linked cases due on the day that begins then, tests apart; those no part of which came to a result are left out,
    and those in which a part stands still, waiting for the person. One query.

    Kept: each part that was submitted was finished by the due moment, and none waits any more. What was withdrawn,
    refused, stopped or left out holds nobody up.
    """
    return Wholes(*_count_on(day, _WHOLES))


def _count_on(day: datetime, statement: str) -> tuple[int, int]:
    values: dict[str, Any] = {"day": day, "next": day + timedelta(days=1)}
    values |= {"uncounted": [int(it) for it in UNCOUNTED], "stopped": int(Status.STOPPED)}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        kept, late = cursor.fetchone()
    return kept, late


@dataclass(frozen=True, slots=True)
class Services:
    """What people asked for since a moment, and the dossiers it became in the agencies' books."""

    services: int
    dossiers: int


def count_services(*, since: datetime) -> Services:
    """Services asked for since a moment, tests apart: a linked case counts once, however many dossiers. One query."""
    counts = Dossier.objects.filter(submitted_at__gte=since, is_test=False).aggregate(
        services=Count(Coalesce("linked", "id"), distinct=True), dossiers=Count("pk")
    )
    return Services(counts["services"], counts["dossiers"])


@dataclass(frozen=True, slots=True)
class ReminderCount:
    """How many reminders of a rule were given, how many of them somebody had an application prepared for, and how many
    such applications were submitted."""

    rule: str
    given: int = 0
    taken_up: int = 0
    submitted: int = 0


def count_reminders(*, since: datetime) -> dict[str, ReminderCount]:
    """By rule, of reminders given since a moment; what came of them until now. From the journal alone. Two queries."""
    given = Entry.objects.filter(kind="reminder.given", at__gte=since)
    counts = dict(given.values_list(KT("facts__rule")).annotate(Count("pk")).order_by())
    draft = Cast(KT("facts__dossier"), UUIDField())
    # Prepared anew after it was thrown away, a reminder counts once.
    taken = Entry.objects.filter(kind="reminder.taken_up", at__gte=since).annotate(draft=draft)
    taken = taken.filter(Exists(given.filter(object_id=OuterRef("object_id"))))
    submitted = Exists(Entry.objects.filter(kind__in=_BEGUN, object_id=OuterRef("draft")))
    rows = taken.annotate(submitted=submitted).values(rule=KT("facts__rule")).order_by()
    led = {
        row["rule"]: (row["taken"], row["sent"])
        for row in rows.annotate(
            taken=Count("object_id", distinct=True),
            sent=Count("object_id", distinct=True, filter=Q(submitted=True)),
        )
    }
    return {rule: ReminderCount(rule, count, *led.get(rule, ())) for rule, count in counts.items()}
