"""What waits for a second person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.doors.console.accounts import agency_names, names_of
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.contributions import proposal_kind
from motcua.registry.access.models import Proposal
from motcua.registry.access.policies import ActingRequest, proved, role_required
from motcua.registry.access.services import approvals


@role_required("administrator", "support")
@never_cache
@require_safe
def proposal_list(request: ActingRequest) -> HttpResponse:
    return _page(request)


def _page(request: ActingRequest, code: str = "") -> HttpResponse:
    found = list(approvals.list_proposals(request.actor, at=timezone.now()))
    names = names_of(it for proposal in found for it in (proposal.proposed_by_id, proposal.subject_id))
    agencies = agency_names((proposal.agency_path for proposal in found), at=timezone.now())
    rows = [_row(proposal, names, agencies, request) for proposal in found]
    return render(request, "console/approvals.html", {"rows": rows, "code": code})


def _row(
    proposal: Proposal, names: dict[UUID, str], agencies: dict[str, str], request: ActingRequest
) -> dict[str, Any]:
    kind = proposal_kind(proposal.kind)
    path = proposal.agency_path
    return {
        "id": proposal.id,
        "kind": kind.label,
        "what": kind.describe(proposal),
        "who": names.get(proposal.subject_id, "") if proposal.subject_id else "",
        "agency": agencies.get(path) or (_("all agencies") if path == "/" else path),
        "by": names.get(proposal.proposed_by_id, ""),
        "at": proposal.proposed_at,
        "until": proposal.expires_at,
        "reason": proposal.reason,
        "may_decide": approvals.may_decide(request.actor, proposal),
        "is_own": proposal.proposed_by_id == request.actor.account_id,
    }


@require_POST
@role_required("administrator")
@proved
@never_cache
def approve(request: ActingRequest, proposal_id: UUID) -> HttpResponse:
    """Does what was proposed. A code that comes of it is shown this once."""
    try:
        result = approvals.approve(actor=request.actor, proposal_id=proposal_id, at=timezone.now())
    except DomainError as problem:
        if problem.status == 404:
            raise
        messages.error(request, str(problem))
        return redirect("console:approvals")
    messages.success(request, _("Approved and done."))
    return _page(request, result) if isinstance(result, str) else redirect("console:approvals")


@require_POST
@role_required("administrator", "support")
def reject(request: ActingRequest, proposal_id: UUID) -> HttpResponse:
    try:
        approvals.reject(actor=request.actor, proposal_id=proposal_id, at=timezone.now())
    except DomainError as problem:
        if problem.status == 404:
            raise
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Rejected. Nothing was done."))
    return redirect("console:approvals")
