"""Roles with their rights; a change is proposed, and another administrator approves it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.doors.console.accounts import list_roles, role_holders
from motcua.doors.console.web.account_forms import RoleForm
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.models import Role
from motcua.registry.access.policies import ActingRequest, proved, role_required
from motcua.registry.access.selectors import get_role
from motcua.registry.access.services.roles import RoleChange, propose_role, right_words


@role_required("administrator")
@never_cache
@require_safe
def role_list(request: ActingRequest) -> HttpResponse:
    rows = [
        {
            "code": role.code,
            "name": str(role),
            "rights": right_words(role.rights),
            "holders": role.holders,  # type: ignore[attr-defined]
            "built_in": role.built_in,
        }
        for role in list_roles(day=timezone.localdate())
    ]
    context = {"rows": rows, "may_change": _may_change(request)}
    return render(request, "console/roles.html", context)


def _may_change(request: ActingRequest) -> bool:
    return request.actor.holds("administrator", "/")


@role_required("administrator")
@proved
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: ActingRequest, code: str) -> HttpResponse:
    return _edit(request, get_role(code))


@role_required("administrator")
@proved
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_role(request: ActingRequest) -> HttpResponse:
    return _edit(request, None)


def _edit(request: ActingRequest, found: Role | None) -> HttpResponse:
    form = RoleForm(request.POST or None, role=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        code = found.code if found else data["code"]
        change = RoleChange(code, form.names(), tuple(data["rights"]), data["version"])
        try:
            propose_role(actor=request.actor, change=change, reason=data["reason"], at=timezone.now())
        except DomainError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Proposed. Another administrator has to approve it."))
            return redirect("console:approvals")
    holders = role_holders(found.code, at=timezone.now()) if found else []
    context: dict[str, Any] = {
        "form": form,
        "role": found,
        "holders": holders,
        "may_change": _may_change(request),
    }
    return render(request, "console/role.html", context)
