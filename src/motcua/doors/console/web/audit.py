"""The auditors' pages: the journal as a list, one entry, its proof, a signed extract."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.doors.console import selectors, services
from motcua.doors.console.basis import basis_words
from motcua.doors.console.naming import names_of, short_id
from motcua.doors.console.services import Found
from motcua.doors.console.web import pages
from motcua.doors.console.web.audit_form import AuditForm
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.kernel.text import clean, clean_line
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.organisations.selectors import get_officer

_LONGEST_QUERY = 2000


@role_required(selectors.AUDITOR)
@never_cache
@require_safe
def audit(request: ActingRequest) -> HttpResponse:
    return _list(request, request.GET)


def _list(request: ActingRequest, query: QueryDict, **shown: Any) -> HttpResponse:
    """The list under these filters. `shown`: what a form on the page did not take, and what it said."""
    form = AuditForm(query, selectors.list_agencies(request.actor))
    before = pages.number_of(query.get("before", ""))
    context = {"form": form, "query": form.address(), "before": before, **shown}
    if form.is_valid():
        page = selectors.list_journal(request.actor, form.criteria(), at=timezone.now(), before=before)
        context |= {
            "days": pages.entry_days(page.rows, names_of(row.entry for row in page.rows)),
            "older": form.address(before=page.after) if page.after else "",
            "chips": _chips(form),
            "is_filtered": form.address() != "?",
        }
    return render(request, "console/audit.html", context)


def _chips(form: AuditForm) -> list[dict[str, str]]:
    """Filters that were not chosen in the form's own fields, each with the way to take it off."""
    given = form.cleaned_data
    chips = []
    if officer := given["officer"]:
        chips.append((_("Officer: %(name)s") % {"name": _officer_name(officer)}, "officer"))
    if person := given["person"]:
        chips.append((_("Person: %(id)s") % {"id": short_id(person)}, "person"))
    if thing := given["object"]:
        chips.append((_("Object: %(id)s") % {"id": short_id(thing)}, "object"))
    return [{"text": text, "url": form.address(**{name: None})} for text, name in chips]


def _officer_name(officer_id: UUID) -> str:
    try:
        return get_officer(officer_id).full_name
    except DomainError:
        return short_id(officer_id)


def _kept(request: ActingRequest) -> QueryDict:
    """The filters of the page a form was sent from."""
    return QueryDict(request.POST.get("query", "")[:_LONGEST_QUERY].removeprefix("?"))


@require_POST
@role_required(selectors.AUDITOR)
@never_cache
def find(request: ActingRequest) -> HttpResponse:
    """By POST, so that no number or name stands in an address; what is found becomes a filter by id."""
    typed = clean_line(request.POST.get("q", "")[:200])
    found = services.search_journal(actor=request.actor, typed=typed, at=timezone.now()) if typed else []
    query = _kept(request)
    form = AuditForm(query, [])
    if len(found) == 1:
        return HttpResponseRedirect(_address_of(form, found[0]))
    choices = [{"text": it.name, "note": it.note, "url": _address_of(form, it)} for it in found]
    return _list(request, query, typed=typed, choices=choices, nothing_found=not found)


def _address_of(form: AuditForm, found: Found) -> str:
    return reverse("console:audit") + form.address(**{found.filter: found.id})


@role_required(selectors.AUDITOR)
@never_cache
@require_safe
def entry(request: ActingRequest, entry_id: UUID) -> HttpResponse:
    found = selectors.open_entry(request.actor, entry_id, at=timezone.now())
    names, seal, details = names_of([found]), selectors.find_seal(found.id), pages.details_of(found)
    context = {
        "entry": found,
        "what": pages.kind_words(found.kind),
        "facts": pages.entry_facts(found, names, basis_words(found)),
        "values": pages.named_values(found.facts),
        "details": pages.named_values(details) if details is not None else None,
        "details_erased": details is None and found.detail_digest is not None,
        "ids": pages.entry_ids(found),
        "seal": seal,
        "seal_rows": pages.seal_rows(seal) if seal else [],
        "of_object": f"{reverse('console:audit')}?object={found.object_id}",
        "of_person": f"{reverse('console:audit')}?person={person}"
        if (person := selectors.person_of(found))
        else "",
    }
    return render(request, "console/audit_entry.html", context)


@role_required(selectors.AUDITOR)
@never_cache
@require_safe
def proof(request: ActingRequest, entry_id: UUID) -> HttpResponse:
    return proof_response(selectors.open_proof(request.actor, entry_id, at=timezone.now()), entry_id)


def proof_response(content: bytes, entry_id: UUID) -> HttpResponse:
    name = f'attachment; filename="proof-{entry_id}.json"'
    return HttpResponse(content, content_type="application/json", headers={"Content-Disposition": name})


@require_POST
@role_required(selectors.AUDITOR)
@never_cache
def extract(request: ActingRequest) -> HttpResponse:
    """A signed PDF of the filtered list; what cannot be done is said on the list, and the reason is kept."""
    query, reason, now = _kept(request), clean(request.POST.get("reason", "")[:1000]), timezone.now()
    form = AuditForm(query, selectors.list_agencies(request.actor))
    if not form.is_valid():
        return _list(request, query, reason=reason)
    try:
        pdf = services.extract_journal(actor=request.actor, criteria=form.criteria(), reason=reason, at=now)
    except DomainError as error:
        return _list(request, query, reason=reason, extract_error=str(error))
    name = f'attachment; filename="journal-{timezone.localtime(now):%Y%m%d-%H%M%S}.pdf"'
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})
