"""`/api/v1/`: the rooms' routers under one description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, include, path

from motcua.casework.dossiers import rest as dossiers
from motcua.casework.warehouse import rest as warehouse
from motcua.doors.api import problems
from motcua.doors.api.description import DescribedApi
from motcua.registry.catalogue import rest as catalogue
from motcua.registry.people import rest as people

api = DescribedApi(title="motcua", version="1", urls_namespace="api", docs_url=None)
problems.register(api)
api.add_router("/me", people.router)
api.add_router("/procedures", catalogue.router)
api.add_router("/dossiers/bulk", dossiers.many)
api.add_router("/dossiers/acts", dossiers.acts_on_many)
api.add_router("/dossiers", dossiers.dossiers)
api.add_router("/files", dossiers.files)
api.add_router("/tasks", dossiers.work)
api.add_router("/documents/shares", warehouse.shares)
api.add_router("/documents", warehouse.router)


def _open(patterns: list[Any]) -> Iterator[URLPattern]:
    """Each operation asks for its own token; nobody is sent to a sign-in page."""
    for pattern in patterns:
        pattern.callback = login_not_required(pattern.callback)
        yield pattern


_patterns, _app, _namespace = api.urls
urlpatterns = [path("", include((list(_open(_patterns)), _app), namespace=_namespace))]
