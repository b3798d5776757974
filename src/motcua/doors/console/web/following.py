"""Seals and followers of the journal, for auditors and operators. Nothing personal is shown."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.doors.console import selectors
from motcua.doors.console.web import pages
from motcua.foundation.journal.selectors import journal_state
from motcua.foundation.journal.services import retry_dead_letter
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest, role_required


@role_required("auditor", "operator")
@never_cache
@require_safe
def seals(request: ActingRequest) -> HttpResponse:
    before = pages.number_of(request.GET.get("before", ""))
    batches = selectors.list_batches(before=before)
    context = {
        "state": pages.state_rows(journal_state()),
        "batches": [pages.batch_row(it) for it in batches],
        "before": before,
        "older": batches[-1].number if len(batches) == selectors.PAGE_SIZE else None,
    }
    return render(request, "console/seals.html", context)


@role_required("operator")
@never_cache
@require_safe
def following(request: ActingRequest) -> HttpResponse:
    state, letters = journal_state(), selectors.list_letters()
    context = {
        "state": pages.state_rows(state),
        "consumers": [pages.consumer_row(it, letters) for it in state.consumers],
        "letters": [pages.letter_row(it) for it in letters],
    }
    return render(request, "console/following.html", context)


@require_POST
@role_required("operator")
def retry(request: ActingRequest, letter_id: int) -> HttpResponse:
    try:
        is_resolved = retry_dead_letter(actor=request.actor, letter_id=letter_id, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        if is_resolved:
            messages.success(request, _("The entry was handled."))
        else:
            messages.error(request, _("It failed once more. The reason is in the list."))
    return HttpResponseRedirect(reverse("console:following"))
