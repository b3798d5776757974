"""Officers of an agency, one of them, and what an officer sees of themself. Who looks at others is on the record."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.casework.dossiers.rules.classes import Class
from motcua.foundation.kernel.errors import NotFound
from motcua.oversight.indicators.policies import EVALUATED, EVALUATING, evaluated_paths
from motcua.oversight.indicators.rules.periods import Period
from motcua.oversight.indicators.selectors import (
    Whose,
    evaluate,
    evaluate_officers,
    find_frozen,
    has_parts,
    rules_of,
)
from motcua.oversight.indicators.services import Look, of_json, record_look
from motcua.oversight.indicators.web.asking import EvaluationForm, PeriodForm
from motcua.oversight.indicators.web.pages import cells, heads
from motcua.oversight.indicators.web.words import (
    Links,
    class_rows,
    index_rows,
    period_words,
    plot,
    total_of,
    total_words,
)
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.rules.texts import source_words
from motcua.registry.organisations.selectors import officer_name, officer_names


@role_required(*EVALUATING)
@never_cache
@require_safe
def officers(request: ActingRequest) -> HttpResponse:
    """Who did steps of dossiers at an agency in a period, and the level each reached."""
    form = EvaluationForm(request.actor, request.GET)
    if not form.is_valid():
        return render(request, "indicators/officers.html", {"form": form}, status=422)
    agency, period, now = form.chosen_agency, form.chosen, timezone.now()
    rules, found = rules_of(period), evaluate_officers(agency.path, period)
    frozen = find_frozen(agency.path, period)
    kept = frozen.figures["officers"] if frozen else {}
    if found:
        record_look(request.actor, Look("officers", period, agency_id=agency.id), at=now)
    names = officer_names(set(found))
    rows: list[dict[str, Any]] = []
    for pk, evaluated in found.items():
        links = links_of("officer-dossiers", period, officer=pk)
        published = of_json(kept[str(pk)]) if str(pk) in kept else None
        rows.append(
            {
                "name": names.get(pk, ""),
                "url": f"{reverse('indicators:officer', args=[pk])}?{urlencode({'period': period.code})}",
                "dossiers": evaluated.dossiers,
                "late": evaluated.classes[Class.LATE],
                "cells": cells(evaluated, rules, links),
                "total": total_words(total_of(evaluated, rules, is_part=True)),
                "published": total_words(total_of(published, rules, is_part=True)) if published else None,
            }
        )
    context = {
        "form": form,
        "agency": agency,
        "period": period_words(period),
        "query": form.query,
        "rows": sorted(rows, key=lambda row: str(row["name"])),
        "heads": heads(rules),
        "frozen": frozen,
    }
    return render(request, "indicators/officers.html", context)


def links_of(name: str, period: Period, *, officer: UUID | None = None) -> Links:
    """Addresses of the dossiers behind an officer's figures."""
    url = reverse(f"indicators:{name}", args=[officer] if officer else [])

    def link(index: str, points: str) -> str:
        asked = {"period": period.code, "index": index, "points": points}
        return f"{url}?{urlencode({key: it for key, it in asked.items() if it})}"

    return link


@role_required(*EVALUATING)
@never_cache
@require_safe
def officer(request: ActingRequest, officer_id: UUID) -> HttpResponse:
    """One officer, by what they did at the reader's agencies. Raises NotFound without a step there."""
    paths = evaluated_paths(request.actor)
    whose = Whose(officer=officer_id, paths=paths)
    if not has_parts(whose):
        raise NotFound
    form = PeriodForm(request.GET)
    if form.is_valid():
        record_look(request.actor, Look("officer", form.chosen, officer_id=officer_id), at=timezone.now())
    context = {"name": officer_name(officer_id), "is_own": False}
    return _one(request, form, whose, links="officer-dossiers", context=context)


@role_required(*EVALUATED)
@never_cache
@require_safe
def mine(request: ActingRequest) -> HttpResponse:
    """The officer's own figures, wherever they worked."""
    context = {"name": officer_name(request.actor.person), "is_own": True}
    whose = Whose(officer=request.actor.person)
    return _one(request, PeriodForm(request.GET), whose, links="own-dossiers", context=context)


def _one(
    request: ActingRequest, form: PeriodForm, whose: Whose, *, links: str, context: dict[str, Any]
) -> HttpResponse:
    context |= {"form": form}
    if not form.is_valid():
        return render(request, "indicators/officer.html", context, status=422)
    period = form.chosen
    rules, found = rules_of(period), evaluate(whose, period)
    to = links_of(links, period, officer=None if context["is_own"] else whose.officer)
    rows = index_rows(found, rules, to, is_part=True)
    context |= {
        "period": period_words(period),
        "found": found,
        "all_url": to("", ""),
        "classes": class_rows(found),
        "rows": rows,
        "bars": plot(rows),
        "total": total_words(total_of(found, rules, is_part=True)),
        "source": source_words(rules.source),
    }
    return render(request, "indicators/officer.html", context)
