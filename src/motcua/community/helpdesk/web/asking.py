"""Anybody asks to be called: the form, the request's own page, calling it off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.community.helpdesk.errors import BadPhone
from motcua.community.helpdesk.models import CallRequest
from motcua.community.helpdesk.selectors import get_by_number, list_own
from motcua.community.helpdesk.services import NewCall, ask_call, cancel_call
from motcua.community.helpdesk.web.forms import AskForm, first_values
from motcua.community.helpdesk.web.origin import Origin, about_dossier, origin_of
from motcua.community.helpdesk.web.words import state_words
from motcua.foundation.kernel.errors import DomainError, NotFound
from motcua.foundation.kernel.text import mask_number
from motcua.registry.access.policies import ActingRequest, count_asking
from motcua.registry.access.services.throttle import Limit
from motcua.registry.catalogue.models import Procedure
from motcua.registry.catalogue.selectors import procedures_named
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import list_agencies_with_desk
from motcua.registry.people.selectors import get_contact

# Of one address: requests made, and numbers looked up.
ASKING = Limit("call back", 5, 900)
LOOKING = Limit("call back look", 60, 30)


@login_not_required
@never_cache
@sensitive_post_parameters("name", "phone", "about")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: ActingRequest) -> HttpResponse:
    """The form; a number that was typed leads to its request."""
    if number := request.GET.get("number", "")[:30]:
        return _to_request(request, number)
    desks = list_agencies_with_desk(at=timezone.localdate())
    if request.method != "POST":
        origin = origin_of(request)
        form = AskForm(initial=_initial(request, origin), desks=desks, needs_desk=not origin.dossier)
        return _show(request, form, origin)
    origin = _sent_origin(request)
    form = AskForm(request.POST, desks=desks, needs_desk=not origin.dossier)
    if form.is_valid():
        count_asking(request, ASKING)
        try:
            call = ask_call(actor=request.actor, new=_new_call(form, origin, desks), at=timezone.now())
        except DomainError as error:
            form.add_error("phone" if isinstance(error, BadPhone) else None, str(error))
        else:
            return redirect("helpdesk:call", call.number)
    return _show(request, form, origin, status=422)


def _to_request(request: ActingRequest, number: str) -> HttpResponse:
    count_asking(request, LOOKING)
    try:
        return redirect("helpdesk:call", get_by_number(number).number)
    except NotFound:
        messages.error(
            request, _("No request has this number. Look at it again: it has ten letters and digits.")
        )
        return redirect("helpdesk:ask")


def _initial(request: ActingRequest, origin: Origin) -> dict[str, Any]:
    known: dict[str, Any] = {}
    if request.actor.kind == "citizen":
        contact = get_contact(request.actor.person)
        known = {"name": contact.full_name, "phone": contact.telephone}
    return {
        **first_values(),
        **known,
        "page": origin.page,
        "procedure": origin.procedure,
        "dossier": origin.dossier.id if origin.dossier else None,
        "desk": str(origin.agency.id) if origin.agency else "",
    }


def _sent_origin(request: ActingRequest) -> Origin:
    """What the form said it was about, as far as that is the sender's."""
    page, sent = request.POST.get("page", "")[:60], request.POST.get("dossier", "")
    if not sent:
        return Origin(page, request.POST.get("procedure", "")[:8])
    try:
        return about_dossier(request, AskForm.base_fields["dossier"].clean(sent), page)
    except (DomainError, ValueError, TypeError):
        return Origin(page)


def _new_call(form: AskForm, origin: Origin, desks: list[Agency]) -> NewCall:
    sent = form.cleaned_data
    procedure = _procedure(origin)
    return NewCall(
        key=sent["key"],
        name=sent["name"],
        phone=sent["phone"],
        language=(get_language() or "vi").split("-")[0],
        wish=sent["wish"],
        about=sent["about"],
        page=origin.page,
        procedure=procedure.pk if procedure else "",
        agency=next((it for it in desks if str(it.id) == sent["desk"]), None),
        dossier_id=origin.dossier.id if origin.dossier else None,
    )


def _procedure(origin: Origin) -> Procedure | None:
    return next(iter(procedures_named([origin.procedure])), None) if origin.procedure else None


def _show(request: ActingRequest, form: AskForm, origin: Origin, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "dossier": origin.dossier,
        "procedure": _procedure(origin),
        "own": [_row(it) for it in list_own(request.actor)],
    }
    return render(request, "helpdesk/ask.html", context, status=status)


def _row(call: CallRequest) -> dict[str, Any]:
    state, words = state_words(call, timezone.now())
    return {"call": call, "state": state, "words": words}


@login_not_required
@never_cache
@require_safe
def call(request: ActingRequest, number: str) -> HttpResponse:
    """How a request stands, for whoever has its number; nothing personal but the end of the telephone number."""
    count_asking(request, LOOKING)
    found = get_by_number(number)
    phone = mask_number(found.phone[::-1])[::-1]
    response = render(
        request, "helpdesk/call.html", _row(found) | {"phone": phone, "is_new": not found.tries}
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@login_not_required
@require_POST
def cancel(request: ActingRequest, number: str) -> HttpResponse:
    count_asking(request, LOOKING)
    cancelled = cancel_call(actor=request.actor, number=number, at=timezone.now())
    messages.success(request, _("The request is called off. Nobody calls you."))
    return redirect("helpdesk:call", cancelled.number)
