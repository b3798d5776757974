"""The evaluation of an agency and its units; the agencies beside each other."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.casework.dossiers.rules.classes import Class
from motcua.oversight.indicators.policies import EVALUATING
from motcua.oversight.indicators.rules.periods import Period
from motcua.oversight.indicators.rules.scoring import Rules
from motcua.oversight.indicators.selectors import (
    Evaluation,
    Whose,
    count_under_way,
    evaluate,
    evaluate_agencies,
    evaluate_units,
    find_frozen,
    rules_of,
)
from motcua.oversight.indicators.services import of_json
from motcua.oversight.indicators.web.asking import EvaluationForm, PeriodForm
from motcua.oversight.indicators.web.words import (
    Links,
    class_rows,
    counting,
    index_rows,
    one_decimal,
    period_words,
    plot,
    total_of,
    total_words,
    words_of,
)
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.rules.texts import source_words
from motcua.registry.organisations.selectors import unit_names


@role_required(*EVALUATING)
@never_cache
@require_safe
def evaluation(request: ActingRequest) -> HttpResponse:
    """The nine indices of an agency in a period, the level they reach, and its units."""
    form = EvaluationForm(request.actor, request.GET)
    if not form.is_valid():
        return render(request, "indicators/evaluation.html", {"form": form}, status=422)
    agency, period, now = form.chosen_agency, form.chosen, timezone.now()
    rules, found = rules_of(period), evaluate(Whose(agency.path), period)
    frozen = find_frozen(agency.path, period)
    published = of_json(frozen.figures["agency"]) if frozen else None
    links = links_to(agency.path, period)
    rows = index_rows(found, rules, links, published=published)
    under_way = count_under_way(agency.path, at=now)
    context = {
        "form": form,
        "agency": agency,
        "period": period_words(period),
        "query": form.query,
        "found": found,
        "all_url": links("", ""),
        "classes": class_rows(found),
        "rows": rows,
        "bars": plot(rows),
        "total": total_words(total_of(found, rules)),
        "frozen": frozen,
        "can_publish": frozen is None and now >= period.ends,
        "published": _published(published, rules),
        "differs": published is not None and published != found,
        "units": _units(agency.path, period, rules),
        "unit_heads": heads(rules),
        "overdue": under_way[Class.OVERDUE],
        "open": sum(under_way[it] for it in (Class.IN_PROCESS, Class.OVERDUE, Class.STOPPED)),
        "has_others": len(form.agencies) > 1,
        "source": source_words(rules.source),
    }
    return render(request, "indicators/evaluation.html", context)


def links_to(path: str, period: Period, *, unit: UUID | None = None) -> Links:
    """Addresses of the dossiers behind figures of an agency, or of a unit of it."""

    def link(index: str, points: str) -> str:
        asked = {
            "agency": path,
            "period": period.code,
            "unit": str(unit or ""),
            "index": index,
            "points": points,
        }
        return f"{reverse('indicators:dossiers')}?{urlencode({key: it for key, it in asked.items() if it})}"

    return link


def heads(rules: Rules) -> list[dict[str, Any]]:
    """The indices that count for units and officers, as heads of columns."""
    return [{"number": it.number, "name": words_of(it.names)} for it in counting(rules, is_part=True)]


def cells(found: Evaluation, rules: Rules, links: Links) -> list[dict[str, str]]:
    """A figure for each of `heads`, with where its dossiers are."""
    row = []
    for index in counting(rules, is_part=True):
        mean = found.score(index.code).mean
        shown = one_decimal(mean) if mean is not None else _("no data")
        row.append(
            {
                "text": shown,
                "url": links(index.code, "") if mean is not None else "",
                "name": words_of(index.names),
            }
        )
    return row


def _published(published: Evaluation | None, rules: Rules) -> dict[str, str]:
    return total_words(total_of(published, rules)) if published else {}


def _units(path: str, period: Period, rules: Rules) -> list[dict[str, Any]]:
    found = evaluate_units(path, period)
    names = unit_names(found)
    rows = []
    for pk, evaluated in found.items():
        links = links_to(path, period, unit=pk)
        rows.append(
            {
                "name": names.get(pk, ""),
                "dossiers": evaluated.dossiers,
                "late": evaluated.classes[Class.LATE],
                "url": links("", ""),
                "cells": cells(evaluated, rules, links),
            }
        )
    return sorted(rows, key=lambda row: str(row["name"]))


@role_required(*EVALUATING)
@never_cache
@require_safe
def agencies(request: ActingRequest) -> HttpResponse:
    """Agencies beside each other, 50 a page: those that finished dossiers in the period."""
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return render(request, "indicators/agencies.html", {"form": form}, status=422)
    period, after = form.chosen, request.GET.get("after", "")
    rules = rules_of(period)
    found, more = evaluate_agencies(request.actor, period, after=after)
    names = EvaluationForm(request.actor, {}).agencies
    by_path = {it.path: it.name for it in names}
    rows = []
    for path, evaluated in found:
        query = urlencode({"agency": path, "period": period.code})
        rows.append(
            {
                "name": by_path.get(path, path),
                "url": f"{reverse('indicators:evaluation')}?{query}" if path in by_path else "",
                "dossiers": evaluated.dossiers,
                "late": evaluated.classes[Class.LATE],
                "total": total_words(total_of(evaluated, rules)),
            }
        )
    context = {"form": form, "period": period_words(period), "rows": rows, "more": more, "after": after}
    return render(request, "indicators/agencies.html", {**context, "query": form.query})
