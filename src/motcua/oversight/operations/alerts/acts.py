"""What people do about alerts, and to the rules: one function an act, each in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.text import clean
from motcua.foundation.worktime.moments import add_working_time
from motcua.oversight.operations.alerts.errors import (
    AlertMoved,
    AlertOver,
    NoColleague,
    NoReason,
    RuleMoved,
    WrongBounds,
    WrongEnd,
)
from motcua.oversight.operations.alerts.evaluating import end
from motcua.oversight.operations.alerts.policies import KEEPERS, MACHINE, acted_on_by, can_change_rules
from motcua.oversight.operations.alerts.ruleset import rules_in_force
from motcua.oversight.operations.models import Alert, RuleChange
from motcua.oversight.operations.rules.alerts import Bounds
from motcua.registry.organisations.selectors import (
    calendar_of,
    get_calendar,
    list_agencies_at,
    list_officers_with,
)

MOST_WORDS = 1_000
MOST_SILENCE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Seen:
    """An alert as the page showed it."""

    id: UUID
    version: int


@transaction.atomic
def acknowledge(*, actor: Actor, seen: Seen, at: datetime) -> Alert:
    """Take it on; nobody else is told. One's own already is fine. Raises NotFound, AlertOver, AlertMoved."""
    alert = _locked(actor, seen.id)
    if alert.owner_id == actor.person_id and alert.state == Alert.State.ACKNOWLEDGED:
        return alert
    _check(alert, seen)
    facts = {"from": str(alert.owner_id)} if alert.owner_id else {}
    _own(alert, actor.person, at)
    record(actor=actor, happening=_happening("alert.acknowledged", alert, facts), at=at)
    return alert


@transaction.atomic
def hand(*, actor: Actor, seen: Seen, to: UUID, reason: str, at: datetime) -> Alert:
    """Give it to a colleague who may act on it. Raises NotFound, AlertOver, AlertMoved, NoColleague, NoReason."""
    alert, words = _locked(actor, seen.id), _words(reason)
    _check(alert, seen)
    if to == alert.owner_id or to not in dict(list_colleagues(alert.scope, at=at)):
        raise NoColleague
    facts = {"to": str(to)} | ({"from": str(alert.owner_id)} if alert.owner_id else {})
    _own(alert, to, at)
    record(actor=actor, happening=_happening("alert.handed", alert, facts, words), at=at)
    return alert


@transaction.atomic
def note(*, actor: Actor, alert_id: UUID, words: str, at: datetime) -> Alert:
    """Write something for who looks next; also on what is over. Raises NotFound, NoReason."""
    alert = _locked(actor, alert_id, also_over=True)
    record(actor=actor, happening=_happening("alert.noted", alert, {}, _words(words)), at=at)
    return alert


@transaction.atomic
def resolve(*, actor: Actor, seen: Seen, reason: str, at: datetime) -> Alert:
    """End it by hand. While the condition goes on the rule keeps still for its time to repeat.

    Raises NotFound, AlertOver, AlertMoved, NoReason.
    """
    alert, words = _locked(actor, seen.id), _words(reason)
    _check(alert, seen)
    rule = rules_in_force().get(alert.rule)
    minutes = rule.bounds.repeat_minutes if rule else 0
    if minutes:
        agencies = list_agencies_at([alert.scope])
        calendar = calendar_of(agencies[0], on=timezone.localdate(at)) if agencies else get_calendar()
        alert.held_until = add_working_time(at, timedelta(minutes=minutes), calendar)
    _bump(alert)
    end(alert, Alert.Ending.PERSON, at)
    record(actor=actor, happening=_happening("alert.resolved", alert, {}, words), at=at)
    return alert


