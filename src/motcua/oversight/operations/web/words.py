"""How alerts, their history and their rules read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.foundation.journal.models import Entry
from motcua.foundation.ui import formats
from motcua.oversight.operations.alerts.policies import MACHINE
from motcua.oversight.operations.alerts.selectors import Row
from motcua.oversight.operations.alerts.wording import language, minutes_words
from motcua.oversight.operations.models import Alert
from motcua.registry.organisations.selectors import officer_names

State = Alert.State
BOUNDS = {
    "raise_at": gettext_lazy("Raised at"),
    "clear_below": gettext_lazy("Ends under"),
    "overdue_at": gettext_lazy("Red from"),
    "calm_minutes": gettext_lazy("Minutes under it before it ends"),
    "minimum": gettext_lazy("Smallest usual number"),
    "escalate_minutes": gettext_lazy("Working minutes until the next level is told"),
    "repeat_minutes": gettext_lazy("Working minutes until it is raised again"),
}
UNITS = {
    "number": gettext_lazy("number"),
    "minutes": gettext_lazy("minutes"),
    "percent": gettext_lazy("percent outside the usual"),
}
KINDS = {
    "threshold": gettext_lazy("A number is crossed"),
    "departure": gettext_lazy("Far from the usual"),
    "silence": gettext_lazy("Nothing happens"),
}
_DONE = {
    "alert.raised": gettext_lazy("raised the alert"),
    "alert.cleared": gettext_lazy("ended the alert: its cause has ended"),
    "alert.escalated": gettext_lazy("told the next level"),
    "alert.acknowledged": gettext_lazy("acknowledged it"),
    "alert.handed": gettext_lazy("gave it to a colleague"),
    "alert.noted": gettext_lazy("wrote a note"),
    "alert.resolved": gettext_lazy("ended it by hand"),
    "alert.silenced": gettext_lazy("silenced it"),
    "alert.rule_changed": gettext_lazy("changed the rule"),
}


def severity_words(row: Row) -> tuple[str, str]:
    """State of the design system and words."""
    alert = row.alert
    if not alert.is_open:
        return "done", _("Over")
    return ("overdue", _("Urgent")) if alert.severity == "overdue" else ("look", _("Look"))


def state_words(alert: Alert, now: datetime) -> str:
    if alert.state == State.RESOLVED:
        return {
            Alert.Ending.ENDED: _("Ended by itself"),
            Alert.Ending.PERSON: _("Ended by hand"),
            Alert.Ending.RULE: _("Rule switched off"),
        }[Alert.Ending(alert.ending)]
    if alert.silenced_until and alert.silenced_until > now:
        until = formats.format_datetime(timezone.localtime(alert.silenced_until), language(), year=False)
        return _("Silenced until %(until)s") % {"until": until}
    return _("Acknowledged") if alert.state == State.ACKNOWLEDGED else _("Nobody acknowledged it")


def after_words(later: datetime | None, earlier: datetime) -> str:
    """How long something took, "" when it never happened."""
    return minutes_words(max(0, (later - earlier) // timedelta(minutes=1))) if later else ""


def history(entries: Iterable[Entry], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """By day, newest first, for components/journal_days. `names`: of agencies, by path. One query."""
    rows = list(entries)
    named = {it.person_id for it in rows if it.person_id}
    people = {str(pk): name for pk, name in officer_names(named | _handed(rows)).items()}
    days: list[dict[str, Any]] = []
    for entry in reversed(rows):
        moment = timezone.localtime(entry.at)
        title = formats.format_date(moment.date(), language())
        if not days or days[-1]["title"] != title:
            days.append({"title": title, "entries": []})
        days[-1]["entries"].append(
            {
                "time": formats.format_time(moment, language()),
                "who": people.get(str(entry.person_id)) or _("The watch"),
                "what": _DONE.get(entry.kind, entry.kind),
                "note": _note(entry, people, names),
            }
        )
    return days


def _handed(entries: list[Entry]) -> set[Any]:
    return {it.facts["to"] for it in entries if it.kind == "alert.handed"}


def _note(entry: Entry, people: Mapping[str, str], names: Mapping[str, str]) -> str:
    facts, detail = entry.facts, getattr(entry, "detail", None)
    words = (detail.values if detail else {}).get("words", "") or (detail.values if detail else {}).get(
        "reason", ""
    )
    if entry.kind == "alert.handed":
        return f"{people.get(facts['to'], '')}: {words}"
    if entry.kind == "alert.escalated":
        whose = (
            _("those who look after the installation")
            if facts["to"] == MACHINE
            else _("leaders of %(agency)s") % {"agency": names.get(facts["to"], facts["to"])}
        )
        return _("%(whose)s, %(count)s people") % {"whose": whose, "count": facts["count"]}
    if entry.kind == "alert.silenced":
        until = formats.format_datetime(
            timezone.localtime(datetime.fromisoformat(facts["until"])), language()
        )
        return _("until %(until)s: %(words)s") % {"until": until, "words": words}
    if entry.kind == "alert.rule_changed":
        changed = [it for it in facts["after"] if facts["after"][it] != facts["before"].get(it)]
        what = ", ".join(
            f"{BOUNDS.get(it, it)}: {facts['before'].get(it)} → {facts['after'][it]}" for it in changed
        )
        return f"{what}. {words}" if what else str(words)
    return str(words)
