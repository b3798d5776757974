"""`/api/v1/`: the rooms' routers under one description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, include, path
from ninja import NinjaAPI

from motcua.casework.dossiers import rest as dossiers
from motcua.doors.api import problems
from motcua.registry.catalogue import rest as catalogue

api = NinjaAPI(
    title="motcua",
    version="1",
    urls_namespace="api",
    docs_url=None,
    description="Procedures and dossiers for other systems. Errors are problem details (RFC 9457) with a stable code.",
)
problems.register(api)
api.add_router("/procedures", catalogue.router)
api.add_router("/dossiers", dossiers.router)


def _open(patterns: list[Any]) -> Iterator[URLPattern]:
    """Each operation asks for its own token; nobody is sent to a sign-in page."""
    for pattern in patterns:
        pattern.callback = login_not_required(pattern.callback)
        yield pattern


_patterns, _app, _namespace = api.urls
urlpatterns = [path("", include((list(_open(_patterns)), _app), namespace=_namespace))]
