"""What people look for in vain, for the keeper of the catalogue."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.counting import LEAST_DAYS, list_sought_in_vain


@role_required("catalogue")
@never_cache
@require_safe
def sought(request: ActingRequest) -> HttpResponse:
    """Words that found nothing, most often first."""
    return render(request, "catalogue/sought.html", {"rows": list_sought_in_vain(), "least": LEAST_DAYS})
