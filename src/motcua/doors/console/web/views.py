"""Officers sign in with name and password; in the demonstration also by one click."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from motcua.doors.console.web.forms import OfficerSignInForm
from motcua.foundation.installation.selectors import is_demonstration
from motcua.registry.organisations.selectors import find_demo_account, list_demo_officers


def _is_demo() -> bool:
    """The flag alone is not enough: it may have been left on by accident."""
    return bool(settings.DEMO) and is_demonstration()


@method_decorator(login_not_required, name="dispatch")
class OfficerSignIn(LoginView):
    """django-allauth's sign-in: slowed after failures, by address and by name."""

    form_class = OfficerSignInForm
    template_name = "console/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"demo_officers": list_demo_officers() if _is_demo() else []}

    def get_success_url(self) -> str:
        target = self.request.GET.get("next") or self.request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(target, allowed_hosts={self.request.get_host()})
        return target if safe else resolve_url("desk:inbox")


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One click, only in the demonstration and only for its made-up officers."""
    if not _is_demo():
        raise Http404
    account = find_demo_account(request.POST.get("username", ""))
    if not account:
        raise Http404
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(target if safe else resolve_url("desk:inbox"))


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("console:sign-in")
