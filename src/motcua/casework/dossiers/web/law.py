"""The officer's page of each act of the law: what it means, what must be said, then it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.errors import DossierMoved
from motcua.casework.dossiers.services import ending, refusing, transferring, waiting
from motcua.casework.dossiers.services.acting import Target
from motcua.casework.dossiers.web import law_forms as forms
from motcua.casework.dossiers.web.desk import may_begin, revision_sent, target_of
from motcua.casework.dossiers.web.pages import language
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError, NotFound
from motcua.registry.access.policies import ActingRequest, officer_required

Doing = Callable[[Actor, Target, Mapping[str, Any], datetime], object]


@dataclass(frozen=True, slots=True)
class Page:
    """`lead`: what the act does, and whether it can be undone; `done`: what is said then."""

    title: Promise
    lead: Promise
    done: Promise
    form: type[forms.LawForm]
    do: Doing
    is_final: bool = False


def _why(sent: Mapping[str, Any]) -> ending.Why:
    return ending.Why(sent["ground"], sent["reason"])


PAGES: dict[str, Page] = {
    "refuse": Page(
        _("Refuse at reception"),
        _(
            "The applicant gets form 03 with the reason. This cannot be undone: they would have to apply anew."
        ),
        _("Refused. The applicant is told, and has form 03."),
        forms.RefusalForm,
        lambda actor, target, sent, at: ending.refuse_dossier(
            actor=actor, target=target, why=_why(sent), at=at
        ),
        is_final=True,
    ),
    "withdraw": Page(
        _("Withdraw at the applicant’s request"),
        _(
            "The dossier ends without a result, and the applicant gets the notice of stopping. This cannot be undone: "
            "they would have to apply anew."
        ),
        _("Withdrawn. The applicant is told."),
        forms.WithdrawalForm,
        lambda actor, target, sent, at: ending.withdraw_dossier(actor=actor, target=target, at=at, **sent),
        is_final=True,
    ),
    "stop": Page(
        _("Stop the dossier"),
        _(
            "Nobody works on it any more, and the applicant gets the notice with ground and reason. Only you can take "
            "that back."
        ),
        _("Stopped. The applicant is told, and has the notice."),
        forms.StopForm,
        lambda actor, target, sent, at: ending.stop_dossier(
            actor=actor, target=target, why=_why(sent), at=at
        ),
    ),
    "recall-stop": Page(
        _("Take back the stop"),
        _("The dossier goes on where it stood. The time in between is not counted. The applicant is told."),
        _("The dossier goes on."),
        forms.LawForm,
        lambda actor, target, sent, at: ending.recall_stop(actor=actor, target=target, at=at),
    ),
    "suspend": Page(
        _("Suspend the dossier"),
        _(
            "Its clock stands still, as the special law foresees, until a leader resumes it. The applicant is told."
        ),
        _("Suspended. The applicant is told, and has the notice."),
        forms.ReasonForm,
        lambda actor, target, sent, at: ending.suspend_dossier(actor=actor, target=target, at=at, **sent),
    ),
    "resume": Page(
        _("Resume the dossier"),
        _("It goes on where it stood, with what remained of its time limit. The applicant is told."),
        _("The dossier goes on."),
        forms.LawForm,
        lambda actor, target, sent, at: ending.resume_dossier(actor=actor, target=target, at=at),
    ),
    "draft-refusal": Page(
        _("Draft a letter of refusal"),
        _(
            "After examination a refusal is a written answer within the time limit: a leader signs it as they sign any "
            "result, and it can be drafted anew until then."
        ),
        _("The letter is drafted. Read it, then put it before the signer."),
        forms.LetterForm,
        lambda actor, target, sent, at: refusing.draft_refusal(
            actor=actor, target=target, refusal=refusing.Refusal(**sent), at=at
        ),
    ),
    "request-payment": Page(
        _("Ask the applicant to pay"),
        _(
            "The applicant gets a notice. The clock stands still until the payment is confirmed; then the whole time "
            "limit begins again."
        ),
        _("The applicant is asked to pay. The clock stands still until then."),
        forms.PaymentRequestForm,
        lambda actor, target, sent, at: waiting.request_payment(
            actor=actor, target=target, demand=waiting.Demand(**sent), at=at
        ),
    ),
    "confirm-payment": Page(
        _("Confirm the payment"),
        _("The dossier goes on where it waited, and the whole time limit begins again."),
        _("The payment is confirmed. The dossier goes on."),
        forms.ReceiptForm,
        lambda actor, target, sent, at: waiting.confirm_payment(actor=actor, target=target, at=at, **sent),
    ),
    "transfer": Page(
        _("Transfer to the competent agency"),
        _(
            "The other agency decides from then on. Code and due date stay; you go on seeing the dossier while it is "
            "under way. The applicant is told."
        ),
        _("Transferred. The applicant is told."),
        forms.TransferForm,
        lambda actor, target, sent, at: transferring.transfer_dossier(
            actor=actor, target=target, agency_id=UUID(sent["agency"]), reason=sent["reason"], at=at
        ),
    ),
}


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def law(request: ActingRequest, dossier_id: UUID, act: str) -> HttpResponse:
    """One act: the page asks and warns, sending it does it; what was typed stays when it cannot be done."""
    if act not in PAGES:
        raise Http404
    page, is_sent = PAGES[act], request.method == "POST"
    dossier = may_begin(request, act, dossier_id)
    form = page.form(request.POST if is_sent else None, dossier=dossier)
    is_stale = False
    if is_sent and form.is_valid():
        error = _problem(request, dossier_id, page, form)
        if not error:
            return _back(request, dossier_id)
        is_stale = isinstance(error, DossierMoved)
    context = {
        "dossier": dossier,
        "heading": selectors.dossier_heading(dossier, language()),
        "page": page,
        "form": form,
        "task_id": request.POST.get("task", "") or request.GET.get("task", ""),
        "revision": revision_sent(request, dossier, is_stale=is_stale),
    }
    return render(request, "dossiers/desk_law.html", context, status=422 if form.errors else 200)


def _problem(request: ActingRequest, dossier_id: UUID, page: Page, form: forms.LawForm) -> DomainError | None:
    """Do the act; why it could not be done, which the form says too."""
    target = target_of(request, dossier_id)
    try:
        page.do(request.actor, target, form.cleaned_data, timezone.now())
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        field = str(error.fields.get("field", ""))
        form.add_error(field if field in form.fields else None, str(error))
        return error
    messages.success(request, str(page.done))
    return None


def _back(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """To the dossier, if the officer still sees it."""
    try:
        selectors.get_dossier(request.actor, dossier_id)
    except NotFound:
        return redirect("desk:inbox")
    return redirect("desk:dossier", dossier_id)
