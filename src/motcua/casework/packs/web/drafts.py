"""A draft: what it says of itself, its facts, its files, what differs, how it will look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import yaml
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.casework.packs.models import OPEN, VersionDraft
from motcua.casework.packs.rules.draft_files import NAMES, PROCEDURE, PROCESS, BadFile
from motcua.casework.packs.rules.editing import with_values
from motcua.casework.packs.rules.limits import following
from motcua.casework.packs.versions import selectors, services
from motcua.casework.packs.versions.checking import check_files
from motcua.casework.packs.versions.errors import StaleDraft
from motcua.casework.packs.versions.policies import RIGHT
from motcua.casework.packs.versions.publishing import read_text
from motcua.casework.packs.versions.selectors import name_of
from motcua.casework.packs.versions.services import Change
from motcua.casework.packs.versions.zipping import read_upload, zipped
from motcua.casework.packs.web import words
from motcua.casework.packs.web.comparing import differences_context, file_groups
from motcua.casework.packs.web.facts import PARTS, FactsForm, groups_of
from motcua.casework.packs.web.forms import AboutForm, FilesForm, UploadForm
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.rules.texts import in_language

_STATE = VersionDraft.State


def page_context(request: ActingRequest, draft: VersionDraft, here: str) -> dict[str, Any]:
    """What every page of a draft shows: which procedure, which state, the parts."""
    state, said = words.STATES[draft.state]
    return {
        "draft": draft,
        "name": name_of_procedure(draft),
        "state": state,
        "said": said,
        "author": name_of(draft.author),
        "reviewer": name_of(draft.reviewer),
        "is_open": draft.state in OPEN,
        "is_editor": request.actor.account in draft.editors,
        "tabs": _tabs(draft, here),
        "here": here,
    }


def name_of_procedure(draft: VersionDraft) -> str:
    """As the draft's own file has it; the code where it cannot be read."""
    procedure = contents_of(draft.files).get(PROCEDURE)
    names = procedure.get("name") if isinstance(procedure, dict) else None
    return in_language(names, words.language()) if isinstance(names, dict) else draft.code


def contents_of(files: Mapping[str, str]) -> dict[str, Any]:
    """What the YAML files say; without those that cannot be read."""
    found = {}
    for name in (PROCEDURE, PROCESS):
        try:
            found[name] = read_text(name, files.get(name, ""))
        except BadFile:
            continue
    return found


def _tabs(draft: VersionDraft, here: str) -> list[dict[str, Any]]:
    named = {
        "draft": (_("Overview"), []),
        "facts": (_("Facts"), ["general"]),
        "files": (_("Files"), []),
        "differences": (_("What differs"), []),
        "preview": (_("Preview"), []),
    }
    return [
        {"text": text, "url": reverse(f"versions:{view}", args=[draft.pk, *more]), "current": view == here}
        for view, (text, more) in named.items()
    ]


