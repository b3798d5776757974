"""Decisions on publication: a list with the overdue on top, and the page to enter or correct one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.ui.fields import DayField
from motcua.foundation.ui.templatetags.ui import viet_date
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.models import DecidedProcedure, PublicationDecision
from motcua.registry.catalogue.offers.decisions import (
    Decided,
    change_decision,
    enter_decision,
    get_decision,
    list_decisions,
    published_definitions,
)
from motcua.registry.catalogue.offers.words import KINDS
from motcua.registry.catalogue.policies import RIGHT
from motcua.registry.catalogue.rules.completeness import missing_parts
from motcua.registry.organisations.selectors import find_agency_by_code

PART_WORDS = {
    "steps": _("steps"),
    "documents": _("documents"),
    "time": _("time limit"),
    "fee": _("fee"),
    "result": _("result"),
    "form": _("form"),
    "legal_basis": _("legal basis"),
}


class DecisionForm(forms.Form):
    agency = forms.CharField(
        label=_("Agency that has to publish it"), help_text=_("Its code, such as H44."), max_length=35
    )
    number = forms.CharField(label=_("Number of the decision"), max_length=60)
    issuer = forms.CharField(label=_("Issued by"), max_length=200)
    issued_on = DayField(label=_("Issued on"))
    due_on = DayField(label=_("To be public by"))
    published_on = DayField(label=_("Public since"), required=False)
    adds = forms.CharField(label=_("New procedures"), required=False, max_length=20_000)
    changes = forms.CharField(label=_("Changed procedures"), required=False, max_length=20_000)
    abolishes = forms.CharField(label=_("Abolished procedures"), required=False, max_length=20_000)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in DecidedProcedure.Kind.values:
            self.fields[name].help_text = _("Codes with spaces or commas between.")
        for name, words in _MISSING.items():
            self.fields[name].error_messages["required"] = words

    @classmethod
    def of(cls, decision: PublicationDecision) -> DecisionForm:
        codes: dict[str, list[str]] = {}
        for row in decision.procedures.order_by("code"):
            codes.setdefault(row.kind, []).append(row.code)
        names = ("number", "issuer", "issued_on", "due_on", "published_on", "revision")
        known = {name: getattr(decision, name) for name in names} | {"agency": decision.agency.code}
        return cls(initial=known | {kind: " ".join(it) for kind, it in codes.items()})

    def clean_agency(self) -> UUID:
        found = find_agency_by_code(self.cleaned_data["agency"].strip().upper(), at=timezone.localdate())
        if not found:
            raise ValidationError(_("Enter the code of an agency that exists today."))
        return found.pk

    @property
    def decided(self) -> Decided:
        sent = self.cleaned_data
        codes = {
            kind: sent[kind].replace(",", " ").replace(";", " ").split()
            for kind in DecidedProcedure.Kind.values
        }
        names = ("number", "issuer", "issued_on", "due_on", "published_on")
        return Decided(**{name: sent[name] for name in names}, procedures=codes)


_MISSING = {
    "agency": _("Enter the code of the agency."),
    "number": _("Enter the number of the decision."),
    "issuer": _("Enter who issued the decision."),
}


@role_required(RIGHT)
@never_cache
@require_safe
def listing(request: ActingRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = [_row(it, today) for it in list_decisions(request.actor, on=today)]
    return render(request, "catalogue/decisions.html", {"rows": rows})


def _row(decision: PublicationDecision, today: Any) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for row in decision.procedures.all():
        counts[row.kind] = counts.get(row.kind, 0) + 1
    return {
        "id": decision.pk,
        "number": decision.number,
        "issuer": decision.issuer,
        "agency": decision.agency.name,
        "due": viet_date(decision.due_on),
        **_state(decision, today),
        "counts": ", ".join(
            f"{KINDS[DecidedProcedure.Kind(kind)]}: {count}" for kind, count in counts.items()
        ),
    }


def _state(decision: PublicationDecision, today: Any) -> dict[str, str]:
    if decision.published_on:
        words = _t("Public since %(day)s") % {"day": viet_date(decision.published_on)}
        is_late = decision.published_on > decision.due_on
        return {"state": "look" if is_late else "done", "words": words}
    if decision.due_on < today:
        return {"state": "overdue", "words": _t("Overdue")}
    return {"state": "open", "words": _t("To be published")}


@role_required(RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: ActingRequest) -> HttpResponse:
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            enter_decision(
                actor=request.actor,
                agency_id=form.cleaned_data["agency"],
                decided=form.decided,
                at=timezone.now(),
            )
        except DomainError as problem:
            _explain(form, problem)
        else:
            messages.success(request, _t("The decision was entered."))
            return redirect("offers:decisions")
    return _page(request, form, None)


@role_required(RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: ActingRequest, decision_id: UUID) -> HttpResponse:
    decision = get_decision(request.actor, decision_id)
    if request.method != "POST":
        return _page(request, DecisionForm.of(decision), decision)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            change_decision(
                actor=request.actor,
                decision_id=decision.pk,
                decided=form.decided,
                revision=form.cleaned_data["revision"] or 0,
                at=timezone.now(),
            )
        except DomainError as problem:
            _explain(form, problem)
        else:
            messages.success(request, _t("The decision was changed."))
            return redirect("offers:decisions")
    return _page(request, form, decision)


def _explain(form: DecisionForm, problem: DomainError) -> None:
    name = {"codes": "adds"}.get(getattr(problem, "field", ""), getattr(problem, "field", ""))
    form.add_error(name if name in form.fields else None, str(problem))


def _page(request: ActingRequest, form: DecisionForm, decision: PublicationDecision | None) -> HttpResponse:
    context = {"form": form, "decision": decision, "procedures": _procedures(decision) if decision else []}
    return render(request, "catalogue/decision.html", context, status=422 if form.errors else 200)


def _procedures(decision: PublicationDecision) -> list[dict[str, Any]]:
    """What the decision is about, and which parts of each are not public here (766, I.3). Two queries."""
    rows = list(decision.procedures.order_by("kind", "code"))
    published = published_definitions([it.code for it in rows], on=timezone.localdate())
    return [
        {
            "code": row.code,
            "url": reverse("catalogue:procedure", args=[row.code]) if row.code in published else "",
            "kind": KINDS[DecidedProcedure.Kind(row.kind)],
            "missing": ", ".join(str(PART_WORDS[it]) for it in missing_parts(published.get(row.code))),
        }
        for row in rows
    ]
