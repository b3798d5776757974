"""Filing one application, and sending a file ahead."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import File, Status
from ninja.errors import HttpError, ValidationError
from ninja.files import UploadedFile as SentFile
from pydantic import ValidationError as Invalid

from motcua.casework.dossiers.policies import FILE
from motcua.casework.dossiers.rest.routers import dossiers, files
from motcua.casework.dossiers.rest.schemas import DossierIn, DossierOut, UploadOut, dossier_out, file_out
from motcua.casework.dossiers.services.filing import Filer, file_application, read_application
from motcua.casework.dossiers.services.uploads import keep_upload
from motcua.foundation.files.services import DOSSIER_PAPERS, checked_upload
from motcua.registry.access.clients.rest import (
    ANYBODY,
    CITIZENS,
    CalledRequest,
    Token,
    answer_once,
    key_of,
)


def _sent(request: HttpRequest) -> DossierIn:
    """The JSON of the body, or of the part `dossier` where papers come along."""
    multipart = (request.content_type or "") == "multipart/form-data"
    if not multipart and request.content_type != "application/json":
        raise HttpError(415, "media type")
    text = request.POST.get("dossier", "") if multipart else request.body
    try:
        return DossierIn.model_validate(json.loads(text))
    except (ValueError, RecursionError) as error:
        if isinstance(error, Invalid):
            found = [
                {"loc": ("body", *it["loc"]), "type": it["type"], "ctx": it.get("ctx", {})}
                for it in error.errors(include_url=False, include_input=False)
            ]
            raise ValidationError(found) from error
        raise HttpError(400, "no JSON") from error


def _schema() -> dict[str, Any]:
    """By reference: the schema itself is put among the components by the bulk operation."""
    return {"$ref": "#/components/schemas/DossierIn"}


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _schema()},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "description": "Each paper is a part under the name of its field.",
                    "required": ["dossier"],
                    "properties": {
                        "dossier": {
                            "type": "string",
                            "contentMediaType": "application/json",
                            "contentSchema": _schema(),
                        }
                    },
                    "additionalProperties": {"type": "string", "format": "binary"},
                }
            },
        },
    },
}


@dossiers.post(
    "",
    response={201: DossierOut},
    auth=Token(FILE, people=CITIZENS),
    summary="File a dossier",
    operation_id="file_dossier",
    openapi_extra=_BODY,
)
def file_dossier(request: CalledRequest, response: HttpResponse) -> Any:
    """The same Idempotency-Key again files nothing and gives the same dossier, for ever. Papers: sent ahead, see POST
    /files, or as multipart parts, each under the name of its field."""
    key = key_of(request)
    content = _sent(request).model_dump(mode="json")
    if content["applicant"] and request.actor.scopes("test"):
        content["applicant"] |= {"telephone": "", "email": ""}
    uploads = {name: file for name, file in request.FILES.items() if isinstance(file, UploadedFile)}
    dossier, is_new = file_application(
        filer=Filer(request.actor, request.caller, key),
        application=read_application(content, uploads),
        at=timezone.now(),
    )
    if not is_new:
        response["Idempotency-Replayed"] = "true"
    response["Location"] = reverse("api:get_dossier", args=[dossier.id])
    return Status(201, dossier_out(dossier))


@files.post(
    "",
    response={201: UploadOut},
    auth=Token(FILE, people=ANYBODY),
    summary="Send a file ahead",
    operation_id="upload_file",
)
def upload_file(request: CalledRequest, response: HttpResponse, file: File[SentFile]) -> Any:
    """A PDF, JPEG or PNG that an application will name. Kept for two days; what an application named stays with it."""
    key_of(request)
    now = timezone.now()
    with checked_upload(upload=file, actor=request.actor, at=now, rules=DOSSIER_PAPERS) as checked:

        def keep() -> tuple[int, dict[str, Any]]:
            upload = keep_upload(checked, caller=request.caller, at=now)
            return 201, {"id": upload.id, **file_out(upload.file)}

        return Status(*answer_once(request, response, [checked.sha256, checked.name], keep))
