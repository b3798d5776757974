"""The rules of alerts: what each says, and its change for this installation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.foundation.journal.selectors import list_entries
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.oversight.operations.alerts import acts
from motcua.oversight.operations.alerts.errors import RuleMoved
from motcua.oversight.operations.alerts.policies import SEEING, can_change_rules
from motcua.oversight.operations.alerts.ruleset import rules_in_force
from motcua.oversight.operations.alerts.wording import in_language, source_words, value_words
from motcua.oversight.operations.rules.alerts import Bounds, Rule
from motcua.oversight.operations.web.forms import keep_as_of
from motcua.oversight.operations.web.words import BOUNDS, KINDS, UNITS, history
from motcua.registry.access.policies import ActingRequest, role_required

_sees = role_required(*SEEING)


class RuleForm(forms.Form):
    """`version`: of the rule as the page shows it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    is_enabled = forms.BooleanField(
        label=gettext_lazy("The rule is watched"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "ds-input"}),
    )

    def __init__(self, rule: Rule, data: Any = None) -> None:
        first = {"version": rule.version, "is_enabled": rule.is_enabled, **rule.bounds.as_json()}
        super().__init__(data, initial=first)
        hints = {"overdue_at": _("0: never"), "escalate_minutes": _("0: nobody is told")}
        for name, label in BOUNDS.items():
            self.fields[name] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=1_000_000,
                help_text=hints.get(name, ""),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
        self.fields["reason"] = forms.CharField(
            label=_("Why it is changed"),
            max_length=acts.MOST_WORDS,
            error_messages={"required": _("Write in a few words why.")},
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or {}
        if all(name in sent for name in BOUNDS):
            for name in Bounds(**{it: sent[it] for it in BOUNDS}).problems():
                self.add_error(name, _wrong(name))
        return sent


def _wrong(name: str) -> str:
    return {
        "raise_at": _("Enter a number from 1 on."),
        "clear_below": _("Enter a number from 1 to the number at which the alert is raised."),
        "overdue_at": _(
            "Enter 0, or a number that is not smaller than the number at which the alert is raised."
        ),
    }.get(name, _("Enter a number from 1 on."))


@_sees
@never_cache
@require_safe
def rules(request: ActingRequest) -> HttpResponse:
    context = {
        "rows": [_row(it) for it in rules_in_force().values()],
        "can_change": can_change_rules(request.actor),
    }
    return render(request, "operations/alert_rules.html", context)


def _row(rule: Rule) -> dict[str, Any]:
    return {
        "rule": rule,
        "name": in_language(rule.names),
        "source": source_words(rule),
        "kind": KINDS[rule.watched.kind],
        "raised": value_words(rule, rule.bounds.raise_at),
        "ends": value_words(rule, rule.bounds.clear_below),
        "red": value_words(rule, rule.bounds.overdue_at) if rule.bounds.overdue_at else "",
    }


@_sees
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: ActingRequest, code: str) -> HttpResponse:
    """One rule with what was changed, for who may change it. Raises NotFound, Refused beside what the act raises."""
    found = rules_in_force().get(code)
    if not found:
        raise NotFound
    if not can_change_rules(request.actor):
        raise Refused
    form = RuleForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        bounds = Bounds(**{name: sent[name] for name in BOUNDS})
        new = acts.NewRule(code, sent["version"], sent["is_enabled"], bounds)
        try:
            acts.change_rule(actor=request.actor, new=new, reason=sent["reason"], at=timezone.now())
        except RuleMoved as error:
            form.add_error(None, str(error))
            keep_as_of(form, rules_in_force()[code].version)
        else:
            messages.success(request, _("The rule holds so from the next look on."))
            return redirect("operations:alert-rules")
    context = _row(found) | {
        "form": form,
        "unit": UNITS[found.watched.unit],
        "history": history(list_entries([acts.rule_id(code)]), {}),
    }
    return render(request, "operations/alert_rule.html", context, status=422 if form.errors else 200)
