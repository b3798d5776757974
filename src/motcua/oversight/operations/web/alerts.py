"""Alerts at the desk: what goes on, one alert with its history, and acts on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.casework.dossiers.models import Dossier
from motcua.foundation.journal.selectors import list_entries
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.ui.formats import format_datetime
from motcua.oversight.operations.alerts import acts, selectors
from motcua.oversight.operations.alerts.errors import AlertMoved, AlertOver, NoColleague
from motcua.oversight.operations.alerts.policies import MACHINE, SEEING, can_act, can_change_rules
from motcua.oversight.operations.alerts.ruleset import rules_in_force
from motcua.oversight.operations.alerts.selectors import Asked, Row
from motcua.oversight.operations.alerts.wording import (
    in_language,
    language,
    minutes_words,
    source_words,
    value_words,
)
from motcua.oversight.operations.health import silent_schedules
from motcua.oversight.operations.web.forms import keep_as_of
from motcua.oversight.operations.web.words import after_words, history, severity_words, state_words
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.organisations.selectors import list_agencies_within

SHOWS = ("open", "mine", "all")
_HOURS = (1, 4, 24, 72, 168)
_sees = role_required(*SEEING)


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=acts.MOST_WORDS,
        error_messages={"required": gettext_lazy("Write in a few words why.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ActForm(forms.Form):
    """`version`: of the alert as the page shows it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class NoteForm(forms.Form):
    words = _reason(gettext_lazy("Note for who looks next"))


class ResolveForm(ActForm):
    reason = _reason(gettext_lazy("Why it is over"))


class HandForm(ActForm):
    to = forms.ChoiceField(label=gettext_lazy("Colleague"))
    reason = _reason(gettext_lazy("What they need to know"))

    def __init__(self, *args: Any, colleagues: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(str(pk), name) for pk, name in colleagues]  # type: ignore[attr-defined]


