"""The question and its answer, for people: by the link without signing in, and on the portal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.casework.dossiers.models import Dossier
from motcua.community.surveys.errors import AnsweredAlready, CannotDo, ChannelsRefused, SurveyOver
from motcua.community.surveys.law import law
from motcua.community.surveys.models import Survey, Way
from motcua.community.surveys.selectors import (
    find_by_token,
    find_survey,
    get_linked,
    get_own,
    is_asked_no_more,
    list_replies,
)
from motcua.community.surveys.services.answering import STRANGER, answer_survey
from motcua.community.surveys.services.asking import ask_again, ask_no_more, open_survey
from motcua.community.surveys.services.cases import say_it_helped
from motcua.community.surveys.web.forms import AnswerForm, CodeForm, NotHelpedForm
from motcua.community.surveys.web.words import ratings
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.errors import AskedTooOften
from motcua.registry.access.policies import ActingRequest, count_asking, forget_asking, page_to_return_to
from motcua.registry.access.services.throttle import Limit, Try, count

# Of one address, behind which a whole mobile network may be: codes that are none. Of one result: what is sent.
LOOKING = Limit("survey link", 30, 30, timedelta(minutes=10))
SENDING = Limit("survey answer", 20, 60)
# In the session: the surveys somebody came to by their link.
_LINKED, _MOST_KEPT = "survey_links", 20


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: ActingRequest) -> HttpResponse:
    """For who types the code of an SMS."""
    form = CodeForm(request.POST or None)
    if request.method != "POST":
        return _private(render(request, "surveys/door.html", {"form": form}))
    if form.is_valid():
        return _by_code(request, form.cleaned_data["code"])
    return _private(render(request, "surveys/door.html", {"form": form}, status=422))


@login_not_required
@never_cache
@sensitive_variables("token")
@require_safe
def link(request: ActingRequest, token: str) -> HttpResponse:
    """From here on the page's address holds no token: history, logs and the next site do not learn it."""
    return _by_code(request, token)


@sensitive_variables("typed")
def _by_code(request: ActingRequest, typed: str) -> HttpResponse:
    """Redirects whatever comes of it: refusals would put the address into the log."""
    try:
        count_asking(request, LOOKING)
    except AskedTooOften as error:
        messages.error(request, str(error))
        return redirect("satisfaction:door")
    survey = find_by_token(typed)
    if not survey:
        messages.error(
            request, _("We know no such code. Look at it again: it has sixteen letters and digits.")
        )
        return redirect("satisfaction:door")
    forget_asking(request, LOOKING)
    kept = [it for it in request.session.get(_LINKED, []) if it != str(survey.pk)]
    request.session[_LINKED] = [*kept, str(survey.pk)][-_MOST_KEPT:]
    return redirect("satisfaction:survey", survey.pk)


def _came_to(request: ActingRequest, dossier_id: UUID) -> tuple[Dossier, Way] | None:
    """The dossier and how they came to it: it is theirs, or they have the link. None: nobody has signed in.

    Raises NotFound.
    """
    try:
        return get_own(request.actor, dossier_id), Way.PORTAL
    except NotFound:
        if str(dossier_id) in request.session.get(_LINKED, []):
            return get_linked(dossier_id), Way.LINK
        if request.user.is_authenticated:
            raise
    return None


def _doer(request: ActingRequest, way: Way) -> Actor:
    """By the link it is nobody, whoever is signed in beside it."""
    return STRANGER if way == Way.LINK else request.actor


def _to_sign_in(request: ActingRequest) -> HttpResponse:
    return redirect_to_login(page_to_return_to(request), resolve_url("people:sign-in"))


@login_not_required
@never_cache
@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: ActingRequest, dossier_id: UUID) -> HttpResponseBase:
    """The three answers; with one chosen the reasons; when it was answered, what became of it."""
    came = _came_to(request, dossier_id)
    if not came:
        return _to_sign_in(request)
    dossier, way = came
    found = find_survey(dossier.pk)
    if found and found.answered_at and request.method != "POST":
        if way == Way.LINK and _is_past(found):
            return _private(render(request, "surveys/over.html", _about(dossier, way), status=410))
        return _private(render(request, "surveys/answered.html", _answered(found, dossier, way)))
    if not dossier.returned_at or dossier.is_test:
        raise NotFound
    if not law().is_open(dossier.returned_at, timezone.now()):
        return _private(render(request, "surveys/over.html", _about(dossier, way), status=410))
    if request.method == "POST":
        return _send(request, dossier, way)
    form = AnswerForm(initial={"rating": request.GET.get("rating", "")})
    return _show(request, dossier, way, form)


