"""Addresses for the tests of this room alone."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from motcua.foundation.kernel.errors import NotFound


def missing(request: HttpRequest) -> HttpResponse:
    raise NotFound


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


urlpatterns = [
    path("", include("motcua.foundation.ui.urls")),
    path("missing/", missing, name="missing"),
    path("api/missing/", missing),
    path("inbox/", page, name="inbox"),
]
