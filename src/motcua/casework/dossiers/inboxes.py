"""What an officer has to do: their open tasks with the dossiers, by filters, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.outlook import likely_late
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.process.models import Task, Token
from motcua.casework.process.selectors import DueCounts, Moments, count_open_tasks, list_open_tasks, view_of
from motcua.casework.process.services import definition_of
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.paths import below
from motcua.foundation.kernel.places import place_token, read_place
from motcua.foundation.kernel.text import fold
from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.deadlines import due
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import calendar_of, get_calendar

PAGE_SIZE = 20
# How far one page looks for what is likely late, which only its arithmetic says.
_LOOKED_AT = 10 * PAGE_SIZE
# What a row of an inbox shows of a dossier and a version, and what its acts look at.
_ROW = [
    "reference",
    "code",
    "procedure_code",
    "case",
    "status",
    "channel",
    "answers",
    "applicant_facts",
    "owner_facts",
    "is_declined",
    "is_test",
    "revision",
    "agency_path",
    "submitted_at",
    "entered_at",
    "accepted_at",
    "due_at",
    "finished_at",
    "stopped_at",
    "answer_by",
    "answered_at",
    "version__number",
    "version__digest",
    "version__procedure__names",
    "agency__code",
    "agency__name",
    "agency__path",
    "agency__calendar_stamp",
]


@dataclass(frozen=True, slots=True)
class InboxRow:
    task: Token
    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Inbox:
    counts: DueCounts
    rows: list[InboxRow]
    next_after: str
    times: Moments


def _moments(now: datetime, calendar: Calendar) -> Moments:
    """The instants that part an inbox: now, midnight, the end of the second working day from now."""
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    soon = due(now, parse_limit("2wd"), calendar).at
    return Moments(now=now, today_ends=tomorrow - timedelta(microseconds=1), soon_ends=max(soon, tomorrow))


@dataclass(frozen=True, slots=True)
class Looking:
    """What part of an inbox is looked at. `view`: one of VIEWS, or answer: what came online and is owed an answer;
    `due_in`: overdue, today, soon, later, late (likely late) or empty; `after`: the token of the page before (wrong
    ones are ignored). `role`: a right; `agency`: a path, with all below it; `procedure`: its code; `words`: of codes
    and people's names."""

    view: str = ""
    due_in: str = ""
    step: str = ""
    after: str = ""
    role: str = ""
    agency: str = ""
    procedure: str = ""
    words: str = ""

    def condition(self) -> Q:
        """All but whose, when due and the likely late."""
        found = Q()
        if self.step:
            found &= Q(step=self.step)
        if self.role:
            found &= Q(role=self.role)
        if self.agency:
            found &= below("agency_path", self.agency)
        if self.procedure:  # a process has the code of its procedure
            found &= Q(instance__definition__code=self.procedure)
        if terms := fold(self.words).split():
            found &= Q(Exists(_with_words(terms)))
        return found


def _with_words(terms: list[str]) -> QuerySet[Dossier]:
    """The task's dossier, if it holds all the words. Looked up task by task: an inbox is short beside all dossiers."""
    found = Dossier.objects.filter(pk=OuterRef("subject"))
    for term in terms:
        found = found.filter(GreaterThan(StrIndex("search_text", Value(term)), 0))
    return found


def list_inbox(actor: Actor, looking: Looking = Looking(), *, at: datetime, limit: int = PAGE_SIZE) -> Inbox:
    """The actor's open tasks, nearest due date first, 20 a page. Four queries whatever the number of dossiers."""
    # Of the agency where the officer works: one boundary for the whole list, also of who serves several.
    own = Agency.objects.filter(pk__in=[actor.agency_id]).only("path", "calendar_stamp").first()
    times = _moments(at, calendar_of(own, on=timezone.localdate(at)) if own else get_calendar())
    mine = view_of(actor, looking.view) & (_unanswered() if looking.view == "answer" else Q())
    mine &= looking.condition()
    late = looking.due_in == "late"
    condition = mine & (may_become_late(at) if late else times.bounds(looking.due_in))
    most = max(limit, _LOOKED_AT) if late else limit
    tasks = list_open_tasks(actor, condition=condition, after=read_place(looking.after), limit=most + 1)
    rows = inbox_rows(tasks)
    if late:
        rows = [row for row in rows if may_be_late(row, at)]
    more = len(tasks) > most or len(rows) > limit
    rows = rows[:limit]
    # Where a page was not filled by what was looked at, the next one looks on from there.
    last = rows[-1].task if len(rows) == limit else tasks[most - 1] if more else None
    token = place_token(last.due, last.pk) if more and last else ""
    counts = count_open_tasks(actor, times, condition=mine & _not_tests())
    return Inbox(counts=counts, rows=rows, next_after=token, times=times)


def may_become_late(at: datetime) -> Q:
    """What is overdue, stopped or finished is not likely late any more."""
    running = Dossier.objects.filter(pk=OuterRef("subject"), due_at__gt=at, finished_at=None, stopped_at=None)
    return Q(Exists(running), paused_at=None)


def may_be_late(row: InboxRow, at: datetime) -> bool:
    """Whether the remaining steps may take longer than is left."""
    return likely_late(row.dossier, row.task, definition_of(row.task.instance.definition), at=at)


def _unanswered() -> Q:
    """Tasks of online dossiers whose answer is owed within 8 working hours (vietnam.md T2)."""
    waiting = Dossier.objects.filter(status=Status.SUBMITTED, answered_at=None, answer_by__isnull=False)
    return Q(act="accept", subject__in=waiting.values("pk"))


def _not_tests() -> Q:
    """Tasks that count: tests are worked on and counted nowhere."""
    return ~Q(subject__in=Dossier.objects.filter(is_test=True).values("pk"))


def inbox_rows(tasks: list[Task], *more: str) -> list[InboxRow]:
    """The tasks with what a list shows of their dossiers, and these fields besides. One query."""
    related = Dossier.objects.select_related("version__procedure", "agency")
    found = related.only(*_ROW, *more).in_bulk([task.subject for task in tasks])
    return [InboxRow(task, found[task.subject]) for task in tasks if task.subject in found]


def list_signing_queue(actor: Actor, *, limit: int = 50) -> list[InboxRow]:
    """Drafts that wait for the actor's signature, nearest due date first."""
    condition = view_of(actor, "") & Q(act="sign")
    tasks = list_open_tasks(actor, condition=condition, after=None, limit=limit)
    return inbox_rows(tasks, "version__definition")
