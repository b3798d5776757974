"""The owner's shares: the list, a new one, one of them, ending it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.casework.warehouse import sharing, shelf
from motcua.casework.warehouse.codes import share_code
from motcua.casework.warehouse.errors import BadShare, NotShareable
from motcua.casework.warehouse.policies import is_owner
from motcua.casework.warehouse.web.forms import ShareForm
from motcua.casework.warehouse.web.words import document_row, reader_rows, share_state
from motcua.foundation.files.official import qr_svg
from motcua.foundation.installation.selectors import get
from motcua.foundation.kernel.errors import Refused
from motcua.registry.access.policies import ActingRequest, citizen_required


@citizen_required
@never_cache
@require_safe
def shares(request: ActingRequest) -> HttpResponse:
    found, now = sharing.list_shares(request.actor, after=request.GET.get("after", "")), timezone.now()
    rows = []
    for share in found.rows:
        state, words = share_state(share, now)
        names = [f"{it.name} {it.number}" for it in share.documents.all()]
        rows.append({"share": share, "state": state, "words": words, "names": ", ".join(names)})
    context = {"rows": rows, "next_after": found.next_after, "may_share": is_owner(request.actor)}
    return render(request, "documents/shares.html", context)


@citizen_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    if not is_owner(request.actor):
        raise Refused
    now = timezone.now()
    form = ShareForm(
        request.POST if request.method == "POST" else None,
        choices=_choices(request),
        chosen=request.GET.getlist("document")[: sharing.MOST_DOCUMENTS],
        longest=sharing.longest_days(),
    )
    if form.is_valid():
        try:
            share = sharing.make_share(actor=request.actor, new=form.share(now), at=now)
            return redirect("documents:share", share.id)
        except BadShare as error:
            field = {"ends_at": "last_day"}.get(error.fields["field"], error.fields["field"])
            form.add_error(field, str(error))
        except NotShareable as error:
            form.add_error("documents", str(error))
    return render(request, "documents/share_new.html", {"form": form}, status=422 if form.is_bound else 200)


def _choices(request: ActingRequest) -> list[tuple[str, str]]:
    """The latest documents and those that were asked for."""
    found = shelf.list_shareable(request.actor, named=request.GET.getlist("document"))
    choices = []
    for document in found:
        row = document_row(document)
        about = f" · {row['about']}" if row["about"] else ""
        text = f"{row['name']} {row['number']}{about}, {row['issued']}"
        # That it is in force needs no saying.
        choices.append((str(row["id"]), text if row["state"] == "done" else f"{text} ({row['words']})"))
    return choices


@citizen_required
@never_cache
@require_safe
def share(request: ActingRequest, share_id: UUID) -> HttpResponse:
    found, now = sharing.get_share(request.actor, share_id), timezone.now()
    state, words = share_state(found, now)
    context = {
        "share": found,
        "state": state,
        "words": words,
        "is_open": state == "open",
        "rows": [document_row(it) for it in found.documents.all()],
        "looks": reader_rows(sharing.list_looks(found)),
    }
    if state == "open":
        code = share_code(found.id)
        link = f"{get('site.base_url')}{reverse('documents:shared-code', args=[code])}"
        context |= {"code": code, "link": link, "qr": qr_svg(link)}
    return render(request, "documents/share.html", context)


@citizen_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: ActingRequest, share_id: UUID) -> HttpResponse:
    """Asks once more, then ends it."""
    found = sharing.get_share(request.actor, share_id)
    if request.method == "POST":
        sharing.revoke_share(actor=request.actor, share_id=share_id, at=timezone.now())
        messages.success(request, _("The share has ended. Nobody sees anything with its code any more."))
        return redirect("documents:share", share_id)
    return render(request, "documents/share_end.html", {"share": found})
