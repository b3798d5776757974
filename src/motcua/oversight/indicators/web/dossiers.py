"""The dossiers behind a figure, each with why it got its points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.foundation.kernel.errors import NotFound
from motcua.oversight.indicators.policies import EVALUATED, EVALUATING, evaluated_paths
from motcua.oversight.indicators.rules.periods import BadPeriod, Period, parse_period
from motcua.oversight.indicators.rules.scoring import CODES, HIGHEST, BadRules, Index
from motcua.oversight.indicators.selectors import (
    Behind,
    Whose,
    get_agency,
    has_parts,
    list_behind,
    rules_of,
    values_of,
)
from motcua.oversight.indicators.services import Look, record_look
from motcua.oversight.indicators.web.words import counting, period_words, words_of
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.organisations.models import Unit
from motcua.registry.organisations.selectors import find_unit_of, officer_name


@role_required(*EVALUATING)
@never_cache
@require_safe
def behind(request: ActingRequest) -> HttpResponse:
    """Of an agency, or of a unit of it. Raises NotFound for one the reader may not see."""
    agency = get_agency(request.actor, request.GET.get("agency", ""))
    unit = _unit(request.GET.get("unit", ""), agency.path)
    back = urlencode({"agency": agency.path, "period": request.GET.get("period", "")})
    context = {
        "whose": unit.name if unit else agency.name,
        "back_url": f"{reverse('indicators:evaluation')}?{back}",
        "back_text": _("Evaluation"),
    }
    return _list(request, Whose(agency.path, unit=unit.pk if unit else None), context)


@role_required(*EVALUATING)
@never_cache
@require_safe
def behind_officer(request: ActingRequest, officer_id: UUID) -> HttpResponse:
    """Of an officer, at the reader's agencies; that they looked is on the record."""
    whose = Whose(officer=officer_id, paths=evaluated_paths(request.actor))
    period = _period(request)
    if not has_parts(whose):
        raise NotFound
    record_look(request.actor, Look("dossiers", period, officer_id=officer_id), at=timezone.now())
    back = urlencode({"period": period.code})
    context = {
        "whose": officer_name(officer_id),
        "back_url": f"{reverse('indicators:officer', args=[officer_id])}?{back}",
        "back_text": _("Evaluation of an officer"),
    }
    return _list(request, whose, context)


@role_required(*EVALUATED)
@never_cache
@require_safe
def behind_own(request: ActingRequest) -> HttpResponse:
    back = urlencode({"period": request.GET.get("period", "")})
    context = {
        "whose": officer_name(request.actor.person),
        "back_url": f"{reverse('indicators:mine')}?{back}",
        "back_text": _("My evaluation"),
    }
    return _list(request, Whose(officer=request.actor.person), context)


def _period(request: ActingRequest) -> Period:
    """Raises NotFound: these addresses come from links only."""
    try:
        period = parse_period(request.GET.get("period", ""))
        rules_of(period)
    except (BadPeriod, BadRules) as error:
        raise NotFound from error
    return period


def _unit(text: str, path: str) -> Unit | None:
    if not text:
        return None
    try:
        unit = find_unit_of(path, UUID(text))
    except ValueError:
        unit = None
    if not unit:
        raise NotFound
    return unit


def _list(request: ActingRequest, whose: Whose, context: dict[str, Any]) -> HttpResponse:
    period, code, points = _period(request), request.GET.get("index", ""), request.GET.get("points", "")
    if code not in ("", *CODES) or points not in ("", *map(str, range(HIGHEST + 1))):
        raise NotFound
    after = request.GET.get("after", "")
    rows, more = list_behind(whose, period, index=code, points=int(points) if points else None, after=after)
    indices = [it for it in counting(rules_of(period), is_part=whose.is_part) if code in ("", it.code)]
    kept = {name: value for name, value in request.GET.items() if name != "after" and value}
    context |= {
        "period": period_words(period),
        "index": words_of(indices[0].names) if code and indices else "",
        "points": points,
        "rows": [_row(it, indices) for it in rows],
        "more": more,
        "after": after,
        "query": urlencode(kept),
    }
    return render(request, "indicators/dossiers.html", context)


def _row(it: Behind, indices: list[Index]) -> dict[str, Any]:
    dossier = it.dossier
    return {
        "code": (dossier.code or dossier.reference) if dossier else "",
        "url": reverse("desk:dossier", args=[dossier.pk]) if dossier else "",
        "procedure": words_of(dossier.version.procedure.names) if dossier else it.measured.procedure,
        "due_at": it.measured.basis_at,
        "finished_at": it.measured.finished_at,
        "reasons": [_reason(it, index) for index in indices],
    }


def _reason(it: Behind, index: Index) -> dict[str, Any]:
    points, texts = values_of(index, it)
    return {
        "name": f"{index.number}. {words_of(index.names)}",
        "points": points,
        "why": words_of(texts) if texts else _("no data"),
        "seen": _seen(index.measure, it),
    }


def _seen(measure: str, it: Behind) -> str:
    """What was counted, in words, where the reason does not say it already."""
    if measure == "steps":
        return "; ".join(_step(step) for step in it.steps if step["class"])
    if measure == "rounds" and it.measured.rounds:
        rounds = it.measured.rounds
        return ngettext("%(count)s request", "%(count)s requests", rounds) % {"count": rounds}
    if measure == "agencies":
        met = len(it.measured.agencies)
        return ngettext("%(count)s agency", "%(count)s agencies", met) % {"count": met}
    return ""


def _step(step: Mapping[str, str]) -> str:
    words = {"early": _("early"), "on_time": _("on time"), "late": _("late")}
    return _("step %(step)s: %(how)s") % {"step": step["step"], "how": words[step["class"]]}
