"""Versions of a draft: the list of all, what is different between two, and an older one made the current one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.forms import heading
from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.services.restoring import drafting_act, restore_draft
from motcua.casework.dossiers.versions import Version, compare_drafts, is_outdated, list_versions
from motcua.casework.dossiers.web.comparing import comparison_context
from motcua.casework.dossiers.web.desk import as_uuid, may_begin, target_of
from motcua.casework.dossiers.web.tasks import acts_for, task_shown
from motcua.casework.dossiers.web.words import language, when
from motcua.casework.process.selectors import find_standing
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError, NotFound
from motcua.registry.access.policies import ActingRequest, officer_required
from motcua.registry.catalogue.rules.texts import in_language


@officer_required
@never_cache
@require_safe
def versions(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """Every version of the draft, latest first."""
    found = selectors.open_dossier(request.actor, dossier_id, at=timezone.now())
    rows, standing = list_versions(found), find_standing(found.id)
    acts = acts_for(request.actor, found, standing, task_shown(request.actor, found, standing))
    context = {
        "dossier": found,
        "heading": heading(found, language()),
        "rows": [_row(found, row, earlier) for row, earlier in zip(rows, [*rows[1:], None], strict=True)],
        "choices": [(str(it.document.id), it.document.edition) for it in rows],
        "current": rows[0].document.edition if rows else 0,
        "may_draft": {act.code for act in acts},
    }
    return render(request, "dossiers/desk_drafts.html", context)


def _row(dossier: Dossier, version: Version, earlier: Version | None) -> dict[str, Any]:
    document, sent_back = version.document, version.sent_back
    compared = ""
    if earlier:
        pair = f"before={earlier.document.id}&after={document.id}"
        compared = f"{reverse('desk:drafts-compare', args=[dossier.id])}?{pair}"
    return {
        "document": document,
        "by": version.by,
        "made": when(document.made_at),
        "what": kind_words(document),
        "act": drafting_act(document),
        "reason": sent_back.reason if sent_back else "",
        "sent_back": when(sent_back.made_at) if sent_back else "",
        "sent_back_by": version.sent_back_by,
        "compare_url": compared,
    }


def kind_words(draft: OfficialDocument) -> str:
    """What sort of draft it is, and whether it repeats an earlier one."""
    if draft.restored_from:
        return _("Version %(edition)s again, word for word") % {"edition": draft.restored_from}
    if draft.content.get("refusal"):
        return _("Letter of refusal")
    return _("Uploaded") if draft.content.get("uploaded") else _("Made from the template")


@officer_required
@never_cache
@require_safe
def compare(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """What is different between two versions, `?before=…&after=…`; reading them is on the record."""
    pair = [as_uuid(request.GET.get(name, "")) for name in ("before", "after")]
    chosen = [_draft(request.actor, dossier_id, it) for it in pair]
    before, after = sorted(chosen, key=lambda it: it.edition)
    context = {
        "dossier": after.dossier,
        "heading": heading(after.dossier, language()),
        **comparison_context(compare_drafts(before, after)),
    }
    return render(request, "dossiers/desk_drafts_compare.html", context)


def _draft(actor: Actor, dossier_id: UUID, document_id: UUID | None) -> OfficialDocument:
    if document_id is None:
        raise NotFound
    document = selectors.open_document(actor, dossier_id, document_id, at=timezone.now())
    if document.kind != OfficialDocument.Kind.DRAFT:
        raise NotFound
    return document


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: ActingRequest, dossier_id: UUID, document_id: UUID) -> HttpResponse:
    """Make an older version the current one, once its checks are ticked again."""
    older = _draft(request.actor, dossier_id, document_id)
    error = ""
    if request.method == "POST":
        try:
            made = restore_draft(
                actor=request.actor,
                target=target_of(request, dossier_id),
                document_id=document_id,
                checks=request.POST.getlist("check"),
                at=timezone.now(),
            )
        except DomainError as refused:
            if refused.status in {403, 404}:
                raise
            error = str(refused)
        else:
            said = {"edition": made.edition, "older": older.edition}
            messages.success(
                request, _("Version %(edition)s is made: it says what version %(older)s said.") % said
            )
            return redirect("desk:dossier", dossier_id)
    context = _restoring(request, older) | {"error": error}
    return render(request, "dossiers/desk_draft_restore.html", context, status=422 if error else 200)


def _restoring(request: ActingRequest, older: OfficialDocument) -> dict[str, Any]:
    code = drafting_act(older)
    dossier = may_begin(request, code, older.dossier_id)
    asked = request.POST.get("task", "") or request.GET.get("task", "")
    standing = find_standing(dossier.id)
    task = task_shown(request.actor, dossier, standing, asked)
    checks = standing.step(task).checks if standing and task and code == "draft-result" else ()
    ticked = request.POST.getlist("check")
    return {
        "dossier": dossier,
        "heading": heading(dossier, language()),
        "older": older,
        "made": when(older.made_at),
        "is_outdated": is_outdated(older),
        "checks": [(in_language(it, language()), str(n) in ticked) for n, it in enumerate(checks)],
        "task_id": task.pk if task else "",
        "revision": request.POST.get("revision", dossier.revision),
    }
