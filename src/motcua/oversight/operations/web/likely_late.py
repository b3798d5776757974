"""Dossiers likely to be late, with the reason, for leaders."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.oversight.operations.alerts.selectors import LateRow, list_likely_late
from motcua.oversight.operations.alerts.wording import in_language, minutes_words
from motcua.registry.access.policies import ActingRequest, role_required


@role_required("leader")
@never_cache
@require_safe
def likely_late(request: ActingRequest) -> HttpResponse:
    """Soonest due first; of one agency with all below it, when chosen."""
    agency, after = request.GET.get("agency", ""), request.GET.get("after", "")
    page = list_likely_late(request.actor, agency=agency, after=after)
    context = {
        "rows": [_row(it) for it in page.rows],
        "agency": agency,
        "agencies": page.counts,
        "total": sum(count for _path, _name, count in page.counts),
        "looked_at": page.looked_at,
        "next": f"?{urlencode({'agency': agency, 'after': page.after})}" if page.after else "",
    }
    return render(request, "operations/likely_late.html", context)


def _row(row: LateRow) -> dict[str, Any]:
    found, dossier = row.found, row.found.dossier
    return {
        "found": found,
        "row": row,
        "code": dossier.code or dossier.reference,
        "url": reverse("desk:dossier", args=[dossier.pk]),
        "procedure": in_language(dossier.version.procedure.names),
        "step": in_language(found.step),
        "lies": row.lies_at if found.lies_at != found.agency_path else "",
        "why": _("What remains needs %(needed)s of working time, %(left)s are left.")
        % {"needed": minutes_words(found.needed_minutes), "left": minutes_words(found.left_minutes)},
    }