@role_required(RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """State, findings, and what the author says about the change."""
    found = selectors.get_draft(request.actor, draft_id)
    form = AboutForm(request.POST or None, initial=_about(found))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            change = Change(form.cleaned_data["revision"], about=form.about())
            refused = _save(request, found, change)
            if not refused:
                return redirect("versions:draft", found.pk)
            status = refused.status
            found = selectors.get_draft(request.actor, draft_id)
            form = _again(form, found)
        else:
            status = 422
    return render(request, "versions/draft.html", _draft_context(request, found, form), status=status)


def _about(draft: VersionDraft) -> dict[str, Any]:
    return {
        "revision": draft.revision,
        "note": draft.note,
        "day": draft.valid_from,
        "backdating": draft.backdating,
    }


def _draft_context(request: ActingRequest, draft: VersionDraft, form: Any) -> dict[str, Any]:
    now = timezone.now()
    findings = check_files(draft.code, draft.files) if draft.state in OPEN else []
    replaced = services.find_replaced(draft, now) if draft.state in OPEN else draft.base
    return page_context(request, draft, "draft") | {
        "form": form,
        "findings": findings,
        "base_changed": services.is_outdated(draft, replaced),
        "replaced": replaced,
        "others": selectors.others_open(draft) if draft.state in OPEN else 0,
        "may_send": draft.state in {_STATE.DRAFT, _STATE.SENT_BACK},
        "may_review": draft.state == _STATE.IN_REVIEW and request.actor.account not in draft.editors,
    }


def _save(request: ActingRequest, draft: VersionDraft, change: Change) -> DomainError | None:
    """None when it was kept; else why not, which is told on the page."""
    try:
        after = services.save_draft(actor=request.actor, draft_id=draft.pk, change=change, at=timezone.now())
    except DomainError as error:
        messages.error(request, _said(error))
        return error
    if after.revision == change.revision:
        messages.info(request, _("Nothing differed from what is kept."))
    elif draft.state in {_STATE.APPROVED, _STATE.IN_REVIEW}:
        messages.success(request, _("Kept. The draft is reviewed anew: send it to review once more."))
    else:
        messages.success(request, _("Kept."))
    return None


def _said(error: DomainError) -> str:
    if isinstance(error, StaleDraft):
        return _(
            "Somebody changed this draft meanwhile. Nothing was overwritten: what you typed stands below. Save again "
            "to keep yours instead."
        )
    return str(error)


def _again(form: Any, draft: VersionDraft) -> Any:
    """The form with what was typed, on the draft as it stands now."""
    form.data = form.data.copy()
    form.data["revision"] = draft.revision
    return form


@role_required(RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: ActingRequest, draft_id: UUID, part: str) -> HttpResponse:
    """The facts that change most, as questions; what is saved is written into the files."""
    if part not in PARTS:
        raise Http404
    found = selectors.get_draft(request.actor, draft_id)
    form = _facts_form(found, part, request.POST or None)
    context, status = {}, 200
    if request.method == "POST":
        if form.is_valid():
            files = _with_changes(found.files, form.changes())
            refused = _save(request, found, Change(form.cleaned_data["revision"], files))
            if not refused:
                return redirect("versions:facts", found.pk, part)
            status = refused.status
            found = selectors.get_draft(request.actor, draft_id)
            form = _again(_facts_form(found, part, request.POST), found)
            form.is_valid()
            context = {"elsewhere": _differing(form)}
        else:
            status = 422
    context |= page_context(request, found, "facts") | {
        "form": form,
        "part": part,
        "parts": [
            {
                "text": text,
                "url": reverse("versions:facts", args=[found.pk, name]),
                "current": name == part,
            }
            for name, text in PARTS.items()
        ],
    }
    return render(request, "versions/facts.html", context, status=status)


def _facts_form(draft: VersionDraft, part: str, data: Any) -> FactsForm:
    groups = groups_of(part, contents_of(draft.files), words.language())
    return FactsForm(groups, data, initial={"revision": draft.revision})


def _differing(form: FactsForm) -> list[dict[str, Any]]:
    """What stands in the draft by now where the page has something else, for components/fact_list."""
    typed = {(file, path) for file, changes in form.changes().items() for path in changes}
    return [
        {"label": it.label, "value": form.fields[name].initial or "–"}
        for name, it in form.questions.items()
        if (it.file, it.path) in typed
    ]


def _with_changes(files: Mapping[str, str], changes: Mapping[str, Any]) -> dict[str, str]:
    """The files with what was typed."""
    made = dict(files)
    contents = contents_of(files)
    for name, values in changes.items():
        if name == PROCEDURE:
            values = following(contents.get(name), values)
        try:
            made[name] = with_values(made.get(name, ""), values)
        except yaml.YAMLError:
            continue  # no question is asked about a file that cannot be read
    return made


@role_required(RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """The files as text, one a page (`?file=`), with what is wrong in all of them."""
    found = selectors.get_draft(request.actor, draft_id)
    shown = request.GET.get("file", "")
    shown = shown if shown in NAMES else PROCEDURE
    here = f"{reverse('versions:files', args=[found.pk])}?{urlencode({'file': shown})}"
    form = FilesForm(
        request.POST or None, files=found.files, shown=shown, initial={"revision": found.revision}
    )
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            typed = form.texts()
            try:
                refused = _save(request, found, Change(form.cleaned_data["revision"], typed))
            except BadFile as error:
                form.add_error(None, _bad(error))
            else:
                if not refused:
                    return redirect(here)
                status = refused.status
                found = selectors.get_draft(request.actor, draft_id)
                form = _again(form, found)
                context = {"elsewhere": file_groups(found.files, typed)}
    context |= page_context(request, found, "files") | {
        "form": form,
        "upload": UploadForm(initial={"revision": found.revision}),
        "findings": check_files(found.code, found.files) if found.state in OPEN else [],
        "others": [_file_tab(name, found.files, shown) for name in NAMES],
    }
    return render(request, "versions/files.html", context, status=status)


def _file_tab(name: str, files: Mapping[str, str], shown: str) -> dict[str, Any]:
    text = name if name in files else _("Add %(file)s") % {"file": name}
    return {"text": text, "url": f"?{urlencode({'file': name})}", "current": name == shown}


def _bad(error: BadFile) -> str:
    return _("%(file)s: %(problem)s.") % {"file": error.file, "problem": error.problem}


@role_required(RIGHT)
@require_POST
def upload(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """Files from elsewhere: a zip in the place of all, or one in the place of its namesake."""
    found = selectors.get_draft(request.actor, draft_id)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        for error in form.errors.get("upload", [_("The page was incomplete. Choose the file again.")]):
            messages.error(request, str(error))
        return redirect("versions:files", found.pk)
    sent = form.cleaned_data["upload"]
    try:
        read = read_upload(sent.name or "", sent.read())
        kept = read if PROCEDURE in read and len(read) > 1 else {**found.files, **read}
        services.save_draft(
            actor=request.actor,
            draft_id=found.pk,
            change=Change(form.cleaned_data["revision"], kept),
            at=timezone.now(),
        )
    except BadFile as error:
        messages.error(request, _bad(error))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Kept: %(names)s.") % {"names": ", ".join(sorted(read))})
    return redirect("versions:files", found.pk)


@role_required(RIGHT)
@never_cache
@require_safe
def download(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """All files as a zip."""
    found = selectors.get_draft(request.actor, draft_id)
    response = HttpResponse(zipped(found.files), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{found.code}.zip"'
    return response


@role_required(RIGHT)
@never_cache
@require_safe
def differences(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """What differs from the version it replaces, in words and side by side."""
    found = selectors.get_draft(request.actor, draft_id)
    context = page_context(request, found, "differences") | differences_context(found)
    return render(request, "versions/differences.html", context)
