"""The applicant's page that takes a dossier back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.forms import heading
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.reasons import rule_of
from motcua.casework.dossiers.rules.states import ACTS, Status
from motcua.casework.dossiers.services import ending
from motcua.casework.dossiers.web.pages import language
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest, citizen_required


@citizen_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """Ask whether it is meant, then withdraw. What can no longer be withdrawn is said, with the law's reason."""
    dossier = selectors.open_dossier(request.actor, dossier_id, at=timezone.now())
    error, is_done = "", dossier.status == Status.WITHDRAWN
    if is_done and request.method == "POST":
        # Pressed twice.
        return redirect("dossiers:dossier", dossier_id)
    if request.method == "POST":
        text = request.POST.get("revision", "")
        try:
            ending.withdraw_own(
                actor=request.actor,
                dossier_id=dossier_id,
                revision=int(text) if text.isdecimal() and len(text) < 10 else 0,
                reason=request.POST.get("reason", ""),
                at=timezone.now(),
            )
        except DomainError as problem:
            if problem.status in {403, 404}:
                raise
            error = str(problem)
        else:
            messages.success(request, _("Your dossier is withdrawn."))
            return redirect("dossiers:dossier", dossier_id)
    context = {
        "dossier": dossier,
        "heading": heading(dossier, language()),
        "may": ending.may_withdraw(request.actor, dossier),
        "why_not": _("This dossier was withdrawn") if is_done else _why_not(dossier),
        "is_begun": dossier.status != Status.SUBMITTED,
        "reason": request.POST.get("reason", "")[:2000],
        "errors": [{"href": "#withdraw", "text": error}] if error else [],
    }
    return render(request, "dossiers/withdraw.html", context, status=409 if error else 200)


def _why_not(dossier: Dossier) -> str:
    """What the law says, where, and what can be done instead."""
    return str(rule_of(ACTS["withdraw"], Status(dossier.status), to_applicant=True))
