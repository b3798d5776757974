"""A leader publishes the figures of a period that is over: looked at once more, then for good."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.oversight.indicators.policies import EVALUATING
from motcua.oversight.indicators.selectors import Whose, evaluate, find_frozen, rules_of
from motcua.oversight.indicators.services import freeze
from motcua.oversight.indicators.web.asking import EvaluationForm
from motcua.oversight.indicators.web.words import class_rows, period_words, total_of, total_words
from motcua.registry.access.policies import ActingRequest, role_required


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*EVALUATING)
@never_cache
def publish(request: ActingRequest) -> HttpResponse:
    """What would be published, and the button; by POST it is published, which cannot be undone."""
    form = EvaluationForm(request.actor, request.POST if request.method == "POST" else request.GET)
    back = f"{reverse('indicators:evaluation')}?{form.query}"
    if not form.is_valid():
        return HttpResponseRedirect(back)
    agency, period, now = form.chosen_agency, form.chosen, timezone.now()
    if request.method == "POST":
        freeze(actor=request.actor, agency=agency, period=period, at=now)
        messages.success(request, _("The figures are published."))
        return HttpResponseRedirect(back)
    if find_frozen(agency.path, period) or now < period.ends:
        return HttpResponseRedirect(back)
    found = evaluate(Whose(agency.path), period)
    context = {
        "agency": agency,
        "period": period_words(period),
        "code": period.code,
        "back_url": back,
        "classes": class_rows(found),
        "total": total_words(total_of(found, rules_of(period))),
    }
    return render(request, "indicators/publish.html", context)
