"""The desk's side: answers and their figures, and answers taken by telephone."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from motcua.community.surveys import selectors
from motcua.community.surveys.errors import AnsweredAlready, HandledIt, NotAsked, SurveyOver
from motcua.community.surveys.law import law
from motcua.community.surveys.models import Survey
from motcua.community.surveys.policies import ENTERING_RIGHTS, LEADING_RIGHTS, led_by
from motcua.community.surveys.rules.shares import per_mille
from motcua.community.surveys.rules.words import masked
from motcua.community.surveys.services.answering import answer_by_phone
from motcua.community.surveys.web.forms import FilterForm, PhoneForm
from motcua.community.surveys.web.words import (
    language,
    rating_words,
    reason_words,
    share,
    way_words,
)
from motcua.foundation.kernel.errors import Refused
from motcua.foundation.kernel.text import inert
from motcua.registry.access.policies import ActingRequest, role_required

View = Callable[..., HttpResponseBase]
LONGEST_SHOWN, MOST_PAGES, MOST_AGENCIES = 400, 500, 200


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def leads(view: View) -> View:
    """Only who leads an agency, or heads its one-stop desk."""

    @role_required(*LEADING_RIGHTS)
    @wraps(view)
    def guarded(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not led_by(request.actor):
            raise Refused
        return view(request, *args, **kwargs)

    return guarded


def _form(request: ActingRequest) -> FilterForm:
    agencies = selectors.agencies_led(request.actor)
    procedures = selectors.procedures_answered(request.actor)
    form = FilterForm(request.GET, agencies=agencies, procedures=procedures)
    form.is_valid()
    return form


@leads
@never_cache
@require_safe
def answers(request: ActingRequest) -> HttpResponse:
    """Figures of the period, and what people wrote, numbers covered. Nobody is named."""
    form = _form(request)
    wanted, page = form.wanted, _page(request.GET.get("page", ""))
    rows, has_more = selectors.list_answers(request.actor, wanted, page=page)
    names = dict(form.fields["procedure"].choices)  # type: ignore[attr-defined]
    context = {
        "form": form,
        "rows": [_row(it, names) for it in rows],
        "page": page,
        "query": form.query,
        "next": page + 1 if has_more and page < MOST_PAGES else None,
        "reasons": _reasons(selectors.count_reasons(request.actor, wanted)),
        "words": reason_words(),
    } | _by_agency(selectors.distributions(request.actor, wanted))
    return render(request, "surveys/desk_answers.html", context)


def _by_agency(parts: list[selectors.Distribution]) -> dict[str, Any]:
    """All in one line, agencies with answers, and apart those without, which may be nearly all of a province."""
    heard = [it for it in parts if it.answered]
    unheard = [it for it in parts if not it.answered]
    return {
        "total": _figures(selectors.summed(parts)),
        "only": parts[0].agency if len(parts) == 1 else "",
        "parts": [_figures(it) for it in heard[:MOST_AGENCIES]],
        "unheard": unheard[:MOST_AGENCIES],
        "unheard_count": len(unheard),
        "has_more_parts": max(len(heard), len(unheard)) > MOST_AGENCIES,
    }


def _page(text: str) -> int:
    return int(text) if re.fullmatch(r"[1-9]\d{0,2}", text, re.ASCII) and int(text) <= MOST_PAGES else 1


def _row(survey: Survey, names: dict[str, str]) -> dict[str, Any]:
    said = reason_words()
    return {
        "survey": survey,
        "procedure": names.get(survey.procedure_code, survey.procedure_code),
        "rating": rating_words(survey.rating or 0),
        "icon": f"face-{survey.rating}",
        "way": way_words(survey.way),
        "reasons": [said.get(code, code) for code in survey.reasons],
        "text": masked(survey.words)[:LONGEST_SHOWN],
        "case": getattr(survey, "case", None),
    }


def _figures(it: selectors.Distribution) -> dict[str, Any]:
    shares = {f"share_{rating}": share(it.share_of(rating)) for rating in (3, 2, 1)}
    return {"it": it, "response": share(it.response), **shares}


def _reasons(counted: dict[str, int]) -> list[dict[str, Any]]:
    """For components/bars: how often each was named, against the one named most."""
    most, said = max(counted.values(), default=0), reason_words()
    return [
        {
            "label": said.get(code, code),
            "value": count,
            "percent": (per_mille(count, most) or 0) // 10,
            "kind": "half",
        }
        for code, count in counted.items()
    ]


@leads
@never_cache
@require_safe
def export(request: ActingRequest) -> HttpResponseBase:
    """The same answers as CSV: months instead of days, no codes of dossiers, names covered; words only of groups large
    enough. That it was taken is in the journal."""
    form = _form(request)
    rows = selectors.list_for_export(request.actor, form.wanted)
    selectors.record_export(request.actor, rows=len(rows), at=timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="satisfaction.csv"'}
    return StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)


def _csv(rows: list[Survey]) -> Iterator[str]:
    writer, said = csv.writer(_Echo()), reason_words()
    sizes = Counter((it.agency_id, it.procedure_code) for it in rows)
    yield "\ufeff"
    head = [_("Agency"), _("Procedure"), _("Month"), _("Answer"), _("Way"), _("Reasons"), _("Words")]
    yield writer.writerow(head)
    for it in rows:
        is_large = sizes[it.agency_id, it.procedure_code] >= law().smallest_group
        month = timezone.localtime(it.answered_at).strftime("%Y-%m")
        reasons = "; ".join(said.get(code, code) for code in it.reasons)
        cells = [
            it.agency.name,
            it.procedure_code,
            month,
            rating_words(it.rating or 0),
            way_words(it.way),
            reasons,
            _covered(it) if is_large else "",
        ]
        yield writer.writerow([inert(cell) for cell in cells])


def _covered(survey: Survey) -> str:
    people = (survey.dossier.applicant_facts, survey.dossier.owner_facts)
    return masked(survey.words, [str(it.get("full_name", "")) for it in people if it])


@role_required(*ENTERING_RIGHTS)
@never_cache
@sensitive_post_parameters("code", "words")
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: ActingRequest) -> HttpResponse:
    """An answer given on the telephone, by who had no hand in the dossier."""
    form = PhoneForm(request.POST or None, initial={"code": request.GET.get("code", "")[:60]})
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            answer_by_phone(
                actor=request.actor, code=sent["code"], answer=form.answer,
                has_agreed=sent["has_agreed"], at=timezone.now(),
            )  # fmt: skip
        except (NotAsked, AnsweredAlready, SurveyOver, HandledIt) as error:
            form.add_error("code", str(error))
        else:
            messages.success(request, _("The answer is entered. It is not changed any more."))
            return redirect("desk-satisfaction:phone")
    status = 422 if form.errors else 200
    return render(request, "surveys/desk_phone.html", {"form": form, "language": language()}, status=status)
