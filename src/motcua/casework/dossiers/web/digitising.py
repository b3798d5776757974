"""The desk's pages of digitisation: the papers of a dossier or of a counter's draft, one paper, its copy, its files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.casework.dossiers import digitised
from motcua.casework.dossiers.digitising_errors import NothingToDigitise
from motcua.casework.dossiers.models import Digitisation
from motcua.casework.dossiers.services import digitising
from motcua.casework.dossiers.services.copies import Copying, certify_copy
from motcua.casework.dossiers.services.digitising import Held, Paper, find_held, find_scan
from motcua.casework.dossiers.services.signing import certificate_of
from motcua.casework.dossiers.web.digitising_forms import CopyForm, ValuesForm, values_sent
from motcua.casework.dossiers.web.digitising_words import (
    copy_facts,
    missing_words,
    original_items,
    paper_rows,
    problem_words,
    result_facts,
    state_words,
)
from motcua.casework.dossiers.web.pages import file_response
from motcua.foundation.files.digitising import missing
from motcua.foundation.files.previews import page_png
from motcua.foundation.files.services import read_file
from motcua.foundation.kernel.errors import DomainError, NotFound
from motcua.registry.access.policies import ActingRequest, officer_required

# Pages that are shown to be compared; the others are in the file.
MOST_SHOWN = 12


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: ActingRequest, subject: UUID) -> HttpResponse:
    """All papers and how far each is. A POST has those digitised that are not yet."""
    held = find_held(request.actor, subject)
    scans, rows = digitising.list_scans(held), digitising.list_digitised(held)
    if request.method == "POST":
        return _ask_all(request, held, scans, rows)
    now = timezone.now()
    open_ones = [it for it in scans if digitising.may_ask(rows.get(it.code), it, at=now)]
    context = {
        "held": held,
        "items": paper_rows(scans, rows),
        "is_watched": any(_is_watched(row) for row in rows.values()),
        "count": len(open_ones),
        "missing": missing_words(missing()),
    }
    return render(request, "dossiers/desk_digitising.html", context)


def _is_watched(row: Digitisation) -> bool:
    """Whoever left the page open overnight asks no more."""
    return row.is_under_way and timezone.now() - row.asked_at < digitising.STUCK_AFTER


def _ask_all(
    request: ActingRequest, held: Held, scans: list[Paper], rows: dict[str, Digitisation]
) -> HttpResponse:
    now = timezone.now()
    wanted = [it.code for it in scans if digitising.may_ask(rows.get(it.code), it, at=now)]
    try:
        if not scans:
            raise NothingToDigitise
        for code in wanted:
            digitising.ask(actor=request.actor, subject=held.id, component=code, at=now)
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, str(error))
    else:
        words = ngettext(
            "%(count)d paper is being digitised.", "%(count)d papers are being digitised.", len(wanted)
        )
        messages.success(request, words % {"count": len(wanted)})
    return redirect("desk:digitising", held.id)


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: ActingRequest, subject: UUID, component: str) -> HttpResponse:
    """One paper: progress, what became of it, the values that were read. A POST has it digitised."""
    held = find_held(request.actor, subject)
    if request.method == "POST":
        try:
            digitising.ask(actor=request.actor, subject=subject, component=component, at=timezone.now())
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            messages.error(request, str(error))
        return redirect("desk:digitising-paper", subject, component)
    return _page(request, held, find_scan(held, component))


@officer_required
@never_cache
@require_POST
def values(request: ActingRequest, subject: UUID, component: str) -> HttpResponse:
    """Confirm what was read, corrected where it was read wrong; what is refused stays as it was typed."""
    held = find_held(request.actor, subject)
    scan = find_scan(held, component)
    row = digitising.find_digitised(held, component)
    if not row or not row.file:
        raise NotFound
    form = ValuesForm(row, request.POST)
    confirmed = values_sent(request, subject, component, form)
    if not confirmed:
        return _page(request, held, scan, form)
    messages.success(request, _("The values are confirmed."))
    return redirect("desk:digitising-paper", subject, component)


def _page(request: ActingRequest, held: Held, scan: Paper, form: ValuesForm | None = None) -> HttpResponse:
    row = digitising.find_digitised(held, scan.code)
    current = bool(row and digitising.is_current(row, scan))
    context: dict[str, Any] = {
        "held": held,
        "paper": scan,
        "row": row,
        "state": state_words(row, scan),
        "originals": original_items(scan),
        "changed": bool(row and not current and not row.is_under_way),
        "may_ask": digitising.may_ask(row, scan, at=timezone.now()),
        "missing": missing_words(missing()),
        "is_watched": bool(row and _is_watched(row)),
        "problem": problem_words(row) if row else "",
    }
    if row and row.file:
        digitised.record_opening(request.actor, held, at=timezone.now())
        form = form or ValuesForm(row)
        context |= {
            "facts": result_facts(row),
            "form": form,
            "kind": form.kind_name,
            "copy": copy_facts(row),
            "may_change": current,
        }
    return render(
        request, "dossiers/desk_digitising_paper.html", context, status=422 if form and form.errors else 200
    )


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: ActingRequest, subject: UUID, component: str) -> HttpResponse:
    """Compare with the paper, then sign the electronic copy; it cannot be changed after."""
    held = find_held(request.actor, subject)
    scan = find_scan(held, component)
    row = digitising.find_digitised(held, component)
    if not row or not row.file:
        raise NotFound
    if row.copy:
        return redirect("desk:digitising-paper", subject, component)
    form = CopyForm(request.POST if request.method == "POST" else None, initial={"seen": row.file.sha256})
    if form.is_valid():
        copying = Copying(form.cleaned_data["copied_from"], form.cleaned_data["seen"], compared=True)
        try:
            done = certify_copy(
                actor=request.actor, subject=subject, component=component, copying=copying, at=timezone.now()
            )
        except DomainError as error:
            if error.status in {403, 404}:
                raise
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("Electronic copy %(number)s is signed.") % {"number": done.copy_number}
            )
            return redirect("desk:digitising-paper", subject, component)
    digitised.record_opening(request.actor, held, at=timezone.now())
    context = {
        "held": held,
        "paper": scan,
        "row": row,
        "form": form,
        "originals": original_items(scan),
        "pages": range(1, min(row.pages, MOST_SHOWN) + 1),
        "certificate": certificate_of(request.actor),
    }
    return render(request, "dossiers/desk_digitising_copy.html", context, status=422 if form.errors else 200)


@officer_required
@never_cache
@require_safe
def page_picture(request: ActingRequest, subject: UUID, component: str, number: int) -> HttpResponse:
    """A page of the digitised paper as PNG."""
    held = find_held(request.actor, subject)
    row = digitising.find_digitised(held, find_scan(held, component).code)
    if not row or not row.file or not 1 <= number <= row.pages:
        raise NotFound
    png = page_png(read_file(row.file), page=number - 1, width=900)
    return HttpResponse(png, content_type="image/png", headers={"Cache-Control": "private, no-store"})


@officer_required
@never_cache
@require_safe
def file(request: ActingRequest, subject: UUID, component: str, certified: bool) -> FileResponse:
    """The searchable PDF/A, or its certified copy, for whoever may open the paper."""
    found = digitised.open_digitised(
        request.actor, subject, component, certified=certified, at=timezone.now()
    )
    return file_response(found, inline=True)


@officer_required
@never_cache
@require_safe
def original(request: ActingRequest, subject: UUID, component: str, number: int) -> FileResponse:
    """A file as it was handed in, from 1."""
    held = find_held(request.actor, subject)
    scan = find_scan(held, component)
    if not 1 <= number <= len(scan.files):
        raise NotFound
    chosen = scan.files[number - 1]
    digitised.record_opening(request.actor, held, file=chosen, at=timezone.now())
    return file_response(chosen, inline=True)
