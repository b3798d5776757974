"""The citizen's sign-in page."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.registry.people.adapters.eid import REQUIRED_ASSURANCE
from motcua.registry.people.adapters.provider import leads_to_providers, providers


def _next(request: HttpRequest) -> str:
    target = request.GET.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else ""


@login_not_required
@never_cache
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    problem = request.GET.get("problem", "")
    context = {
        "next": _next(request),
        "problem": problem,
        "required_assurance": REQUIRED_ASSURANCE,
        "others": [(code, name) for code, name in providers() if code != "eid"],
    }
    return leads_to_providers(render(request, "people/sign_in.html", context))


@login_not_required
@require_safe
def wrong_data(request: HttpRequest) -> HttpResponse:
    """What to do when the population database is wrong about somebody."""
    return render(request, "people/wrong_data.html")


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("portal:home")
