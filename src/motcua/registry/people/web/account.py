"""My account: what is known, how one is reached, how one signs in, what one agreed to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.notifications.rules.addresses import mask_address
from motcua.registry.access.policies import ActingRequest, citizen_required
from motcua.registry.people import consents, contacts, linking
from motcua.registry.people.adapters.eid import signed_in_at
from motcua.registry.people.adapters.provider import leads_to_providers, provider_name, providers
from motcua.registry.people.contributions import account_sections
from motcua.registry.people.errors import (
    BadContact,
    ChannelMissing,
    FreshSignInNeeded,
    LastWay,
    NoOpenChange,
    SameContact,
    TooManyChanges,
)
from motcua.registry.people.facts import contact_wait_hours
from motcua.registry.people.forms import CodesForm, ContactForm
from motcua.registry.people.models import ContactChange, ContactKind
from motcua.registry.people.words import PROBLEM, PROBLEMS

form_page: Callable[[Any], Any] = require_http_methods(["GET", "HEAD", "POST"])


@citizen_required
@never_cache
@require_safe
def account(request: ActingRequest) -> HttpResponse:
    shown = [
        {"code": it.code, "title": it.title, "rows": it.rows(request.actor), "links": it.links}
        for it in account_sections()
    ]
    return render(request, "people/account.html", {"sections": shown})


def _known(kind: str) -> str:
    if kind not in ContactKind.values:
        raise NotFound
    return kind


@citizen_required
@never_cache
@form_page
def contact(request: ActingRequest, kind: str) -> HttpResponse:
    """Enter the new number or address; a change under way is shown above."""
    form = ContactForm(request.POST if request.method == "POST" else None, kind=_known(kind))
    if form.is_valid():
        try:
            contacts.start_change(
                actor=request.actor,
                kind=kind,
                typed=form.cleaned_data["value"],
                signed_in_at=signed_in_at(request),
                at=timezone.now(),
            )
            return redirect("people:contact-confirm", kind)
        except FreshSignInNeeded:
            return to_fresh(f"/account/contact/{kind}/")
        except (BadContact, SameContact, ChannelMissing, TooManyChanges) as error:
            form.add_error("value", str(error))
    context = {"form": form, "kind": kind, "change": contacts.find_open_change(request.actor, kind)}
    return render(request, "people/contact.html", context, status=422 if form.is_bound else 200)


def _sides(change: ContactChange) -> dict[str, str]:
    """The codes still asked for, each with where it went, behind a mask."""
    words = {
        "old": (_("Code sent to the old one, %(address)s"), change.old_value),
        "new": (_("Code sent to the new one, %(address)s"), change.new_value),
    }
    done = {"old": change.old_confirmed_at or change.old_waived_at, "new": change.new_confirmed_at}
    return {
        side: text % {"address": mask_address(value)}
        for side, (text, value) in words.items()
        if not done[side]
    }


@citizen_required
@never_cache
@form_page
def contact_confirm(request: ActingRequest, kind: str) -> HttpResponse:
    change, now = contacts.find_open_change(request.actor, _known(kind)), timezone.now()
    if change is None or change.takes_effect_at:
        return redirect("people:contact", kind)
    form = CodesForm(request.POST if request.method == "POST" else None, sides=_sides(change))
    if form.is_valid():
        try:
            typed = {side: form.cleaned_data.get(side, "") for side in ("old", "new")}
            outcome = contacts.confirm(actor=request.actor, kind=kind, codes=typed, at=now)  # type: ignore[arg-type]
        except NoOpenChange as error:
            messages.error(request, str(error))
            return redirect("people:contact", kind)
        if all(it == "confirmed" for it in outcome.values()):
            return _confirmed(request, kind)
        change = contacts.find_open_change(request.actor, kind)
        if change is None:
            messages.error(request, _("A code was wrong too often. Nothing was changed; begin again."))
            return redirect("people:contact", kind)
        _say(form, outcome)
    context = {"form": form, "kind": kind, "change": change, "is_over": change.codes_expire_at <= now}
    return render(request, "people/contact_confirm.html", context, status=422 if form.is_bound else 200)


def _say(form: CodesForm, outcome: Any) -> None:
    words = {"wrong": _("This code is not right."), "missing": _("Enter the code with six figures.")}
    for side, result in outcome.items():
        if result in words:
            form.add_error(side, words[result])


def _confirmed(request: ActingRequest, kind: str) -> HttpResponse:
    waiting = contacts.find_open_change(request.actor, kind)
    if waiting:
        messages.success(request, _("The new address is confirmed. The change comes after the wait."))
        return redirect("people:contact", kind)
    messages.success(request, _("The change is done. We told your old address."))
    return redirect("people:account")


@citizen_required
@never_cache
@form_page
def contact_lost(request: ActingRequest, kind: str) -> HttpResponse:
    """The old address cannot be reached any more."""
    if request.method == "POST":
        try:
            contacts.waive_old(
                actor=request.actor, kind=_known(kind), signed_in_at=signed_in_at(request), at=timezone.now()
            )
        except FreshSignInNeeded:
            return to_fresh(f"/account/contact/{kind}/lost/")
        except NoOpenChange as error:
            messages.error(request, str(error))
            return redirect("people:contact", kind)
        return redirect("people:contact-confirm", kind)
    if contacts.find_open_change(request.actor, _known(kind)) is None:
        return redirect("people:contact", kind)
    context = {"kind": kind, "is_fresh": has_fresh_sign_in(request), "hours": contact_wait_hours()}
    return render(request, "people/contact_lost.html", context)


@citizen_required
@require_POST
def contact_stop(request: ActingRequest, kind: str) -> HttpResponse:
    if contacts.stop_change(actor=request.actor, kind=_known(kind), at=timezone.now()):
        messages.success(request, _("The change was stopped. Nothing was changed."))
    return redirect("people:contact", kind)


def has_fresh_sign_in(request: ActingRequest) -> bool:
    return contacts.is_fresh(signed_in_at(request), at=timezone.now())


def to_fresh(target: str) -> HttpResponse:
    """Sign in anew first, then go on at this address of ours."""
    response = redirect("people:fresh")
    response["Location"] += f"?next={target}"
    return response


@citizen_required
@never_cache
@require_safe
def fresh(request: ActingRequest) -> HttpResponse:
    """Sign in anew before something that a borrowed telephone must not be enough for."""
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/account/"
    context = {"next": target, "providers": providers()[:1]}
    return leads_to_providers(render(request, "people/fresh.html", context))


@citizen_required
@never_cache
@require_safe
def ways(request: ActingRequest) -> HttpResponse:
    own = linking.list_ways(request.actor)
    held = {it.provider for it in own}
    problem = request.GET.get("problem", "")
    context = {
        "ways": [{"id": it.pk, "name": provider_name(it.provider), "last": it.last_login} for it in own],
        "others": [(code, name) for code, name in providers() if code not in held],
        "problem": PROBLEMS.get(problem, PROBLEM) if problem else "",
    }
    return leads_to_providers(render(request, "people/ways.html", context))


@citizen_required
@never_cache
@form_page
def unlink(request: ActingRequest, way_id: int) -> HttpResponse:
    own = {it.pk: it for it in linking.list_ways(request.actor)}
    if way_id not in own:
        raise NotFound
    if request.method == "POST":
        try:
            linking.unlink(actor=request.actor, way_id=way_id, at=timezone.now())
            messages.success(request, _("This way to sign in was taken away."))
        except LastWay as error:
            messages.error(request, str(error))
        return redirect("people:ways")
    return render(
        request, "people/unlink.html", {"name": provider_name(own[way_id].provider), "last": len(own) == 1}
    )


@citizen_required
@never_cache
@form_page
def consent_list(request: ActingRequest) -> HttpResponse:
    if request.method == "POST":
        given = request.POST.get("answer") == "give"
        purpose = request.POST.get("purpose", "")
        consents.set_consent(actor=request.actor, purpose=purpose, given=given, at=timezone.now())
        messages.success(request, _("Your choice is kept."))
        return redirect("people:consents")
    return render(request, "people/consents.html", {"consents": consents.list_consents(request.actor)})
