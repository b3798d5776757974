"""How many dossiers stand how against their limits. The classes are those of `rules.classes`, asked of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Count, F, Q, Value, When
from django.db.models.functions import TruncDate

from motcua.casework.dossiers.models import Dossier, Recomputation, RecomputedDossier
from motcua.casework.dossiers.policies import UNDER_WAY
from motcua.casework.dossiers.rules.classes import UNCOUNTED, Class
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.process.models import Task
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.paths import below
from motcua.foundation.kernel.places import place_token, read_place
from motcua.foundation.worktime.deadlines import due_moment
from motcua.foundation.worktime.limits import SHOW_ONLINE
from motcua.registry.access.policies import within
from motcua.registry.access.selectors import CASE_RIGHTS
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import calendar_of

_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def class_at(at: datetime) -> Case:
    """`rules.classes.class_of` as an expression over rows of Dossier; a test holds the two against each other."""
    same_day = Q(finished_on=F("basis_on"))
    return Case(
        When(Q(basis_at=None) | Q(status__in=UNCOUNTED), then=Value(str(Class.NONE))),
        When(finished_at__gt=F("basis_at"), then=Value(str(Class.LATE))),
        When(same_day, then=Value(str(Class.ON_TIME))),
        When(finished_at__isnull=False, then=Value(str(Class.EARLY))),
        When(status=Status.STOPPED, then=Value(str(Class.STOPPED))),
        When(stopped_at__lte=F("basis_at"), then=Value(str(Class.STOPPED))),
        When(Q(stopped_at__isnull=False) | Q(basis_at__lt=at), then=Value(str(Class.OVERDUE))),
        default=Value(str(Class.IN_PROCESS)),
        output_field=CharField(),
    )


def count_classes(condition: Q, *, at: datetime) -> dict[Class, int]:
    """Dossiers that meet the condition by class, tests apart. One query."""
    days = {
        "finished_on": TruncDate("finished_at", tzinfo=_VIETNAM),
        "basis_on": TruncDate("basis_at", tzinfo=_VIETNAM),
    }
    rows = Dossier.objects.filter(condition, is_test=False).alias(**days)
    counted = rows.values_list(class_at(at)).annotate(count=Count("pk")).order_by()
    return dict.fromkeys(Class, 0) | {Class(name): count for name, count in counted}


def count_just_late(path: str, *, at: datetime) -> dict[str, int]:
    """Whose clock runs and whose original due date was over earlier today, by agency's path; tests apart. One query."""
    began = at.astimezone(_VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Dossier.objects.filter(
        below("agency_path", path),
        basis_at__gte=began,
        basis_at__lt=at,
        status__in=(Status.ACCEPTED, Status.IN_PROCESS),
        stopped_at=None,
        is_test=False,
    )
    return dict(rows.values_list("agency_path").annotate(Count("pk")).order_by())


def list_entered_later(actor: Actor, *, limit: int = 20) -> list[Dossier]:
    """What is under way at the leader's agencies and lay on paper before it was entered, soonest due first. One query.

    Such a dossier may be late the moment it is entered: its limit counts from when it came in.
    """
    mine = within("agency_path", actor.scopes("leader"))
    waiting = Dossier.objects.filter(mine, entered_at__isnull=False, finished_at=None, is_test=False)
    shown = waiting.filter(status__in=UNDER_WAY).only(
        "code", "reference", "due_at", "entered_at", "submitted_at"
    )
    return list(shown.order_by("due_at")[:limit])


def count_own_classes(actor: Actor, *, at: datetime) -> dict[Class, int]:
    """`count_classes` of what the officer's agencies have under way."""
    mine = within("agency_path", actor.scopes(*CASE_RIGHTS))
    running = Q(status__in=[Status.ACCEPTED, *range(Status.IN_PROCESS, Status.WITHDRAWN)])
    return count_classes(mine & running, at=at)


@dataclass(frozen=True, slots=True)
class Answers:
    """Dossiers submitted online, and how they were answered within 8 working hours (vietnam.md T2)."""

    on_time: int
    late: int
    waiting: int
    overdue: int


def count_answers(condition: Q, *, at: datetime) -> Answers:
    """How those that meet the condition were answered, tests apart. One query."""
    online = Dossier.objects.filter(condition, is_test=False, answer_by__isnull=False)
    answered, waits = Q(answered_at__isnull=False), Q(answered_at=None, status=Status.SUBMITTED)
    counts = online.aggregate(
        on_time=Count("pk", filter=answered & Q(answered_at__lte=F("answer_by"))),
        late=Count("pk", filter=Q(answered_at__gt=F("answer_by"))),
        waiting=Count("pk", filter=waits & Q(answer_by__gte=at)),
        overdue=Count("pk", filter=waits & Q(answer_by__lt=at)),
    )
    return Answers(**counts)


@dataclass(frozen=True, slots=True)
class Shown:
    """Dossiers submitted online that stood in an officer's list within 2 working hours, and those that did not."""

    within: int
    later: int


def count_shown(agency: Agency, *, since: datetime, at: datetime) -> Shown:
    """Of an agency's online dossiers since a moment: from submission to the first task in the list. Two queries.

    Source: Decree 45/2020/NĐ-CP (vietnam.md T2). What waits for longer than that and is in no list counts as later.
    """
    submitted = dict(
        Dossier.objects.filter(
            agency=agency,
            is_test=False,
            answer_by__isnull=False,
            submitted_at__gte=since,
            submitted_at__lte=at,
        ).values_list("pk", "submitted_at")
    )
    first = Task.objects.filter(subject__in=submitted).order_by("subject", "opened_at").distinct("subject")
    listed = dict(first.values_list("subject", "opened_at"))
    inside = later = 0
    for pk, moment in submitted.items():
        limit = due_moment(moment, SHOW_ONLINE, calendar_of(agency, on=moment.astimezone(_VIETNAM).date()))
        shown = listed.get(pk)
        inside += shown is not None and shown <= limit
        later += (shown or at) > limit
    return Shown(inside, later)


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A page of what a recomputation changes, and how many there are in all, done and refused."""

    rows: list[RecomputedDossier]
    following: str
    total: int
    done: int
    refused: int


def list_recomputed(made: Recomputation, *, after: str, limit: int = 50) -> Recomputed:
    """By the date promised until now. `after`: the token of the page before; a wrong one is ignored. Two queries."""
    states = RecomputedDossier.State
    counts = made.items.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=states.DONE)),
        refused=Count("pk", filter=Q(state=states.REFUSED)),
    )
    rows = made.items.select_related("dossier").only(
        "recomputation", "due_before", "due_after", "state", "dossier__code"
    )
    if place := read_place(after):
        moment, dossier = place
        rows = rows.filter(Q(due_before__gt=moment) | Q(due_before=moment, dossier__gt=dossier))
    found = list(rows.order_by("due_before", "dossier")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    following = place_token(found[-1].due_before, found[-1].dossier_id) if more else ""
    return Recomputed(found, following, **counts)
