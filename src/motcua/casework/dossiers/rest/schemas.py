"""What the operations on dossiers take and give."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Schema
from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from motcua.casework.dossiers.models import (
    Component,
    Dossier,
    Ending,
    OfficialDocument,
    PaymentRequest,
    SupplementRequest,
)
from motcua.casework.dossiers.rules.classes import class_of
from motcua.casework.dossiers.services.papers import FORMS
from motcua.foundation.files.models import StoredFile
from motcua.foundation.kernel.text import clean, clean_line
from motcua.foundation.worktime.events import Kind

Line = Annotated[StrictStr, AfterValidator(clean_line)]
# Cleaned before anything is stored: PostgreSQL keeps no NUL, and a bulk filing keeps what was sent.
Name = Annotated[str, Field(max_length=60), AfterValidator(clean)]
Number = Annotated[StrictFloat, Field(allow_inf_nan=False)]
_LONGEST = 20_000
Leaf = (
    StrictBool | StrictInt | Number | Annotated[StrictStr, Field(max_length=_LONGEST), AfterValidator(clean)]
)
Leaves = Annotated[list[Leaf], Field(max_length=50)]
Group = dict[Name, Leaf | Leaves | dict[Name, Leaf]]


def _told_once(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    """One error where a value is none of the kinds, not one for each of them."""
    try:
        return check(value)
    except ValidationError as error:
        if isinstance(value, str) and len(value) > _LONGEST:
            raise PydanticCustomError("string_too_long", "too long", {"max_length": _LONGEST}) from error
        raise PydanticCustomError("answer_type", "no answer") from error


Answer = Annotated[
    Leaf | Leaves | dict[Name, Leaf] | Annotated[list[Group], Field(max_length=50)], WrapValidator(_told_once)
]


class ApplicantIn(Schema):
    """The person it is filed for. A person who is known stays as they are known; all of it must fit them."""

    model_config = ConfigDict(extra="forbid")
    personal_number: Annotated[Line, Field(pattern=r"^[0-9]{12}$", examples=["025197004187"])]
    full_name: Annotated[Line, Field(min_length=1, max_length=300, examples=["Nguyễn Thị Hồng Nhung"])]
    birth_date: date
    sex: Literal["male", "female"]
    residence: Annotated[
        Line, Field(min_length=1, max_length=500, examples=["Khu 4, xã Lâm Thao, tỉnh Phú Thọ"])
    ]
    ethnicity: Annotated[Line, Field(max_length=50)] = ""
    nationality: Annotated[Line, Field(max_length=50)] = ""
    telephone: Annotated[Line, Field(pattern=r"^(\+?[0-9 ]{8,20})?$")] = ""
    email: Annotated[Line, Field(max_length=200, pattern=r"^([^@\s]+@[^@\s]+)?$")] = ""


class DossierIn(Schema):
    """An application. `applicant`: from programs only; a person files for themselves, or in whose name they act.
    `answers`: by the names of the form's fields, see GET /procedures/{code}; dates as ISO 8601, a paper that was sent
    ahead by its id (several as a list)."""

    model_config = ConfigDict(extra="forbid")
    procedure: Annotated[StrictStr, Field(pattern=r"^[0-9]\.[0-9]{6}$", examples=["1.001193"])]
    applicant: ApplicantIn | None = None
    answers: dict[Name, Answer]


class DossierOut(Schema):
    """Nothing of the applicant: who filed knows it. `status`: 1 to 10 of the national list. `test`: counted nowhere.
    `basis_at`: the original due date, by which it is counted; `answer_by`, `answered_at`: of what came online.
    `timing`: early, on_time, late, in_process, overdue, stopped, or empty before acceptance and where none runs.
    `declined`: whether what was signed refuses it, with its reasons."""

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
    basis_at: datetime | None
    answer_by: datetime | None
    answered_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    updated_at: datetime
    timing: str
    declined: bool


class FileOut(Schema):
    """`sha256`: of the content as it is kept; pictures lose their metadata on the way in."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str


class UploadOut(FileOut):
    """`id`: to be named in the answers of an application, within two days."""

    id: UUID


class PaperOut(Schema):
    """A paper that was handed in. `component`: the field that asked for it."""

    id: int
    component: str
    name: str
    file: FileOut


class DocumentOut(Schema):
    """A paper the agency made. `kind`: receipt, supplement (form 02), draft or result. `sha256`: of the file, for
    drafts and results."""

    id: UUID
    kind: str
    edition: int
    number: str
    made_at: datetime
    sha256: str | None


class OpenTaskOut(Schema):
    """`id`: for `task` of an act, where several are open. `claimed`: somebody has taken it."""

    id: UUID
    step: str
    due_at: datetime
    claimed: bool
    acts: list[str]


class AskedOut(Schema):
    """One item of form 02. `component`: the field of the form whose paper is meant, `field`: the one whose answer is to
    be corrected; neither: any paper. `reason`: why this one, empty where it is the reason of all."""

    text: str
    component: str
    field: str
    reason: str


