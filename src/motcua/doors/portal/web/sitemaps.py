"""The public pages for search engines (sitemaps.org, version 0.9). A page's language is a preference of its reader, so
each stands here once."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap, views
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from motcua.registry.catalogue.selectors import addresses, list_life_events

_PAGES = (
    *("portal:home", "catalogue:search", "essential:board", "public-figures:index", "portal:figures"),
    "portal:places",
    *("warehouse:verify", "ui:help"),
)


class _Section(Sitemap):
    # A file of 2,000 addresses is read in an instant; 50,000 are allowed.
    limit = 2000

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.BASE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.BASE_URL).netloc


class Pages(_Section):
    def items(self) -> list[str]:
        events = [reverse("catalogue:life-event", args=[it.code]) for it in list_life_events()]
        return [*map(reverse, _PAGES), *events]

    def location(self, item: str) -> str:
        return item


class Procedures(_Section):
    """Those that were removed keep their address and are not looked for."""

    @cached_property
    def _found(self) -> list[tuple[str, date | None]]:
        return addresses(at=timezone.localdate())

    def items(self) -> list[tuple[str, date | None]]:
        """Django asks several times for one answer."""
        return self._found

    def location(self, item: tuple[str, date | None]) -> str:
        return reverse("catalogue:procedure", args=[item[0]])

    def lastmod(self, item: tuple[str, date | None]) -> date | None:
        return item[1]


_SECTIONS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {"pages": Pages, "procedures": Procedures}


@login_not_required
@cache_control(public=True, max_age=3600)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return views.index(request, _SECTIONS, sitemap_url_name="portal:sitemap-section")


@login_not_required
@cache_control(public=True, max_age=3600)
@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    """One section, its further pages by ?p=. 404 for one that is not."""
    return views.sitemap(request, _SECTIONS, section=section)
