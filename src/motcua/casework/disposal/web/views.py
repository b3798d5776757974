"""Disposition at the desk: the lists of one's agencies, looking through one, proposing and deciding it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.casework.disposal import selectors, services
from motcua.casework.disposal.certificate import make_certificate
from motcua.casework.disposal.errors import ListClosed
from motcua.casework.disposal.models import DisposalList
from motcua.casework.disposal.policies import RIGHTS, may_decide
from motcua.casework.disposal.web.words import count_rows, item_row, state_of
from motcua.foundation.kernel.errors import DomainError, NotFound, Refused
from motcua.registry.access.policies import ActingRequest, role_required


class ReasonForm(forms.Form):
    """Why an act is done."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Enter the reason in one or two sentences.")},
    )


@role_required(*RIGHTS)
@never_cache
@require_safe
def lists(request: ActingRequest) -> HttpResponse:
    now, rows = timezone.now(), []
    for it in selectors.list_disposals(request.actor):
        state, words = state_of(it, now)
        rows.append({"disposal": it, "state": state, "words": words})
    return render(request, "disposal/lists.html", {"rows": rows})


def _context(request: ActingRequest, disposal: DisposalList, after: str = "") -> dict[str, Any]:
    now, found = timezone.now(), selectors.page_of_items(disposal, after=after)
    state, words = state_of(disposal, now)
    waits, proposal = selectors.is_waiting(disposal, at=now), disposal.proposal
    is_own = bool(proposal and proposal.proposed_by_id == request.actor.account_id)
    return {
        "disposal": disposal,
        "state": state,
        "said": words,
        "rows": [item_row(it, found.held) for it in found.rows],
        "counts": count_rows(found),
        "left": sum(count for (_thing, result), count in found.counts.items() if not result),
        "next_after": found.next_after,
        "may_change": disposal.state == "open" and not waits,
        "may_decide": waits and not is_own and may_decide(request.actor, disposal.agency.path),
        "may_take_back": waits and is_own,
    }


@role_required(*RIGHTS)
@never_cache
@require_safe
def disposal(request: ActingRequest, list_id: UUID) -> HttpResponse:
    """A list with everything that is on it."""
    found = selectors.get_disposal(request.actor, list_id)
    return render(request, "disposal/list.html", _context(request, found, request.GET.get("after", "")))


@role_required(*RIGHTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: ActingRequest, list_id: UUID, item_id: int) -> HttpResponse:
    """Take something out of the list, with the reason."""
    found = selectors.get_disposal(request.actor, list_id)
    item = get_object_or_404(found.items, pk=item_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.keep_item(
                actor=request.actor, list_id=list_id, item_id=item_id, reason=reason, at=timezone.now()
            )
        except DomainError as error:
            form.add_error("reason" if error.status == 422 else None, str(error))
        else:
            messages.success(request, _("%(label)s stays.") % {"label": item.label})
            return redirect("disposal:list", list_id)
    context = {"disposal": found, "item": item, "form": form}
    return render(request, "disposal/keep.html", context, status=422 if form.is_bound else 200)


@role_required(*RIGHTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: ActingRequest, list_id: UUID) -> HttpResponse:
    """Put the list before the second person."""
    found = selectors.get_disposal(request.actor, list_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.propose_list(actor=request.actor, list_id=list_id, reason=reason, at=timezone.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The list lies before the second person, for seven days."))
            return redirect("disposal:list", list_id)
    context = _context(request, found) | {"form": form}
    return render(request, "disposal/propose.html", context, status=422 if form.is_bound else 200)


@role_required(*RIGHTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: ActingRequest, list_id: UUID) -> HttpResponse:
    """Say yes or no, once what would be erased was read; by another person than the one who proposed it."""
    found = selectors.get_disposal(request.actor, list_id)
    if request.method == "POST":
        is_approved = request.POST.get("decision") == "approve"
        try:
            services.decide_list(
                actor=request.actor, list_id=list_id, is_approved=is_approved, at=timezone.now()
            )
        except ListClosed as error:
            messages.error(request, str(error))
        else:
            said = _("Approved. The contents are being erased.") if is_approved else _("Nothing is erased.")
            messages.success(request, said)
        return redirect("disposal:list", list_id)
    context = _context(request, found)
    if not context["may_decide"]:
        raise Refused
    return render(request, "disposal/decide.html", context)


@role_required(*RIGHTS)
@never_cache
@require_safe
def certificate(request: ActingRequest, list_id: UUID) -> HttpResponse:
    """The certificate of a list that was carried out, as a PDF."""
    found = selectors.get_disposal(request.actor, list_id)
    if found.state != "done":
        raise NotFound
    response = HttpResponse(make_certificate(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="bien-ban-tieu-huy-{found.made_at:%Y-%m-%d}.pdf"'
    return response
