"""`/api/v1/dossiers`: file for a person, and follow what was filed."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr
from pydantic import ValidationError as Invalid

from motcua.casework.dossiers.errors import KeyMissing
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.policies import FILE, READ
from motcua.casework.dossiers.selectors import find_readable, list_readable, open_dossier
from motcua.casework.dossiers.services.filing import Application, file_application
from motcua.foundation.kernel.text import clean_line
from motcua.registry.access.clients.rest import ClientToken
from motcua.registry.access.policies import ActingRequest
from motcua.registry.people.services import Applicant

router = Router(tags=["dossiers"])
_KEY = re.compile(r"[A-Za-z0-9_-]{8,100}")
Line = Annotated[StrictStr, AfterValidator(clean_line)]


class ApplicantIn(Schema):
    """The person it is filed for. A person who is known stays as they are known; all of it must fit them."""

    model_config = ConfigDict(extra="forbid")
    personal_number: Annotated[Line, Field(pattern=r"^[0-9]{12}$")]
    full_name: Annotated[Line, Field(min_length=1, max_length=300)]
    birth_date: date
    sex: Annotated[StrictStr, Field(pattern="^(male|female)$")]
    residence: Annotated[Line, Field(min_length=1, max_length=500)]
    ethnicity: Annotated[Line, Field(max_length=50)] = ""
    nationality: Annotated[Line, Field(max_length=50)] = ""
    telephone: Annotated[Line, Field(pattern=r"^(\+?[0-9 ]{8,20})?$")] = ""
    email: Annotated[Line, Field(max_length=200, pattern=r"^([^@\s]+@[^@\s]+)?$")] = ""


class DossierIn(Schema):
    """`answers`: by the names of the form's fields, see GET /procedures/{code}; dates as ISO 8601."""

    model_config = ConfigDict(extra="forbid")
    procedure: Annotated[StrictStr, Field(pattern=r"^\d\.\d{6}$")]
    applicant: ApplicantIn
    answers: dict[
        Annotated[str, Field(max_length=60)],
        StrictBool | StrictInt | Annotated[StrictStr, Field(max_length=20_000)],
    ]


class DossierOut(Schema):
    """Nothing of the applicant: who filed knows it. `status`: 1 to 10 of the national list. `test`: counted nowhere."""

    id: UUID
    reference: str
    code: str | None
    procedure: str
    version: int
    agency: str
    status: int
    test: bool
    submitted_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None


class DossierList(Schema):
    """`next`: for `after` of the next call; empty on the last page."""

    items: list[DossierOut]
    next: str


def _out(dossier: Dossier) -> dict[str, Any]:
    same = ("id", "reference", "code", "status", "submitted_at", "accepted_at", "due_at", "finished_at")
    return {name: getattr(dossier, name) for name in same} | {
        "procedure": dossier.procedure_code,
        "version": dossier.version.number,
        "agency": dossier.agency.code,
        "test": dossier.is_test,
        "returned_at": dossier.returned_at,
    }


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
            found = [{"loc": ("body", *it["loc"]), "msg": it["msg"]} for it in error.errors()]
            raise ValidationError(found) from error
        raise HttpError(400, "no JSON") from error


def _schema() -> dict[str, Any]:
    """The JSON Schema of DossierIn on its own: ninja does not see a model that is read by hand."""
    schema = DossierIn.model_json_schema()
    schema["properties"]["applicant"] = schema.pop("$defs")["ApplicantIn"]
    return schema


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _schema()},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
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
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,100}$"},
        }
    ],
}


@router.post(
    "",
    response={201: DossierOut, 200: DossierOut},
    auth=ClientToken(FILE),
    summary="File a dossier",
    openapi_extra=_BODY,
)
def file_dossier(request: ActingRequest) -> tuple[int, dict[str, Any]]:
    """201 when it was filed now, 200 when the same Idempotency-Key filed it before. Papers: multipart parts, each
    under the name of its field."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise KeyMissing
    sent = _sent(request)
    facts = sent.applicant.model_dump()
    if request.actor.scopes("test"):
        facts |= {"telephone": "", "email": ""}
    application = Application(
        procedure=sent.procedure,
        applicant=Applicant(**facts),
        answers=sent.answers,
        uploads={name: file for name, file in request.FILES.items() if isinstance(file, UploadedFile)},
    )
    dossier, is_new = file_application(
        actor=request.actor, key=key, application=application, at=timezone.now()
    )
    return 201 if is_new else 200, _out(dossier)


@router.get("", response=DossierList, auth=ClientToken(READ), summary="Dossiers of this client")
def list_dossiers(
    request: ActingRequest,
    status: int | None = Query(None, ge=1, le=10),
    after: str = Query("", max_length=100),
    limit: int = Query(20, ge=1, le=100),
) -> dict[str, Any]:
    """Latest first. With the scope dossiers:read-agency also the other ones of the client's agency and below."""
    found, following = list_readable(request.actor, status=status, after=after, limit=limit)
    return {"items": [_out(dossier) for dossier in found], "next": following}


@router.get("/{id_or_code}", response=DossierOut, auth=ClientToken(READ), summary="One dossier")
def get_dossier(request: ActingRequest, id_or_code: str) -> dict[str, Any]:
    """By id, legal code or reference. The reading is in the journal, and the person sees it."""
    return _out(open_dossier(request.actor, find_readable(request.actor, id_or_code), at=timezone.now()))
