"""The public page of a procedure that is not published yet, for who reviews it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from motcua.registry.catalogue.models import Procedure
from motcua.registry.catalogue.web.views import modelled_context


def preview_procedure(request: HttpRequest, data: dict[str, Any], back: dict[str, str]) -> HttpResponse:
    """The page for a parsed procedure.yaml that has no errors; nothing on it can be begun.

    back: {"url", "text"} of the page one came from.
    """
    context = {"procedure": Procedure(code=data["code"], names=data["name"]), "preview": back}
    return render(request, "catalogue/procedure.html", context | modelled_context(data))
