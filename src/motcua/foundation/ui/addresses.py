"""Addresses that a list says once for every row."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

_NOBODY = UUID(int=0)


def address_of(url_name: str, pk: UUID) -> str:
    """`reverse` of a page that takes one id and nothing else, in a tenth of the time."""
    before, after = _around(url_name, get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)
    return f"{before}{pk}{after}"


def path_of(url_name: str) -> str:
    """`reverse` of a page that takes nothing."""
    return _path(url_name, get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)


@lru_cache(maxsize=1_000)
def _path(url_name: str, _prefix: str, _urls: str) -> str:
    return reverse(url_name)


@lru_cache(maxsize=1_000)
def _around(url_name: str, _prefix: str, _urls: str) -> tuple[str, str]:
    before, _found, after = reverse(url_name, args=[_NOBODY]).partition(str(_NOBODY))
    return before, after