class SilenceForm(ActForm):
    hours = forms.TypedChoiceField(label=gettext_lazy("For how long"), coerce=int)
    reason = _reason(gettext_lazy("Why nobody needs to hear of it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(it, minutes_words(it * 60) if it < 24 else _days(it // 24)) for it in _HOURS]
        self.fields["hours"].choices = choices  # type: ignore[attr-defined]


def _days(days: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


FORMS: Mapping[str, type[forms.Form]] = {
    "acknowledge": ActForm,
    "hand": HandForm,
    "note": NoteForm,
    "resolve": ResolveForm,
    "silence": SilenceForm,
}


@_sees
@never_cache
@require_safe
def alerts(request: ActingRequest) -> HttpResponse:
    """Open ones, the officer's own, or all with those of the past; by agency and rule."""
    now, chosen = (
        timezone.now(),
        {name: request.GET.get(name, "") for name in ("show", "agency", "rule", "after")},
    )
    asked = Asked(**chosen | {"show": chosen["show"] if chosen["show"] in SHOWS else "open"})
    page, look = selectors.list_alerts(request.actor, asked), selectors.last_look(at=now)
    words = {"open": _("Going on"), "mine": _("Mine"), "all": _("All")}
    narrowed = {name: value for name, value in (("agency", asked.agency), ("rule", asked.rule)) if value}
    rules = rules_in_force()
    context = {
        "tabs": [
            {"text": words[it], "url": f"?{urlencode({'show': it, **narrowed})}", "current": it == asked.show}
            for it in SHOWS
        ],
        "asked": asked,
        "count": page.count,
        "page_size": selectors.PAGE if asked.show == "all" else selectors.OPEN_PAGE,
        "rows": [_row(it, now) for it in page.rows],
        "next": f"?{urlencode({'show': asked.show, **narrowed, 'after': page.after})}" if page.after else "",
        "agencies": list_agencies_within(request.actor.scopes("leader")),
        "rules": [(it.code, in_language(it.names)) for it in rules.values()],
        "look": look,
        "failed": [in_language(it.names) for it in rules.values() if it.measure in look.failed],
        "can_change": can_change_rules(request.actor),
    }
    return render(request, "operations/alerts.html", context)


def _row(row: Row, now: datetime) -> dict[str, Any]:
    state, words = severity_words(row)
    alert = row.alert
    return {
        "url": reverse("operations:alert", args=[alert.id]),
        "row": row,
        "state": state,
        "words": words,
        "stands": state_words(alert, now),
        "acknowledged": after_words(alert.acknowledged_at, alert.since),
        "lasted": after_words(alert.resolved_at or now, alert.since),
    }


@_sees
@never_cache
@require_safe
def alert(request: ActingRequest, alert_id: UUID) -> HttpResponse:
    return _show(request, alert_id, {})


def _show(
    request: ActingRequest, alert_id: UUID, bound: dict[str, forms.Form], status: int = 200
) -> HttpResponse:
    now, actor = timezone.now(), request.actor
    row = selectors.get_alert(actor, alert_id)
    found = row.alert
    entries = list_entries([found.id])
    told = {it.facts["to"] for it in entries if it.kind == "alert.escalated"}
    context = _row(row, now) | {
        "behind": _behind(request, row, now),
        "links": _links(request, row, now),
        "value": value_words(row.rule, found.figures["value"]),
        "source": source_words(row.rule),
        "history": history(entries, selectors.agency_names(told)),
        "may_act": can_act(actor, found.scope),
        "is_mine": found.owner_id == actor.person_id,
        "wrong": next((it for it in bound.values() if it.errors), None),
    }
    if context["may_act"]:
        context |= {f"{name}_form": bound.get(name) or _form(name, row, now) for name in FORMS}
    return render(request, "operations/alert.html", context, status=status)


def _form(name: str, row: Row, now: datetime, data: Any = None) -> forms.Form:
    kept: dict[str, Any] = {"initial": {"version": row.alert.version}, "auto_id": f"{name}_%s"}
    if name == "hand":
        colleagues = acts.list_colleagues(row.alert.scope, at=now)
        kept["colleagues"] = [it for it in colleagues if it[0] != row.alert.owner_id]
    return FORMS[name](data, **kept)


def _behind(request: ActingRequest, row: Row, now: datetime) -> dict[str, Any] | None:
    found = selectors.list_behind(request.actor, row.alert, at=now) if row.alert.is_open else None
    return {"rows": [_dossier(it) for it in found.dossiers], "more": found.more} if found else None


def _dossier(it: Dossier) -> dict[str, Any]:
    return {
        "url": reverse("desk:dossier", args=[it.pk]),
        "code": it.code or it.reference,
        "procedure": in_language(it.version.procedure.names),
        "submitted_at": it.submitted_at,
        "due_at": it.due_at,
    }


def _links(request: ActingRequest, row: Row, now: datetime) -> list[dict[str, str]]:
    """Where one sees more of it, as far as the officer may go there."""
    measure, scope, actor = row.rule.measure, row.alert.scope, request.actor
    if measure == "late" and actor.holds("leader", scope):
        url = f"{reverse('figures:dossiers')}?{urlencode({'agency': scope, 'own': '1', 'stock': 'late'})}"
        return [{"url": url, "text": _("All late dossiers")}]
    if measure == "likely_late" and actor.holds("leader", scope):
        url = f"{reverse('operations:likely-late')}?{urlencode({'agency': scope})}"
        return [{"url": url, "text": _("Dossiers likely to be late")}]
    if scope != MACHINE or not actor.scopes("operator"):
        return []
    if measure in ("journal_lag", "unsealed", "dead_letters"):
        return [{"url": reverse("console:following"), "text": _("Followers of the journal")}]
    if measure == "failed_messages":
        return [{"url": f"{reverse('console:messages')}?state=failed", "text": _("Messages that failed")}]
    if measure == "silent_schedules":
        return [{"url": "", "text": name} for name in silent_schedules(now)]
    return []


@require_POST
@_sees
@never_cache
def act(request: ActingRequest, alert_id: UUID, act: str) -> HttpResponse:
    """One of FORMS, by who may act on it. Raises NotFound beside what the act raises."""
    now, actor = timezone.now(), request.actor
    row = selectors.get_alert(actor, alert_id)
    if act not in FORMS or not can_act(actor, row.alert.scope):
        raise NotFound
    form = _form(act, row, now, request.POST)
    if form.is_valid():
        try:
            _do(actor, act, alert_id, form.cleaned_data, now)
        except NoColleague as error:
            form.add_error("to", str(error))
        except (AlertMoved, AlertOver) as error:
            form.add_error(None, str(error))
            keep_as_of(form, selectors.get_alert(actor, alert_id).alert.version)
        else:
            messages.success(request, _said(act, form.cleaned_data, now))
            return redirect("operations:alert", alert_id)
    return _show(request, alert_id, {act: form}, status=422)


def _do(actor: Any, act: str, alert_id: UUID, sent: Mapping[str, Any], now: datetime) -> None:
    if act == "note":
        acts.note(actor=actor, alert_id=alert_id, words=sent["words"], at=now)
        return
    seen = acts.Seen(alert_id, sent["version"])
    if act == "acknowledge":
        acts.acknowledge(actor=actor, seen=seen, at=now)
    elif act == "hand":
        acts.hand(actor=actor, seen=seen, to=UUID(sent["to"]), reason=sent["reason"], at=now)
    elif act == "resolve":
        acts.resolve(actor=actor, seen=seen, reason=sent["reason"], at=now)
    else:
        until = now + timedelta(hours=sent["hours"])
        acts.silence(actor=actor, seen=seen, until=until, reason=sent["reason"], at=now)


def _said(act: str, sent: Mapping[str, Any], now: datetime) -> str:
    if act == "silence":
        until = timezone.localtime(now + timedelta(hours=sent["hours"]))
        return _("Silenced until %(until)s") % {"until": format_datetime(until, language(), year=False)}
    return {
        "acknowledge": _("The alert is yours. Nobody else is told of it."),
        "hand": _("Your colleague has the alert now."),
        "note": _("Your note stands in the history."),
        "resolve": _("The alert is over."),
    }[act]
