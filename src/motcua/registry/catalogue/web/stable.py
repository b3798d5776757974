"""Stable links: a procedure's address answers for every form of its code, and for programs that ask for data."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.ui.errors import wants_json
from motcua.registry.catalogue.describing import FORMS
from motcua.registry.catalogue.rules.codes import parse_code

View = Callable[..., HttpResponse]
_NAMES = {form.media_type: name for name, form in FORMS.items()}


def stable(view: View) -> View:
    """A page of a procedure by code: another form of the code leads to it for good, an unknown one to a search.

    With `Accept: text/turtle` or `application/ld+json` the page leads to its description in that form.
    """

    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, code: str) -> HttpResponse:
        base = read_code(code)
        if base != code:
            return HttpResponsePermanentRedirect(reverse("catalogue:procedure", args=[base]))
        if name := asked_form(request):
            found: HttpResponse = HttpResponseRedirect(
                reverse(f"catalogue:procedure-{name}", args=[base]), status=303
            )
        else:
            found = view(request, base)
        patch_vary_headers(found, ["Accept"])
        return found

    return _or_search(answer)


@login_not_required
@require_safe
def without_slash(request: HttpRequest, code: str) -> HttpResponse:
    """An address that lost its slash, in whatever form of the code."""
    return _or_search(lambda _, code: HttpResponsePermanentRedirect(_page(code)))(request, code)


def _page(code: str) -> str:
    return reverse("catalogue:procedure", args=[read_code(code)])


def read_code(code: str) -> str:
    """The base code. Raises NotFound for what is none in any form."""
    found = parse_code(code)
    if not found:
        raise NotFound
    return found.base


def asked_form(request: HttpRequest) -> str:
    """The form of data that is preferred to a page; "" for a page."""
    preferred = request.get_preferred_type(["text/html", *_NAMES])
    return _NAMES.get(preferred or "", "")


def _or_search(view: View) -> View:
    """A page that offers to search instead of NotFound; programs get the usual answer."""

    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, code: str) -> HttpResponse:
        try:
            return view(request, code)
        except NotFound:
            if wants_json(request):
                raise
            return render(request, "catalogue/unknown.html", {"code": code[:40]}, status=404)

    return answer
