"""Asking units and other agencies, what they are asked, and their answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.casework.dossiers import questions, selectors
from motcua.casework.dossiers.errors import ActNotAllowed, QuestionMissing
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services import opinions
from motcua.casework.dossiers.web.desk import as_uuid, may_begin, over_page, target_of
from motcua.casework.dossiers.web.pages import answer_groups, file_response, paper_items
from motcua.casework.dossiers.web.tasks import task_shown
from motcua.casework.dossiers.web.words import language
from motcua.casework.forms.django_forms import ACCEPTED_FILES
from motcua.casework.process.selectors import find_standing
from motcua.foundation.files.errors import FileRefused
from motcua.foundation.kernel.errors import DomainError, NotFound
from motcua.foundation.ui.templatetags.ui import due_state, due_words
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.access.policies import ActingRequest, officer_required
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.organisations.selectors import list_askable

FORM = require_http_methods(["GET", "HEAD", "POST"])


class AskForm(forms.Form):
    asked = forms.ChoiceField(
        label=gettext_lazy("Whom you ask"), error_messages={"required": gettext_lazy("Choose whom you ask.")}
    )
    question = forms.CharField(
        label=gettext_lazy("What you ask"),
        max_length=opinions.MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write what you ask.")},
    )
    limit = forms.CharField(
        label=gettext_lazy("By when"),
        initial="2wd",
        max_length=8,
        help_text=gettext_lazy(
            "For instance 2wd for two working days, 4wh for four working hours, 5d for five days."
        ),
        error_messages={"required": gettext_lazy("Enter by when the opinion is needed.")},
    )
    shown = forms.MultipleChoiceField(
        label=gettext_lazy("Papers they may open"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ds-input"}),
        help_text=gettext_lazy("All of them if none is ticked."),
    )

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own, others = list_askable(dossier.agency, on=timezone.localdate())
        fields: dict[str, Any] = self.fields
        fields["asked"].choices = [
            ("", ""),
            (_("Units of the agency"), [(f"{unit.agency_id} {unit.id}", unit.name) for unit in own]),
            (_("Other agencies"), [(f"{agency.id} ", agency.name) for agency in others]),
        ]
        papers = {paper.code: paper.name for paper in selectors.list_papers(dossier)}
        fields["shown"].choices = list(papers.items())
        if not papers:
            del fields["shown"]

    def clean_limit(self) -> str:
        limit = str(self.cleaned_data["limit"]).strip()
        try:
            parse_limit(limit)
        except ValueError:
            raise forms.ValidationError(_("Enter a limit such as 2wd, 4wh or 5d.")) from None
        return limit

    def question_asked(self) -> opinions.Question:
        sent = self.cleaned_data
        agency, _blank, unit = sent["asked"].partition(" ")
        shown = tuple(sent.get("shown", ()))
        return opinions.Question(sent["question"], UUID(agency), sent["limit"], as_uuid(unit), shown)


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Opinion"),
        max_length=opinions.MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Write the opinion.")},
    )
    file = forms.FileField(
        label=gettext_lazy("Document"),
        required=False,
        help_text=gettext_lazy("A PDF, or a photo (JPEG, PNG), if there is one."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED_FILES}),
    )


@officer_required
@never_cache
@FORM
def ask(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """Ask for an opinion on a dossier; what was typed stays when it cannot be asked."""
    dossier = may_begin(request, "request-opinion", dossier_id)
    form = AskForm(request.POST if request.method == "POST" else None, dossier=dossier)
    if request.method == "POST" and form.is_valid():
        try:
            opinion = opinions.request_opinion(
                actor=request.actor,
                target=target_of(request, dossier_id),
                question=form.question_asked(),
                at=timezone.now(),
            )
        except QuestionMissing as error:
            form.add_error(str(error.fields["field"]), str(error))
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(name)s is asked.") % {"name": opinion.asked_name})
            return redirect("desk:dossier", dossier_id)
    context = {
        "dossier": dossier,
        "heading": selectors.dossier_heading(dossier, language()),
        "form": form,
        "task_id": request.POST.get("task", "") or request.GET.get("task", ""),
        "revision": dossier.revision if request.method != "POST" else request.POST.get("revision", ""),
    }
    status = 422 if form.errors else 200
    return render(request, "dossiers/desk_ask.html", context, status=status)


@officer_required
@never_cache
@require_safe
def asked(request: ActingRequest) -> HttpResponse:
    """What the officer's unit and agency are asked, nearest due date first."""
    now = timezone.now()
    rows = [
        {
            "opinion": it,
            "heading": selectors.dossier_heading(it.dossier, language()),
            "state": due_state(it.due_at, now),
            "due": due_words(it.due_at, now),
        }
        for it in questions.list_asked(request.actor)
    ]
    return render(request, "dossiers/desk_asked.html", {"rows": rows})


