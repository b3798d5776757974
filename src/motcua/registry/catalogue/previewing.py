"""The public page of a procedure that is not published yet, for who reviews it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from motcua.registry.catalogue.web.views import _modelled as content_of


def render_procedure(request: HttpRequest, data: dict[str, Any]) -> SafeString:
    """The page's content for a parsed procedure.yaml that has no errors; nothing on it can be begun."""
    return render_to_string("catalogue/_content.html", content_of(data), request)
