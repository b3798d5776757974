"""The few pages that belong to no other room."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST, require_safe

from motcua.foundation.ui.context import SCHEME_COOKIE, SCHEMES
from motcua.foundation.ui.contributions import appearance
from motcua.foundation.ui.errors import error_page
from motcua.foundation.ui.helping import HelpArea, find_topic, topics_of


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remembers `language` in a cookie and goes back to `next`; an unknown language changes nothing."""
    response = HttpResponseRedirect(_safe_next(request))
    language = request.POST.get("language", "")
    if language in appearance().languages:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


@login_not_required
@require_POST
def set_scheme(request: HttpRequest) -> HttpResponse:
    """Remembers how bright the desk is (`light`, `dark`; anything else: as the system) and goes back to `next`."""
    response = HttpResponseRedirect(_safe_next(request))
    scheme = request.POST.get("scheme", "")
    if scheme in SCHEMES:
        response.set_cookie(
            SCHEME_COOKIE,
            scheme,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(SCHEME_COOKIE, samesite="Lax")
    return response


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What browsers show in place of a page that did not come: the same for everybody who reads the language."""
    request.user = AnonymousUser()
    return render(request, "ui/offline.html")


@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows it. Its store is named by what is in it: a new look or language replaces the old."""
    parts = [static("css/portal.css"), static("js/portal.js")]
    held = "\0".join([*parts, offline(request).content.decode()])
    context = {"parts": parts, "version": hashlib.sha256(held.encode()).hexdigest()[:12]}
    script = render_to_string("ui/service_worker.js", context)
    headers = {"Cache-Control": "private, max-age=600"}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@login_not_required
@require_safe
def help_page(request: HttpRequest, slug: str = "") -> HttpResponse:
    """A topic of help, or all of them: those for officers only to who has signed in as one."""
    topic = find_topic(slug) if slug else None
    if slug and topic is None:
        raise Http404
    officer = bool(request.actor.is_officer)  # type: ignore[attr-defined]
    area: HelpArea = topic.area if topic else ("desk" if officer else "portal")
    context = {
        "topic": topic,
        "topics": topics_of(area),
        "layout": "layouts/desk.html" if officer else "layouts/portal.html",
    }
    return render(request, "ui/help.html", context)


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(target, allowed_hosts=hosts, require_https=request.is_secure()):
        return target
    return "/"


@login_not_required
@require_GET
def gallery(request: HttpRequest, name: str = "") -> HttpResponse:
    """Every component in every state, and sample screens. Only in development and demonstration."""
    if not (settings.DEBUG or getattr(settings, "DEMO", False)):
        raise Http404
    from motcua.foundation.ui import gallery as samples

    if name and name not in samples.SCREENS:
        raise Http404
    template = f"ui/gallery/{name}.html" if name else "ui/gallery.html"
    return render(request, template, {**samples.context(), "scheme": request.GET.get("scheme", "")})


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 400, "400.html")


@login_not_required
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403, "403.html")


@login_not_required
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404, "404.html")


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500, "500.html")
