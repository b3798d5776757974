"""The home page, the figures, and what search engines leave alone."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from motcua.casework.dossiers.selectors import (
    count_by_status,
    count_promises,
    count_reuse,
    list_drafts,
    status_label,
)
from motcua.casework.dossiers.services.reminding import list_open
from motcua.oversight.indicators.rules.counts import ALL
from motcua.oversight.indicators.selectors import kept_back
from motcua.registry.catalogue.selectors import life_event_links, list_life_events

REUSE_DAYS = 30
# What belongs to one person or to officers, answers for programs, and addresses that hold a code.
_NOT_FOR_SEARCH_ENGINES = (
    *(
        "/desk/",
        "/dossiers/",
        "/drafts/",
        "/reminders/",
        "/apply/",
        "/account/",
        "/accounts/",
        "/messages/",
        "/acting/",
        "/mandates/",
        "/documents/",
        "/shared/",
    ),
    *("/api/", "/verify/?code="),
)


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Asks search engines to stay on the public pages (RFC 9309), and says which there are (sitemaps.org)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_SEARCH_ENGINES)]
    lines += [f"Sitemap: {settings.BASE_URL}{reverse('portal:sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    promises = count_promises(at=timezone.now())
    too_few = kept_back({"kept": promises.kept, "late": promises.late})
    reminders = list_open(request.actor, at=timezone.now())  # type: ignore[attr-defined]
    context = {
        "reminders": reminders,
        "drafts": list_drafts(request.actor)[:3] if request.actor.kind == "citizen" else [],  # type: ignore[attr-defined]
        "life_events": life_event_links(list_life_events(), get_language()),
        "promises": promises,
        "is_total_hidden": ALL in too_few,
        "are_parts_hidden": bool(too_few),
        "kept_percent": 100 * promises.kept // promises.total if promises.total else 0,
    }
    return render(request, "portal/home.html", context)


@login_not_required
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """How many dossiers stand at each status now, counted when the page is opened; none that would tell of a few."""
    counts = count_by_status()
    too_few = kept_back({str(it): counts.get(it, 0) for it in range(1, 11)})
    rows = [
        {"label": status_label(it), "count": counts.get(it, 0), "is_hidden": str(it) in too_few}
        for it in range(1, 11)
    ]
    now = timezone.now()
    reuse = count_reuse(since=now - timedelta(days=REUSE_DAYS))
    context = {
        "rows": rows,
        "total": sum(counts.values()),
        "is_hidden": ALL in too_few,
        "now": now,
        "reuse": reuse,
        "is_reuse_hidden": bool(kept_back({"reused": reuse.reused, "rest": reuse.total - reuse.reused})),
        "days": REUSE_DAYS,
    }
    return render(request, "portal/figures.html", context)
