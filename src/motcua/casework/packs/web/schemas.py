"""The published schemas of a procedure's files, at addresses that stay: editors and other programs read them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from motcua.casework.packs.rules.shape import schema_text


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def schema(request: HttpRequest, name: str) -> HttpResponse:
    """The JSON Schema of a file: /schemas/pack/procedure.json and the like."""
    try:
        text = schema_text(name)
    except KeyError:
        raise Http404 from None
    response = HttpResponse(text, content_type="application/schema+json; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"  # public law of form, no data
    return response


schema_patterns = [path("schemas/pack/<slug:name>.json", schema, name="pack-schema")]
