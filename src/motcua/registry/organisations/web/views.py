"""The administrators' pages about agencies and officers. Reading only; acts are in `acts`."""

from __future__ import annotations

import base64
import io
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from PIL import Image

from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import read_file
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.organisations.selectors import history, tree
from motcua.registry.organisations.selectors.calendars import find_calendar
from motcua.registry.organisations.services import missing_units
from motcua.registry.organisations.web import pages
from motcua.registry.organisations.web.forms import work_words
from motcua.registry.organisations.web.missing import still_missing

_PICTURE_PIXELS = (240, 160)


def _page(view: Any) -> Any:
    return role_required("administrator")(never_cache(require_safe(view)))


def _scopes(request: ActingRequest) -> tuple[str, ...]:
    return request.actor.scopes("administrator")


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@_page
def agencies(request: ActingRequest) -> HttpResponse:
    """One level of the tree, or what a search found."""
    today, words = timezone.localdate(), request.GET.get("q", "").strip()[:100]
    scopes, under = _scopes(request), _id_of(request.GET.get("under", ""))
    above = tree.get_agency(scopes, under) if under else None
    found = tree.search_agencies(scopes, words, at=today) if words else None
    rows = tree.list_level(scopes, above, at=today) if found is None else found
    context = {
        "words": words,
        "above": above,
        "crumbs": pages.crumbs(above, scopes) if above else [],
        "rows": [pages.agency_row(row) for row in rows],
        "more": len(rows) == tree.SEARCH_LIMIT and bool(words),
        "everywhere": "/" in scopes,
    }
    return render(request, "organisations/list.html", context)


@_page
def agency(request: ActingRequest, agency_id: UUID) -> HttpResponse:
    today, found = timezone.localdate(), tree.get_agency(_scopes(request), agency_id)
    came, went = history.origins_of(found)
    gone = bool(found.valid_to and found.valid_to <= today)
    context = {
        "agency": found,
        "gone": gone,
        "now": history.successors_of(found, at=today) if gone else [],
        "crumbs": pages.crumbs(found, _scopes(request)),
        "facts": pages.agency_facts(found),
        "units": tree.list_structure(found, at=found.valid_from if gone else today),
        "codes": list(found.codes.order_by("valid_from", "code")),
        "history": pages.history_rows(came, went),
        "calendar": pages.calendar_rows(found, find_calendar(found, on=today)),
        "missing": missing_units(found),
        "seal": _picture(found.seal_image),
        "below": tree.count_below(found),
        "url": reverse("organisations:list") + f"?under={found.pk}",
    }
    return render(request, "organisations/agency.html", context)


@_page
def officers(request: ActingRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    rows = tree.list_officers(_scopes(request), words, at=timezone.localdate())
    context = {"words": words, "rows": rows, "more": len(rows) == tree.SEARCH_LIMIT}
    return render(request, "organisations/officers.html", context)


@_page
def officer(request: ActingRequest, officer_id: UUID) -> HttpResponse:
    found, holdings = tree.get_officer_within(_scopes(request), officer_id)
    current, now = holdings[0].valid_to is None, timezone.now()
    today = timezone.localdate(now)
    in_post = any(not it.valid_to or it.valid_to > today for it in holdings)
    # Without a post, today's or one to come, an account is found by who administers all agencies.
    has_page = in_post or request.actor.holds("administrator", "/")
    context = {
        "has_account_page": has_page,
        "missing": still_missing(found.account, at=now) if has_page else [],
        "officer": found,
        "work": work_words(found.pk),
        "current": current,
        "facts": [
            {"label": _("User name"), "value": found.account.username},
            {"label": _("Account"), "value": _("active") if found.account.is_active else _("closed")},
            {"label": _("Key that signs"), "value": found.signing_key or _("none")},
        ],
        "posts": [pages.holding_item(it, today=today) for it in reversed(holdings)],
        "signature": _picture(found.signature_image),
    }
    return render(request, "organisations/officer.html", context)


def _picture(stored: StoredFile | None) -> str:
    """A small copy of a picture as a data URL; "" without one."""
    if not stored:
        return ""
    with Image.open(io.BytesIO(read_file(stored))) as image:
        image.thumbnail(_PICTURE_PIXELS)
        small = io.BytesIO()
        image.save(small, "PNG")
    return f"data:image/png;base64,{base64.b64encode(small.getvalue()).decode()}"