@officer_required
@never_cache
@FORM
def opinion(request: ActingRequest, opinion_id: UUID) -> HttpResponse:
    """What is asked beside the process, the dossier it is about, and the answer."""
    now = timezone.now()
    try:
        found = questions.open_opinion(request.actor, opinion_id, at=now)
    except NotFound:
        return over_page(request, questions.find_over(request.actor, opinion_id))

    def give(answer: opinions.Answer) -> None:
        opinions.answer_opinion(actor=request.actor, opinion_id=opinion_id, answer=answer, at=now)

    page = {"opinion": found, "question": found.question, "due_at": found.due_at}
    return _opinion_page(request, found.dossier, page, give)


@officer_required
@never_cache
@FORM
def give(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """The opinion that a step of the process asks for."""
    now = timezone.now()
    try:
        dossier = selectors.open_dossier(request.actor, dossier_id, at=now)
    except NotFound:
        return over_page(request, questions.find_timed_out_step(request.actor, dossier_id))
    asked = request.POST.get("task", "") or request.GET.get("task", "")
    standing = find_standing(dossier.id)
    task = task_shown(request.actor, dossier, standing, asked)
    if not standing or not task or task.act != "give-opinion":
        raise ActNotAllowed

    def answer(answer: opinions.Answer) -> None:
        target = target_of(request, dossier_id)
        opinions.give_opinion(actor=request.actor, target=target, answer=answer, at=now)

    step = standing.step(task)
    (label, *_more) = [it.label for it in step.outcomes.values() if it.label] or [{}]
    page = {
        "title": in_language(step.names, language()),
        "label": in_language(label, language()) if label else "",
        "due_at": task.due_at,
        "task_id": task.pk,
        "revision": request.POST.get("revision", "") or dossier.revision,
    }
    return _opinion_page(request, dossier, page, answer)


def _opinion_page(
    request: ActingRequest, dossier: Dossier, page: dict[str, Any], give: Callable[[opinions.Answer], None]
) -> HttpResponse:
    now = timezone.now()
    form = AnswerForm(request.POST, request.FILES) if request.method == "POST" else AnswerForm()
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            give(opinions.Answer(sent["text"], sent["file"]))
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            form.add_error("file" if isinstance(error, FileRefused) else None, str(error))
        else:
            messages.success(
                request, _("Your opinion is given.") if "opinion" in page else _("The step is completed.")
            )
            return redirect("desk:asked" if "opinion" in page else "desk:inbox")
    papers = selectors.papers_for(request.actor, dossier)
    context = page | {
        "dossier": dossier,
        "heading": selectors.dossier_heading(dossier, language()),
        "sections": answer_groups(dossier, papers),
        "papers": paper_items(papers, "desk:paper"),
        "due_state": due_state(page["due_at"], now),
        "due_words": due_words(page["due_at"], now),
        "form": form,
    }
    return render(request, "dossiers/desk_opinion.html", context, status=422 if form.errors else 200)


@officer_required
@never_cache
@require_safe
def opinion_file(request: ActingRequest, dossier_id: UUID, opinion_id: UUID) -> FileResponse:
    """The document that came with an opinion."""
    file = questions.open_opinion_file(request.actor, dossier_id, opinion_id, at=timezone.now())
    return file_response(file, inline=True)
