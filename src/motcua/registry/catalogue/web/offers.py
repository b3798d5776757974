"""What an agency offers: a list, and offering, changing and ending one or many, each shown before it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.models import Offer
from motcua.registry.catalogue.offers.selectors import (
    Filter,
    Line,
    agencies_kept,
    agency_kept,
    list_offered,
    names_of,
    own_offers,
    sectors_within,
)
from motcua.registry.catalogue.offers.services import (
    MOST,
    Offering,
    Report,
    end_offers,
    enter_offers,
)
from motcua.registry.catalogue.offers.words import LEVELS, decided_by, level_words
from motcua.registry.catalogue.policies import RIGHT
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.web.offer_forms import EndForm, OfferForm
from motcua.registry.catalogue.words import limit_words
from motcua.registry.organisations.models import Agency

PAGE, SHOWN = 50, 50


@role_required(RIGHT)
@never_cache
@require_safe
def agencies(request: ActingRequest) -> HttpResponse:
    """Whose offers the officer keeps."""
    words = request.GET.get("q", "")[:100]
    found = agencies_kept(request.actor, words, on=timezone.localdate())
    if len(found) == 1 and not words:
        return redirect("offers:list", found[0].pk)
    context = {"words": words, "rows": found[:SHOWN], "more": len(found) > SHOWN}
    return render(request, "catalogue/offer_agencies.html", context)


@role_required(RIGHT)
@never_cache
@require_safe
def listing(request: ActingRequest, agency_id: UUID) -> HttpResponse:
    """Procedures of the agency's level, and what it offers of them."""
    agency, today = agency_kept(request.actor, agency_id), timezone.localdate()
    asked = _asked(request)
    after = request.GET.get("after", "")[:8]
    lines, following = list_offered(agency, asked, on=today, after=after, limit=PAGE)
    query = {"q": asked.words, "level": asked.level, "sector": asked.sector}
    query |= {"online": "1" if asked.online else ""}
    context = {
        "agency": agency,
        "asked": asked,
        "rows": [_row(it) for it in lines],
        "levels": [*LEVELS.items(), ("none", _("Without an offer of its own"))],
        "sectors": sectors_within(agency, on=today),
        "next": urlencode({**{name: it for name, it in query.items() if it}, "after": following})
        if following
        else "",
    }
    return render(request, "catalogue/offers.html", context)


def _asked(request: HttpRequest) -> Filter:
    level = request.GET.get("level", "")
    return Filter(
        words=request.GET.get("q", "")[:200],
        level=level if level in {*Offer.Level.values, "none"} else "",
        sector=request.GET.get("sector", "")[:100],
        online=True if request.GET.get("online") else None,
    )


def _row(line: Line) -> dict[str, Any]:
    language, offer = (get_language() or "vi").split("-")[0], line.offer
    if offer:
        words = level_words(offer)
        note = " · ".join(filter(None, [limit_words(offer.limit), decided_by(offer) if offer.limit else ""]))
    else:
        usual = _("As published") if line.procedure.is_online else _("At the counter")
        words = usual if line.is_offered else _("Not offered")
        note = ""
    return {
        "code": line.procedure.code,
        "name": in_language(line.procedure.names, language),
        "lang": "" if language in line.procedure.names else "vi",
        "words": words,
        "note": note,
        "limit": limit_words(line.procedure.facts.get("limit", "")),
        "by": "" if line.is_own or not offer else offer.agency.name,
    }


def _chosen(request: ActingRequest) -> list[str]:
    return list(dict.fromkeys(code[:8] for code in request.POST.getlist("chosen")))[:MOST]


@require_POST
@role_required(RIGHT)
@never_cache
def offer(request: ActingRequest, agency_id: UUID) -> HttpResponse:
    """Offer what was chosen, or change what is offered: filled in, shown, confirmed."""
    agency, codes = agency_kept(request.actor, agency_id), _chosen(request)
    if not codes:
        return _nothing(request, agency)
    held = {it.procedure_id: it for it in own_offers(agency, codes, on=timezone.localdate())}
    if "send" not in request.POST and "confirm" not in request.POST:
        again = "change" in request.POST
        only = held.get(codes[0]) if len(codes) == 1 else None
        form = (
            OfferForm.of(agency, only)
            if only and not again
            else OfferForm(agency, request.POST if again else None)
        )
        return _form(request, agency, _Asked("offer", codes, form, _seen(held)))
    form, seen = OfferForm(agency, request.POST), _sent(request)
    if not form.is_valid():
        return _form(request, agency, _Asked("offer", codes, form, seen))

    def act() -> Report:
        offering = Offering(agency.pk, codes, form.terms, form.period, seen)
        return enter_offers(actor=request.actor, offering=offering, at=timezone.now())

    return _act(request, agency, _Asked("offer", codes, form, seen), act)


