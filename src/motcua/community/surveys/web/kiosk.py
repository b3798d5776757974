"""A kiosk in the hall: the receipt's code, three large answers. The code of the hall's ticket kiosk opens it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from motcua.casework.appointments.devices import Device
from motcua.casework.appointments.models import Queue
from motcua.casework.appointments.selectors import kiosk_of_code
from motcua.casework.appointments.services.setting_up import kiosk_digest
from motcua.community.surveys.models import Way
from motcua.community.surveys.services.answering import STRANGER, answer_survey, dossier_at_kiosk
from motcua.community.surveys.web.forms import AnswerForm, CodeForm
from motcua.community.surveys.web.words import ratings
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.errors import AskedTooOften
from motcua.registry.access.policies import ActingRequest, count_asking, forget_asking
from motcua.registry.access.services.throttle import Limit

DEVICE = Device("motcua_survey_kiosk", "motcua.surveys.kiosk", "satisfaction:kiosk")
OPENING = Limit("survey kiosk", 30, 900)
# Codes of dossiers are running numbers: codes that are none are waited for longer and longer. A hall has many people at
# one device, so answers only come to one in 20 seconds, which is what one person takes.
TYPING = Limit("survey kiosk code", 20, 120, timedelta(minutes=10))
SENDING = Limit("survey kiosk answer", 30, 20, timedelta(minutes=10))
SHOWN_SECONDS = 15
# Who walks away leaves their question for so long to whoever comes next.
LEFT_SECONDS = 180


@login_not_required
@never_cache
@require_safe
def kiosk(request: ActingRequest) -> HttpResponse:
    """Asks for the receipt's code; on a device that was not opened, for the kiosk's."""
    queue = DEVICE.queue_of(request)
    return render(request, "surveys/kiosk.html", {"queue": queue, "form": CodeForm()})


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_POST
def open_kiosk(request: ActingRequest) -> HttpResponse:
    """Makes this device a kiosk until another code is made."""
    form = CodeForm(request.POST)
    try:
        count_asking(request, OPENING)
        queue = kiosk_of_code(kiosk_digest(request.POST.get("code", "")[:60]))
    except DomainError as error:
        form.is_valid()
        form.add_error("code", str(error))
        return render(request, "surveys/kiosk.html", {"queue": None, "form": form}, status=error.status)
    return DEVICE.opened(queue)


@require_POST
@DEVICE.guarded
@sensitive_post_parameters("code", "words")
def answer(request: ActingRequest, queue: Queue) -> HttpResponseBase:
    """One page after the other, the code in each: its question, the reasons, thanks."""
    form, now = CodeForm(request.POST), timezone.now()
    try:
        count_asking(request, TYPING)
        code = form.cleaned_data["code"] if form.is_valid() else ""
        dossier = dossier_at_kiosk(code=code, path=queue.agency_path, at=now)
        forget_asking(request, TYPING)
        sent = AnswerForm(request.POST if "send" in request.POST else None, initial=_chosen(request))
        if sent.is_valid() and _may_send(request, sent):
            answer_survey(actor=STRANGER, dossier=dossier, way=Way.KIOSK, answer=sent.answer, at=now)
            return redirect("satisfaction:kiosk-done")
    except DomainError as error:
        if not form.errors:
            form.add_error("code", str(error))
        context = {"queue": queue, "form": form}
        return render(request, "surveys/kiosk.html", context, status=error.status)
    rating = str(sent["rating"].value() or "")
    context = {
        "queue": queue,
        "code": code,
        "form": sent,
        "procedure": dossier.version.procedure.names,
        "ratings": ratings(),
        "chosen": next((it for it in ratings() if str(it["value"]) == rating), None),
    }
    response = render(request, "surveys/kiosk_answer.html", context, status=422 if sent.errors else 200)
    response["Refresh"] = f"{LEFT_SECONDS};url={reverse('satisfaction:kiosk')}"
    return response


def _may_send(request: HttpRequest, sent: AnswerForm) -> bool:
    """Whether nobody has to wait; the form says so, and what was chosen stays."""
    try:
        count_asking(request, SENDING)
    except AskedTooOften as error:
        sent.add_error(None, str(error))
    return not sent.errors


def _chosen(request: HttpRequest) -> dict[str, str]:
    return {"rating": request.POST.get("rating", "")[:1]}


@DEVICE.guarded
@require_safe
def done(request: ActingRequest, queue: Queue) -> HttpResponse:
    """Thanks; the next person begins in the language of the installation."""
    response = render(request, "surveys/kiosk_done.html", {"queue": queue})
    response["Refresh"] = f"{SHOWN_SECONDS};url={reverse('satisfaction:kiosk')}"
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response
