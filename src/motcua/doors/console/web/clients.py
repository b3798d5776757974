"""Other systems: which there are, letting one in, new secrets, suspension and end. For administrators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.doors.console.accounts import agency_names
from motcua.doors.console.web import pages
from motcua.doors.console.web.client_forms import USES, ClientForm, ReasonForm, RotateForm
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.clients import selectors, services
from motcua.registry.access.clients.granting import needs_two, waiting_scopes
from motcua.registry.access.clients.models import SystemClient
from motcua.registry.access.clients.scopes import find_scope
from motcua.registry.access.clients.services import ClientTarget
from motcua.registry.access.policies import ActingRequest, proved, role_required

STATES = {
    "active": ("done", gettext_lazy("active")),
    "suspended": ("stopped", gettext_lazy("suspended")),
    "expired": ("overdue", gettext_lazy("expired")),
    "ended": ("open", gettext_lazy("ended")),
}


def _state(client: SystemClient) -> dict[str, Any]:
    mark, words = STATES[client.state(timezone.now())]
    return {"state": mark, "state_words": words}


@role_required("administrator")
@never_cache
@require_safe
def client_list(request: ActingRequest) -> HttpResponse:
    listed = selectors.list_clients(request.actor)
    names = agency_names((row.client.agency_path for row in listed), at=timezone.now())
    rows = [
        {
            "url": reverse("console:client", args=[row.client.id]),
            "name": row.client.oauth.name,
            "test": row.client.is_test,
            "agency": _agency(row.client, names),
            "use": dict(USES)[row.client.sign_in],
            "last_used": row.last_used,
            **_state(row.client),
        }
        for row in listed
    ]
    return render(request, "console/clients.html", {"rows": rows})


def _scope_words(names: tuple[str, ...] | list[str]) -> list[str]:
    found = [find_scope(name) for name in names]
    return [f"{scope.description} ({scope.name})" for scope in found if scope]


@role_required("administrator")
@proved
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: ActingRequest) -> HttpResponse:
    """The form, then the same in words to confirm, then the secret: once, in the answer to the confirmation."""
    form = ClientForm(request.POST or None, actor=request.actor)
    if request.method != "POST" or not form.is_valid() or "change" in request.POST:
        status = 422 if form.errors and "change" not in request.POST else 200
        return render(request, "console/client_form.html", {"form": form}, status=status)
    registration = form.registration()
    if "confirmed" not in request.POST:
        context = {"form": form, "asked": registration, "may": _scope_words(registration.scopes)}
        context |= {"asks_two": any(map(needs_two, registration.scopes))}
        context |= {"agency": form.agency, "use": dict(USES)[registration.sign_in]}
        return render(request, "console/client_confirm.html", context)
    try:
        client, secret = services.register_client(
            actor=request.actor, registration=registration, at=timezone.now()
        )
    except DomainError as error:
        form.add_error("redirect_uris" if error.code == "bad_redirect" else None, str(error))
        return render(request, "console/client_form.html", {"form": form}, status=error.status)
    return _secret_page(request, client, secret)


def _secret_page(request: ActingRequest, client: SystemClient, secret: str) -> HttpResponse:
    waiting = _scope_words(waiting_scopes(client, at=timezone.now()))
    context = {"client": client, "secret": secret, "waiting": waiting}
    return render(request, "console/client_secret.html", context)


@role_required("administrator")
@never_cache
@require_safe
def client(request: ActingRequest, client_id: UUID) -> HttpResponse:
    now = timezone.now()
    found = selectors.get_client(request.actor, client_id)
    context = {
        "client": found,
        "facts": _facts(found),
        "may": _scope_words(found.oauth.get_scopes()),
        "waiting": _scope_words(waiting_scopes(found, at=now)),
        "addresses": found.oauth.get_redirect_uris(),
        "secrets": selectors.list_secrets(found, at=now),
        "usage": selectors.list_usage(found, at=now),
        "acts": _acts(found),
        **_state(found),
    }
    return render(request, "console/client.html", context)


def _agency(client: SystemClient, names: dict[str, str]) -> str:
    """The agency's name of today; its path where there is none any more."""
    return names.get(client.agency_path) or (
        _("all agencies") if client.agency_path == "/" else client.agency_path
    )


def _facts(client: SystemClient) -> list[dict[str, Any]]:
    names = agency_names([client.agency_path], at=timezone.now())
    ends = pages.when(client.valid_until) if client.valid_until else _("no end")
    return [
        {"label": _("Client id"), "value": client.oauth_id},
        {"label": _("Agency"), "value": _agency(client, names)},
        {"label": _("Use"), "value": dict(USES)[client.sign_in]},
        {"label": _("What it is for"), "value": client.purpose},
        {"label": _("Who answers for it"), "value": client.contact},
        {"label": _("Registered"), "value": pages.when(client.created_at)},
        {"label": _("Works until"), "value": ends},
    ]


ACTS: dict[str, dict[str, Any]] = {
    "rotate": {
        "label": gettext_lazy("New secret"),
        "title": gettext_lazy("Make a new secret"),
        "text": gettext_lazy("The new secret is shown once. Any secret older than the present one ends now."),
    },
    "suspend": {
        "label": gettext_lazy("Suspend"),
        "title": gettext_lazy("Suspend this system"),
        "text": gettext_lazy("Its tokens end now, and it gets no new ones until it is let in again."),
    },
    "resume": {
        "label": gettext_lazy("Let in again"),
        "title": gettext_lazy("Let this system in again"),
        "text": gettext_lazy("It may do what it may do below, from now on."),
    },
    "end": {
        "label": gettext_lazy("End"),
        "title": gettext_lazy("End this system for good"),
        "text": gettext_lazy(
            "This cannot be undone: its tokens and secrets end now. What it filed stays where it is."
        ),
    },
}


def _acts(client: SystemClient) -> list[str]:
    if client.ended_at:
        return []
    return ["rotate", "resume" if client.suspended_at else "suspend", "end"]


@role_required("administrator")
@proved
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: ActingRequest, client_id: UUID, act: str) -> HttpResponse:
    """A page that says what the act does and asks for what it needs; the act itself by POST."""
    found = selectors.get_client(request.actor, client_id)
    if act not in _acts(found):
        raise Http404
    kind: type[Form] = RotateForm if act == "rotate" else ReasonForm
    sent = request.method == "POST"
    form = kind(request.POST) if sent else kind(initial={"revision": found.revision, "days": 7})
    status = 200
    if sent and form.is_valid():
        try:
            return _do(request, found, act, form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
            status = error.status
    elif sent:
        status = 422
    context = {"client": found, "form": form, "act": ACTS[act], "is_final": act == "end"}
    return render(request, "console/client_act.html", context, status=status)


_WITH_REASON: dict[str, tuple[Callable[..., SystemClient], Any]] = {
    "suspend": (services.suspend_client, gettext_lazy("Suspended.")),
    "resume": (services.resume_client, gettext_lazy("Let in again.")),
    "end": (services.end_client, gettext_lazy("Ended.")),
}


def _do(request: ActingRequest, client: SystemClient, act: str, values: dict[str, Any]) -> HttpResponse:
    now, target = timezone.now(), ClientTarget(client.id, values["revision"])
    if act == "rotate":
        ends = now + timedelta(days=values["days"])
        changed, secret = services.rotate_secret(actor=request.actor, target=target, old_ends_at=ends, at=now)
        return _secret_page(request, changed, secret)
    service, words = _WITH_REASON[act]
    service(actor=request.actor, target=target, reason=values["reason"], at=now)
    messages.success(request, words)
    return redirect("console:client", client.id)
