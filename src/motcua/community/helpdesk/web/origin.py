"""From which page somebody asks for help, and what it was about: known by the address they came from."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404
from django.urls import resolve
from django.utils import timezone

from motcua.casework.dossiers import forms as dossier_forms
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.selectors import get_dossier, get_draft
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest
from motcua.registry.organisations.models import Agency


@dataclass(frozen=True, slots=True)
class Origin:
    """`page`: the URL's name. `procedure`: a code that may not exist. `agency`: which the page already names."""

    page: str = ""
    procedure: str = ""
    dossier: Dossier | None = None
    agency: Agency | None = None


def origin_of(request: ActingRequest) -> Origin:
    """What the page before this one was about; of what is not the actor's nothing is said."""
    try:
        before = urlsplit(request.headers.get("referer", ""))
        if before.netloc != request.get_host():
            return Origin()
        match = resolve(before.path)
    except (ValueError, Http404):
        return Origin()
    code = match.kwargs.get("code", "") if match.namespace in {"catalogue", "dossiers"} else ""
    page, given = match.view_name[:60], match.kwargs
    try:
        if "dossier_id" in given and match.namespace == "dossiers":
            return about_dossier(request, given["dossier_id"], page)
        if "draft_id" in given:
            return _about_draft(request, given["draft_id"], page)
    except DomainError:
        return Origin(page)
    return Origin(page, str(code)[:8])


def about_dossier(request: ActingRequest, dossier_id: UUID, page: str) -> Origin:
    """Raises NotFound."""
    dossier = get_dossier(request.actor, dossier_id)
    return Origin(page, dossier.procedure_code, dossier, dossier.agency)


def _about_draft(request: ActingRequest, draft_id: UUID, page: str) -> Origin:
    draft = get_draft(request.actor, draft_id)
    agency = dossier_forms.deciding_agency(
        draft.answers, on=timezone.localdate(), procedure=draft.version.definition["procedure"]
    )
    return Origin(page, draft.version.procedure_id, agency=agency)
