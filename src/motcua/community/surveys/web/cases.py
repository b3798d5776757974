"""Who was dissatisfied: what waits, one case, and what is done in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from motcua.community.surveys.errors import CaseMoved, NoSuperior, NotYourCase, NoWords
from motcua.community.surveys.models import UnhappyCase
from motcua.community.surveys.policies import led_by, worked_on
from motcua.community.surveys.rules.words import masked
from motcua.community.surveys.selectors import list_cases, open_case_page, procedures_answered
from motcua.community.surveys.services import cases as services
from motcua.community.surveys.services.cases import Seen
from motcua.community.surveys.web.desk import leads
from motcua.community.surveys.web.forms import WordsForm
from motcua.community.surveys.web.words import case_state, language, reason_words, step_words, way_words
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.policies import ActingRequest
from motcua.registry.organisations.selectors import officer_names

LONGEST_SHOWN = 160


@leads
@never_cache
@require_safe
def cases(request: ActingRequest) -> HttpResponse:
    """What waits, earliest due first, or what was replied to; numbers in people's words covered."""
    replied = request.GET.get("show") == "replied"
    found, now = list_cases(request.actor, replied=replied), timezone.now()
    names = officer_names({it.claimed_by for it in found if it.claimed_by})
    procedures = procedures_answered(request.actor)
    context = {"rows": [_row(it, names, procedures, now) for it in found], "replied": replied}
    return render(request, "surveys/desk_cases.html", context)


def _row(case: UnhappyCase, names: dict[UUID, str], procedures: dict[str, Any], now: Any) -> dict[str, Any]:
    state, words = case_state(case, now)
    titles, said = procedures.get(case.survey.procedure_code, {}), reason_words()
    return {
        "case": case,
        "state": state,
        "state_words": words,
        "officer": names.get(case.claimed_by, "") if case.claimed_by else "",
        "procedure": titles.get(language()) or titles.get("vi", case.survey.procedure_code),
        "reasons": [said.get(code, code) for code in case.survey.reasons],
        "text": masked(case.survey.words)[:LONGEST_SHOWN],
    }


@leads
@never_cache
@require_safe
def case(request: ActingRequest, case_id: UUID) -> HttpResponse:
    """One case with what the person wrote; opening it is journalled."""
    found = open_case_page(request.actor, case_id, at=timezone.now())
    return _show(request, found, WordsForm(initial={"revision": found.revision}))


def _show(request: ActingRequest, found: UnhappyCase, form: WordsForm, status: int = 200) -> HttpResponse:
    steps = list(found.steps.order_by("at", "pk"))
    names = officer_names(
        {it.by for it in steps if it.by} | ({found.claimed_by} if found.claimed_by else set())
    )
    has_worked = worked_on(request.actor, found.survey.dossier)
    works = found.is_open and any(found.agency_path.startswith(path) for path in led_by(request.actor))
    context = _row(found, names, procedures_answered(request.actor), timezone.now()) | {
        "words": found.survey.words,
        "way": way_words(found.survey.way),
        "steps": [
            {"it": it, "words": step_words(it.kind), "who": names.get(it.by, "") if it.by else ""}
            for it in steps
        ],
        "form": form,
        "has_worked": has_worked,
        "is_mine": works and not has_worked and found.claimed_by == request.actor.person_id,
        "may_claim": works and not has_worked,
    }
    return render(request, "surveys/desk_case.html", context, status=status)


def _seen(request: ActingRequest, case_id: UUID) -> Seen:
    sent = request.POST.get("revision", "")
    return Seen(case_id, int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0)


@require_POST
@leads
@never_cache
def claim(request: ActingRequest, case_id: UUID) -> HttpResponse:
    try:
        services.claim_case(actor=request.actor, seen=_seen(request, case_id), at=timezone.now())
    except CaseMoved as error:
        messages.error(request, str(error))
    return redirect("desk-satisfaction:case", case_id)


def _with_words(
    request: ActingRequest, case_id: UUID, act: Callable[[Seen, str], UnhappyCase], done: str
) -> HttpResponse:
    form = WordsForm(request.POST)
    if form.is_valid():
        try:
            act(_seen(request, case_id), form.cleaned_data["words"])
        except (NoWords, CaseMoved, NotYourCase, NoSuperior) as error:
            form.add_error("words", str(error))
        except NotFound:
            # It went up meanwhile; who never saw it finds nothing below, either.
            form.add_error("words", str(CaseMoved()))
        else:
            messages.success(request, done)
            return redirect("desk-satisfaction:cases")
    found = open_case_page(request.actor, case_id, at=timezone.now())
    # What was typed stays; sent again, it counts for the case as it is shown now.
    sent: Any = form.data
    form.data = sent = sent.copy()
    sent["revision"] = str(found.revision)
    return _show(request, found, form, status=422)


@require_POST
@leads
@never_cache
@sensitive_post_parameters("words")
def work(request: ActingRequest, case_id: UUID) -> HttpResponse:
    """Reply, note a call, or pass on, by the button that was pressed."""
    actor, now = request.actor, timezone.now()
    if "call" in request.POST:
        return _with_words(
            request, case_id,
            lambda seen, words: services.note_call(actor=actor, seen=seen, words=words, at=now),
            _("The call is noted."),
        )  # fmt: skip
    if "pass_on" in request.POST:
        return _with_words(
            request, case_id,
            lambda seen, words: services.pass_on(actor=actor, seen=seen, reason=words, at=now),
            _("The agency above has the case now."),
        )  # fmt: skip
    return _with_words(
        request, case_id,
        lambda seen, words: services.reply_to_case(actor=actor, seen=seen, words=words, at=now),
        _("The reply is sent. The person is told."),
    )  # fmt: skip
