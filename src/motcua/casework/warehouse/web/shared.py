"""What others see of a share, without signing in. Codes are typed or come with the link; tries are counted.

The link's page looks at nothing yet: programs that preview links would use up looks. Who presses the button looks.
"""

from __future__ import annotations

from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from motcua.casework.warehouse import selectors, sharing
from motcua.casework.warehouse.errors import ShareClosed
from motcua.casework.warehouse.models import Document, Origin, Share, SignatureState
from motcua.casework.warehouse.web.words import document_row
from motcua.foundation.files.responses import file_response
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.errors import Slow
from motcua.registry.access.policies import ActingRequest
from motcua.registry.access.services.throttle import ADDRESS, Try, count, forget
from motcua.registry.people.selectors import get_organisation, get_person

_LOOKS = "looks_at_shares"
_MOST_KEPT = 20


def _shared(view: Any) -> Any:
    """One page for every reason why nothing can be seen; no search engine keeps any of these pages."""

    @wraps(view)
    def guarded(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response: HttpResponseBase = view(request, *args, **kwargs)
        except (ShareClosed, Slow) as error:
            context = {"slow": str(error) if isinstance(error, Slow) else ""}
            response = render(request, "documents/shared_closed.html", context, status=error.status)
        response["X-Robots-Tag"] = "noindex, nofollow"
        # Django would log the address of what is refused, and with it the code.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response

    return never_cache(login_not_required(guarded))


def _counted(request: ActingRequest) -> Try:
    """Counts one try of this address, apart from its tries to sign in. Raises Slow."""
    tried = Try(ADDRESS, f"share {get_adapter().get_client_ip(request)}")
    count(tried, at=timezone.now())
    return tried


@_shared
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: ActingRequest) -> HttpResponse:
    """Asks for a code; with one, shows what it is for; with the button under that, looks."""
    if request.method != "POST":
        return render(request, "documents/shared_ask.html")
    code = request.POST.get("code", "")[:60]
    if "look" not in request.POST:
        return _show_purpose(request, code)
    tried = _counted(request)
    share = sharing.look(actor=request.actor, code=code, at=timezone.now())
    forget(tried)
    looks = {**request.session.get(_LOOKS, {}), str(share.id): timezone.now().isoformat()}
    request.session[_LOOKS] = dict(sorted(looks.items(), key=lambda it: it[1])[-_MOST_KEPT:])
    return redirect("documents:shared-look", share.id)


@_shared
@require_safe
def shared_by_link(request: ActingRequest, code: str) -> HttpResponse:
    return _show_purpose(request, code)


def _show_purpose(request: ActingRequest, code: str) -> HttpResponse:
    tried = _counted(request)
    share = sharing.find_share(code, at=timezone.now())
    forget(tried)
    count_shared = share.documents.count()
    return render(
        request, "documents/shared_purpose.html", {"share": share, "count": count_shared, "code": code}
    )


def _looked_at(request: ActingRequest, share_id: UUID) -> datetime:
    """When this browser looked at the share. Raises ShareClosed."""
    moment = request.session.get(_LOOKS, {}).get(str(share_id))
    if not moment:
        raise ShareClosed
    return datetime.fromisoformat(moment)


@_shared
@require_safe
def shared_look(request: ActingRequest, share_id: UUID) -> HttpResponse:
    now = timezone.now()
    share = sharing.get_looked_at(share_id, looked_at=_looked_at(request, share_id), at=now)
    rows = [_shown(document, now) for document in share.documents.all()]
    return render(request, "documents/shared.html", {"share": share, "owner": _owner(share), "rows": rows})


def _shown(document: Document, now: datetime) -> dict[str, Any]:
    """A document's facts, and whether its signatures hold."""
    return document_row(document) | {
        "genuine": not document.file.disposed_at and selectors.is_genuine(document, at=now),
        "is_gone": bool(document.file.disposed_at),
        "is_unsigned": document.signature == SignatureState.UNSIGNED and document.origin != Origin.ISSUED,
        "code": document.verification_code,
        "size": document.file.size_bytes,
        "is_pdf": document.file.media_type == "application/pdf",
    }


def _owner(share: Share) -> dict[str, str]:
    """Whose documents they are; a person's number masked."""
    try:
        person = get_person(share.owner_id)
    except NotFound:
        organisation = get_organisation(share.owner_id)
        # Twelve digits are the personal number of a household business's owner.
        code = organisation.tax_code or organisation.code or ""
        return {"name": organisation.legal_name, "number": "" if len(code) == 12 else code}
    return {"name": person.full_name, "number": person.masked_number}


@_shared
@require_safe
def shared_file(request: ActingRequest, share_id: UUID, document_id: UUID) -> FileResponse:
    file = sharing.open_shared_file(
        actor=request.actor,
        share_id=share_id,
        document_id=document_id,
        looked_at=_looked_at(request, share_id),
        at=timezone.now(),
    )
    return file_response(file, inline="show" in request.GET)
