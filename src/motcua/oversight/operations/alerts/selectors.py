"""Reading alerts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.process.models import Task
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.places import place_token, read_place
from motcua.foundation.worktime.moments import local
from motcua.oversight.operations.alerts.policies import MACHINE, seen_by
from motcua.oversight.operations.alerts.ruleset import pack_rules, rules_in_force
from motcua.oversight.operations.alerts.wording import minutes_words, title_of, words_of
from motcua.oversight.operations.models import Alert, LikelyLate, Severity, Watch
from motcua.oversight.operations.rules.alerts import Rule
from motcua.registry.access.policies import within
from motcua.registry.organisations.selectors import list_agencies_at, officer_names

PAGE, OPEN_PAGE = 50, 30
MOST_SHOWING = 200
# The watch looks every minute; later than this it is late itself.
LATE_LOOK = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Showing:
    """An alert in words. `severity`: "look" or "overdue"; `owner`: a name, "" while nobody has acknowledged it."""

    title: str
    words: str
    severity: str
    since: datetime
    owner: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """An alert with its rule as it is now and the names that belong to it."""

    alert: Alert
    rule: Rule
    agency: str
    owner: str

    @property
    def title(self) -> str:
        return title_of(self.rule, self.alert.figures, self.agency)

    @property
    def words(self) -> str:
        return words_of(self.rule, self.alert.figures, self.agency)


@dataclass(frozen=True, slots=True)
class Look:
    """When the watch last looked (None: never), whether that is too long ago, and what it could not read then."""

    at: datetime | None
    is_late: bool
    failed: tuple[str, ...]


def list_showing(scopes: Collection[str], *, at: datetime, limit: int = 20) -> list[Showing]:
    """What goes on at these agencies and below and at the installation itself, and is not silenced: the red first, then
    the oldest; before them the watch itself, when it is late. Five queries at most."""
    wanted = within("scope", tuple(scopes)) | Q(scope=MACHINE)
    loud = Q(silenced_until=None) | Q(silenced_until__lte=at)
    rows = _rows(_worst_first(Alert.objects.filter(wanted, loud).exclude(state=Alert.State.RESOLVED))[:limit])
    return [
        *_late_watch(last_look(at=at), at),
        *(_showing(it) for it in rows),
    ]


def _showing(it: Row) -> Showing:
    url = reverse("operations:alert", args=[it.alert.id])
    return Showing(it.title, it.words, it.alert.severity, it.alert.since, it.owner, url)


def _late_watch(look: Look, at: datetime) -> list[Showing]:
    """Who does not look raises nothing, so the lists say it themselves."""
    if not look.is_late:
        return []
    title, words = _("Nobody watches over alerts"), _("The watch has never looked.")
    if look.at:
        minutes = (at - look.at) // timedelta(minutes=1)
        words = _("The watch last looked %(time)s ago.") % {"time": minutes_words(minutes)}
    return [Showing(title, words, Severity.OVERDUE, look.at or at, "", reverse("operations:alerts"))]


def last_look(*, at: datetime) -> Look:
    """One query."""
    watch = Watch.objects.filter(pk="alerts").first()
    looked = watch.looked_at if watch else None
    failed = tuple(watch.failed) if watch else ()
    return Look(looked, looked is None or at - looked > LATE_LOOK, failed)


@dataclass(frozen=True, slots=True)
class Asked:
    """What part of a list. `show`: "open", "mine" or "all", which has those of the past too; `agency`: a path, with all
    below it; `rule`: its code; `after`: the token of the page before."""

    show: str = "open"
    agency: str = ""
    rule: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """`after`: the token of the next page, "" on the last; `count`: of all pages, None where it is not counted."""

    rows: list[Row]
    after: str = ""
    count: int | None = None


def list_alerts(actor: Actor, asked: Asked) -> Page:
    """What the actor may see: open ones the worst first, 30 a page, with their number; all of them the latest first, 50
    a page. Five queries at most."""
    found = Alert.objects.filter(seen_by(actor))
    if asked.agency:
        found = found.filter(within("scope", (asked.agency,)))
    if asked.rule:
        found = found.filter(rule=asked.rule)
    if asked.show != "all":
        found = found.exclude(state=Alert.State.RESOLVED)
        if asked.show == "mine":
            found = found.filter(owner_id=actor.person_id)
        return _open_page(found, asked.after)
    if place := read_place(asked.after):
        moment, key = place
        found = found.filter(Q(since__lt=moment) | Q(since=moment, pk__lt=key))
    alerts = list(found.order_by("-since", "-pk")[: PAGE + 1])
    more, alerts = len(alerts) > PAGE, alerts[:PAGE]
    return Page(_rows(alerts), place_token(alerts[-1].since, alerts[-1].pk) if more else "")


def _open_page(found: QuerySet[Alert], after: str) -> Page:
    """Of no more than there are rules and agencies."""
    everything = found
    severity, _dot, token = after.partition(".")
    if severity in Severity.values and (place := read_place(token)):
        moment, key = place
        later = Q(since__gt=moment) | Q(since=moment, pk__gt=key)
        found = found.filter(Q(severity__lt=severity) | Q(severity=severity) & later)
    alerts = list(_worst_first(found)[: OPEN_PAGE + 1])
    more, alerts = len(alerts) > OPEN_PAGE, alerts[:OPEN_PAGE]
    last = alerts[-1] if more else None
    # A first page that is the last needs no counting.
    count = everything.count() if more or after else len(alerts)
    return Page(
        rows=_rows(alerts),
        after=f"{last.severity}.{place_token(last.since, last.pk)}" if last else "",
        count=count,
    )


def get_alert(actor: Actor, alert_id: UUID) -> Row:
    """Raises NotFound, also for what the actor may not see. Four queries."""
    found = Alert.objects.filter(seen_by(actor), pk=alert_id).first()
    rows = _rows([found]) if found else []
    if not rows:
        raise NotFound
    return rows[0]


def row_of(alert: Alert) -> Row | None:
    """As `get_alert`, for who is told of it; None for a rule that the pack no longer has."""
    return next(iter(_rows([alert])), None)


def _worst_first(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    # "overdue" stands behind "look" in the alphabet.
    return alerts.order_by("-severity", "since", "pk")


def _rows(alerts: Collection[Alert] | QuerySet[Alert]) -> list[Row]:
    """Those whose rule the pack still has."""
    found = list(alerts)
    if not found:
        return []
    rules = rules_in_force()
    agencies = agency_names({it.scope for it in found})
    owners = officer_names({it.owner_id for it in found if it.owner_id})
    return [
        Row(
            it,
            rules[it.rule],
            agencies.get(it.scope, it.scope),
            owners.get(it.owner_id, "") if it.owner_id else "",
        )
        for it in found
        if it.rule in rules
    ]


def agency_names(paths: Collection[str]) -> Mapping[str, str]:
    """Path -> name now. One query, none for the installation alone."""
    wanted = [it for it in paths if it != MACHINE]
    return {it.path: it.name for it in list_agencies_at(wanted)} if wanted else {}


@dataclass(frozen=True, slots=True)
class Behind:
    """Dossiers behind an alert: `more` says that there are more than these."""

    dossiers: list[Dossier]
    more: bool


def list_behind(actor: Actor, alert: Alert, *, at: datetime) -> Behind | None:
    """The dossiers it counts now, longest first; None for what counts none, and for who leads none of their agencies.

    One query.
    """
    measure = next((it.measure for it in pack_rules() if it.code == alert.rule), "")
    if measure not in _BEHIND or not actor.holds("leader", alert.scope):
        return None
    condition, order = _BEHIND[measure](at)
    rows = Dossier.objects.filter(condition, agency_path=alert.scope, is_test=False)
    shown = rows.select_related("version__procedure").only(*_SHOWN).order_by(order, "pk")
    found = list(shown[: PAGE + 1])
    return Behind(found[:PAGE], len(found) > PAGE)


_SHOWN = ("code", "reference", "due_at", "submitted_at", "status", "version__procedure__names")
_RUNNING = Q(status__in=[Status.ACCEPTED, Status.IN_PROCESS], stopped_at=None, finished_at=None)
_ONLINE = Q(status=Status.SUBMITTED, answered_at=None, answer_by__isnull=False)


def _late(at: datetime) -> tuple[Q, str]:
    midnight = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return _RUNNING & Q(basis_at__lt=midnight), "basis_at"


def _signing(at: datetime) -> tuple[Q, str]:
    waiting = Task.objects.filter(act="sign", completed_at=None, paused_at=None)
    return _RUNNING & Q(pk__in=waiting.values("subject")), "due_at"


_BEHIND: Mapping[str, Callable[[datetime], tuple[Q, str]]] = {
    "late": _late,
    "unanswered": lambda at: (_ONLINE & Q(answer_by__lt=at), "answer_by"),
    "accepting": lambda at: (_ONLINE, "submitted_at"),
    "signing": _signing,
}


@dataclass(frozen=True, slots=True)
class LateRow:
    """A dossier that is likely late, where it lies, and with whom ("": nobody took it)."""

    found: LikelyLate
    agency: str
    lies_at: str
    officer: str


@dataclass(frozen=True, slots=True)
class LatePage:
    """`counts`: (path, name, how many) of every agency that has some, most first; `looked_at`: when computed."""

    rows: list[LateRow]
    after: str
    counts: list[tuple[str, str, int]]
    looked_at: datetime | None


def list_likely_late(actor: Actor, *, agency: str = "", after: str = "") -> LatePage:
    """At the leader's agencies and below, soonest due first, 50 a page. Five queries."""
    mine = LikelyLate.objects.filter(within("agency_path", actor.scopes("leader")))
    counted = mine.values_list("agency_path").annotate(count=Count("pk")).order_by("-count", "agency_path")
    counts = list(counted[:MOST_SHOWING])
    rows = mine.filter(within("agency_path", (agency,))) if agency else mine
    if place := read_place(after):
        moment, key = place
        rows = rows.filter(Q(due_at__gt=moment) | Q(due_at=moment, pk__gt=key))
    shown = rows.select_related("dossier__version__procedure").only(
        *(it.name for it in LikelyLate._meta.concrete_fields),
        *(f"dossier__{name}" for name in ("code", "reference", "version__procedure__names")),
    )
    found = list(shown.order_by("due_at", "pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    paths = {path for path, _count in counts} | {
        path for it in found for path in (it.agency_path, it.lies_at)
    }
    names, officers = agency_names(paths), officer_names({it.officer_id for it in found if it.officer_id})
    watch = Watch.objects.filter(pk="likely_late").first()
    return LatePage(
        rows=[
            LateRow(
                it,
                names.get(it.agency_path, it.agency_path),
                names.get(it.lies_at, it.lies_at),
                officers.get(it.officer_id, "") if it.officer_id else "",
            )
            for it in found
        ],
        after=place_token(found[-1].due_at, found[-1].pk) if more else "",
        counts=[(path, names.get(path, path), count) for path, count in counts],
        looked_at=watch.looked_at if watch else None,
    )
