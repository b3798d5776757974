"""The watch: every minute all rules are held against what is, in one transaction.

The row of the watch is the lock: of two that look at once, the second finds what the first has done. What is killed
half-way has done nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.worktime.moments import add_working_time
from motcua.oversight.operations.alerts.messages import tell_level
from motcua.oversight.operations.alerts.observing import OBSERVERS, Observation, Round
from motcua.oversight.operations.alerts.ruleset import rules_in_force
from motcua.oversight.operations.models import Alert, Escalation, Watch
from motcua.oversight.operations.rules.alerts import Outcome, Rule, State, Verdict, judge

log = logging.getLogger(__name__)
Ending = Alert.Ending
# Nobody is told at more levels than there are agencies above each other.
_MOST_LEVELS = 8


@transaction.atomic
def watch(*, at: datetime) -> dict[str, int]:
    """Look at everything: raise, go on, end, and tell the next level. How many were raised, cleared and escalated.

    Looked at again for the same or an earlier moment, nothing is done. A measure that cannot be read leaves its alerts
    as they are, is logged, and stands in the watch's row.
    """
    Watch.objects.get_or_create(pk="alerts")
    own = Watch.objects.select_for_update().get(pk="alerts")
    done = {"raised": 0, "cleared": 0, "escalated": 0}
    if own.looked_at and own.looked_at >= at:
        return done
    look, rules = Round(at), rules_in_force()
    known = _known(rules)
    failed = []
    for rule in rules.values():
        mine = known.get(rule.code, {})
        found = _observe(rule, look) if rule.is_enabled else {}
        if found is None:
            failed.append(rule.measure)
            continue
        for scope in {*found, *mine}:
            outcome = _decide(rule, mine.get(scope), found.get(scope), scope, look)
            done["raised"] += outcome is Outcome.RAISED
            done["cleared"] += outcome is Outcome.CLEARED
    done["cleared"] += _end_unknown(rules, at)
    done["escalated"] = _escalate(rules, look)
    own.looked_at, own.failed = at, sorted(set(failed))
    own.save(update_fields=["looked_at", "failed"])
    return done


def _known(rules: Mapping[str, Rule]) -> dict[str, dict[str, Alert]]:
    """Rule -> scope -> the alert that is open or held. One query."""
    rows = Alert.objects.filter(
        ~Q(state=Alert.State.RESOLVED) | Q(held_until__isnull=False), rule__in=list(rules)
    )
    found: dict[str, dict[str, Alert]] = {}
    # Of an open and a held one of the same scope the open one counts. Locked, so that no act of a person is lost.
    for alert in sorted(rows.select_for_update(), key=lambda it: it.is_open):
        found.setdefault(alert.rule, {})[alert.scope] = alert
    return found


def _observe(rule: Rule, look: Round) -> dict[str, Observation] | None:
    """By scope; None when it cannot be read."""
    try:
        with transaction.atomic():
            return {it.scope: it for it in OBSERVERS[rule.measure](look, rule.bounds)}
    except Exception:
        # Whatever it was: the other rules are watched on, and the page says that this one is not.
        log.exception("alert_measure_failed", extra={"measure": rule.measure})
        return None


def _decide(rule: Rule, alert: Alert | None, seen: Observation | None, scope: str, look: Round) -> Outcome:
    if not rule.is_enabled:
        return _switched_off(alert, look.at)
    value = seen.value if seen else 0
    is_open = bool(alert and alert.is_open)
    held = alert.held_until if alert and not alert.is_open else None
    calm = alert.calm_since if alert and is_open else None
    state = State(is_open, calm, is_held=held is not None, may_repeat=held is not None and held <= look.at)
    verdict = judge(rule.bounds, value, state, at=look.at)
    if alert and verdict.outcome in (Outcome.RAISED, Outcome.RELEASED):
        Alert.objects.filter(pk=alert.pk).update(held_until=None)
    if seen and verdict.outcome is Outcome.RAISED:
        _raise(rule, seen, look)
    elif alert and is_open:
        _go_on(rule, alert, seen, verdict, look.at)
    return verdict.outcome


def _raise(rule: Rule, seen: Observation, look: Round) -> None:
    before = Alert.objects.filter(rule=rule.code, scope=seen.scope, silenced_until__gt=look.at)
    silenced = before.order_by("-silenced_until").values_list("silenced_until", flat=True).first()
    alert = Alert.objects.create(
        rule=rule.code,
        scope=seen.scope,
        severity=rule.severity(seen.value),
        figures=dict(seen.figures),
        since=look.at,
        seen_at=look.at,
        silenced_until=silenced,
        escalates_at=_next(rule, seen.scope, look.at, look),
    )
    record_alert("alert.raised", alert, {"figures": alert.figures}, at=look.at)


def _go_on(rule: Rule, alert: Alert, seen: Observation | None, verdict: Verdict, at: datetime) -> None:
    alert.calm_since, alert.seen_at = verdict.calm_since, at
    fields = ["calm_since", "seen_at"]
    if seen:
        alert.figures = dict(seen.figures)
        fields.append("figures")
    # It stays red until it ends: a value that comes and goes over the upper bound changes nothing.
    if seen and rule.severity(seen.value) == "overdue" and alert.severity != "overdue":
        alert.severity = "overdue"
        fields.append("severity")
    if verdict.outcome is Outcome.CLEARED:
        end(alert, Ending.ENDED, at)
        record_alert("alert.cleared", alert, {"figures": alert.figures}, at=at)
        return
    alert.save(update_fields=fields)


def _switched_off(alert: Alert | None, at: datetime) -> Outcome:
    if not alert:
        return Outcome.NOTHING
    if not alert.is_open:
        Alert.objects.filter(pk=alert.pk).update(held_until=None)
        return Outcome.RELEASED
    end(alert, Ending.RULE, at)
    record_alert("alert.cleared", alert, {"figures": alert.figures, "rule_off": True}, at=at)
    return Outcome.CLEARED


def _end_unknown(rules: Mapping[str, Rule], at: datetime) -> int:
    """Of rules that the pack has no longer: nobody would see them, nothing would end them."""
    left = Alert.objects.exclude(state=Alert.State.RESOLVED).exclude(rule__in=list(rules))
    return sum(_switched_off(alert, at) is Outcome.CLEARED for alert in left.select_for_update())


def end(alert: Alert, ending: str, at: datetime) -> None:
    alert.state, alert.ending, alert.resolved_at = Alert.State.RESOLVED, ending, at
    alert.escalates_at = None
    alert.save(
        update_fields=[
            *(
                "state",
                "ending",
                "resolved_at",
                "escalates_at",
                "calm_since",
                "seen_at",
                "figures",
                "severity",
            ),
            *("held_until",),
        ]
    )


def _next(rule: Rule, scope: str, since: datetime, look: Round) -> datetime | None:
    minutes = rule.bounds.escalate_minutes
    if not minutes:
        return None
    return add_working_time(since, timedelta(minutes=minutes), look.calendar(scope))


def _escalate(rules: Mapping[str, Rule], look: Round) -> int:
    """Of what nobody acknowledged in time and nobody silenced, tell the next level that has somebody."""
    due = Alert.objects.filter(state=Alert.State.OPEN, escalates_at__lte=look.at, rule__in=list(rules))
    told = 0
    for alert in due.select_for_update():
        if alert.silenced_until and alert.silenced_until > look.at:
            continue
        told += _tell_next(alert, rules[alert.rule], look)
    return told


def _tell_next(alert: Alert, rule: Rule, look: Round) -> bool:
    level, count, scope = alert.level, 0, ""
    while not count and level < _MOST_LEVELS:
        level += 1
        count, scope = tell_level(alert, level, at=look.at)
        if not scope:
            # Nobody is above: it is on the page, and nobody else is told.
            alert.escalates_at = None
            alert.save(update_fields=["escalates_at"])
            return False
    alert.level, alert.escalates_at = level, _next(rule, alert.scope, look.at, look)
    alert.save(update_fields=["level", "escalates_at"])
    Escalation.objects.create(alert=alert, level=level, scope=scope, told=count, told_at=look.at)
    record_alert("alert.escalated", alert, {"level": level, "to": scope, "count": count}, at=look.at)
    return True


def record_alert(kind: str, alert: Alert, facts: Mapping[str, object], *, at: datetime) -> None:
    """An entry about what the watch did."""
    own = {"rule": alert.rule, "scope": alert.scope, **facts}
    record(actor=SYSTEM, happening=Happening(kind, "alert", alert.id, facts=own), at=at)
