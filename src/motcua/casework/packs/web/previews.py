"""How a draft will look: the public page, and the form with sample answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.casework.forms.django_forms import Asking, PageForm, page_form
from motcua.casework.forms.rules.definition import BadForm, FormDefinition
from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.packs.models import VersionDraft
from motcua.casework.packs.rules.draft_files import EXAMPLE, BadFile
from motcua.casework.packs.versions import selectors
from motcua.casework.packs.versions.checking import check_files
from motcua.casework.packs.versions.policies import RIGHT
from motcua.casework.packs.versions.publishing import parsed, read_text
from motcua.casework.packs.web.drafts import page_context
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.previewing import preview_procedure
from motcua.registry.organisations.selectors import list_agencies_with_desk


@role_required(RIGHT)
@never_cache
@require_safe
def preview(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """The public page as it will be; nothing on it can be begun. With errors the findings are shown instead."""
    found = selectors.get_draft(request.actor, draft_id)
    errors = [it for it in check_files(found.code, found.files) if it.level == "error"]
    if errors:
        context = page_context(request, found, "preview") | {"findings": errors}
        return render(request, "versions/preview.html", context)
    back = {"url": reverse("versions:draft", args=[found.pk]), "text": _("Back to the draft")}
    return preview_procedure(request, parsed(found.files)["procedure"], back)


@role_required(RIGHT)
@never_cache
@require_safe
def preview_form(request: ActingRequest, draft_id: UUID) -> HttpResponse:
    """Every page of the form, one below the other, filled in with the sample answers."""
    found = selectors.get_draft(request.actor, draft_id)
    context = page_context(request, found, "preview")
    try:
        form = parse_form(parsed(found.files)["form"])
    except (BadFile, BadForm) as error:
        context["problem"] = str(error)
    else:
        context["pages"] = _pages(form, _sample(found), timezone.localdate())
    return render(request, "versions/preview_form.html", context)


def _pages(form: FormDefinition, answers: Mapping[str, Any], today: date) -> list[PageForm]:
    communes = [(it.place_code, it.place_name) for it in list_agencies_with_desk(at=today)]
    known = {name: value for name, value in answers.items() if name in form.fields}
    asking = Asking(today=today, answers=known, communes=communes)
    return [page_form(form, page, asking) for page in form.pages]


def _sample(draft: VersionDraft) -> dict[str, Any]:
    """The answers of the draft's own example.json, else of the pack's; none where neither can be read."""
    text = draft.files.get(EXAMPLE, "")
    path = settings.PACKS / "vn" / "procedures" / draft.code / EXAMPLE
    if not text and path.is_file():
        text = path.read_text(encoding="utf-8")
    try:
        content = read_text(EXAMPLE, text) if text else {}
    except BadFile:
        return {}
    answers = content.get("answers") if isinstance(content, dict) else None
    return json.loads(json.dumps(answers)) if isinstance(answers, dict) else {}