@transaction.atomic
def silence(*, actor: Actor, seen: Seen, until: datetime, reason: str, at: datetime) -> Alert:
    """Keep it off the wall, and tell nobody, until then; the same rule there keeps silent too if it is raised anew.

    Raises NotFound, AlertOver, AlertMoved, NoReason, WrongEnd.
    """
    alert, words = _locked(actor, seen.id), _words(reason)
    _check(alert, seen)
    if not at < until <= at + MOST_SILENCE:
        raise WrongEnd
    alert.silenced_until = until
    _bump(alert, "silenced_until")
    record(
        actor=actor, happening=_happening("alert.silenced", alert, {"until": until.isoformat()}, words), at=at
    )
    return alert


def list_colleagues(scope: str, *, at: datetime) -> list[tuple[UUID, str]]:
    """Officers who may act on alerts of this scope: id and name, by name."""
    on = timezone.localdate(at)
    rights = KEEPERS if scope == MACHINE else ("leader",)
    found = {pk: name for right in rights for pk, name in list_officers_with(right, scope, on=on)}
    return sorted(found.items(), key=lambda it: it[1])


@dataclass(frozen=True, slots=True)
class NewRule:
    """How a rule is to be. `version`: the one that was changed, as the page showed it."""

    code: str
    version: int
    is_enabled: bool
    bounds: Bounds


@transaction.atomic
def change_rule(*, actor: Actor, new: NewRule, reason: str, at: datetime) -> RuleChange:
    """For the whole installation, from the next look on. Raises Refused, NotFound, RuleMoved, WrongBounds, NoReason."""
    if not can_change_rules(actor):
        raise Refused
    rule, words = rules_in_force().get(new.code), _words(reason)
    if not rule:
        raise NotFound
    if rule.version != new.version:
        raise RuleMoved
    if wrong := new.bounds.problems():
        raise WrongBounds(fields=", ".join(wrong))
    try:
        with transaction.atomic():
            change = RuleChange.objects.create(
                rule=rule.code,
                version=rule.version + 1,
                is_enabled=new.is_enabled,
                bounds=new.bounds.as_json(),
                changed_by=actor.person,
                changed_at=at,
            )
    except IntegrityError as error:
        raise RuleMoved from error
    facts = {
        "rule": rule.code,
        "version": change.version,
        "before": {"is_enabled": rule.is_enabled, **rule.bounds.as_json()},
        "after": {"is_enabled": new.is_enabled, **change.bounds},
    }
    happening = Happening(
        "alert.rule_changed", "alert", rule_id(rule.code), facts=facts, details={"reason": words}
    )
    record(actor=actor, happening=happening, at=at)
    return change


def rule_id(code: str) -> UUID:
    """Under which the journal knows a rule."""
    return uuid5(NAMESPACE_URL, f"motcua:alert-rule:{code}")


def _locked(actor: Actor, alert_id: UUID, *, also_over: bool = False) -> Alert:
    alert = Alert.objects.select_for_update().filter(acted_on_by(actor), pk=alert_id).first()
    if not alert:
        raise NotFound
    if not (alert.is_open or also_over):
        raise AlertOver
    return alert


def _check(alert: Alert, seen: Seen) -> None:
    if alert.version != seen.version:
        raise AlertMoved


def _words(text: str) -> str:
    words = clean(text)[:MOST_WORDS]
    if not words:
        raise NoReason
    return words


def _own(alert: Alert, officer: UUID, at: datetime) -> None:
    alert.state, alert.owner_id, alert.escalates_at = Alert.State.ACKNOWLEDGED, officer, None
    alert.acknowledged_at = alert.acknowledged_at or at
    _bump(alert, "state", "owner_id", "escalates_at", "acknowledged_at")


def _bump(alert: Alert, *names: str) -> None:
    alert.version += 1
    alert.save(update_fields=[*names, "version"])


def _happening(kind: str, alert: Alert, facts: Mapping[str, Any], words: str = "") -> Happening:
    own = {"rule": alert.rule, "scope": alert.scope, **facts}
    return Happening(kind, "alert", alert.id, facts=own, details={"words": words} if words else None)
