"""The language of a request: what the person chose, what the browser asks for, what is usual here."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from motcua.foundation.installation.appearance import offered_languages
from motcua.foundation.installation.selectors import get


class OfferedLanguageMiddleware:
    """As Django's LocaleMiddleware without languages in paths, among the languages that are offered here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = _language_of(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self._get_response(request)
        if "Content-Language" not in response:
            response["Content-Language"] = translation.get_language() or language
        patch_vary_headers(response, ("Accept-Language",))
        return response


def _language_of(request: HttpRequest) -> str:
    offered = offered_languages()
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    asked = [code for code, _share in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    wanted = [chosen, *(code.split("-")[0] for code in asked)]
    return next((code for code in wanted if code in offered), str(get("languages.default")))
