"""A citizen follows an application for linked procedures as one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.linking import get_whole, revoked_for
from motcua.casework.dossiers.models import OfficialDocument
from motcua.casework.dossiers.services.linked_following import leave_out
from motcua.casework.dossiers.web.linked_words import part_rows, whole_due, whole_heading, whole_state
from motcua.foundation.kernel.errors import Refused
from motcua.registry.access.policies import ActingRequest, citizen_required


@citizen_required
@never_cache
@require_safe
def linked(request: ActingRequest, case_id: UUID) -> HttpResponse:
    whole = get_whole(request.actor, case_id)
    first = selectors.open_dossier(request.actor, case_id, at=timezone.now())
    receipts = [it for it in selectors.list_documents(first) if it.kind == OfficialDocument.Kind.RECEIPT]
    state, words = whole_state(whole)
    context = {
        "case": whole.case,
        "heading": whole_heading(whole),
        "state": state,
        "words": words,
        "due_at": whole_due(whole),
        "parts": part_rows(whole, revoked_for(it.dossier_id for it in whole.parts if it.dossier_id)),
        "receipt": next(iter(receipts), None),
        "may_change": request.actor.may("apply"),
    }
    return render(request, "dossiers/linked.html", context)


@citizen_required
@require_POST
def leave_part_out(request: ActingRequest, case_id: UUID, member: str) -> HttpResponse:
    get_whole(request.actor, case_id)
    if not request.actor.may("apply"):
        raise Refused
    leave_out(actor=request.actor, case_id=case_id, member=member, at=timezone.now())
    messages.success(request, _("It is left out. You can apply for it on its own whenever you like."))
    return redirect("dossiers:linked", case_id)
