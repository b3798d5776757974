"""Official papers as answers: the PDF of record, or the same form in another look."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.services.form_signing import may_sign
from motcua.casework.dossiers.services.papers import FORMS, PDF, file_of, form_name, print_again
from motcua.casework.dossiers.services.printing import PLAIN, Look, look_of
from motcua.foundation.files.previews import page_count, page_png
from motcua.foundation.files.responses import file_response
from motcua.foundation.files.services import read_file
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound


def document_response(
    request: HttpRequest, document: OfficialDocument, *, inline: bool = True
) -> HttpResponseBase:
    """The document as asked for by `?second=` and `?paper=`."""
    look = asked_look(request)
    form = form_name(document)
    if look == PLAIN or not form:
        return file_response(file_of(document), inline=inline)
    name = f"{document.content['code']}-{FORMS.get(form, form)}{_ending(look)}.pdf"
    return pdf_response(print_again(document, look), name, inline=inline)


def picture_response(document: OfficialDocument, *, page: int) -> HttpResponse:
    """A page (from 0) of the very file as a picture. Raises NotFound without that page."""
    picture = page_png(read_file(file_of(document)), page=page, width=1100)
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "private, no-store"})


def numbered_picture(document: OfficialDocument, number: int) -> HttpResponse:
    """The same of page `number`, from 1."""
    if number < 1:
        raise NotFound
    return picture_response(document, page=number - 1)


def picture_urls(document: OfficialDocument, url_name: str) -> list[str]:
    """Addresses of the pictures of all pages of a document, in their order."""
    count = page_count(read_file(file_of(document)))
    place = (document.dossier_id, document.pk)
    return [reverse(url_name, args=[*place, number]) for number in range(1, count + 1)]


def asked_look(request: HttpRequest) -> Look:
    return look_of(request.GET.get("second", ""), request.GET.get("paper", ""))


def _ending(look: Look) -> str:
    return "".join(f"-{part}" for part in (look.second, look.paper) if part)


def pdf_response(pdf: bytes, name: str, *, inline: bool = True) -> HttpResponse:
    """A PDF that is kept nowhere, nor by caches. name: of the file, plain letters, digits and hyphens."""
    kind = "inline" if inline else "attachment"
    headers = {"Content-Disposition": f'{kind}; filename="{name}"', "Cache-Control": "private, no-store"}
    response = HttpResponse(pdf, content_type=PDF, headers=headers)
    # As `file_response`: Chromium shows no PDF under a content security policy that forbids plug-ins.
    response._csp_exempt = True  # type: ignore[attr-defined]
    return response


def look_links(url: str) -> list[dict[str, str]]:
    """The other looks of a form at an address, for components/papers."""
    return [{"url": f"{url}?paper=a4", "text": _("on A4")}, *language_links(url)]


def language_links(url: str) -> list[dict[str, str]]:
    """The same with a second language beside the Vietnamese."""
    looks = (("second=en", _("with English")), ("second=de", _("with German")))
    return [{"url": f"{url}?{query}", "text": words} for query, words in looks]


def document_links(document: OfficialDocument, url_name: str) -> list[dict[str, str]]:
    """The other looks of a document; none of what is no form."""
    form = form_name(document)
    if not form:
        return []
    url = reverse(url_name, args=[document.dossier_id, document.pk])
    return language_links(url) if form == "letter" else look_links(url)


def add_signing(items: list[dict[str, Any]], actor: Actor, dossier: Dossier) -> None:
    """Beside each form that the actor may sign the way to its page; `items`: as `pages.document_items` made them."""
    for item in items:
        document = item["document"]
        if may_sign(actor, document, dossier):
            url = reverse("desk:form-sign", args=[dossier.pk, document.pk])
            item["links"] = [*item["links"], {"url": url, "text": _("sign digitally")}]
        elif document.signed_at:
            item |= {"state": "done", "state_text": _("signed digitally")}