def _is_past(found: Survey) -> bool:
    """What a link still opens ends with the time for the answer, or with the case when that is later."""
    case = getattr(found, "case", None)
    return not law().is_open(found.returned_at, timezone.now()) and (not case or case.state == "closed")


def _count_sending(dossier_id: UUID) -> None:
    count(Try(SENDING, str(dossier_id)), at=timezone.now())


def _send(request: ActingRequest, dossier: Dossier, way: Way) -> HttpResponse:
    _count_sending(dossier.pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, dossier, way, form, status=422)
    try:
        answer_survey(actor=request.actor, dossier=dossier, way=way, answer=form.answer, at=timezone.now())
    except (AnsweredAlready, SurveyOver) as error:
        messages.error(request, str(error))
    return redirect("satisfaction:survey", dossier.pk)


def _show(
    request: ActingRequest, dossier: Dossier, way: Way, form: AnswerForm, status: int = 200
) -> HttpResponse:
    chosen = str(form["rating"].value() or "")
    context = _about(dossier, way) | {
        "form": form,
        "ratings": ratings(),
        "chosen": next((it for it in ratings() if str(it["value"]) == chosen), None),
        "is_stopped": is_asked_no_more(dossier),
    }
    return _private(render(request, "surveys/survey.html", context, status=status))


def _about(dossier: Dossier, way: Way) -> dict[str, Any]:
    """Procedure and day: all that a page says which needs no sign-in."""
    return {
        "dossier": dossier,
        "procedure": dossier.version.procedure.names,
        "is_own": way == Way.PORTAL,
    }


def _answered(found: Survey, dossier: Dossier, way: Way) -> dict[str, Any]:
    case = getattr(found, "case", None)
    return _about(dossier, way) | {
        "survey": found,
        "case": case,
        "steps": list_replies(case) if case else [],
        "form": NotHelpedForm(),
        "may_say": bool(case and case.state == "replied"),
        "may_reopen": bool(case and not case.reopened_at),
    }


@login_not_required
@never_cache
@sensitive_post_parameters("words")
@require_POST
def helped(request: ActingRequest, dossier_id: UUID) -> HttpResponseBase:
    """Whether our reply helped."""
    came = _came_to(request, dossier_id)
    if not came:
        return _to_sign_in(request)
    dossier, way = came
    found = find_survey(dossier.pk)
    if not found:
        raise NotFound
    _count_sending(dossier.pk)
    form = NotHelpedForm(request.POST)
    if not form.is_valid():
        context = _answered(found, dossier, way) | {"form": form}
        return _private(render(request, "surveys/answered.html", context, status=422))
    has_helped = request.POST.get("helped") == "yes"
    words = form.cleaned_data["words"]
    try:
        say_it_helped(
            actor=_doer(request, way), survey=found, has_helped=has_helped, words=words, at=timezone.now()
        )
    except CannotDo as error:
        # Pressed twice, or closed since the page was opened.
        messages.error(request, str(error))
    return redirect("satisfaction:survey", dossier.pk)


@login_not_required
@never_cache
@require_POST
def stop(request: ActingRequest, dossier_id: UUID) -> HttpResponseBase:
    """Do not ask me any more."""
    came = _came_to(request, dossier_id)
    if not came:
        return _to_sign_in(request)
    dossier, way = came
    ask_no_more(actor=_doer(request, way), survey=open_survey(dossier), at=timezone.now())
    messages.success(request, _("We do not ask you any more. You can still answer on the page of a dossier."))
    return redirect("satisfaction:survey", dossier_id)


@login_not_required
@never_cache
@require_POST
def again(request: ActingRequest, dossier_id: UUID) -> HttpResponseBase:
    """Ask me again."""
    came = _came_to(request, dossier_id)
    if not came:
        return _to_sign_in(request)
    dossier, way = came
    # To and fro without end would fill the journal.
    _count_sending(dossier.pk)
    try:
        ask_again(actor=_doer(request, way), survey=open_survey(dossier), at=timezone.now())
    except ChannelsRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("We ask you again after the next result."))
    return redirect("satisfaction:survey", dossier_id)


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