class SupplementOut(Schema):
    """What the applicant is asked for now. `document`: form 02. Brought by POST /dossiers/{id}/acts/supplement."""

    asked_at: datetime
    reason: str
    document: UUID
    items: list[AskedOut]


class EndingOut(Schema):
    """How it ended without a result, while that is in force. `kind`: refused, withdrawn, stopped or suspended (which
    goes on by an act). `ground`: a code of the pack's list. `document`: form 03 or the notice."""

    kind: str
    at: datetime
    ground: str
    reason: str
    document: UUID | None


class ExtensionOut(Schema):
    """The due date was moved, once; the original one is `basis_at`. `document`: form 04."""

    at: datetime
    until: datetime
    document: UUID | None


class PaymentOut(Schema):
    """What the applicant is to pay before it goes on; the clock stands still. `document`: the notice."""

    what: str
    amount_vnd: int
    asked_at: datetime
    due_at: datetime | None
    document: UUID


class DossierDetail(DossierOut):
    """`answers`, `papers`, `documents`: null for programs, which see status and dates. `acts`: what the caller may do
    with it now, see POST /dossiers/{id}/acts. `tasks`: the open ones at which they may do it. `supplement`: what the
    applicant is asked for now; null for programs, and when nothing is.
    `rounds`: how often the applicant was asked to complete it. `ending`, `extension`, `payment`: null where there is
    none. `likely_late`: the remaining steps may take longer than is left; for officers. Programs get null for all of
    these but `ending`, which is told without its reason."""

    answers: dict[str, Any] | None
    papers: list[PaperOut] | None
    documents: list[DocumentOut] | None
    acts: list[str]
    tasks: list[OpenTaskOut]
    supplement: SupplementOut | None
    rounds: int | None
    ending: EndingOut | None
    extension: ExtensionOut | None
    payment: PaymentOut | None
    likely_late: bool | None


class DossierList(Schema):
    """`next`: for `after` of the next call; empty on the last page."""

    items: list[DossierOut]
    next: str


class EntryOut(Schema):
    """An act on the dossier: when, what, by what kind of doer. `facts`: codes and dates, nothing personal."""

    id: UUID
    sequence: int
    at: datetime
    kind: str
    by: str
    facts: dict[str, Any]


class EntryList(Schema):
    """`next`: for `after` of the next call; 0 on the last page."""

    items: list[EntryOut]
    next: int


def dossier_out(dossier: Dossier) -> dict[str, Any]:
    same = (
        "id", "reference", "code", "status", "submitted_at", "accepted_at", "due_at", "basis_at", "answer_by",
        "answered_at", "finished_at", "returned_at", "updated_at",
    )  # fmt: skip
    return {name: getattr(dossier, name) for name in same} | {
        "procedure": dossier.procedure_code,
        "version": dossier.version.number,
        "agency": dossier.agency.code,
        "test": dossier.is_test,
        "timing": str(class_of(dossier, timezone.now())),
        "declined": dossier.is_declined,
    }


def file_out(file: StoredFile) -> dict[str, Any]:
    return {name: getattr(file, name) for name in ("name", "media_type", "size_bytes", "sha256")}


def supplement_out(asked: SupplementRequest) -> dict[str, Any]:
    """`items`: what the officer asked; what follows from answers depends on what is sent."""
    items = [row for row in asked.items if not row.get("follows")]
    return {
        "asked_at": asked.asked_at,
        "reason": asked.reason,
        "document": asked.document_id,
        "items": [{"component": "", "field": "", "reason": "", **row} for row in items],
    }


def ending_out(ending: Ending, *, whole: bool) -> dict[str, Any]:
    """`whole`: with the reason and the paper, which speak of a person."""
    return {
        "kind": ending.kind,
        "at": ending.made_at,
        "ground": ending.ground,
        "reason": ending.reason if whole else "",
        "document": ending.document_id if whole else None,
    }


def payment_out(payment: PaymentRequest) -> dict[str, Any]:
    same = ("what", "amount_vnd", "asked_at", "due_at")
    return {name: getattr(payment, name) for name in same} | {"document": payment.document_id}


def extension_out(dossier: Dossier, documents: Sequence[OfficialDocument]) -> dict[str, Any] | None:
    """By the clock's own events; its form 04 is among the documents."""
    moved = next((row for row in dossier.clock if row["kind"] == Kind.EXTENDED), None)
    if not moved:
        return None
    slip = next((it.id for it in documents if it.kind == OfficialDocument.Kind.APOLOGY), None)
    at, until = (datetime.fromisoformat(moved[name]) for name in ("at", "until"))
    return {"at": at, "until": until, "document": slip}


def paper_out(paper: Component) -> dict[str, Any]:
    return {"id": paper.pk, "component": paper.code, "name": paper.name, "file": file_out(paper.file)}


def document_out(document: OfficialDocument) -> dict[str, Any]:
    same = ("id", "kind", "edition", "number", "made_at")
    # The file of a form is made by a job after the act: told without it, the answer does not change on its own.
    has_file = document.kind not in FORMS and document.file
    return {name: getattr(document, name) for name in same} | {
        "sha256": document.file.sha256 if has_file and document.file else None
    }