@require_POST
@role_required(RIGHT)
@never_cache
def end(request: ActingRequest, agency_id: UUID) -> HttpResponse:
    """End the agency's own offers of what was chosen."""
    agency, codes = agency_kept(request.actor, agency_id), _chosen(request)
    if not codes:
        return _nothing(request, agency)
    held = {it.procedure_id: it for it in own_offers(agency, codes, on=timezone.localdate())}
    if not held:
        messages.error(request, _("The agency has no offer of its own of what you chose."))
        return redirect("offers:list", agency.pk)
    if "send" not in request.POST and "confirm" not in request.POST:
        form = EndForm(request.POST if "change" in request.POST else None)
        return _form(request, agency, _Asked("end", list(held), form, _seen(held)))
    form, seen = EndForm(request.POST), _sent(request)
    if not form.is_valid():
        return _form(request, agency, _Asked("end", list(held), form, seen))
    sent = form.cleaned_data

    def act() -> Report:
        offers = {it.pk: seen.get(code, it.revision) for code, it in held.items()}
        return end_offers(
            actor=request.actor, offers=offers, on=sent["on"], reason=sent["reason"], at=timezone.now()
        )

    return _act(request, agency, _Asked("end", list(held), form, seen), act)


class _Asked:
    """An act as it was asked for."""

    def __init__(self, what: str, codes: list[str], form: forms.Form, seen: dict[str, int]) -> None:
        self.what, self.codes, self.form, self.seen = what, codes, form, seen


def _act(request: ActingRequest, agency: Agency, asked: _Asked, act: Callable[[], Report]) -> HttpResponse:
    """Do it, and take it back where it is only to be shown: what is refused is refused before anybody confirms."""
    is_confirmed = "confirm" in request.POST
    try:
        with transaction.atomic():
            report = act()
            transaction.set_rollback(not is_confirmed)
    except DomainError as problem:
        name = getattr(problem, "field", "")
        asked.form.add_error(name if name in asked.form.fields else None, str(problem))
        return _form(request, agency, asked)
    names = _names([*(it.procedure_id for it in report.done), *(it.code for it in report.refused)])
    context = {
        "agency": agency,
        "is_end": asked.what == "end",
        "is_done": is_confirmed,
        "rows": asked.form.preview() if isinstance(asked.form, OfferForm) else [],
        "form": asked.form,
        "done": [{"code": it.procedure_id, **names[it.procedure_id]} for it in report.done],
        "refused": [
            {"code": it.code, "why": str(it.problem), **names.get(it.code, {"name": "", "lang": ""})}
            for it in report.refused
        ],
        "sent": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in {"csrfmiddlewaretoken", "send", "confirm", "change"}
        ],
    }
    if is_confirmed and report.done:
        words = ngettext(
            "%(count)d procedure was changed.", "%(count)d procedures were changed.", len(report.done)
        )
        messages.success(request, words % {"count": len(report.done)})
    return render(request, "catalogue/offer_check.html", context)


def _form(request: ActingRequest, agency: Agency, asked: _Asked) -> HttpResponse:
    form, names = asked.form, _names(asked.codes)
    context = {
        "agency": agency,
        "form": form,
        "is_end": asked.what == "end",
        "seen": [f"{code}:{revision}" for code, revision in asked.seen.items()],
        "chosen": [{"code": code, **names[code]} for code in asked.codes if code in names],
    }
    return render(request, "catalogue/offer_form.html", context, status=422 if form.errors else 200)


def _nothing(request: ActingRequest, agency: Agency) -> HttpResponse:
    messages.error(request, _("Choose at least one procedure in the list."))
    return redirect("offers:list", agency.pk)


def _seen(held: dict[str, Offer]) -> dict[str, int]:
    return {code: it.revision for code, it in held.items()}


def _sent(request: ActingRequest) -> dict[str, int]:
    """Procedure -> the revision of the offer that the page showed, as it sent it back."""
    pairs = (it.partition(":") for it in request.POST.getlist("seen")[:MOST])
    return {
        code: int(number)
        for code, _, number in pairs
        if number.isascii() and number.isdecimal() and len(number) < 10
    }


def _names(codes: list[str]) -> dict[str, dict[str, str]]:
    language = (get_language() or "vi").split("-")[0]
    return {
        code: {"name": in_language(names, language), "lang": "" if language in names else "vi"}
        for code, names in names_of(codes).items()
    }
